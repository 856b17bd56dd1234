"""What answers a page: an application in process, or a client of httpx."""

from __future__ import annotations

import asyncio
import inspect
import sys
from types import ModuleType, TracebackType
from typing import Any, Literal, Optional

from . import _asgi, _wsgi
from ._exchange import Answer, NoAnswer, Request

Interface = Literal["auto", "asgi", "wsgi"]
_Kind = Literal["asgi", "wsgi", "client", "async client"]


def serve(app: Any, *, raise_app_exceptions: bool = True, interface: Interface = "auto") -> Server:
    """Runs an application for several calls, so that it starts once: `with serve(app) as server:` or
    `async with serve(app) as server:`."""
    if isinstance(app, Server):
        return app
    return Server(app, raise_app_exceptions, interface)


class Server:
    """An application that answers in process."""

    def __init__(self, app: Any, raise_app_exceptions: bool, interface: Interface) -> None:
        self._app = app
        self._raises = raise_app_exceptions
        self._kind = _kind(app, interface)
        self._lifespan: Optional[_asgi.Lifespan] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self.is_running = False

    def __enter__(self) -> Server:
        if self._kind == "async client":
            raise TypeError("an async client answers in async code alone: write `await ….athrough(…)`")
        if self._kind == "asgi":
            if _running_loop() is not None:
                raise RuntimeError(
                    "an event loop runs here already, and the application needs one: "
                    "write `await ….athrough(app)`, or `async with serve(app)`"
                )
            self._loop = asyncio.new_event_loop()
            try:
                self._loop.run_until_complete(self._startup())
            except BaseException:
                self._close_loop()
                raise
        self.is_running = True
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.is_running = False
        if self._loop is not None:
            try:
                self._loop.run_until_complete(self._shutdown())
            finally:
                self._close_loop()

    async def __aenter__(self) -> Server:
        await self._startup()
        self.is_running = True
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.is_running = False
        await self._shutdown()

    async def _startup(self) -> None:
        if self._kind == "asgi":
            self._lifespan = _asgi.Lifespan(self._app)
            await self._lifespan.startup()

    async def _shutdown(self) -> None:
        if self._lifespan is not None:
            await self._lifespan.shutdown()

    def _close_loop(self) -> None:
        loop = self._loop
        self._loop = None
        if loop is None:
            return
        try:
            for task in asyncio.all_tasks(loop):
                task.cancel()
                loop.run_until_complete(asyncio.wait({task}))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()

    def ask(self, request: Request) -> Answer | NoAnswer:
        """Answers a request."""
        if self._kind == "wsgi":
            return _wsgi.ask(self._app, request, self._raises)
        if self._kind == "client":
            return _ask_client(self._app, request)
        if self._loop is None:
            raise RuntimeError("the server was started in async code: write `await ….athrough(…)`")
        return self._loop.run_until_complete(self._ask_asgi(request))

    async def aask(self, request: Request) -> Answer | NoAnswer:
        """Answers a request in async code."""
        if self._kind == "asgi":
            if self._loop is not None:
                raise RuntimeError("the server was started with `with`: write `….through(…)`")
            return await self._ask_asgi(request)
        if self._kind == "async client":
            return await _ask_async_client(self._app, request)
        return await asyncio.to_thread(self.ask, request)

    async def _ask_asgi(self, request: Request) -> Answer:
        state = {} if self._lifespan is None else self._lifespan.state
        return await _asgi.ask(self._app, request, state, self._raises)


def _kind(app: Any, interface: Interface) -> _Kind:
    if interface == "asgi" or interface == "wsgi":
        return interface
    if interface != "auto":
        raise ValueError(f"unknown interface `{interface}`: auto, asgi or wsgi was expected")
    client = _client_class(app)
    if client is not None:
        return "async client" if client.__name__ == "AsyncClient" else "client"
    if not inspect.isclass(app) and callable(app):
        if _is_coroutine_function(app) or _is_coroutine_function(app.__call__):
            return "asgi"
        required = _required_arguments(app)
        if required == 3:
            return "asgi"
        if required == 2:
            return "wsgi"
    raise TypeError(
        f"`{type(app).__name__}` is no server: an application of ASGI (scope, receive, send) or of WSGI "
        "(environ, start_response), or a client of httpx was expected. For others there is "
        "`answered_by`, and for an application that cannot be told apart `interface=`"
    )


def _is_coroutine_function(function: Any) -> bool:
    while hasattr(function, "func"):
        function = function.func
    return inspect.iscoroutinefunction(function)


def _required_arguments(app: Any) -> Optional[int]:
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in positional and one.default is one.empty for one in parameters)


def _client_class(app: Any) -> Optional[type]:
    """The class of httpx that this is an instance of. httpx need not be installed."""
    for one in type(app).__mro__:
        is_httpx = one.__module__.partition(".")[0] in ("httpx", "httpx2")
        if is_httpx and one.__name__ in ("Client", "AsyncClient"):
            return one
    return None


def _httpx_request(client: Any, request: Request) -> tuple[ModuleType, Any]:
    """The request, with nothing of the client's own, such as its cookies."""
    found = _client_class(client)
    assert found is not None
    httpx = sys.modules[found.__module__.partition(".")[0]]
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    return httpx, httpx.Request(request.method, request.url, headers=headers, content=request.body)


def _httpx_answer(response: Any) -> Answer:
    headers = list(response.headers.raw)
    return Answer(response.status_code, headers, response.reason_phrase)


def _ask_client(client: Any, request: Request) -> Answer | NoAnswer:
    httpx, sent = _httpx_request(client, request)
    try:
        response = client.send(sent, auth=None, follow_redirects=False, stream=True)
    except httpx.TransportError as error:
        return NoAnswer(str(error) or type(error).__name__)
    response.close()
    return _httpx_answer(response)


async def _ask_async_client(client: Any, request: Request) -> Answer | NoAnswer:
    httpx, sent = _httpx_request(client, request)
    try:
        response = await client.send(sent, auth=None, follow_redirects=False, stream=True)
    except httpx.TransportError as error:
        return NoAnswer(str(error) or type(error).__name__)
    await response.aclose()
    return _httpx_answer(response)


def _running_loop() -> Optional[asyncio.AbstractEventLoop]:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
