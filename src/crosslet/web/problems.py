"""RFC 9457 problem documents: the form of every error that crosslet answers with."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from crosslet.errors import CrossletError

_MEDIA_TYPE = "application/problem+json"
# RFC 9110's words. Python's own changed with 3.13, and an answer must not depend on that.
_TITLES = {413: "Content Too Large", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}


class FieldProblem(BaseModel):
    """One field at fault, in the form of FastAPI's own validation errors."""

    loc: list[str]
    msg: str
    type: str


class Problem(BaseModel):
    """An answer that says what went wrong (RFC 9457)."""

    type: str = Field(description="A stable name of the kind of problem.")
    title: str
    status: int
    code: str = Field(description="The stable code of the error, for programs.")
    detail: str
    fields: list[str] = Field(default=[], description="Names of the fields at fault, where known.")
    errors: list[FieldProblem] = Field(default=[], description="What is wrong with each field.")


class ProblemError(CrossletError):
    """Raise it, or a subclass, in a route: the unit is rolled back and the client gets a problem document.

    Args:
        status: The HTTP status, 400 to 599.
        code: A stable name for programs, such as `insufficient-funds`; it ends the document's `type`.
        detail: A sentence for people. It goes to the client as it is: put no secrets into it.
        fields: The names of the fields at fault.
        headers: More headers for the answer, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fields: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.fields, self.headers = fields, headers


def document(code: str, status: int, detail: str, **found: Any) -> Problem:
    """Make the document of one problem; `found` has its `fields` and `errors`."""
    kind = f"urn:crosslet:{code}"
    return Problem(type=kind, title=title_of(status), status=status, code=code, detail=detail, **found)


def answer_with(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer with a document."""
    body = problem.model_dump(exclude_defaults=True)
    return JSONResponse(body, problem.status, headers=headers, media_type=_MEDIA_TYPE)


def title_of(status: int) -> str:
    """Return the status's own words."""
    return _TITLES.get(status) or HTTPStatus(status).phrase


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe problem answers in OpenAPI: `@app.get(..., responses=problem_responses(404))`."""
    content = {_MEDIA_TYPE: {"schema": _schema()}}
    return {status: {"description": title_of(status), "content": content} for status in statuses}


def _schema() -> dict[str, Any]:
    """Describe a document in one piece: a reference to `$defs` would lead nowhere inside an OpenAPI document."""
    schema = Problem.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["FieldProblem"]
    return schema
