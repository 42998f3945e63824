"""What `crosslet check` makes of facts: no server, one fact wrong at a time."""

from dataclasses import replace
from typing import Any

import pytest

from crosslet.cli.check_findings import Checked, findings_of
from crosslet.cli.check_text import data_of, lines_of
from crosslet.facts import Link, Room, ServerFacts
from crosslet.settings import PoolSettings

SERVER = ServerFacts(
    product="MariaDB",
    version="10.11",
    time_zone="+00:00",
    server_time_zone="UTC",
    isolation="REPEATABLE READ",
    encoding="utf8mb4",
    is_read_only=False,
    port=3306,
    tls_version="TLSv1.3",
    tls_cipher="TLS_AES_256_GCM_SHA384",
    settings={"sql_mode": "STRICT_ALL_TABLES", "server_sql_mode": "STRICT_TRANS_TABLES"},
    room=Room(max_connections=100, reserved=3, others=7, account_limit=None),
)
LINK = Link(
    driver="asyncmy",
    driver_version="1",
    round_trip_ms=0.2,
    is_encrypted=True,
    announced_id=11,
    session_ids=(11, 11),
)
SOUND = Checked(
    url="mariadb+asyncmy://app:***@db/shop",
    is_remote=True,
    port=3306,
    processes=6,
    pool=PoolSettings(),
    writers=5,
    tls="verify",
    server=SERVER,
    link=LINK,
    reader_refuses_writes=True,
)


def server(**changes: Any) -> Checked:
    return replace(SOUND, server=replace(SERVER, **changes))


def link(**changes: Any) -> Checked:
    return replace(SOUND, link=replace(LINK, **changes))


def codes(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.severity, finding.code) for finding in findings_of(checked)]


def test_nothing_to_say() -> None:
    assert codes(SOUND) == []


@pytest.mark.parametrize(
    ("checked", "severity", "code"),
    [
        (server(is_read_only=True), "error", "read-only-server"),
        (replace(SOUND, reader_refuses_writes=False), "error", "reader-can-write"),
        (link(is_encrypted=False), "error", "tls-off"),
        (replace(SOUND, tls="require"), "warning", "tls-unverified"),
        (server(settings={"sql_mode": "ANSI", "server_sql_mode": "ANSI"}), "error", "not-strict"),
        (server(settings={"sql_mode": "STRICT_ALL_TABLES", "server_sql_mode": ""}), "warning", "server-not-strict"),
        (server(settings={"fsync": "off"}), "warning", "commits-not-durable"),
        (server(settings={"synchronous_commit": "off"}), "warning", "commits-not-durable"),
        (server(settings={"innodb_flush_log_at_trx_commit": "2"}), "warning", "commits-not-durable"),
        (server(settings={"synchronous": "normal"}), "warning", "commits-not-durable"),
        (server(settings={"journal_mode": "delete"}), "warning", "no-wal"),
        (server(encoding="SQL_ASCII"), "warning", "not-unicode"),
        (server(encoding="utf8mb3"), "warning", "not-unicode"),
        (server(time_zone="Europe/Berlin"), "warning", "session-not-utc"),
        (link(session_ids=(12, 12)), "warning", "pooler-not-expected"),
        (link(session_ids=(12, 13)), "error", "pooler-not-expected"),
        (replace(SOUND, pool=PoolSettings(transaction_pooler=True)), "note", "pooler-not-seen"),
        (replace(SOUND, processes=7), "error", "pool-too-large"),
        (server(room=Room(max_connections=100, reserved=3, others=8, account_limit=None)), "error", "pool-too-large"),
        (server(room=Room(max_connections=500, reserved=3, others=0, account_limit=89)), "error", "pool-too-large"),
    ],
)
def test_one_thing_to_say(checked: Checked, severity: str, code: str) -> None:
    assert codes(checked) == [(severity, code)]
    finding = findings_of(checked)[0]
    assert finding.message.endswith(".")
    assert finding.fix.endswith(".")


@pytest.mark.parametrize(
    "checked",
    [
        replace(SOUND, is_remote=False, link=replace(LINK, is_encrypted=False)),
        replace(SOUND, is_remote=False, tls="require"),
        server(settings={"fsync": "on", "synchronous_commit": "remote_apply", "innodb_flush_log_at_trx_commit": "1"}),
        # A forwarded port alone proves nothing.
        replace(SOUND, port=6033),
        # Behind a pooler the server's limit is the pooler's to keep.
        replace(
            SOUND,
            processes=99,
            pool=PoolSettings(transaction_pooler=True),
            link=replace(LINK, session_ids=(12, 13)),
        ),
        # Without a pool nobody knows how many there will be.
        replace(SOUND, processes=99, pool=PoolSettings(keep=False)),
        server(room=None, time_zone=None, encoding="UTF-8", settings={"journal_mode": "wal", "synchronous": "full"}),
    ],
)
def test_what_is_in_order(checked: Checked) -> None:
    assert codes(checked) == []


def test_the_worst_comes_first() -> None:
    checked = replace(server(encoding="latin1", is_read_only=True), tls="require")
    assert [severity for severity, _ in codes(checked)] == ["error", "warning", "warning"]


@pytest.mark.parametrize(
    ("processes", "fix"),
    [(10, "at 9 or less"), (45, "at 2 or less"), (60, "Raise the server's limit, run fewer processes")],
)
def test_the_advice_about_a_pool_can_be_followed(processes: int, fix: str) -> None:
    assert fix in findings_of(replace(SOUND, processes=processes))[0].fix


def test_behind_a_pooler_the_servers_tls_is_not_ours() -> None:
    pooled = link(session_ids=(12, 12))
    assert (data_of(SOUND)["tls"]["version"], data_of(pooled)["tls"]["version"]) == ("TLSv1.3", None)
    assert dict(lines_of(pooled))["tls"] == "on, server verified"
    assert dict(lines_of(SOUND))["tls"] == "TLSv1.3 TLS_AES_256_GCM_SHA384, server verified"


def test_a_reader_that_writes_is_said_loudly() -> None:
    assert dict(lines_of(replace(SOUND, reader_refuses_writes=False)))["reader"] == "a write was NOT refused"
