"""Asks applications of ASGI, as a server would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Optional
from urllib.parse import unquote, urlsplit

from ._exchange import Answer, Request

Message = MutableMapping[str, Any]
App = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

# A page that has the status and headers waits no longer than this, in seconds, for a body to end.
LINGER = 1.0


def server_of(url: str) -> tuple[str, int]:
    """The host and the port of a URL."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def crashed(exception: Exception) -> Answer:
    """What a server answers for an application that raised before it answered."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "21")]
    return Answer(500, headers, "Internal Server Error", exception)


class Lifespan:
    """The start and the end of an application."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.state: dict[str, Any] = {}
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._task: Optional[asyncio.Task[None]] = None

    async def _run(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        await self._app(scope, self._to_app.get, self._from_app.put)

    async def _event(self, name: str) -> None:
        """Tells the application, and waits until it is done."""
        assert self._task is not None
        await self._to_app.put({"type": f"lifespan.{name}"})
        answer = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait({self._task, answer}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            message = answer.result()
            if message["type"] == f"lifespan.{name}.failed":
                await asyncio.wait({self._task}, timeout=LINGER)
                cause = self._task.exception() if self._task.done() else None
                reason = message.get("message") or "it says no reason"
                raise RuntimeError(f"the application's {name} failed: {reason}") from cause
        else:
            answer.cancel()

    async def startup(self) -> None:
        self._task = asyncio.ensure_future(self._run())
        await self._event("startup")
        if self._task.done():
            # Like all servers: an application that ends here knows no lifespans.
            if not self._task.cancelled():
                self._task.exception()
            self._task = None

    async def shutdown(self) -> None:
        if self._task is None:
            return
        try:
            await self._event("shutdown")
            await asyncio.wait({self._task}, timeout=LINGER)
        finally:
            if not self._task.done():
                self._task.cancel()
        if not self._task.cancelled() and self._task.done():
            exception = self._task.exception()
            if exception is not None:
                raise exception


def scope_of(request: Request, state: dict[str, Any]) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": urlsplit(request.url).scheme,
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
        "client": ("127.0.0.1", 50000),
        "server": server_of(request.url),
        "state": state.copy(),
    }


async def ask(app: App, request: Request, state: dict[str, Any], raise_app_exceptions: bool) -> Answer:
    """Asks the application, and waits until it is done with this request."""
    answer: Optional[Answer] = None
    is_sent = has_left = False
    answered, gone = asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        nonlocal is_sent
        if not is_sent:
            is_sent = True
            return {"type": "http.request", "body": request.body, "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal answer
        if message["type"] == "http.response.start":
            status = int(message["status"])
            known = status in HTTPStatus.__members__.values()
            reason = HTTPStatus(status).phrase if known else ""
            answer = Answer(status, list(message.get("headers", ())), reason)
            answered.set()
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            gone.set()

    task = asyncio.ensure_future(app(scope_of(request, state), receive, send))
    begun = asyncio.ensure_future(answered.wait())
    try:
        await asyncio.wait({task, begun}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({task}, timeout=LINGER)
        if not task.done():
            # The page leaves a body that goes on. What the application makes of that is not an error.
            has_left = True
            gone.set()
            await asyncio.wait({task}, timeout=LINGER)
    finally:
        begun.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    exception = None if task.cancelled() else task.exception()
    if has_left and answer is not None:
        return answer
    if exception is None and answer is None:
        exception = RuntimeError("the application ended without an answer")
    if exception is None and answer is not None:
        return answer
    if raise_app_exceptions or not isinstance(exception, Exception):
        assert exception is not None
        raise exception
    if answer is None:
        return crashed(exception)
    return Answer(answer.status, answer.headers, answer.reason, exception)
