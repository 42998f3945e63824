"""From shape and statement to the columns that are fetched; no database needed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import func, select, text, union_all
from sqlalchemy.orm import aliased

from crosslet.errors import ConfigurationError, InvalidValue
from crosslet.shapes import fields_of, reading_of
from sample import Post, User


class Out(BaseModel):
    id: UUID
    email: str


def columns(shape: Any, statement: Any) -> list[str]:
    return [column.key for column in reading_of(shape, statement).statement.selected_columns]  # type: ignore[attr-defined]


def test_only_the_named_columns_are_selected() -> None:
    assert columns(Out, select(User)) == ["id", "email"]
    assert columns(Out, select(aliased(User))) == ["id", "email"]
    assert columns(Out, select(User).join(Post).where(Post.title == "x").limit(3)) == ["id", "email"]


def test_a_statement_of_columns_is_left_alone() -> None:
    assert columns(Out, select(User.id, func.lower(User.email).label("email"))) == ["id", "email"]
    assert columns(dict, select(User.id)) == ["id"]
    raw = text("SELECT 1")
    assert reading_of(Out, raw).statement is raw


def test_aliases_optional_fields_and_dataclasses() -> None:
    class Renamed(BaseModel):
        address: str = Field(validation_alias="email")
        nickname: str | None = None

    @dataclass
    class Plain:
        email: str
        nothing: int = 0

    assert columns(Renamed, select(User)) == ["email"]
    assert columns(Plain, select(User)) == ["email"]
    assert [field.is_required for field in fields_of(Plain)] == [True, False]


@pytest.mark.parametrize(
    ("annotations", "complaint"),
    [
        ({"emial": str}, "Did you mean email"),
        ({"posts": list[int]}, "posts is a relationship"),
        ({"zzz": int}, "It has balance, created_at, email"),
    ],
)
def test_a_field_that_matches_nothing_says_what_there_is(annotations: dict[str, Any], complaint: str) -> None:
    shape = type("Wrong", (BaseModel,), {"__annotations__": annotations, "__module__": __name__})
    with pytest.raises(ConfigurationError, match=complaint):
        reading_of(shape, select(User))


@pytest.mark.parametrize(
    ("shape", "statement", "complaint"),
    [
        (Out, None, "does not say which rows"),
        (User, select(Post), "does not select User"),
        (User, select(User.id), "does not select User"),
        (Out, select(User, Post), "several"),
        (Out, User(email="x"), "has no row yet"),
        (Out, 42, "not a statement"),
        (int, select(User), "cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_sent(shape: Any, statement: Any, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        reading_of(shape, statement)


@pytest.mark.parametrize("statement", [select(User).limit(-1), select(User).offset(-5)])
def test_a_negative_limit_is_refused(statement: Any) -> None:
    with pytest.raises(InvalidValue):
        reading_of(Out, statement)


def test_unions_and_text_can_make_objects() -> None:
    both = union_all(select(User).where(User.visits > 1), select(User).where(User.visits < 1))
    for statement in (both, text("SELECT * FROM users")):
        assert "users" in str(reading_of(User, statement).statement)
