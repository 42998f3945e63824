"""TLS, the same three words for every driver: off, require, verify."""

import ipaddress
import os
import ssl
from typing import Any

from sqlalchemy import URL

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError
from crosslet.settings import Tls, TlsMode

# What libpq calls the modes. `allow` and `prefer` are missing on purpose: they fall back to plain text unasked.
_LIBPQ_MODES: dict[str, TlsMode] = {
    "disable": "off",
    "require": "require",
    "verify-ca": "verify",
    "verify-full": "verify",
    "false": "off",
    "true": "require",
}
_HOST_ELSEWHERE = ("service", "servicefile", "read_default_file", "read_default_group")
_MODE_NAMES = ("sslmode", "ssl", "ssl_mode")
_FILE_NAMES = {
    "sslrootcert": "ca_file",
    "ssl_ca": "ca_file",
    "sslcert": "cert_file",
    "ssl_cert": "cert_file",
    "sslkey": "key_file",
    "ssl_key": "key_file",
}


def take_tls(url: URL, given: Tls | None, dialect: Dialect) -> tuple[URL, Tls]:
    """Take the TLS options out of a URL and settle what is meant.

    Without any, a host beyond the loopback is verified and the loopback (or a Unix socket) is plain.

    Raises:
        ConfigurationError: The URL asks for a mode that may silently fall back to plain text, or says
            something else than `tls=` does.
    """
    named = {name: str(value) for name, value in url.query.items() if name in {*_MODE_NAMES, *_FILE_NAMES}}
    bare = url.difference_update_query(named)
    if not named:
        return bare, given or Tls(mode="off" if is_loopback(url, dialect) else "verify")
    if given is not None:
        raise ConfigurationError(f"TLS is set twice: tls= and ?{next(iter(named))}= in the URL. Keep one.")
    files = {_FILE_NAMES[name]: value for name, value in named.items() if name in _FILE_NAMES}
    modes = {_mode_of(value) for name, value in named.items() if name in _MODE_NAMES}
    if len(modes) > 1:
        raise ConfigurationError(f"The URL asks for TLS {' and '.join(sorted(modes))} at once. Keep one.")
    return bare, Tls(mode=modes.pop() if modes else "verify", **files)


def _mode_of(word: str) -> TlsMode:
    mode = _LIBPQ_MODES.get(word.lower())
    if mode is None:
        raise ConfigurationError(
            f"sslmode={word} may connect in plain text without saying so. Write tls='verify' (or 'require', or 'off')."
        )
    return mode


def is_loopback(url: URL, dialect: Dialect) -> bool:
    """Tell whether every host of a URL is this machine: a loopback address, a Unix socket or a file.

    What names a host elsewhere (a service file, an option file, the driver's environment variables) is not.
    """
    if any(name in url.query for name in _HOST_ELSEWHERE):
        return False
    named = [url.host or "", *_texts(url, "host"), *_texts(url, "hostaddr")]
    hosts = [name for host in named for name in host.split(",")]
    if not any(hosts) and any(os.environ.get(name) for name in dialect.host_variables):
        return False
    return all(_is_local(_without_port(host)) for host in hosts)


def _texts(url: URL, name: str) -> tuple[str, ...]:
    value = url.query.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)


def _without_port(host: str) -> str:
    return (host.partition(":")[0] if host.count(":") == 1 else host).strip("[]")


def _is_local(host: str) -> bool:
    if host in {"", "localhost"} or host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def context_of(tls: Tls) -> ssl.SSLContext | None:
    """Return the SSL context that a mode asks for; None where it is off.

    Raises:
        ConfigurationError: A certificate file cannot be read.
    """
    if tls.mode == "off":
        return None
    try:
        context = ssl.create_default_context(cafile=tls.ca_file)
        if tls.cert_file:
            context.load_cert_chain(tls.cert_file, tls.key_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(f"TLS: a certificate or key file cannot be read ({error}).") from None
    if tls.mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def libpq_arguments(tls: Tls) -> dict[str, Any]:
    """Return the same for psycopg, which leaves TLS to libpq."""
    if tls.mode == "off":
        return {"sslmode": "disable"}
    files = {"sslrootcert": tls.ca_file, "sslcert": tls.cert_file, "sslkey": tls.key_file}
    given = {name: value for name, value in files.items() if value}
    if tls.mode == "require":
        # libpq checks the certificate under `require` as soon as it finds a root certificate.
        return {**given, "sslmode": "require", "sslrootcert": tls.ca_file or ""}
    return {"sslrootcert": "system", **given, "sslmode": "verify-full"}
