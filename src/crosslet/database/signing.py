"""What signs a Database's cursors: its secret, else its password, else chance."""

import logging
import secrets as chance
from collections.abc import Sequence

from sqlalchemy import URL

from crosslet.reads import Signer, key_of_password, key_of_secret

logger = logging.getLogger("crosslet.database")


class Signing:
    """Make the signer of cursors when the first one is needed.

    Args:
        secrets: The first signs; the others are taken as well.
        url: Its password is taken where there is no secret.

    Raises:
        ConfigurationError: A secret is too short.
    """

    def __init__(self, secrets: Sequence[str], url: URL) -> None:
        self._keys = [key_of_secret(secret) for secret in secrets]
        self._url = url
        self._made: Signer | None = None

    def signer(self) -> Signer:
        """Return the signer."""
        if self._made is None:
            self._made = Signer(self._keys or [self._own_key()])
        return self._made

    def _own_key(self) -> bytes:
        if self._url.password:
            place = f"{self._url.username}@{self._url.host}:{self._url.port}/{self._url.database}"
            return key_of_password(str(self._url.password), place)
        logger.warning(
            "Neither a secret nor a password signs cursors: those of this process are refused by every other, and "
            "after a restart. Set Database(secret=...) or CROSSLET_SECRET."
        )
        return chance.token_bytes(32)
