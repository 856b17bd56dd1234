"""Applications of ASGI and WSGI, clients of httpx, and how they are told apart."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import flask_apps
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from browser_cors import Call, page, serve

CORS = Middleware(CORSMiddleware, allow_origins=["*"])


def get(path: str = "/") -> Call:
    return page("https://app.example", engines="standard").get(f"https://api.example{path}")


def starlette(endpoint: Any, **options: Any) -> Starlette:
    return Starlette(routes=[Route("/{rest:path}", endpoint, methods=["GET", "POST"])], middleware=[CORS], **options)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    headers = [(b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 Fine", [("Access-Control-Allow-Origin", "*")])
    return [b""]


class AsgiObject:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asgi(scope, receive, send)


class WsgiObject:
    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return wsgi(environ, start_response)


def wrapped(scope: Any, receive: Any, send: Any) -> Any:
    return asgi(scope, receive, send)


@pytest.mark.parametrize(
    "app",
    [asgi, AsgiObject(), wrapped, functools.partial(asgi), wsgi, WsgiObject(), functools.partial(wsgi)],
)
async def test_told_apart(app: Any) -> None:
    (await get().athrough(app)).assert_readable(status=200)
    await asyncio.to_thread(lambda: get().through(app).assert_readable(status=200))


@pytest.mark.parametrize("app", [None, "app:app", len, AsgiObject, lambda request: None, object()])
def test_no_server(app: Any) -> None:
    with pytest.raises(TypeError, match="is no server: an application of ASGI .* or of WSGI"):
        get().through(app)


def test_told_by_the_user() -> None:
    def odd(*arguments: Any) -> Any:
        return wsgi(*arguments) if len(arguments) == 2 else asgi(*arguments)

    get().through(odd, interface="wsgi").assert_readable()
    get().through(odd, interface="asgi").assert_readable()
    with pytest.raises(ValueError, match="unknown interface `cgi`"):
        get().through(odd, interface="cgi")  # type: ignore[arg-type]


def test_what_an_asgi_application_sees() -> None:
    seen: list[dict[str, Any]] = []

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        seen.append({**request.scope, "body": body})
        return JSONResponse({})

    app = starlette(endpoint)
    page("https://app.example", engines="standard").post(
        "https://api.example/a%20b/%C3%BC?q=%20", content="hi"
    ).through(app).assert_readable()
    (scope,) = seen
    assert {name: scope[name] for name in ("method", "scheme", "path", "raw_path", "query_string", "body")} == {
        "method": "POST",
        "scheme": "https",
        "path": "/a b/ü",
        "raw_path": b"/a%20b/%C3%BC",
        "query_string": b"q=%20",
        "body": b"hi",
    }
    assert scope["server"] == ("api.example", 443)
    assert (b"host", b"api.example") in scope["headers"]
    assert (b"origin", b"https://app.example") in scope["headers"]


def test_what_a_wsgi_application_sees() -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append({**environ, "body": environ["wsgi.input"].read()})
        return wsgi(environ, start_response)

    page("https://app.example", engines="standard").post(
        "https://api.example:444/a%20b/%C3%BC?q=%20", content="hi"
    ).through(app).assert_readable()
    (environ,) = seen
    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a b/Ã¼",
        "QUERY_STRING": "q=%20",
        "REQUEST_URI": "/a%20b/%C3%BC?q=%20",
        "SERVER_NAME": "api.example",
        "SERVER_PORT": "444",
        "HTTP_HOST": "api.example:444",
        "HTTP_ORIGIN": "https://app.example",
        "CONTENT_TYPE": "text/plain;charset=UTF-8",
        "CONTENT_LENGTH": "2",
        "wsgi.url_scheme": "https",
        "body": b"hi",
    }
    assert {name: environ[name] for name in expected} == expected


def test_lifespan() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        events.append("starts")
        yield {"greeting": "hello"}
        events.append("ends")

    async def endpoint(request: Request) -> Response:
        events.append(request.state.greeting)
        return JSONResponse({})

    app = starlette(endpoint, lifespan=lifespan)
    get().through(app).assert_readable()
    assert events == ["starts", "hello", "ends"]

    events.clear()
    with serve(app) as server:
        get().through(server).assert_readable()
        get().through(server).assert_readable()
    assert events == ["starts", "hello", "hello", "ends"]


async def test_lifespan_in_async_code() -> None:
    loops: list[Any] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        loops.append(asyncio.get_running_loop())
        yield

    async def endpoint(request: Request) -> Response:
        loops.append(asyncio.get_running_loop())
        return JSONResponse({})

    async with serve(starlette(endpoint, lifespan=lifespan)) as server:
        (await get().athrough(server)).assert_readable()
    assert loops == [asyncio.get_running_loop()] * 2


def test_an_application_that_does_not_start() -> None:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        raise LookupError("the database is gone")
        yield

    async def endpoint(request: Request) -> Response:
        return JSONResponse({})

    with pytest.raises(RuntimeError, match="the application's startup failed") as error:
        get().through(starlette(endpoint, lifespan=lifespan))
    assert isinstance(error.value.__cause__, LookupError)


def test_an_application_that_does_not_end() -> None:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        raise LookupError("the database is gone")

    async def endpoint(request: Request) -> Response:
        return JSONResponse({})

    with pytest.raises(RuntimeError, match="the application's shutdown failed"):
        get().through(starlette(endpoint, lifespan=lifespan))


def test_an_application_that_says_nothing() -> None:
    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        pass

    def wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return []

    for app in (asgi, wsgi):
        with pytest.raises(RuntimeError, match="the application ended without an answer"):
            get().through(app)
        got = get().through(app, raise_app_exceptions=False)
        assert got.exchanges[0].status == 500


def test_a_body_without_end_of_asgi() -> None:
    closed: list[bool] = []

    async def events() -> Any:
        try:
            while True:
                yield b"data: 1\n\n"
                await asyncio.sleep(0.01)
        finally:
            closed.append(True)

    async def endpoint(request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    get().through(starlette(endpoint)).assert_readable(status=200)
    assert closed == [True]


def test_a_body_without_end_of_wsgi() -> None:
    closed: list[bool] = []

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"data: 1\n\n"
        finally:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Access-Control-Allow-Origin", "*")])
        return endless()

    get().through(app).assert_readable(status=200)
    assert closed == [True]


def test_a_body_is_read_to_its_end() -> None:
    done: list[str] = []

    def body() -> Iterator[bytes]:
        yield b"1"
        yield b"2"
        done.append("wsgi")

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Access-Control-Allow-Origin", "*")])
        return body()

    get().through(app).assert_readable()

    async def endpoint(request: Request) -> Response:
        async def body() -> Any:
            yield b"1"
            await asyncio.sleep(0)
            yield b"2"
            done.append("asgi")

        return StreamingResponse(body())

    get().through(starlette(endpoint)).assert_readable()
    assert done == ["wsgi", "asgi"]


def test_a_body_that_breaks() -> None:
    def body() -> Iterator[bytes]:
        yield b"1"
        raise LookupError("the disk is gone")

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Access-Control-Allow-Origin", "*")])
        return body()

    with pytest.raises(LookupError):
        get().through(app)
    # The status and headers are out by then.
    got = get().through(app, raise_app_exceptions=False)
    got.assert_readable(status=200)
    assert [str(one) for one in got.exceptions] == ["the disk is gone"]


async def test_sync_in_async_code() -> None:
    with pytest.raises(RuntimeError, match=r"write `await ….athrough\(app\)`"):
        get().through(asgi)
    with pytest.raises(RuntimeError, match=r"write `await ….aagainst\(…\)`"):
        get().against("http://127.0.0.1:1")
    # WSGI needs no event loop.
    get().through(wsgi).assert_readable()


async def test_a_server_of_the_other_kind() -> None:
    async with serve(asgi) as server:
        with pytest.raises(RuntimeError, match="started in async code"):
            get().through(server)


def test_clients_of_httpx() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url} {sorted(request.headers)}")
        return httpx.Response(204, headers=[("Access-Control-Allow-Origin", "*")])

    with httpx.Client(
        transport=httpx.MockTransport(answer),
        cookies={"not": "sent"},
        auth=("not", "sent"),
        base_url="http://x",
    ) as client:
        get("/a").through(client).assert_readable(status=204)
    assert len(asked) == 1 and asked[0].startswith("GET https://api.example/a ")
    assert "cookie" not in asked[0] and "authorization" not in asked[0]

    with httpx.Client(transport=httpx.WSGITransport(flask_apps.app)) as client:
        page("https://app.example").get("https://api.example/items").through(client).assert_readable(status=200)


def test_a_client_that_gets_no_answer() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("it is off")

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        got = get().through(client)
    assert "it is off" in str(got)


async def test_async_clients_of_httpx() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi)) as client:
        (await get().athrough(client)).assert_readable()
        with pytest.raises(TypeError, match="an async client answers in async code alone"):
            get().through(client)
