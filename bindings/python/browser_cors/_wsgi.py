"""Asks applications of WSGI, as a server would."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, Optional
from urllib.parse import unquote_to_bytes, urlsplit

from ._asgi import LINGER, crashed, server_of
from ._exchange import Answer, Request

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def environ_of(request: Request) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    host, port = server_of(request.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": urlsplit(request.url).scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        known = environ.get(key)
        environ[key] = value if known is None else f"{known},{value}"
    return environ


def ask(app: App, request: Request, raise_app_exceptions: bool) -> Answer:
    """Asks the application, and reads its body to the end if that comes soon."""
    begun: Optional[tuple[str, list[tuple[str, str]]]] = None
    is_out = False

    def write(data: bytes) -> None:
        nonlocal is_out
        is_out = True

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        nonlocal begun
        if exc_info is not None and is_out:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and begun is not None:
            raise AssertionError("the application called start_response twice")
        begun = (status, list(headers))
        return write

    exception: Optional[Exception] = None
    try:
        body = app(environ_of(request), start_response)
        try:
            end = time.monotonic() + LINGER
            for chunk in body:
                is_out = is_out or bool(chunk)
                if is_out and time.monotonic() > end:
                    # The page leaves a body that goes on.
                    break
            is_out = True
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        if begun is None:
            raise RuntimeError("the application ended without an answer")
    except Exception as raised:
        if raise_app_exceptions:
            raise
        exception = raised
        if not is_out or begun is None:
            # No byte of the answer was sent yet.
            return crashed(raised)
    assert begun is not None
    status, headers = begun
    number, _, reason = status.partition(" ")
    return Answer(int(number), headers, reason, exception)
