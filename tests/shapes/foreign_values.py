"""Values that SQLAlchemy would not store in this form, and reads all the same: as literals of SQL."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, JSON, Boolean, DateTime, Double, Interval, Numeric, Time, Uuid
from sqlalchemy.dialects import mysql, postgresql

from crosslet.models import UTCDateTime
from shapes.value_cases import SECONDS, Case

_SQLITE_MOMENTS = (
    "CURRENT_TIMESTAMP",
    "'2024-01-02T03:04:05'",
    "'2024-01-02 03:04:05.5'",
    "'2024-01-02 03:04:05.123'",
    "'2024-01-02 03:04:05+02:00'",
    "'2024-01-02 03:04:05Z'",
    "'2024-01-02 03:04'",
)
_INTERVALS = (
    "'1 year 2 mons -3 days 04:05:06.7'",
    "'-1 mon'",
    "'1 mon -30 days 1 microsecond'",
    "'-400 days +00:00:01'",
)

FOREIGN: dict[str, list[tuple[Case, tuple[str, ...]]]] = {
    "postgresql": [
        (Case("spans", Interval(), timedelta), _INTERVALS),
        (Case("spans_seconds", Interval(), timedelta, config=SECONDS), _INTERVALS),
        (Case("clock", Time(timezone=True), time), ("'01:02:03.4-03:30'", "'01:02:03+00'")),
        (Case("zoned", DateTime(timezone=True), datetime), ("'2024-01-02 03:04:05.5+05:45'",)),
        (Case("numeric", Numeric(), Decimal), ("10000", "0.0000001", "1e25", "0.00", "120000.00", "1.50000000000")),
        (Case("json", JSON(), Any), ("""' {"b" :  1, "a": [1.10, 1e5] }'""", "'null'")),
        (Case("jsonb", postgresql.JSONB(), Any), ("""'{"b" :  1.10, "a": 1e5}'""", "'null'")),
        (Case("char", CHAR(5), str), ("'a'",)),
    ],
    "mariadb": [
        (Case("bool", Boolean(), bool), ("5", "-1")),
        (Case("time", mysql.TIME(fsp=6), time), ("'25:00:01'", "'-01:30:00.5'", "'838:59:59'")),
        (Case("json", JSON(), Any), ("""' {"b" :  1, "a": [1.10, 1e5] }'""", "'null'")),
        (Case("uuid", Uuid(native_uuid=False), UUID), ("UPPER('0123456789abcdef0123456789abcdef')",)),
    ],
    "sqlite": [
        (Case("bool", Boolean(), bool), ("5", "-1")),
        (Case("moment", DateTime(), datetime), _SQLITE_MOMENTS),
        (Case("utc", UTCDateTime(), datetime), _SQLITE_MOMENTS),
        (Case("time", Time(), time), ("'03:04'", "'03:04:05.5'", "'03:04:05+02:00'")),
        (Case("uuid", Uuid(), UUID), ("'0123456789ABCDEF0123456789ABCDEF'", "'01234567-89ab-cdef-0123-456789abcdef'")),
        (Case("numeric", Numeric(12, 2), Decimal), ("2.675", "1", "1e-9", "12345678901234567", "'1.5'")),
        (Case("double", Double(), float), ("1", "'2.5'", "1e400")),
        (Case("json", JSON(), Any), ("""' {"b" :  1, "a": [1.10, 1e5] }'""", "'null'")),
        # Read from JSON they are None; no server's JSON can hold them.
        (Case("json_nan", JSON(), Any, ways="same"), ("'[1, NaN, Infinity, -Infinity]'",)),
        (Case("json_number", JSON(), Any), ("454308313898267.25", "'0.30000000000000004'", "7", "'-1.0'")),
        (Case("span", Interval(), timedelta), ("'1970-01-02 00:00:00'",)),
    ],
}
FOREIGN["mysql"] = FOREIGN["mariadb"]
