"""SQLite: a database is a file, and so is a copy."""

import shutil
from pathlib import Path

from sqlalchemy import URL

from crosslet.testing.databases.base import Databases


class FileDatabases(Databases):
    """Files in a folder.

    Args:
        prefix: As for Databases.
        folder: Where they are; somebody else removes it.
    """

    def __init__(self, prefix: str, folder: Path) -> None:
        super().__init__(prefix)
        self._folder = folder
        self._template = self._next_file()

    def _next_file(self) -> Path:
        return self._folder / f"{self._next_name()}.db"

    async def _create(self) -> URL:
        return _url_of(self._template)

    async def take(self) -> URL:
        file = self._next_file()
        # The last connection that closes brings the write-ahead log into the file.
        for made in self._files_of(self._template):
            shutil.copyfile(made, file.with_name(made.name.replace(self._template.name, file.name)))
        return _url_of(file)

    async def give_back(self, url: URL) -> None:
        for made in self._files_of(Path(str(url.database))):
            made.unlink()

    async def end(self) -> None:
        await super().end()
        await self.give_back(_url_of(self._template))

    def _files_of(self, file: Path) -> list[Path]:
        return [made for ending in ("", "-wal", "-shm") if (made := file.with_name(file.name + ending)).exists()]


def _url_of(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))
