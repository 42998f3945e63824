"""C1, C2: TLS means TLS: `verify` sends no credentials to a server that is not the right one, on any driver."""

import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crosslet import Database, Tls, errors
from fix_databases import Target
from promises.databases import through_proxy
from promises.proxy import Proxy

USER = b"crosslet"
_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
_GSS_REQUEST = bytes.fromhex("0000000804d21630")
_CLIENT_SSL = 0x08  # in the second byte of a MySQL server's capabilities


def strip(proxy: Proxy, kind: str) -> None:
    """Make a proxy take TLS out of what the server offers, as a man in the middle does."""
    if kind == "postgresql":
        proxy.edit_client = lambda data: b"N" if data in {_SSL_REQUEST, _GSS_REQUEST} else None
    else:
        proxy.edit_server = _without_ssl


def _without_ssl(data: bytes) -> bytes:
    if len(data) < 5 or data[3] != 0 or data[4] != 10:
        return data  # not the greeting
    flags = data.index(0, 5) + 1 + 4 + 8 + 1
    return data[: flags + 1] + bytes([data[flags + 1] & ~_CLIENT_SSL]) + data[flags + 2 :]


@dataclass
class Way:
    """A way to a server with TLS."""

    proxy: Proxy
    url: str
    ca_file: str

    def database(self, tls: Any) -> Database:
        return Database(self.url, tls=tls)

    async def encrypted(self, tls: Any, target: Target) -> bool:
        async with self.database(tls) as db, db.read() as session:
            if target.dialect_name == "postgresql":
                asked = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                return bool(await session.scalar(asked))
            row = (await session.execute(text("SHOW STATUS LIKE 'Ssl_cipher'"))).one()
            return bool(row[1])


@asynccontextmanager
async def way_to(target: Target, *, listen: str = "127.0.0.1", stripped: bool = False) -> AsyncIterator[Way]:
    assert target.server is not None
    async with through_proxy(target, await target.make_url(), listen=listen) as (proxy, url):
        if stripped:
            strip(proxy, target.dialect_name)
        yield Way(proxy, url, str(target.server.ca_file))


async def test_the_usual_verifying_aiomysql_talks_in_the_clear(target: Target) -> None:
    if target.driver != "aiomysql":
        pytest.skip("the other drivers fail closed when they are given a context")
    async with way_to(target) as way:
        engine = create_async_engine(way.url, poolclass=NullPool, connect_args={"ssl": ssl.create_default_context()})
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        assert USER in way.proxy.received


async def test_the_usual_postgresql_default_talks_in_the_clear(tls_target: Target) -> None:
    if tls_target.dialect_name != "postgresql":
        pytest.skip("the MySQL drivers' default is plain text anyway")
    async with way_to(tls_target, stripped=True) as way:
        engine = create_async_engine(way.url, poolclass=NullPool)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        assert USER in way.proxy.received


@pytest.mark.parametrize("mode", ["verify", "require"])
async def test_a_stripping_proxy_gets_no_credentials(tls_target: Target, mode: str) -> None:
    async with way_to(tls_target, stripped=True) as way:
        tls = Tls(mode=mode, ca_file=way.ca_file)  # type: ignore[arg-type]
        await refused_or_encrypted(way, tls, tls_target)


async def refused_or_encrypted(way: Way, tls: Any, target: Target) -> None:
    """Fail where something went out in the clear. asyncmy starts TLS whatever the greeting offers, which will do."""
    if target.driver == "asyncmy":
        assert await way.encrypted(tls, target)
    else:
        with pytest.raises(errors.CannotConnect, match="TLS"):
            await way.encrypted(tls, target)
    assert USER not in way.proxy.received


async def test_a_stripping_proxy_cannot_turn_off_what_the_url_asks_for(tls_target: Target) -> None:
    async with way_to(tls_target, stripped=True) as way:
        for query in ({"sslmode": "require"}, {"sslmode": "verify-full"}, {"ssl": "true"}, {"ssl_ca": way.ca_file}):
            asking = make_url(way.url).update_query_dict(query).render_as_string(hide_password=False)
            with suppress(errors.CannotConnect):
                await Way(way.proxy, asking, way.ca_file).encrypted(None, tls_target)
        assert way.proxy.received or way.proxy.replies
        assert USER not in way.proxy.received


async def test_verify_refuses_a_certificate_of_an_unknown_authority(tls_target: Target) -> None:
    async with way_to(tls_target) as way:
        with pytest.raises(errors.CannotConnect, match="certificate"):
            await way.encrypted("verify", tls_target)
        assert USER not in way.proxy.received


async def test_verify_refuses_a_certificate_for_another_host(tls_target: Target) -> None:
    # The certificate names 127.0.0.1; this is the same machine by another name.
    async with way_to(tls_target, listen="127.0.0.2") as way:
        with pytest.raises(errors.CannotConnect, match="certificate"):
            await way.encrypted(Tls(ca_file=way.ca_file), tls_target)
        assert USER not in way.proxy.received


async def test_verify_accepts_the_right_one(tls_target: Target) -> None:
    async with way_to(tls_target) as way:
        assert await way.encrypted(Tls(ca_file=way.ca_file), tls_target)
        assert USER not in way.proxy.received


async def test_require_encrypts_without_asking_who_it_is(tls_target: Target) -> None:
    async with way_to(tls_target, listen="127.0.0.2") as way:
        assert await way.encrypted("require", tls_target)
        assert USER not in way.proxy.received


async def test_off_is_plain(tls_target: Target) -> None:
    async with way_to(tls_target) as way:
        assert not await way.encrypted("off", tls_target)
        assert USER in way.proxy.received


async def test_the_default_on_the_loopback_is_plain(tls_target: Target) -> None:
    async with way_to(tls_target) as way:
        assert not await way.encrypted(None, tls_target)


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("mode", ["verify", "require"])
async def test_a_server_without_tls_gets_no_credentials(target: Target, mode: Any) -> None:
    async with way_to(target) as way:
        with pytest.raises(errors.CannotConnect, match="TLS"):
            await way.encrypted(mode, target)
        assert USER not in way.proxy.received


async def test_a_refusal_says_nothing_of_the_password(tls_target: Target, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with way_to(tls_target, stripped=True) as way:
        way.url = make_url(way.url).set(password="s3cr3t-pass").render_as_string(hide_password=False)
        with pytest.raises(DBAPIError) as caught:
            await way.encrypted("verify", tls_target)
        assert "s3cr3t-pass" not in f"{caught.value!r} {caught.value} {caplog.text}"
        assert b"s3cr3t-pass" not in way.proxy.received


# --- the default by host -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://localhost/x", "off"),
        ("postgresql://127.0.0.1:5433/x", "off"),
        ("postgresql://127.8.9.1/x", "off"),
        ("postgresql://[::1]/x", "off"),
        ("postgresql:///x?host=/var/run/postgresql", "off"),
        ("mysql+asyncmy:///x?unix_socket=/run/mysqld/mysqld.sock", "off"),
        ("postgresql://db.example.com/x", "verify"),
        ("postgresql://10.0.0.7/x", "verify"),
        ("postgresql://localhost.example.com/x", "verify"),
        ("postgresql://127.0.0.1.example.com/x", "verify"),
        ("postgresql://0.0.0.0/x", "verify"),
        ("postgresql://[2001:db8::1]/x", "verify"),
        ("postgresql:///x?host=127.0.0.1:5432&host=db.example.com:5432", "verify"),
        ("postgresql+psycopg://localhost,db.example.com/x", "verify"),
        ("postgresql+psycopg://localhost/x?hostaddr=203.0.113.5", "verify"),
        ("postgresql+psycopg:///x?service=far", "verify"),
        ("mysql+asyncmy://db.example.com/x", "verify"),
        ("mysql+aiomysql://192.168.1.4/x", "verify"),
    ],
)
def test_the_default_by_host(url: str, mode: str) -> None:
    assert mode_of(url) == mode


def mode_of(url: str) -> str:
    return Database(url)._connections.tls.mode


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_a_host_of_the_environment_is_a_host(monkeypatch: pytest.MonkeyPatch, name: str, driver: str) -> None:
    """Without a host in the URL the drivers take the environment's."""
    monkeypatch.setenv(name, "db.example.com")
    assert mode_of(f"postgresql+{driver}:///x") == "verify"


@pytest.mark.parametrize("query", ["sslmode=prefer", "sslmode=allow", "ssl=prefer", "ssl_mode=PREFERRED"])
def test_a_mode_that_may_fall_back_is_refused(query: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="verify"):
        Database(f"postgresql://db.example.com/x?{query}")
