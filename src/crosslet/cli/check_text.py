"""What `crosslet check` prints: columns for people, data for programs."""

from dataclasses import asdict
from typing import Any

from crosslet.cli.check_findings import Checked
from crosslet.facts import Room


def lines_of(checked: Checked) -> list[tuple[str, str]]:
    """Say what was found, a line a fact; what the database does not have is left out."""
    lines = {
        "url": checked.url,
        "server": f"{checked.server.product} {checked.server.version}",
        "driver": f"{checked.link.driver} {checked.link.driver_version}",
        "round trip": f"{checked.link.round_trip_ms:.2f} ms (median)",
        "tls": _tls(checked) if checked.link.session_ids else None,
        "time zone": _time_zone(checked),
        "isolation": checked.server.isolation,
        "encoding": checked.server.encoding,
        "settings": ", ".join(f"{name} {_short(value)}" for name, value in checked.server.settings.items()),
        "pooler": _pooler(checked) if checked.link.session_ids else None,
        "reader": "a write was refused by the server" if checked.reader_refuses_writes else "a write was NOT refused",
        "connections": _connections(checked),
    }
    return [(label, text) for label, text in lines.items() if text is not None]


def data_of(checked: Checked) -> dict[str, Any]:
    """Return the `data` of the envelope `crosslet.check/1`. What the database does not have is null."""
    server, link = checked.server, checked.link
    return {
        "url": checked.url,
        "server": {"product": server.product, "version": server.version, "read_only": server.is_read_only},
        "driver": {"name": link.driver, "version": link.driver_version},
        "round_trip_ms": round(link.round_trip_ms, 3),
        "tls": {
            "mode": checked.tls,
            "encrypted": link.is_encrypted,
            "verified": link.is_encrypted and checked.tls == "verify",
            "version": _own(checked, server.tls_version),
            "cipher": _own(checked, server.tls_cipher),
        },
        "time_zone": {"session": server.time_zone, "server": server.server_time_zone},
        "isolation": server.isolation,
        "encoding": server.encoding,
        "settings": dict(server.settings),
        "pooler": {"state": checked.pooler, "signs": list(checked.pooler_signs)},
        "reader_refuses_writes": checked.reader_refuses_writes,
        "connections": {
            "processes": checked.processes,
            "per_process": checked.per_process,
            "writers": checked.writers if checked.pool.keep else None,
            "readers": checked.pool.readers if checked.pool.keep else None,
            "server": {**asdict(server.room), "left": server.room.left} if server.room else None,
        },
    }


def _own(checked: Checked, fact: str | None) -> str | None:
    # Behind a pooler the server describes the pooler's connection, not ours.
    return fact if checked.link.is_encrypted and checked.pooler != "seen" else None


def _tls(checked: Checked) -> str:
    if not checked.link.is_encrypted:
        return "off" if checked.is_remote else "off (this machine)"
    words = (_own(checked, checked.server.tls_version), _own(checked, checked.server.tls_cipher))
    known = " ".join(word for word in words if word) or "on"
    return f"{known}, {'server verified' if checked.tls == 'verify' else 'server not verified'}"


def _short(setting: str) -> str:
    # An sql_mode is a list of a dozen words, one of which matters here.
    return setting if "," not in setting else "strict" if "STRICT_" in setting else "not strict"


def _time_zone(checked: Checked) -> str | None:
    session, default = checked.server.time_zone, checked.server.server_time_zone
    if session is None:
        return None
    return session if default in {None, session} else f"{session} (the server's default: {default})"


def _pooler(checked: Checked) -> str:
    return f"{checked.pooler}{': ' if checked.pooler_signs else ''}{'; '.join(checked.pooler_signs)}"


def _connections(checked: Checked) -> str:
    if checked.per_process is None:
        ours = "one a unit of work, without a limit"
    else:
        each = f"{checked.per_process} a process ({checked.writers} writing, {checked.pool.readers} reading)"
        processes = f"{checked.processes} process{'es' if checked.processes > 1 else ''}"
        ours = f"{each} x {processes} = {checked.per_process * checked.processes}"
    if checked.pooler == "seen":
        return f"{ours}; the pooler's own limits count"
    return f"{ours}{_room(checked.server.room) if checked.server.room else ''}"


def _room(room: Room) -> str:
    account = f", account limit {room.account_limit}" if room.account_limit is not None else ""
    return (
        f"; the server has room for {room.left} (limit {room.max_connections}, {room.reserved} reserved, "
        f"{room.others} used by others{account})"
    )
