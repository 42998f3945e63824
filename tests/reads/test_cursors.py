"""Cursors carry every value exactly, and nothing that was not signed here is taken for one."""

import base64
import hmac
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslet.errors import ConfigurationError, InvalidCursor
from crosslet.reads import Cursor, Signer, key_of_password, key_of_secret
from crosslet.reads.pages import MOST_CURSOR_CHARACTERS

MARK = "0123456789abcdef"
KEY = key_of_secret("no secret of anybody")
SIGNER = Signer([KEY])


def unfolded(moment: Any) -> Any:
    """Which of two equal times on the day of a change of clocks: no column knows."""
    return moment.replace(fold=0)


values = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.binary(max_size=20), st.uuids()),
    *(st.floats(), st.decimals(allow_nan=False), st.dates(), st.times().map(unfolded), st.timedeltas()),
    st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=45))])).map(unfolded),
)


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and repr(one) == repr(other)


def sealed(cursor: Cursor, signer: Signer = SIGNER, mark: str = MARK) -> str:
    text = signer.sealed(cursor, mark)
    assert text is not None
    return text


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(row=st.lists(values, max_size=5), flags=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_every_value_comes_back_as_it_was(row: list[Any], flags: tuple[bool, bool, bool]) -> None:
    cursor = Cursor(tuple(row), *flags)
    text = sealed(cursor)
    assert text.isascii()
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    found = SIGNER.opened(text, MARK)
    assert all(same(*pair) for pair in zip(found.values, cursor.values, strict=True))
    assert (found.backwards, found.inclusive, found.by_key) == flags


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        float("-inf"),
        -0.0,
        5e-324,
        2**70,
        Decimal("1.10"),
        Decimal("NaN"),
        datetime(2024, 1, 1, 12, 0, 0, 1, UTC),
        time(23, 59, 59, 999999),
        date.max,
        timedelta(microseconds=-1),
        UUID(int=1),
        b"\x00\xff",
        "\u2028 \U0001f600 \x00 \ud800",
    ],
)
def test_values_at_the_edge(value: Any) -> None:
    (found,) = SIGNER.opened(sealed(Cursor((value,))), MARK).values
    assert same(found, value)


def test_not_a_number_stays_none() -> None:
    (found,) = SIGNER.opened(sealed(Cursor((float("nan"),))), MARK).values
    assert found != found  # noqa: PLR0124 - that is what tells it


def test_what_no_column_of_every_database_holds_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="cannot carry a dict"):
        SIGNER.sealed(Cursor(({},)), MARK)


def test_a_cursor_is_never_longer_than_what_is_taken() -> None:
    for length in range(2900, 3100, 7):
        text = SIGNER.sealed(Cursor(("x" * length,)), MARK)
        assert text is None or len(text) <= MOST_CURSOR_CHARACTERS
    assert SIGNER.sealed(Cursor(("x" * 4000,)), MARK) is None


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(text=st.text(max_size=100) | st.binary(max_size=100).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_of_a_stranger_is_a_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        SIGNER.opened(text, MARK)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(data=st.data(), row=st.lists(values, min_size=1, max_size=3))
def test_no_changed_cursor_is_one(data: st.DataObject, row: list[Any]) -> None:
    text = sealed(Cursor(tuple(row)))
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("Aa0-_=+/ \n\x00é"))
    for changed in (text[:place] + letter + text[place + 1 :], text[:place], text + letter, letter + text):
        if changed != text:
            with pytest.raises(InvalidCursor):
                SIGNER.opened(changed, MARK)


def test_another_list_another_secret_another_version() -> None:
    text = sealed(Cursor((1,)))
    with pytest.raises(InvalidCursor, match="another list"):
        SIGNER.opened(text, "f" * 16)
    with pytest.raises(InvalidCursor, match="not ours"):
        Signer([key_of_secret("another secret, as long")]).opened(text, MARK)
    raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    raw[0] = 2
    with pytest.raises(InvalidCursor, match="version"):
        SIGNER.opened(base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), MARK)


def test_a_secret_can_be_changed() -> None:
    old, new = KEY, key_of_secret("the new secret, as long")
    text = sealed(Cursor((1,)))
    assert Signer([new, old]).opened(text, MARK).values == (1,)
    assert sealed(Cursor((1,)), Signer([new, old])) == sealed(Cursor((1,)), Signer([new]))
    with pytest.raises(InvalidCursor):
        Signer([new]).opened(text, MARK)


def test_the_signature_is_hmac_sha256_of_version_and_content() -> None:
    raw = base64.urlsafe_b64decode(sealed(Cursor((1, "a"), backwards=True)) + "==")
    assert raw[:1] == b"\x01"
    assert json.loads(raw[17:]) == [MARK, 1, 1, "a"]
    assert raw[1:17] == hmac.digest(KEY, raw[:1] + raw[17:], "sha256")[:16]


def test_keys() -> None:
    with pytest.raises(ConfigurationError, match="16 characters"):
        key_of_secret("short")
    assert key_of_password("tiger", "scott@db") == key_of_password("tiger", "scott@db")
    assert key_of_password("tiger", "scott@db") != key_of_password("tiger", "scott@other")
