"""Errors as answers: problem documents that hold no SQL, no values and no driver text."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError
from starlette.responses import Response

from crosslet import errors
from crosslet.web.problems import FieldProblem, Problem, ProblemError, answer_with, document
from crosslet.web.refusals import describe_refusals

logger = logging.getLogger("crosslet.web")

_RETRY_SOON, _RETRY_LATER = 1, 5
# A body of a million wrong items gets this many complaints.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    detail: str
    retry_after: int | None = None


# The first class that fits counts.
_ANSWERS: tuple[tuple[type[BaseException], _Answer], ...] = (
    (exc.NoResultFound, _Answer(404, "No row matches.")),
    (StaleDataError, _Answer(409, "It was changed by someone else in the meantime. Read it again.")),
    (errors.InvalidCursor, _Answer(400, "This cursor leads nowhere. Begin again with the first page.")),
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
    errors.InvalidCursor,
    errors.InvalidValue,
    errors.DatabaseError,
    errors.UnitPoisoned,
    exc.NoResultFound,
    StaleDataError,
)
# SQLAlchemy's own, which have no code of ours.
_CODES: dict[type[BaseException], str] = {exc.NoResultFound: "not-found", StaleDataError: "stale-row"}


def answer_problems(app: FastAPI) -> None:
    """Register the handlers that turn errors into problem documents.

    An application's own handler for requests that FastAPI refuses is kept.
    """
    for kind in _HANDLED:
        app.add_exception_handler(kind, _handle)
    app.add_exception_handler(ProblemError, _handle_own)
    if app.exception_handlers.get(RequestValidationError) is request_validation_exception_handler:
        app.add_exception_handler(RequestValidationError, _handle_invalid)
        describe_refusals(app)


async def _handle(request: Request, error: Exception) -> Response:
    answer = _answer_to(error)
    if answer is None:
        # The application's own mistake: the server logs it and answers 500 without a word.
        raise error
    log = logger.warning if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else logger.info
    log("%s %s: %s", request.method, request.scope.get("path"), error, extra={"code": _code(error)})
    headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after else None
    return answer_with(_problem(error, answer), headers)


# The two below get their own class of error only; Starlette's type of a handler has no word for that.
async def _handle_own(request: Request, error: Any) -> Response:
    return answer_with(document(_code(error), error.status, error.detail, fields=list(error.fields)), error.headers)


async def _handle_invalid(request: Request, error: Any) -> Response:
    """Answer a request that FastAPI refuses, without repeating what was sent.

    FastAPI's own answer repeats it: secrets too, and with NaN or half of a surrogate pair it ends in a 500.
    """
    shown = error.errors()[:_SHOWN]
    found = [
        FieldProblem(loc=[_readable(part) for part in item["loc"]], msg=_readable(item["msg"]), type=item["type"])
        for item in shown
    ]
    # In broken JSON the place is a byte's, not a field's.
    named = [item for item in found if item.loc[1:] and item.type != "json_invalid"]
    fields = list(dict.fromkeys(".".join(item.loc[1:]) for item in named))
    detail = "The request is not as it must be."
    return answer_with(document("invalid-request", 422, detail, fields=fields, errors=found))


def _readable(part: object) -> str:
    return str(part).encode("utf-8", "backslashreplace").decode()


def _answer_to(error: Exception) -> _Answer | None:
    if isinstance(error, errors.UnitPoisoned):
        return dict(_ANSWERS)[errors.RetryableError] if error.retryable else None
    return next((answer for kind, answer in _ANSWERS if isinstance(error, kind)), None)


def _problem(error: Exception, answer: _Answer) -> Problem:
    found = error.problems if isinstance(error, errors.InvalidValue) else ()
    columns = error.columns if isinstance(error, errors.DatabaseError) else ()
    return document(
        _code(error),
        answer.status,
        answer.detail,
        fields=list(dict.fromkeys([*columns, *(item.field for item in found)])),
        errors=[FieldProblem(loc=["body", item.field], msg=item.reason, type=item.code) for item in found],
    )


def _code(error: Exception) -> str:
    return str(error.code) if isinstance(error, errors.CrossletError) else _CODES[type(error)]
