"""Pages, and their calls of `fetch()`."""

from __future__ import annotations

import asyncio
import json as _json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Union
from urllib.parse import urlencode

from . import _native
from ._exchange import Answer, Headers, NoAnswer, Request, answer_all, answered, pairs, waiting
from ._got import Got, Names, names
from ._server import Interface, Server, serve

if TYPE_CHECKING:
    from typing_extensions import Unpack

Data = Union[Mapping[str, str], Iterable[tuple[str, str]]]
Cookies = Union[str, Mapping[str, str]]
Verify = Union[bool, str]

_NOTHING: Any = object()


class Options(TypedDict, total=False):
    """What `fetch` takes besides the URL and the method."""

    headers: Headers
    json: Any
    data: Data | None
    content: str | bytes | None
    credentials: str | None
    cookies: Cookies | None
    mode: str | None
    redirect: str | None
    cache: str | None
    referrer: str | None
    referrer_policy: str | None
    integrity: str | None
    keepalive: bool | None
    same_origin: bool


def page(origin: str, *, engines: Names | None = None, server: str | None = None) -> Page:
    """Opens a page.

    `origin` is the page's origin or URL, or `null`. `engines` are names such as `standard`, `chromium`,
    `firefox@140` or `all`; without any, the standard and the newest of each browser. `server` is the
    base of relative URLs.
    """
    return Page(origin, engines=engines, server=server)


class Page:
    """A page that is open in several engines, with their preflight caches and a clock of its own."""

    def __init__(self, origin: str, *, engines: Names | None = None, server: str | None = None) -> None:
        options: dict[str, Any] = {"origin": origin}
        if engines is not None:
            options["engines"] = names(engines)
        if server is not None:
            options["server"] = server
        self._native = _native.Page(_json.dumps(options))

    def __repr__(self) -> str:
        return f"<Page {self.origin} in {', '.join(self.engines)}>"

    @property
    def origin(self) -> str:
        """The page's origin, serialized."""
        return self._native.origin()

    @property
    def engines(self) -> list[str]:
        """The names of the engines."""
        return self._native.engines()

    def advance(self, seconds: float) -> None:
        """Lets time pass in the page, so that entries of the preflight cache expire."""
        self._native.advance(seconds)

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Headers = (),
        json: Any = _NOTHING,
        data: Data | None = None,
        content: str | bytes | None = None,
        credentials: str | None = None,
        cookies: Cookies | None = None,
        mode: str | None = None,
        redirect: str | None = None,
        cache: str | None = None,
        referrer: str | None = None,
        referrer_policy: str | None = None,
        integrity: str | None = None,
        keepalive: bool | None = None,
        same_origin: bool = False,
    ) -> Call:
        """A call of `fetch()`, which waits for a server.

        `json` is sent as a page sends `JSON.stringify()` with a `Content-Type` of `application/json`,
        `data` as `URLSearchParams`, `content` as a string or an `ArrayBuffer`. `cookies` are those that
        the user has for the server. `same_origin` says that the page's own origin is meant, where there
        is no CORS. All else is what `fetch()` takes.
        """
        call: dict[str, Any] = {"url": url, "method": method, "headers": pairs(headers)}
        if [json is _NOTHING, data is None, content is None].count(False) > 1:
            raise TypeError("only one of json, data and content can be the body")
        body, kind = None, "text"
        if json is not _NOTHING:
            body = _json.dumps(json, separators=(",", ":"), ensure_ascii=False).encode()
            if not any(name.lower() == "content-type" for name, _ in call["headers"]):
                call["headers"].append(("Content-Type", "application/json"))
        elif data is not None:
            items = data.items() if isinstance(data, Mapping) else data
            body, kind = urlencode(list(items)).encode(), "urlencoded"
        elif isinstance(content, bytes):
            body, kind = content, "bytes"
        elif content is not None:
            body = content.encode()
        if isinstance(cookies, str):
            call["cookie"] = cookies
        elif cookies:
            call["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        given = {
            "mode": mode,
            "credentials": credentials,
            "cache": cache,
            "redirect": redirect,
            "referrer": referrer,
            "referrerPolicy": referrer_policy,
            "integrity": integrity,
            "keepalive": keepalive,
        }
        call.update((name, value) for name, value in given.items() if value is not None)
        if same_origin:
            call["sameOrigin"] = True
        return Call(self._native, call, body, kind)

    def get(self, url: str, **options: Unpack[Options]) -> Call:
        """`fetch` with the method GET."""
        return self.fetch(url, method="GET", **options)

    def head(self, url: str, **options: Unpack[Options]) -> Call:
        """`fetch` with the method HEAD."""
        return self.fetch(url, method="HEAD", **options)

    def post(self, url: str, **options: Unpack[Options]) -> Call:
        """`fetch` with the method POST."""
        return self.fetch(url, method="POST", **options)

    def put(self, url: str, **options: Unpack[Options]) -> Call:
        """`fetch` with the method PUT."""
        return self.fetch(url, method="PUT", **options)

    def patch(self, url: str, **options: Unpack[Options]) -> Call:
        """`fetch` with the method PATCH."""
        return self.fetch(url, method="PATCH", **options)

    def delete(self, url: str, **options: Unpack[Options]) -> Call:
        """`fetch` with the method DELETE."""
        return self.fetch(url, method="DELETE", **options)


class Call:
    """A call of `fetch()`. Nothing happens before a server is chosen."""

    def __init__(self, page: _native.Page, call: dict[str, Any], body: bytes | None, kind: str) -> None:
        self._page = page
        self._call = call
        self._body = body
        self._kind = kind

    def __repr__(self) -> str:
        return f"<Call {self._call['method']} {self._call['url']}>"

    def through(
        self,
        app: Any,
        *,
        raise_app_exceptions: bool = True,
        interface: Interface = "auto",
    ) -> Got:
        """Asks an application in process: of ASGI or WSGI, a `Server`, or an `httpx.Client`.

        An exception of the application is raised here. With `raise_app_exceptions=False` the page
        gets what a server would answer then: the application's own answer, or else a bare 500.
        """
        server = serve(app, raise_app_exceptions=raise_app_exceptions, interface=interface)
        if server.is_running:
            return self.answered_by(server.ask)
        with server:
            return self.answered_by(server.ask)

    async def athrough(
        self,
        app: Any,
        *,
        raise_app_exceptions: bool = True,
        interface: Interface = "auto",
    ) -> Got:
        """Like `through`, in async code. Takes an `httpx.AsyncClient` too."""
        server = serve(app, raise_app_exceptions=raise_app_exceptions, interface=interface)
        if server.is_running:
            return await self._asked(server)
        async with server:
            return await self._asked(server)

    async def _asked(self, server: Server) -> Got:
        started = self._start()
        exceptions = []
        while (request := waiting(started)) is not None:
            exceptions.append(answered(started, await server.aask(request)))
        return self._got(started, exceptions)

    def answered_by(self, answer: Callable[[Request], Answer | NoAnswer]) -> Got:
        """Calls a function for each request, for servers of any other kind."""
        started = self._start()
        exceptions = answer_all(started, answer)
        return self._got(started, exceptions)

    def against(self, base: str, *, timeout: float = 30, verify: Verify = True) -> Got:
        """Asks a live server over HTTP. `base` takes the place of the server in the call's URL.

        The package's own client sends byte for byte what the first browser of the page sends.
        `verify` is False to trust every certificate, or the path of a file with more to trust.
        """
        if _is_loop_running():
            raise RuntimeError(
                "`against` would stop the event loop while it waits: write `await ….aagainst(…)` in async code"
            )
        return self._sent(base, timeout, verify)

    async def aagainst(self, base: str, *, timeout: float = 30, verify: Verify = True) -> Got:
        """Like `against`, in async code."""
        return await asyncio.to_thread(self._sent, base, timeout, verify)

    def _sent(self, base: str, timeout: float, verify: Verify) -> Got:
        options: dict[str, Any] = {"engines": self._page.engines(), "timeout": timeout}
        if verify is False:
            options["insecure"] = True
        elif isinstance(verify, str):
            with open(verify, encoding="ascii") as file:
                options["trusting"] = file.read()
        client = _native.Client(_json.dumps(options))
        started = self._start(base)
        while started.send(client):
            pass
        return self._got(started, [])

    def _start(self, base: str | None = None) -> _native.Call:
        return self._page.start(_json.dumps(self._call), self._body, self._kind, base)

    def _got(self, started: _native.Call, exceptions: list[Exception | None]) -> Got:
        raised = [exception for exception in exceptions if exception is not None]
        return Got(started.finish(), self._page.engines(), raised)


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
