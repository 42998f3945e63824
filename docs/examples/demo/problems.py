"""Answers of the demo's own, in the form of crosslet's: problem documents that echo no input."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from crosslet.web import Problem


class InsufficientFunds(Exception):
    """The account holds less than is to be taken from it."""


def answer_problems(app: FastAPI) -> None:
    """Register the answers."""

    @app.exception_handler(InsufficientFunds)
    async def insufficient_funds(request: Request, error: InsufficientFunds) -> JSONResponse:
        return _answer(409, "insufficient-funds", "The account does not hold that much.")

    # FastAPI's own answer repeats what was sent, and ends in a 500 where that cannot be written as JSON: NaN, or half
    # of a surrogate pair.
    @app.exception_handler(RequestValidationError)
    async def invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
        found = [
            {"loc": [_readable(part) for part in item["loc"]], "msg": _readable(item["msg"]), "type": item["type"]}
            for item in error.errors()
        ]
        return _answer(422, "invalid-request", "Some fields are not as they must be.", found)


def _answer(status: int, code: str, detail: str, found: list[dict[str, object]] | None = None) -> JSONResponse:
    fields = {"type": f"urn:demo:{code}", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    problem = Problem.model_validate(fields | {"detail": detail, "errors": found or []})
    body = problem.model_dump(exclude_defaults=True)
    return JSONResponse(body, status, media_type="application/problem+json")


def _readable(part: object) -> str:
    return str(part).encode("ascii", "backslashreplace").decode()
