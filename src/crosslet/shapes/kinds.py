"""How Pydantic reads and writes a field, told from its core schema: what the database's JSON has to look like.

A whitelist: a schema, or an option of one, that is not known here is neither plain nor readable from JSON.
What a column holds, and whether the two fit, is in values/.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from pydantic import ConfigDict, PydanticUserError, TypeAdapter


@dataclass(frozen=True, slots=True)
class Tags:
    """By what Pydantic tells the members of a union apart.

    Attributes:
        names: What the field may be called that tells it.
        members: What that field holds, and the class that it stands for.
    """

    names: tuple[str, ...]
    members: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """How Pydantic reads and writes one field.

    Attributes:
        name: What it holds, such as `int` or `datetime`; "any" is written by the value's own type, "json" is a
            container of JSON, "model" has fields of its own, "unknown" is none of our business.
        style: How bytes ("utf8", "base64", "hex") and timedelta ("iso8601", "float") are written; the type of a
            Literal's values ("str", "int"); the class of an "ip".
        item: Of a list; of a dict, its values.
        is_plain: Nothing changes the value between column and JSON: no validator, no serializer. Constraints, which
            only refuse, leave it plain. Of a "model": nothing stands around it; its fields have kinds of their own.
        takes_json: Reading the exact JSON form gives what reading the Python value gives. Of a "model", its fields
            apart.
        takes_loaded: The same of what a JSON column holds, whose Python value is what json.loads makes of it; of a
            "model" with its fields.
        is_strict: Values of other types are refused.
    """

    name: str
    style: str = ""
    nullable: bool = False
    enum: type[Enum] | None = None
    item: "Kind | None" = None
    tags: Tags | None = None
    is_plain: bool = True
    takes_json: bool = True
    takes_loaded: bool = True
    is_strict: bool = False


_UNKNOWN: Final = Kind("unknown", is_plain=False, takes_json=False, takes_loaded=False)

_EVERYWHERE: Final = frozenset({"type", "ref", "metadata", "serialization", "strict"})
_ORDERED: Final = frozenset({"gt", "ge", "lt", "le"})
_SIZED: Final = frozenset({"min_length", "max_length", "fail_fast"})
_CLOCK: Final = _ORDERED | {"microseconds_precision", "tz_constraint", "now_op", "now_utc_offset"}
# What the options named here do is refuse values, or nothing.
_HARMLESS: Final[Mapping[str, frozenset[str]]] = {
    "any": frozenset(),
    "bool": frozenset(),
    "int": _ORDERED | {"multiple_of"},
    "float": _ORDERED | {"multiple_of", "allow_inf_nan"},
    "decimal": _ORDERED | {"multiple_of", "allow_inf_nan", "max_digits", "decimal_places"},
    "str": frozenset({"pattern", "min_length", "max_length", "regex_engine", "ascii_only"}),
    "bytes": frozenset({"min_length", "max_length"}),
    "date": _ORDERED | {"now_op", "now_utc_offset"},
    "time": _CLOCK,
    "datetime": _CLOCK,
    "timedelta": _ORDERED | {"microseconds_precision"},
    "uuid": frozenset({"version"}),
    "enum": frozenset({"cls", "members", "sub_type", "missing"}),
    "literal": frozenset({"expected"}),
    "list": _SIZED | {"items_schema"},
    "dict": _SIZED | {"keys_schema", "values_schema"},
}
# These change the value, and do so alike whether it came as JSON or not.
_CHANGING: Final[Mapping[str, frozenset[str]]] = {
    "str": frozenset({"strip_whitespace", "to_lower", "to_upper", "coerce_numbers_to_str"}),
}
_JSON_SCALARS: Final = frozenset({"any", "bool", "int", "float", "str"})
_ADDRESSES: Final = {
    f"ip_v{version}_{kind}_validator": f"IPv{version}{kind.capitalize()}"
    for version in (4, 6)
    for kind in ("address", "network", "interface")
}


def kind_of(annotation: Any, config: ConfigDict | None = None) -> Kind:
    """Return the kind of one annotation, `Annotated[...]` included.

    Validators and serializers that a class decorates its fields with are no part of an annotation: see `kinds_of`.

    Args:
        annotation: Of the field.
        config: Of the class that the field belongs to.
    """
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation, config=config)
    except PydanticUserError:  # the annotation is a model, whose own config counts
        adapter = TypeAdapter(annotation)
    return _Walk(dict(config or {})).kind(adapter.core_schema)


def kinds_of(shape: Any) -> dict[str, Kind]:
    """Return the kinds of all the fields of a Pydantic model, dataclass or TypedDict, by name.

    A validator or serializer of the whole class counts for each field. Computed fields and aliases are left out.
    """
    return _Walk({}).fields(TypeAdapter(shape).core_schema)


@dataclass
class _Walk:
    """A way down through a core schema, with the config and the definitions met so far."""

    config: Mapping[str, Any]
    definitions: dict[str, Any] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    def kind(self, schema: Any) -> Kind:
        found = self._kind(schema)
        changed = "serialization" in schema and not (found.name == "ip" and _is_own(schema["serialization"]))
        return replace(found, is_plain=False) if changed else found

    def _kind(self, schema: Any) -> Kind:
        name = schema["type"]
        if name in _HARMLESS:
            return self._known(name, schema)
        known = getattr(self, "_" + name.replace("-", "_"), None)
        return known(schema) if known is not None else _UNKNOWN

    def _known(self, name: str, schema: Any) -> Kind:
        given = schema.keys() - _EVERYWHERE - _HARMLESS[name]
        if given - _CHANGING.get(name, frozenset()):
            return _UNKNOWN
        changing = bool(given) or (name == "str" and self._changes_text())
        if "ser_json_temporal" in self.config and name in ("date", "time", "datetime"):
            changing = changing or self.config["ser_json_temporal"] != "iso8601"
        if name in ("float", "any", "dict"):
            changing = changing or self.config.get("ser_json_inf_nan", "null") != "null"
        strict = bool(schema.get("strict", self.config.get("strict", False)))
        start = Kind(name, is_plain=not changing, is_strict=strict)
        finish = getattr(self, f"_finish_{name}", None)
        return finish(start, schema) if finish is not None else start

    def _changes_text(self) -> bool:
        options = ("str_strip_whitespace", "str_to_lower", "str_to_upper", "coerce_numbers_to_str")
        return any(self.config.get(option) for option in options)

    def _finish_bytes(self, kind: Kind, schema: Any) -> Kind:
        style = self.config.get("ser_json_bytes", "utf8")
        return replace(kind, style=style, takes_json=style == self.config.get("val_json_bytes", "utf8"))

    def _finish_timedelta(self, kind: Kind, schema: Any) -> Kind:
        style = self.config.get("ser_json_timedelta", "iso8601")
        style = {"seconds": "float"}.get(known := self.config.get("ser_json_temporal", style), known)
        return replace(kind, style=style, is_plain=style in ("iso8601", "float"))

    def _finish_enum(self, kind: Kind, schema: Any) -> Kind:
        cls: type[Enum] = schema["cls"]
        # Its own _missing_ makes a member of what is none.
        guesses = getattr(cls._missing_, "__func__", None) is not getattr(Enum._missing_, "__func__", None)
        return replace(kind, enum=cls, is_plain=kind.is_plain and not guesses)

    def _finish_literal(self, kind: Kind, schema: Any) -> Kind:
        types = {type(value) for value in schema["expected"]}
        if len(types) == 1 and all(isinstance(value, Enum) for value in schema["expected"]):
            return replace(kind, style="enum", takes_json=False, takes_loaded=False)
        return replace(kind, style=types.pop().__name__) if types in ({str}, {int}) else _UNKNOWN

    def _finish_list(self, kind: Kind, schema: Any) -> Kind:
        item = self.kind(schema.get("items_schema", {"type": "any"}))
        plain = kind.is_plain and item.is_plain
        return replace(kind, item=item, is_plain=plain, takes_json=item.takes_json, takes_loaded=_takes_loaded(item))

    def _finish_dict(self, kind: Kind, schema: Any) -> Kind:
        keys = self.kind(schema.get("keys_schema", {"type": "any"}))
        values = self.kind(schema.get("values_schema", {"type": "any"}))
        alike = keys.name in ("str", "any") and _takes_loaded(values)
        plain = kind.is_plain and keys.is_plain and values.is_plain
        return replace(kind, name="json", item=values, is_plain=plain, takes_json=alike, takes_loaded=alike)

    def _nullable(self, schema: Any) -> Kind:
        return replace(self.kind(schema["schema"]), nullable=True)

    def _default(self, schema: Any) -> Kind:
        # The row always has a value. A default that stands in for a refused one would hide the refusal.
        return _UNKNOWN if schema.get("on_error", "raise") != "raise" else self.kind(schema["schema"])

    def _definitions(self, schema: Any) -> Kind:
        self.definitions.update({one["ref"]: one for one in schema["definitions"]})
        return self.kind(schema["schema"])

    def _definition_ref(self, schema: Any) -> Kind:
        ref = schema["schema_ref"]
        if ref.startswith("pydantic.types.JsonValue:"):
            return Kind("any")
        if ref in self.open or ref not in self.definitions:  # a tree: its inner part is judged with the outer one
            return Kind("model")
        return _Walk(self.config, self.definitions, self.open | {ref}).kind(self.definitions[ref])

    def _function_after(self, schema: Any) -> Kind:
        return replace(self.kind(schema["schema"]), is_plain=False)

    def _function_wrap(self, schema: Any) -> Kind:
        """Know Pydantic's own URL types, which are wrapped around a schema of the same name."""
        known = schema["schema"]["type"] in ("url", "multi-host-url") and _is_own(schema["function"])
        return Kind("url", is_plain=False) if known else _UNKNOWN

    def _lax_or_strict(self, schema: Any) -> Kind:
        """Know Pydantic's own handling of ipaddress."""
        function = schema["lax_schema"].get("function", {})
        style = _ADDRESSES.get(getattr(function.get("function"), "__name__", ""))
        if style is None or not _is_own(function) or schema.get("strict", self.config.get("strict", False)):
            return _UNKNOWN
        return Kind("ip", style=style)

    def _tuple(self, schema: Any) -> Kind:
        return self._container(schema["items_schema"], schema)

    def _set(self, schema: Any) -> Kind:
        return self._container([schema.get("items_schema", {"type": "any"})], schema)

    _frozenset = _set

    def _container(self, schemas: list[Any], schema: Any) -> Kind:
        strict = schema.get("strict", self.config.get("strict", False))
        inside = [self.kind(one) for one in schemas]
        loaded = not strict and all(map(_takes_loaded, inside))
        takes = all(one.takes_json for one in inside)
        item = inside[0] if len(inside) == 1 else None
        return Kind("json", item=item, is_plain=False, takes_json=takes, takes_loaded=loaded)

    def _tagged_union(self, schema: Any) -> Kind:
        inside = [self.kind(one) for one in schema["choices"].values()]
        members = tuple((tag, self._class_of(one)) for tag, one in schema["choices"].items())
        known = schema["discriminator"]
        paths = [known] if isinstance(known, str) else known if isinstance(known, list) else []
        names = tuple(
            path if isinstance(path, str) else path[0] for path in paths if isinstance(path, str) or len(path) == 1
        )
        tags = Tags(names, members) if names and all(cls is not None for _, cls in members) else None
        plain = all(one.is_plain for one in inside)
        # JSON has no members of an Enum.
        takes = all(one.takes_json for one in inside) and not any(isinstance(tag, Enum) for tag, _ in members)
        return Kind("model", tags=tags, is_plain=plain, takes_json=takes, takes_loaded=False)

    def _class_of(self, schema: Any) -> Any:
        """Return the class that a schema makes objects of, whatever stands around it; None if there is none."""
        while "cls" not in schema:
            ref = schema.get("schema_ref")
            schema = self.definitions.get(ref) if ref is not None else schema.get("schema")
            if not isinstance(schema, dict):
                return None
        return schema["cls"]

    def _model(self, schema: Any) -> Kind:
        inner = schema.get("config", self.config)
        inside = _Walk(inner, self.definitions, self.open | {schema.get("ref", "")})
        kinds = (inside.kind(schema["schema"]),) if schema.get("root_model") else inside.fields(schema).values()
        return Kind("model", takes_loaded=not inner.get("strict") and all(map(_takes_loaded, kinds)))

    _typed_dict = _model
    _dataclass = _model

    def fields(self, schema: Any) -> dict[str, Kind]:
        """Return the kinds of the fields below a schema, each marked with what stands on the way to it."""
        match schema:
            case {"type": "definitions"}:
                self.definitions.update({one["ref"]: one for one in schema["definitions"]})
                found = self.fields(schema["schema"])
            case {"type": "definition-ref"}:
                found = self.fields(self.definitions[schema["schema_ref"]])
            case {"type": "model-fields" | "typed-dict", "fields": fields}:
                inside = _Walk(schema.get("config", self.config), self.definitions, self.open)
                found = {name: inside.field_kind(one) for name, one in fields.items()}
            case {"type": "dataclass-args", "fields": fields}:
                found = {one["name"]: self.field_kind(one) for one in fields}
            case {"type": "model" | "dataclass"}:
                inside = _Walk(schema.get("config", self.config), self.definitions, self.open)
                found = inside.fields(schema["schema"])
            case {"type": "function-after"}:
                found = _changed(self.fields(schema["schema"]))
            case {"schema": inner}:  # validators before and around, and what else there may be
                found = {
                    name: replace(kind, is_plain=False, takes_json=False) for name, kind in self.fields(inner).items()
                }
            case _:
                found = {}
        return _changed(found) if "serialization" in schema else found

    def field_kind(self, schema: Any) -> Kind:
        """Return the kind of a field of a class."""
        kind = self.kind(schema["schema"])
        hidden = schema.get("serialization_exclude") or "serialization_exclude_if" in schema
        return replace(kind, is_plain=False) if hidden else kind


def _is_own(schema: Any) -> bool:
    """Tell whether a function in a schema is Pydantic's own."""
    return str(getattr(schema.get("function"), "__module__", "")).startswith("pydantic.")


def _changed(kinds: dict[str, Kind]) -> dict[str, Kind]:
    return {name: replace(kind, is_plain=False) for name, kind in kinds.items()}


def _takes_loaded(kind: Kind) -> bool:
    """Tell whether a part of a JSON value reads the same from JSON and from what json.loads makes of it."""
    if not (kind.takes_json and kind.takes_loaded) or (kind.is_strict and kind.name not in _JSON_SCALARS):
        return False
    # A number has more digits than json.loads keeps of it.
    return kind.name != "decimal" and (kind.name != "bytes" or kind.style == "utf8")
