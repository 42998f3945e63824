"""What a Database is given, checked: mapped classes and declared tables."""

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError
from crosslet.shapes import mapper_of


def mapped(model: Any) -> Mapper[Any]:
    """Return the mapper of a mapped class.

    Raises:
        ConfigurationError: It is none.
    """
    mapper = mapper_of(model)
    if mapper is None:
        raise ConfigurationError(f"{getattr(model, '__name__', model)} is not a mapped class.")
    return mapper


def metadata_of(item: Any) -> MetaData:
    """Return the tables of a MetaData or a declarative base.

    Raises:
        ConfigurationError: It is neither.
    """
    metadata = item if isinstance(item, MetaData) else getattr(item, "metadata", None)
    if not isinstance(metadata, MetaData):
        raise ConfigurationError("metadata= takes a MetaData, a declarative base, or a list of them.")
    return metadata
