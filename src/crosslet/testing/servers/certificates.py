"""Certificates for a server's TLS, made with the `openssl` command and gone with the server's folder."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from crosslet.testing.servers.programs import ProgramMissing

_EXTENSIONS = """
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
[req]
distinguished_name = name
[name]
"""
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files that a server with TLS reads, and the authority that its clients trust."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path, names: Sequence[str], account: dict[str, object]) -> Certificates:
    """Make an authority and, signed by it, a server's certificate for these host names and addresses.

    Python 3.13 checks certificates strictly, so the two are proper ones: a certificate that signed itself would fail.

    Raises:
        ProgramMissing: There is no `openssl` command.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        raise ProgramMissing(
            "TLS needs the openssl command, which is not on PATH. Debian and Ubuntu: `apt-get install openssl`. "
            "macOS: `brew install openssl`."
        )
    folder.mkdir(mode=0o755)
    config = folder / "openssl.cnf"
    config.write_text(_EXTENSIONS.format(names=",".join(_subject_name(name) for name in names)))

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True)

    request = ("req", "-config", config.name, *_NEW_KEY)
    authority = ("-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1")
    name = "/CN=crosslet test"
    run(
        *request,
        "-x509",
        "-extensions",
        "authority",
        "-days",
        "2",
        "-subj",
        name,
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    run(*request, "-new", "-subj", f"{name} server", "-keyout", "server.key", "-out", "server.csr")
    signing = ("x509", "-req", "-in", "server.csr", *authority, "-days", "2")
    run(*signing, "-extfile", config.name, "-extensions", "server", "-out", "server.pem")
    key = folder / "server.key"
    key.chmod(0o600)
    if account:
        os.chown(key, int(str(account["user"])), int(str(account["group"])))
    return Certificates(folder / "ca.pem", folder / "server.pem", key)


def _subject_name(name: str) -> str:
    try:
        ip_address(name)
    except ValueError:
        return f"DNS:{name}"
    return f"IP:{name}"
