"""Errors as answers: RFC 9457 problem documents that hold no SQL, no values and no driver text."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError
from starlette.responses import JSONResponse, Response

from crosslet import errors

logger = logging.getLogger("crosslet.web")

_MEDIA_TYPE = "application/problem+json"
_RETRY_SOON, _RETRY_LATER = 1, 5


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


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    detail: str
    retry_after: int | None = None


# The first class that fits counts.
_ANSWERS: tuple[tuple[type[BaseException], _Answer], ...] = (
    (exc.NoResultFound, _Answer(404, "No row matches.")),
    (StaleDataError, _Answer(409, "It was changed by someone else in the meantime. Read it again.")),
    (errors.InvalidValue, _Answer(422, "Some fields cannot be stored as they are.")),
    (errors.UniqueViolation, _Answer(409, "Something with the same value exists already.")),
    (errors.ForeignKeyViolation, _Answer(409, "Something this refers to is missing, or something refers to this.")),
    (errors.ExclusionViolation, _Answer(409, "This conflicts with something that exists.")),
    (errors.NotNullViolation, _Answer(422, "A required field is missing.")),
    (errors.CheckViolation, _Answer(422, "A field breaks a rule of the data.")),
    (errors.IntegrityViolation, _Answer(409, "This conflicts with what is stored.")),
    (errors.DataRejected, _Answer(422, "A field cannot be stored as it is.")),
    (errors.CommitOutcomeUnknown, _Answer(503, "It is not known whether this was stored. Look before repeating it.")),
    (errors.StatementTimeout, _Answer(503, "This took too long and was stopped. Nothing was stored.", _RETRY_LATER)),
    (errors.RetryableError, _Answer(503, "Others were faster. Nothing was stored; try again.", _RETRY_SOON)),
    (errors.Unavailable, _Answer(503, "The database cannot be reached at the moment. Try again.", _RETRY_LATER)),
)
_HANDLED = (
    errors.NotFound,
    errors.InvalidValue,
    errors.DatabaseError,
    errors.UnitPoisoned,
    exc.NoResultFound,
    StaleDataError,
)
# SQLAlchemy's own, which have no code of ours.
_CODES: dict[type[BaseException], str] = {exc.NoResultFound: "not-found", StaleDataError: "stale-row"}


def answer_problems(app: FastAPI) -> None:
    """Register the handlers that turn crosslet's errors into problem documents."""
    for kind in _HANDLED:
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    answer = _answer_to(error)
    if answer is None:
        # The application's own mistake: the server logs it and answers 500 without a word.
        raise error
    log = logger.warning if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else logger.info
    log("%s %s: %s", request.method, request.scope.get("path"), error, extra={"code": _code(error)})
    headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after else None
    body = _problem(error, answer).model_dump(exclude_defaults=True)
    return JSONResponse(body, answer.status, headers=headers, media_type=_MEDIA_TYPE)


def _answer_to(error: Exception) -> _Answer | None:
    if isinstance(error, errors.UnitPoisoned):
        return dict(_ANSWERS)[errors.RetryableError] if error.retryable else None
    return next((answer for kind, answer in _ANSWERS if isinstance(error, kind)), None)


def _problem(error: Exception, answer: _Answer) -> Problem:
    code = _code(error)
    found = error.problems if isinstance(error, errors.InvalidValue) else ()
    columns = error.columns if isinstance(error, errors.DatabaseError) else ()
    return Problem(
        type=f"urn:crosslet:{code}",
        title=HTTPStatus(answer.status).phrase,
        status=answer.status,
        code=code,
        detail=answer.detail,
        fields=list(dict.fromkeys([*columns, *(item.field for item in found)])),
        errors=[FieldProblem(loc=["body", item.field], msg=item.reason, type=item.code) for item in found],
    )


def _code(error: Exception) -> str:
    return str(error.code) if isinstance(error, errors.CrossletError) else _CODES[type(error)]


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe problem answers in OpenAPI: `@app.get(..., responses=problem_responses(404))`."""
    content = {_MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}
