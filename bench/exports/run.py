"""One export in this process: `python -m bench.exports.run CONTENDER URL`. Prints what it took, as JSON."""

import hashlib
import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop

from bench.exports.contenders import CONTENDERS

# Lines that are compared between contenders.
_COMPARED = 500


def peak_mib() -> float:
    """Return the most memory that the process has had (since `forget_peak`, on Linux)."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)


def forget_peak() -> None:
    """Let the peak be what is used now: what importing took for a moment is no growth of the export's."""
    path = Path("/proc/self/clear_refs")
    if path.exists():
        path.write_text("5")


def digest(lines: list[bytes]) -> str:
    """Tell whether two exports say the same, however they write JSON."""
    # 1 and 1.0 are the same number, and a moment may say that it is UTC.
    parsed = [json.loads(line.replace(b'Z"', b'"'), parse_int=float) for line in lines]
    return hashlib.sha256(json.dumps(parsed, sort_keys=True).encode()).hexdigest()


async def export(name: str, url: str, nowhere: Any) -> dict[str, Any]:
    """Run one contender; write what it yields to nowhere."""
    chunks = CONTENDERS[name](url)
    head, count = b"", 0
    # The first piece says that everything is open.
    await anext(chunks)
    forget_peak()
    before, began = peak_mib(), perf_counter()
    async for chunk in chunks:
        nowhere.write(chunk)
        count += chunk.count(b"\n")
        if count <= 2 * _COMPARED:
            head += chunk
    seconds = perf_counter() - began
    growth = peak_mib() - before
    lines = head.split(b"\n")[: min(count, _COMPARED)]
    return {"rows": count, "seconds": seconds, "growth_mib": growth, "digest": digest(lines)}


if __name__ == "__main__":
    with Path(os.devnull).open("wb", buffering=0) as nowhere:
        print(json.dumps(uvloop.run(export(*sys.argv[1:], nowhere))))
