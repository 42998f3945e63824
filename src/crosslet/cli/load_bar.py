"""How far a file has been read: a bar on standard error where that is a terminal, and nothing elsewhere."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Bar(Protocol):
    """Is told of each chunk."""

    def show(self, rows: int, refused: int) -> None:
        """Show the rows that are done, and those that cannot be stored."""
        ...


class _NoBar:
    def show(self, rows: int, refused: int) -> None:
        return


class _RichBar:
    def __init__(self, progress: Progress, name: str, file: BinaryIO) -> None:
        self._progress, self._file = progress, file
        size = os.fstat(file.fileno()).st_size if file.seekable() else None
        self._task = progress.add_task(name, total=size, rows=0, rate="", wrong="")

    def show(self, rows: int, refused: int) -> None:
        progress, task = self._progress, self._task
        elapsed = progress.tasks[0].elapsed or 0.0
        rate = f"{rows / elapsed:,.0f}/s" if elapsed else ""
        wrong = f"{refused:,} wrong" if refused else ""
        place = os.lseek(self._file.fileno(), 0, os.SEEK_CUR) if self._file.seekable() else rows
        progress.update(task, completed=place, rows=rows, rate=rate, wrong=wrong)


@contextmanager
def bar_of(name: str, file: BinaryIO) -> Iterator[Bar]:
    """Give a bar for a file that is being read; it measures bytes, since nobody knows the rows before the end."""
    if not sys.stderr.isatty():
        yield _NoBar()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[wrong]}", style="red"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield _RichBar(progress, name, file)
