"""Calls of several contenders, interleaved in one process: a round shuffles them, each gets the same keys."""

import gc
import json
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from pydantic_core import to_json

Keys = Callable[[random.Random], int]


@dataclass
class Found:
    """What one contender's calls of one read cost: microseconds a call, a number a round."""

    wall_us: list[float] = field(default_factory=list)
    server_us: list[float] = field(default_factory=list)


Results = dict[tuple[str, str], Found]


async def agree(contenders: Mapping[str, Any], reads: Mapping[str, Keys], *, times: int = 20) -> None:
    """See to it that all contenders give the same answers; it warms them up, too.

    Raises:
        AssertionError: Two of them differ, or an answer has nothing in it.
    """
    chance = random.Random(1)
    for read, keys in reads.items():
        for key in [keys(chance) for _ in range(times)]:
            answers = {name: await _parsed(contender, read, key) for name, contender in contenders.items()}
            first, *others = answers
            assert answers[first], f"{read}({key}) of {first} is empty"
            for other in others:
                assert answers[other] == answers[first], (
                    f"{read}({key}) differs:\n{first}: {answers[first]}\n{other}: {answers[other]}"
                )


async def _parsed(contender: Any, read: str, key: int) -> Any:
    answer = await getattr(contender, read)(key)
    return json.loads(answer if isinstance(answer, bytes) else to_json(answer))


async def measure(
    contenders: Mapping[str, Any],
    reads: Mapping[str, Keys],
    *,
    rounds: int,
    calls: Mapping[str, int],
    server_ns: Callable[[], int] | None = None,
) -> Results:
    """Measure every read of every contender.

    Args:
        contenders: By name.
        reads: The methods to call, each with what draws its keys.
        rounds: How often; the order changes with each.
        calls: How many in a row make one measurement of a read.
        server_ns: Tells how long the server has computed so far.
    """
    found: Results = defaultdict(Found)
    for number in range(rounds):
        for read, keys in reads.items():
            chance = random.Random(1000 + number)
            chosen = [keys(chance) for _ in range(calls[read])]
            for name in random.sample(list(contenders), k=len(contenders)):
                wall, server = await _one_round(getattr(contenders[name], read), chosen, server_ns or _nothing)
                found[read, name].wall_us.append(wall)
                found[read, name].server_us.append(server)
    return found


async def _one_round(call: Any, keys: list[int], server_ns: Callable[[], int]) -> tuple[float, float]:
    gc.collect()
    gc.disable()
    try:
        server = server_ns()
        started = perf_counter_ns()
        for key in keys:
            await call(key)
        wall = perf_counter_ns() - started
        return wall / 1000 / len(keys), (server_ns() - server) / 1000 / len(keys)
    finally:
        gc.enable()


def _nothing() -> int:
    return 0


def computed_ns(pid: int) -> int:
    """Return how long a server's processes have computed: those that run, and those that have ended (Linux only)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    running = sum(int(Path(f"/proc/{child}/schedstat").read_text().split()[0]) for child in children)
    # Parallel workers come and go; the kernel counts those that are gone in ticks of 10 ms. The name before may
    # hold spaces.
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return running + (int(after_name[13]) + int(after_name[14])) * 10_000_000
