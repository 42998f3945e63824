"""create_all: what can be created, and what cannot."""

import pytest
from sqlalchemy import MetaData

from crosslet import Database
from crosslet.errors import ConfigurationError


async def test_no_tables_at_all_is_an_error() -> None:
    async with Database("sqlite://", metadata=MetaData()) as db:
        with pytest.raises(ConfigurationError, match="import the modules"):
            await db.create_all()
