"""The verbs of a session that say which rows its statements find. What a filter is, is in `reads`."""

from contextlib import AbstractContextManager
from typing import Any

from crosslet.reads import SOFT_DELETE, Filters


class FilterVerbs:
    """What a session is filtered by."""

    _filters: Filters

    def filter_by(self, **values: Any) -> None:
        """Give values to the named filters, for the rest of the session: `session.filter_by(tenant_id=tenant.id)`.

        Args:
            values: By the name of the criterion's argument.

        Raises:
            ConfigurationError: No filter of the Database takes one of them.
        """
        self._filters.give(values)

    def without_filters(self, *names: str) -> AbstractContextManager[None]:
        """Switch filters off within a `with` block; without names, all of them.

        Raises:
            ConfigurationError: There is no such filter.
        """
        return self._filters.off(names)

    def with_deleted(self) -> AbstractContextManager[None]:
        """Find deleted rows as well, within a `with` block. For one statement: `with_deleted(select(User))`."""
        return self._filters.off((SOFT_DELETE.name,))

    def only_deleted(self) -> AbstractContextManager[None]:
        """Find deleted rows only, within a `with` block; what hangs on them is found deleted or not."""
        return self._filters.only()
