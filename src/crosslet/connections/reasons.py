"""Why a connection could not be made, in words that hold no user name, password or text of the server."""

import re
import socket
import ssl

_BY_STATE = {
    "28P01": "the server refused user or password",
    "1045": "the server refused user or password",
    "1698": "the server refused user or password",
    "28000": "the server refused the account",
    "1130": "the server refused the account",
    "3D000": "the database does not exist",
    "1049": "the database does not exist",
    "1044": "the account may not use the database",
    "2026": "TLS failed: is it switched on at the server?",
}
_BY_CLASS: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "the server's certificate could not be verified"),
    (ssl.SSLError, "TLS failed"),
    (TimeoutError, "no answer in time"),
    (socket.gaierror, "the host name is not known"),
    (UnicodeError, "the host name is not known"),
    (ConnectionRefusedError, "nothing listens"),
    (ConnectionResetError, "the connection was closed"),
)
# psycopg has a text and no state before login is complete.
_BY_WORD = (
    ("pg_hba", "the server refused the account"),
    ("certificate", "the server's certificate could not be verified"),
    ("ssl", "TLS failed: is it switched on at the server?"),
    ("tls", "TLS failed: is it switched on at the server?"),
    ("password", "the server refused user or password"),
    ("access denied", "the server refused user or password"),
    ("role", "the server does not know the user"),
    ("does not exist", "the database does not exist"),
    ("unknown database", "the database does not exist"),
    ("refused", "nothing listens"),
    ("timeout", "no answer in time"),
    ("unable to open", "the file cannot be opened"),
    ("name or service", "the host name is not known"),
    ("translate host", "the host name is not known"),
    ("resolve", "the host name is not known"),
)
_FILE_WORDS = (
    ("unable to open", "the file cannot be opened"),
    ("not a database", "the file is not an SQLite database"),
)
_QUOTED = re.compile(r"""["'`][^"'`]*["'`]""")


def is_unknown_option(error: Exception) -> bool:
    """Tell whether a driver refused an argument before it connected."""
    # A TypeError for drivers with arguments by keyword; libpq knows its options by name.
    return isinstance(error, TypeError) or "invalid connection option" in str(error)


def reason_of(error: Exception, state: str | None) -> str:
    """Say which step of connecting failed.

    Args:
        error: The driver's own.
        state: SQLSTATE, error number or SQLite's error name, where there is one.
    """
    if state in _BY_STATE:
        return _BY_STATE[state]
    for kind, words in _BY_CLASS:
        if isinstance(error, kind) or isinstance(error.__cause__, kind):
            return words
    # Quoted names are chosen by people: a database may be called "certificates".
    text = _QUOTED.sub("", str(error)).lower()
    words_of = _FILE_WORDS if (state or "").startswith("SQLITE") else _BY_WORD
    return next((words for part, words in words_of if part in text), "the server refused the connection")
