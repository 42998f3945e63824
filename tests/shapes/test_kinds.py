"""Kinds, told from Pydantic's core schema; whatever is not known is refused."""

import dataclasses
import enum
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Network
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    AnyUrl,
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    Json,
    JsonValue,
    PlainSerializer,
    PlainValidator,
    RootModel,
    SecretStr,
    Strict,
    StringConstraints,
    WrapValidator,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from typing_extensions import TypedDict

from crosslet.shapes.kinds import Kind, kind_of, kinds_of


class Colour(enum.Enum):
    RED = "r"


class Guessed(enum.Enum):
    RED = "r"

    @classmethod
    def _missing_(cls, value: object) -> "Guessed":
        return cls.RED


class Address(BaseModel):
    street: str
    since: date | None = None


class Secretive(BaseModel):
    key: bytes


PLAIN = {
    Any: Kind("any"),
    object: Kind("any"),
    bool: Kind("bool"),
    int: Kind("int"),
    float: Kind("float"),
    Decimal: Kind("decimal"),
    str: Kind("str"),
    bytes: Kind("bytes", style="utf8"),
    date: Kind("date"),
    time: Kind("time"),
    datetime: Kind("datetime"),
    timedelta: Kind("timedelta", style="iso8601"),
    UUID: Kind("uuid"),
    Colour: Kind("enum", enum=Colour),
    int | None: Kind("int", nullable=True),
    Literal["a", "b"]: Kind("literal", style="str"),
    Literal[1]: Kind("literal", style="int"),
    Literal[Colour.RED]: Kind("literal", style="enum", takes_json=False, takes_loaded=False),
    list[int | None]: Kind("list", item=Kind("int", nullable=True)),
    Sequence[int]: None,
    dict[str, Any]: Kind("json", item=Kind("any")),
    JsonValue: Kind("any"),
    IPv4Address: Kind("ip", style="IPv4Address"),
    IPv6Network: Kind("ip", style="IPv6Network"),
    AwareDatetime: Kind("datetime"),
    Annotated[int, Field(gt=0, multiple_of=2)]: Kind("int"),
    Annotated[str, Field(max_length=3, pattern="a*")]: Kind("str"),
    Annotated[Decimal, Field(max_digits=3, decimal_places=1)]: Kind("decimal"),
    Annotated[int, Strict()]: Kind("int", is_strict=True),
    Address: Kind("model"),
}


@pytest.mark.parametrize("annotation", PLAIN)
def test_kinds_of_annotations(annotation: Any) -> None:
    wanted = PLAIN[annotation] or Kind("unknown", is_plain=False, takes_json=False, takes_loaded=False)
    assert kind_of(annotation) == wanted
    assert kind_of(annotation, ConfigDict()) == wanted


def same(value: Any) -> Any:
    return value


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        (Annotated[int, AfterValidator(same)], "int"),
        (Annotated[str, StringConstraints(strip_whitespace=True)], "str"),
        (Annotated[str, StringConstraints(to_lower=True)], "str"),
        (Annotated[int, PlainSerializer(str)], "int"),
        (Annotated[int, PlainSerializer(str)] | None, "int"),
        (Annotated[IPv4Address, PlainSerializer(str)], "ip"),
        (list[Annotated[int, AfterValidator(same)]], "list"),
        (Guessed, "enum"),
        (Base64Bytes, "bytes"),
        (set[int], "json"),
        (frozenset[str], "json"),
        (tuple[int, str], "json"),
        (AnyUrl, "url"),
        (HttpUrl | None, "url"),
        (dict[str, Annotated[int, AfterValidator(same)]], "json"),
    ],
)
def test_what_changes_the_value_alike_from_json_and_from_python(annotation: Any, name: str) -> None:
    kind = kind_of(annotation)
    assert (kind.name, kind.is_plain, kind.takes_json) == (name, False, True)


class Plain:
    pass


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[int, BeforeValidator(same)],
        Annotated[int, PlainValidator(same)],
        Annotated[int, WrapValidator(lambda value, handler: handler(value))],
        Annotated[AnyUrl, BeforeValidator(same)],
        list[Annotated[int, BeforeValidator(same)]],
        int | str,
        UUID | str | None,
        SecretStr,
        Json,
        Literal["a", 1],
        complex,
        type[int],
        Annotated[Address, BeforeValidator(same)],
    ],
)
def test_what_is_not_known_takes_no_json(annotation: Any) -> None:
    kind = kind_of(annotation)
    assert not kind.is_plain
    assert not kind.takes_json


def test_is_instance_is_not_known() -> None:
    assert kind_of(Plain, ConfigDict(arbitrary_types_allowed=True)).name == "unknown"


@pytest.mark.parametrize(
    ("annotation", "config", "kind"),
    [
        (bytes, {"ser_json_bytes": "hex", "val_json_bytes": "hex"}, Kind("bytes", style="hex")),
        (bytes, {"ser_json_bytes": "base64"}, Kind("bytes", style="base64", takes_json=False)),
        (timedelta, {"ser_json_timedelta": "float"}, Kind("timedelta", style="float")),
        (timedelta, {"ser_json_temporal": "seconds"}, Kind("timedelta", style="float")),
        (timedelta, {"ser_json_temporal": "milliseconds"}, Kind("timedelta", style="milliseconds", is_plain=False)),
        (datetime, {"ser_json_temporal": "seconds"}, Kind("datetime", is_plain=False)),
        (datetime, {"ser_json_temporal": "iso8601"}, Kind("datetime")),
        (float, {"ser_json_inf_nan": "constants"}, Kind("float", is_plain=False)),
        (float, {"ser_json_inf_nan": "null"}, Kind("float")),
        (float, {"allow_inf_nan": False}, Kind("float")),
        (str, {"str_strip_whitespace": True}, Kind("str", is_plain=False)),
        (str, {"str_to_upper": True}, Kind("str", is_plain=False)),
        (str, {"coerce_numbers_to_str": True}, Kind("str", is_plain=False)),
        (str, {"str_max_length": 3}, Kind("str")),
        (int, {"strict": True}, Kind("int", is_strict=True)),
        (Annotated[int, Strict(False)], {"strict": True}, Kind("int")),
        (Colour, {"use_enum_values": True}, Kind("enum", enum=Colour, is_plain=False)),
        (datetime, {"json_encoders": {datetime: str}}, Kind("datetime", is_plain=False)),
        (
            set[int],
            {"strict": True},
            Kind("json", item=Kind("int", is_strict=True), is_plain=False, takes_loaded=False),
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:.json_encoders. is deprecated")
def test_config_counts(annotation: Any, config: Any, kind: Kind) -> None:
    assert kind_of(annotation, ConfigDict(**config)) == kind


def test_what_a_json_column_cannot_be_read_into_may_still_be_a_related_row() -> None:
    kind = kind_of(Bad)
    assert (kind.name, kind.is_plain, kind.takes_json, kind.takes_loaded) == ("model", True, True, False)


class Strictly(BaseModel):
    model_config = ConfigDict(strict=True)
    since: date


class Before(BaseModel):
    since: date

    @model_validator(mode="before")
    @classmethod
    def check(cls, values: Any) -> Any:
        return values


class Numbers(RootModel[list[int]]):
    pass


class Tree(BaseModel):
    below: list["Tree"]


class Bad(BaseModel):
    below: list["Bad"]
    key: bytes = b""
    model_config = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex")


@pytest.mark.parametrize(
    ("annotation", "readable"),
    [
        (Address, True),
        (list[Address], True),
        (dict[str, Address], True),
        (Numbers, True),
        (Tree, True),
        (Secretive, True),
        (Bad, False),
        (Strictly, False),
        (Before, False),
        (dict[str, int | str], False),
        (dict[str, list[Decimal]], False),
        (dict[int, str], False),
    ],
)
def test_models_inside_a_json_column(annotation: Any, readable: bool) -> None:
    assert kind_of(annotation).takes_loaded is readable


class Person(BaseModel):
    model_config = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex", strict=True)

    id: UUID = Field(alias="key")
    age: Annotated[int, Field(ge=0)] | None = None
    photo: bytes
    name: str
    nick: str
    hidden: int = Field(exclude=True)
    home: Address
    homes: list[Address]
    checked: list[Address]

    @field_validator("name")
    @classmethod
    def check(cls, value: str) -> str:
        return value

    @field_validator("nick", mode="before")
    @classmethod
    def check_nick(cls, value: str) -> str:
        return value

    @field_serializer("checked")
    def write(self, value: Any) -> Any:
        return value


def test_kinds_of_a_model_know_its_config_validators_and_serializers() -> None:
    kinds = kinds_of(Person)
    assert kinds["id"] == Kind("uuid", is_strict=True)
    assert kinds["age"] == Kind("int", nullable=True, is_strict=True)
    assert kinds["photo"] == Kind("bytes", style="hex", is_strict=True)
    ways = {name: (kind.is_plain, kind.takes_json) for name, kind in kinds.items()}
    assert ways["name"] == (False, True)
    assert ways["nick"] == (False, False)
    assert ways["home"] == ways["homes"] == (True, True)
    assert ways["checked"] == (False, True)
    assert list(kinds) == list(Person.model_fields)


@dataclasses.dataclass
class Row:
    id: int
    name: str = "x"


class Typed(TypedDict, total=False):
    id: int
    when: datetime | None


def test_kinds_of_dataclasses_and_typed_dicts() -> None:
    assert kinds_of(Row) == {"id": Kind("int"), "name": Kind("str")}
    assert kinds_of(Typed) == {"id": Kind("int"), "when": Kind("datetime", nullable=True)}


class After(Address):
    @model_validator(mode="after")
    def check(self) -> "After":
        return self


class Wrap(Address):
    @model_validator(mode="wrap")
    @classmethod
    def check(cls, value: Any, handler: Any) -> Any:
        return handler(value)


class Serialized(Address):
    @model_serializer
    def write(self) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize(("shape", "takes_json"), [(After, True), (Serialized, True), (Wrap, False), (Before, False)])
def test_a_validator_or_serializer_of_the_whole_model_counts_for_each_field(shape: Any, takes_json: bool) -> None:
    kinds = kinds_of(shape)
    assert {(kind.is_plain, kind.takes_json) for kind in kinds.values()} == {(False, takes_json)}
    assert list(kinds) == list(shape.model_fields)


def test_a_tree_of_itself_is_looked_at_once() -> None:
    assert kinds_of(Tree) == {"below": Kind("list", item=Kind("model"))}
