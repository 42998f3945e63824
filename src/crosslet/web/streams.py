"""Streamed answers: NDJSON, JSON Lines, one array, CSV. Begun when the first rows are there, ended with the client.

What is wrong before the first row is an answer of its own, with a status. What fails later breaks the connection, so
that no client takes a part for the whole.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from starlette.background import BackgroundTask
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crosslet.database import Stream
from crosslet.errors import ConfigurationError

# Marks in OpenAPI whose schema is that of an item; install() moves it to where OpenAPI 3.2 has it.
ITEMS = "x-crosslet-items"


class StreamedAnswer(Response):
    """What the streamed answers have in common.

    Args:
        stream: `data.stream(UserOut, select(User))`, or `session.stream(...)` of a Reader.
        status_code: Of the answer.
        headers: Further ones.
        filename: The client is to save it under this name.
        background: Runs after it was sent; also where the client left before.

    Raises:
        ConfigurationError: It is no stream, or one of a unit of work, which is over when the answer leaves.
    """

    media_type = "application/x-ndjson"

    def __init__(
        self,
        stream: Stream[Any],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        filename: str | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        if not isinstance(stream, Stream):
            raise ConfigurationError(f"{type(self).__name__} takes a stream: `data.stream(UserOut, select(User))`.")
        if not stream.is_own:
            raise ConfigurationError(
                "This stream reads in a unit of work, which is committed before the answer leaves. Take it from the "
                "Database, `data.stream(...)`, or from a Reader."
            )
        self._chunks = self._bytes_of(stream)
        self.status_code = status_code
        self.background = background
        self.init_headers({"X-Accel-Buffering": "no", **(headers or {})})
        if filename is not None:
            self.headers["content-disposition"] = _attachment(filename)

    def _bytes_of(self, stream: Stream[Any]) -> AsyncIterator[bytes]:
        return stream.lines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and stop as soon as the client is gone."""
        leaving = asyncio.timeout(None)
        watching = None
        try:
            async with leaving:
                watching = asyncio.create_task(_watch(receive, leaving), name="crosslet: is the client there")
                await self._send(send)
        except TimeoutError:
            if not leaving.expired():
                raise
        finally:
            if watching is not None:
                await _end(watching)
        if self.background is not None:
            await self.background()

    async def _send(self, send: Send) -> None:
        chunks: Any = self._chunks
        async with aclosing(chunks):
            # Before this no byte has left: an error is still an answer.
            first = await anext(chunks, b"")
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class NDJSON(StreamedAnswer):
    """A JSON object a line, by the database where it can be: `return NDJSON(data.stream(UserOut, select(User)))`."""

    @classmethod
    def of(cls, shape: Any) -> dict[int | str, dict[str, Any]]:
        """Describe the answer in OpenAPI: `responses=NDJSON.of(UserOut)` beside `response_class=NDJSON`.

        Args:
            shape: What a line is.
        """
        content = {cls.media_type: {ITEMS: True}}
        return {200: {"model": shape, "description": "A JSON object a line", "content": content}}


class JSONLines(NDJSON):
    """The same under FastAPI's name for it, `application/jsonl`."""

    media_type = "application/jsonl"


class JSONArray(StreamedAnswer):
    """One array of JSON, as a list would be answered, with flat memory."""

    media_type = "application/json"

    @classmethod
    def of(cls, shape: Any) -> dict[int | str, dict[str, Any]]:
        """Describe the answer in OpenAPI: `responses=JSONArray.of(UserOut)` beside `response_class=JSONArray`.

        Args:
            shape: What an item is.
        """
        return {200: {"model": list[shape]}}

    def _bytes_of(self, stream: Stream[Any]) -> AsyncIterator[bytes]:
        return stream.array()


class CSV(StreamedAnswer):
    """CSV (RFC 4180) with a header: `return CSV(data.stream(UserRow, select(User)), filename="users.csv")`.

    Args:
        stream: As for the others.
        status_code: As for the others.
        headers: As for the others.
        filename: As for the others.
        background: As for the others.
        for_spreadsheets: As for `Stream.csv`: what Excel would run as a formula gets an apostrophe before it.
    """

    media_type = "text/csv"

    def __init__(
        self,
        stream: Stream[Any],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        filename: str | None = None,
        background: BackgroundTask | None = None,
        for_spreadsheets: bool = False,
    ) -> None:
        self._for_spreadsheets = for_spreadsheets
        super().__init__(stream, status_code, headers, filename=filename, background=background)

    def _bytes_of(self, stream: Stream[Any]) -> AsyncIterator[bytes]:
        return stream.csv(for_spreadsheets=self._for_spreadsheets)


async def _watch(receive: Receive, leaving: asyncio.Timeout) -> None:
    """Wait until the client is gone; what is left of a body comes first."""
    while (await receive())["type"] != "http.disconnect":
        pass
    with suppress(RuntimeError):  # It has ended meanwhile.
        leaving.reschedule(asyncio.get_running_loop().time())


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()


def _attachment(filename: str) -> str:
    return f"attachment; filename*=utf-8''{quote(filename, safe='')}"


def describe_streams(app: FastAPI) -> None:
    """Let `app.openapi()` say `itemSchema` of streamed lines, as FastAPI does for routes that yield."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        for path in schema.get("paths", {}).values():
            for operation in path.values():
                for answer in operation.get("responses", {}).values() if isinstance(operation, dict) else ():
                    for content in answer.get("content", {}).values():
                        if content.pop(ITEMS, False):
                            item = content.pop("schema")
                            content["itemSchema"] = {"$ref": item["$ref"]} if "$ref" in item else item
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
