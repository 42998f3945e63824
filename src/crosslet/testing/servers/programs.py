"""Finds a server's programs and a place where they may run. Starts nothing but `--version`."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# The path of a Unix socket holds 107 bytes on Linux and 103 on macOS, ours is at most 40 longer than the folder's.
_LONGEST_FOLDER = 60


class ProgramMissing(FileNotFoundError):
    """A database server's programs are not on this machine; the text says how to get them."""


def find_folder(folders: Iterable[Path], *programs: str) -> Path | None:
    """Return the first folder that holds all the programs."""
    for folder in folders:
        if all((folder / program).is_file() for program in programs):
            return folder
    return None


def find_program(name: str, folders: Iterable[Path]) -> Path | None:
    """Return a program's path: on PATH, else in one of the folders."""
    found = shutil.which(name)
    if found is not None:
        return Path(found)
    folder = find_folder(folders, name)
    return folder / name if folder is not None else None


@cache
def version_of(program: Path) -> str:
    """Ask a program for its version: the first number with a dot that `--version` prints, such as `15.18`."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    found = re.search(r"\d+\.\d+(\.\d+)?", answer)
    return found.group() if found is not None else "unknown"


def unprivileged(*names: str) -> dict[str, object]:
    """Return the arguments of `subprocess` that step down from root, which database servers refuse to run as.

    Args:
        names: Accounts by preference; the first that exists is taken, else `nobody`. Empty answer when not root.
    """
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - there is no such module on Windows

    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = next(accounts[name] for name in (*names, "nobody") if name in accounts)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def new_folder(account: dict[str, object]) -> Iterator[Path]:
    """Make a temporary folder that belongs to the account and that it can reach; removed if the block fails."""
    usual = Path(tempfile.gettempdir())
    fits = len(os.fspath(usual)) <= _LONGEST_FOLDER and (not account or is_open_to_all(usual))
    folder = Path(tempfile.mkdtemp(prefix="crosslet-", dir=usual if fits else "/tmp"))  # noqa: S108 - private by mkdtemp
    if account:
        os.chown(folder, int(str(account["user"])), int(str(account["group"])))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def is_open_to_all(path: Path) -> bool:
    """Tell whether any account may walk down to a path; root's home folder, for one, is closed."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents) if step.is_dir())


def link_tree(source: Path, target: Path) -> None:
    """Copy a folder of programs, by hard links where the file system allows."""
    shutil.copytree(source, target, symlinks=True, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
