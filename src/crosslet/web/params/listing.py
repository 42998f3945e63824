"""ListParams: one class declares what of a list may be filtered, searched and sorted from the query string."""

from collections.abc import Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any, ClassVar, Self, TypeVar, cast

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, PrivateAttr, ValidationError, model_validator
from sqlalchemy import ColumnElement, Executable, Select, inspect
from starlette.datastructures import QueryParams
from starlette.requests import Request

from crosslet.errors import ConfigurationError
from crosslet.facts import current_scope
from crosslet.reads import criterion_of, order_by_key, order_of
from crosslet.shapes import entity_of
from crosslet.web.params.allowed import Allowed, Declared, allowed_by
from crosslet.web.params.complaints import Complaints
from crosslet.web.params.declared import names_beside, own_names
from crosslet.web.params.options import ParamLimits
from crosslet.web.params.parsing import NOTHING, Asked, asked_of

# Not Select[Any]: a checker would then forget which class `select(User)` is of.
T = TypeVar("T", bound=Executable)


class ListParams(BaseModel):
    """Filters, search and order of a list, read from the query string.

    `class UserParams(ListParams, model=User, shape=UserOut)`, and in a route `params: Annotated[UserParams, Query()]`
    (or `Depends()`, which takes a thread for each request); then `session.all(UserOut, params.apply(select(User)))`.

    What the shape shows may be filtered and sorted, nothing else unless it is named; what it hides, masks or computes
    in Python is not. A wrong parameter is a 422 in FastAPI's form, and so is one that neither this class nor anything
    else of the route declares. Fields of your own go beside it as in any Pydantic model.

    Attributes:
        only: Offer nothing of the shape but these names.
        filters: What differs from that, by name: False takes it away, a list of operators leaves it these, True adds a
            field that is not in the shape (`"author.email"`), an attribute or a `Filter` adds what has another name.
        sorts: What may be sorted by; by default all that may be filtered and is one value a row.
        search: Attributes, or names of filters, that `q` looks into: each of its words must be in one of them, in
            capitals or small letters. Without them there is no `q`.
        default_sort: The order where the client asks for none and the statement has none: `"-created_at,name"`.
        limits: How much one request may ask for.
        blank_is_absent: Take `name=` for nothing, as forms send it, and not for an empty text.
        beside: Parameters that are read elsewhere and that the route does not declare.
    """

    # Or FastAPI would make None of `UserParams | None` whatever filters were sent: it sees no field of theirs.
    model_config = ConfigDict(extra="forbid")

    only: ClassVar[Sequence[str] | None] = None
    filters: ClassVar[Mapping[str, Any]] = {}
    sorts: ClassVar[Sequence[str] | None] = None
    search: ClassVar[Sequence[Any]] = ()
    default_sort: ClassVar[str] = ""
    limits: ClassVar[ParamLimits] = ParamLimits()
    blank_is_absent: ClassVar[bool] = False
    beside: ClassVar[Sequence[str]] = ()

    _read_from: ClassVar[tuple[Any, Any]] = (None, None)
    _allowed: ClassVar[Allowed | None] = None
    _own: ClassVar[frozenset[str]] = frozenset()
    _asked: Asked = PrivateAttr(default=NOTHING)

    def __init_subclass__(cls, *, model: Any = None, shape: Any = None, **options: Any) -> None:
        super().__init_subclass__(**options)

    @classmethod
    def __pydantic_init_subclass__(cls, *, model: Any = None, shape: Any = None, **options: Any) -> None:
        """Work out what is allowed. A class without model and shape is a base for others.

        Raises:
            ConfigurationError: It names what does not exist, or what cannot be filtered, sorted or searched.
        """
        super().__pydantic_init_subclass__(**options)
        cls._read_from = read_from = (model or cls._read_from[0], shape or cls._read_from[1])
        if None not in read_from:
            cls._allowed = allowed_by(cls._declared(*read_from))
        elif read_from != (None, None):
            raise ConfigurationError(f"class {cls.__name__}(ListParams, model=..., shape=...) needs both.")
        cls._own = frozenset(own_names(cls))
        # For Depends(), which calls the class with what its signature asks for.
        cls.__signature__ = Signature([Parameter("request", Parameter.KEYWORD_ONLY, annotation=Request)])

    def __init__(self, *, request: Request | None = None, **values: Any) -> None:
        if not isinstance(request, Request):
            super().__init__(**values if request is None else {**values, "request": request})
            return
        token = current_scope.set(request.scope)
        try:
            super().__init__(**_given(request.query_params))
        except ValidationError as error:
            found = [{**item, "loc": ("query", *item["loc"])} for item in error.errors(include_url=False)]
            raise RequestValidationError(found) from None
        finally:
            current_scope.reset(token)

    @classmethod
    def parse(cls, query: str) -> Self:
        """Read a query string outside a route: a saved search, a test.

        Raises:
            ValidationError: It is not allowed.
            ConfigurationError: The class is a base without model and shape.
        """
        cls.allowed()
        return cls.model_validate(_given(QueryParams(query)))

    @classmethod
    def allowed(cls) -> Allowed:
        """Return what the class allows.

        Raises:
            ConfigurationError: It is a base without model and shape.
        """
        if cls._allowed is None:
            raise ConfigurationError(
                f"{cls.__name__} does not say of what: class {cls.__name__}(ListParams, model=User, shape=UserOut)."
            )
        return cls._allowed

    @classmethod
    def parameter_names(cls) -> frozenset[str]:
        """Name every parameter that the class reads."""
        choices = cls.allowed().choices
        bare = {choice.term.name for choice in choices.values() if choice.operator.name == "eq"}
        return frozenset({*choices, *bare, *cls._own, "q", "sort", "filter"})

    def apply(self, statement: T) -> T:
        """Return a statement with the conditions, and with the order that was asked for.

        An order of the client's takes the place of the statement's own, and ends with the primary key, so that it is
        the same each time; the default order is only for statements without one.

        Args:
            statement: A `select()` of the class, of an alias or of a subclass.

        Raises:
            ConfigurationError: It selects something else; see `criterion` and `order_by`.
        """
        chosen: Any = statement
        entity = entity_of(chosen) if isinstance(statement, Select) else None
        mapper = self.allowed().mapper
        if entity is None or not inspect(entity).mapper.isa(mapper):
            raise ConfigurationError(
                f"The statement does not select {mapper.class_.__name__} alone: write "
                f"`.where(params.criterion())` and `.order_by(*params.order_by())`."
            )
        if self._asked.group.members:
            chosen = chosen.where(self.criterion(entity))
        if self._asked.sorts:
            chosen = chosen.order_by(None)
        if not chosen._order_by_clauses:
            chosen = chosen.order_by(*self.order_by(entity))
        return cast("T", chosen)

    def criterion(self, entity: Any = None) -> ColumnElement[bool]:
        """Return the conditions as one criterion, for any statement.

        Args:
            entity: An alias of the class, where the statement reads one.
        """
        return criterion_of(self._asked.group, self._entity(entity))

    def order_by(self, entity: Any = None) -> tuple[ColumnElement[Any], ...]:
        """Return what to order by, the primary key last; nothing if nobody asks for an order.

        Args:
            entity: As for `criterion`.
        """
        allowed, chosen = self.allowed(), self._entity(entity)
        order = tuple(order_of(self._asked.sorts or allowed.default_sorts, chosen))
        return (*order, *order_by_key(allowed.mapper, chosen)) if order else ()

    @classmethod
    def _entity(cls, entity: Any) -> Any:
        return cls.allowed().mapper.class_ if entity is None else entity

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(given, Mapping):
            return handler(given)
        if cls._allowed is None:  # Pydantic would make a client's mistake of any ValueError
            raise TypeError(f"{cls.__name__} is a base for others: it has no model and no shape.")
        own = cls._own
        found = Complaints()
        beside = names_beside(cls, current_scope.get()) - own
        others = {name: value for name, value in given.items() if name not in own}
        asked = asked_of(cls._allowed, others, beside.union(cls.beside), found)
        try:
            made = handler({name: value for name, value in given.items() if name in own})
        except ValidationError as error:
            found.keep(error)
        if found.found:
            found.raise_all(cls.__name__)
        made._asked = asked
        return made

    @classmethod
    def _declared(cls, model: Any, shape: Any) -> Declared:
        return Declared(
            owner=cls.__name__,
            model=model,
            shape=shape,
            only=cls.only,
            filters=cls.filters,
            sorts=cls.sorts,
            search=cls.search,
            default_sort=cls.default_sort,
            limits=cls.limits,
            blank_is_absent=cls.blank_is_absent,
        )


def _given(query: QueryParams) -> dict[str, Any]:
    """Return a text for each parameter, a list where it is given more than once."""
    gathered: dict[str, list[str]] = {}
    for name, value in query.multi_items():
        gathered.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in gathered.items()}
