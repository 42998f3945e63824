"""What a class of parameters allows, by its shape and by what it says; its mistakes are told when it is made."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, EmailStr, Field, ValidationError, field_serializer, model_validator
from sqlalchemy import func

from crosslet.errors import ConfigurationError
from crosslet.web import Filter, ListParams, ParamLimits
from sample import Post, User, UserOut


class PostOut(BaseModel):
    title: str


class UserTree(UserOut):
    posts: list[PostOut]


class Masked(BaseModel):
    email: Annotated[str, AfterValidator(lambda text: text[0] + "***")]
    name: str | None
    visits: int = Field(exclude=True)
    role: str

    @field_serializer("role")
    def hide(self, role: str) -> str:
        return "?"


class Named(BaseModel):
    name: str | None = Field(serialization_alias="fullName")


class Changed(Named):
    @model_validator(mode="after")
    def change(self) -> "Changed":
        return self


def terms(params: type[ListParams]) -> set[str]:
    return {choice.term.name for choice in params.allowed().choices.values()}


def test_what_a_shape_hides_masks_or_computes_is_not_offered() -> None:
    class Hiding(ListParams, model=User, shape=Masked):
        pass

    class Plain(ListParams, model=User, shape=Named):
        pass

    class Computing(ListParams, model=User, shape=Changed):
        pass

    assert terms(Hiding) == set(Hiding.allowed().sorts) == {"name"}
    assert terms(Plain) == set(Plain.allowed().sorts) == {"fullName"}
    assert terms(Computing) == set()


def test_an_address_is_text_that_was_checked() -> None:
    pytest.importorskip("email_validator")

    class Address(BaseModel):
        email: EmailStr

    class Shown(Address):
        @field_serializer("email")
        def hide(self, email: str) -> str:
            return "?"

    class Offering(ListParams, model=User, shape=Address):
        pass

    class Hiding(ListParams, model=User, shape=Shown):
        pass

    assert "email__contains" in Offering.allowed().choices
    assert terms(Hiding) == set()


def test_narrower_and_wider() -> None:
    class Chosen(ListParams, model=User, shape=UserTree):
        only = ("email", "visits")
        filters = {  # noqa: RUF012
            "visits": ["gte", "lte"],
            "posts.author.email": True,
            "letters": Filter(func.length(User.email), int, operators=["gte"]),
            "post": User.name,
            "email": False,
        }
        sorts = ("email", "visits")

    names = set(Chosen.allowed().choices)
    assert {"visits__gte", "visits__lte", "letters__gte", "post__is_null", "posts.author.email__eq"} <= names
    assert not {"visits", "visits__eq", "email__eq", "letters__lt"} & names
    assert list(Chosen.allowed().sorts) == ["email", "visits"]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"only": ("emial",)}, r"Wrong\.only: there is no 'emial'.* Did you mean 'email'\?"),
        ({"filters": {"settings": True}}, r"Wrong\.filters: there is no 'settings'"),
        ({"filters": {"settings": User.settings}}, r"write Filter\(expression, str\)"),
        ({"filters": {"title": Post.title}}, "is no column of User with operators|which is no column of User"),
        ({"filters": {"email": ["gte"]}}, "there is no 'email__gte'"),
        ({"filters": {"email": "eq"}}, "takes True, False, operators"),
        ({"filters": {"x": Filter(User.settings["x"], bytes)}}, "no operators are known for bytes"),
        ({"filters": {"x": Filter(User.settings["x"]["y"], str)}}, "one pair of brackets"),
        ({"sorts": ("posts.title",)}, "leads to many rows"),
        ({"default_sort": "-nothing"}, r"Wrong\.default_sort: there is no 'nothing'"),
        ({"search": (User.visits,)}, r"User\.visits is not text"),
        ({"search": ("posts.titel",)}, "Did you mean 'posts.title'"),
    ],
)
def test_mistakes_are_told_when_the_class_is_made(said: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        type("Wrong", (ListParams,), {"__module__": __name__, **said}, model=User, shape=UserTree)


def test_other_mistakes() -> None:
    with pytest.raises(ConfigurationError, match="from 0 to 1000"):
        ParamLimits(items=50_000)
    with pytest.raises(ConfigurationError, match="needs both"):
        type("Half", (ListParams,), {"__module__": __name__}, model=User)
    with pytest.raises(ConfigurationError, match="not a mapped class"):
        type("Unmapped", (ListParams,), {"__module__": __name__}, model=UserOut, shape=UserOut)
    with pytest.raises(ConfigurationError, match="does not say of what"):
        ListParams.parse("")


def test_options_are_inherited_and_a_blank_can_be_nothing() -> None:
    class Base(ListParams):
        blank_is_absent = True
        beside = ("utm_source",)

    class Params(Base, model=User, shape=UserOut):
        search = (User.email,)

    class Plain(ListParams, model=User, shape=UserOut):
        pass

    for query in ("email=&visits=&sort=&q=&filter=&visits__in=&visits__in=", "", "utm_source=x"):
        assert str(Params.parse(query).criterion()) == "true"
        assert Params.parse(query).order_by() == ()
    assert "visits IN" in str(Params.parse("visits__in=&visits__in=1").criterion())
    with pytest.raises(ValidationError):
        Plain.parse("visits=")
