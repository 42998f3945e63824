"""What is meant by `tls=` and the TLS options of a URL; nothing is connected to."""

import ssl
from pathlib import Path

import pytest
from sqlalchemy import make_url

from crosslet import Tls
from crosslet.connections import is_loopback
from crosslet.connections.tls import context_of, libpq_arguments, take_tls
from crosslet.dialects import dialect_of
from crosslet.errors import ConfigurationError


def settled(url: str, given: Tls | None = None) -> tuple[str, Tls]:
    bare, tls = take_tls(make_url(url), given, dialect_of(url))
    return bare.render_as_string(), tls


LOCAL = (
    "postgresql://localhost/d",
    "postgresql://127.0.0.1/d",
    "postgresql://127.8.9.1:5433/d",
    "postgresql://[::1]/d",
    "postgresql:///d",
    "postgresql:///d?host=/var/run/postgresql",
    "postgresql:///d?host=localhost:5432&host=127.0.0.1:5433",
    "sqlite:///x.db",
)
REMOTE = (
    "postgresql://db/d",
    "postgresql://10.0.0.1/d",
    "postgresql://[fe80::1]/d",
    "postgresql://localhost.example.org/d",
    "postgresql:///d?host=localhost&host=db",
    "postgresql:///d?host=localhost,db",
    "postgresql://localhost/d?host=db:5432",
    "postgresql://127.0.0.1.example.org/d",
)


@pytest.mark.parametrize("url", LOCAL)
def test_this_machine_is_plain_by_default(url: str) -> None:
    assert is_loopback(make_url(url), dialect_of(url))
    assert settled(url)[1].mode == "off"


@pytest.mark.parametrize("url", REMOTE)
def test_another_machine_is_verified_by_default(url: str) -> None:
    assert not is_loopback(make_url(url), dialect_of(url))
    assert settled(url)[1] == Tls(mode="verify")


def test_what_is_given_counts() -> None:
    assert settled("postgresql://db/d", Tls(mode="off"))[1].mode == "off"
    assert settled("postgresql://localhost/d", Tls(mode="verify"))[1].mode == "verify"


@pytest.mark.parametrize(
    ("query", "tls"),
    [
        ("sslmode=disable", Tls(mode="off")),
        ("sslmode=require", Tls(mode="require")),
        ("sslmode=verify-ca", Tls(mode="verify")),
        ("sslmode=verify-full", Tls(mode="verify")),
        ("ssl=true", Tls(mode="require")),
        ("ssl_mode=require", Tls(mode="require")),
        ("sslrootcert=/ca.pem", Tls(mode="verify", ca_file="/ca.pem")),
        (
            "ssl_ca=/ca.pem&ssl_cert=/c.pem&ssl_key=/k.pem",
            Tls(ca_file="/ca.pem", cert_file="/c.pem", key_file="/k.pem"),
        ),
    ],
)
def test_the_options_of_a_url_are_taken_out_of_it(query: str, tls: Tls) -> None:
    assert settled(f"postgresql://db/d?{query}&application_name=x") == ("postgresql://db/d?application_name=x", tls)


@pytest.mark.parametrize("mode", ["prefer", "allow", "PREFER", "sometimes"])
def test_a_mode_that_may_fall_back_to_plain_text_is_refused(mode: str) -> None:
    with pytest.raises(ConfigurationError, match="may connect in plain text"):
        settled(f"postgresql://db/d?sslmode={mode}")


def test_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="TLS is set twice"):
        settled("postgresql://db/d?sslmode=require", Tls())


def test_contexts(tmp_path: Path) -> None:
    assert context_of(Tls(mode="off")) is None
    require, verify = context_of(Tls(mode="require")), context_of(Tls(mode="verify"))
    assert require is not None
    assert verify is not None
    assert (require.verify_mode, require.check_hostname) == (ssl.CERT_NONE, False)
    assert (verify.verify_mode, verify.check_hostname) == (ssl.CERT_REQUIRED, True)
    (tmp_path / "ca.pem").write_text("no certificate")
    for file in (tmp_path / "none.pem", tmp_path / "ca.pem"):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            context_of(Tls(ca_file=str(file)))


def test_libpq_is_told_the_same() -> None:
    assert libpq_arguments(Tls(mode="off")) == {"sslmode": "disable"}
    assert libpq_arguments(Tls(mode="require"))["sslmode"] == "require"
    assert libpq_arguments(Tls()) == {"sslmode": "verify-full", "sslrootcert": "system"}
    assert libpq_arguments(Tls(ca_file="/ca.pem")) == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
