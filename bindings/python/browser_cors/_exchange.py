"""What goes to a server, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional, Union

from . import _native

Headers = Union[Mapping[str, str], Iterable[tuple[Union[str, bytes], Union[str, bytes]]]]


def text(value: str | bytes) -> str:
    """A header's name or value with one character for each byte."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def pairs(headers: Headers) -> list[tuple[str, str]]:
    """The headers as pairs, in their order."""
    items = headers.items() if isinstance(headers, Mapping) else headers
    return [(text(name), text(value)) for name, value in items]


@dataclass(frozen=True)
class Request:
    """A request as the browser sends it: a preflight, or the page's own."""

    method: str
    url: str
    target: str
    """The path and the query."""
    host: str
    """The host and the port, where it is not the scheme's own."""
    headers: list[tuple[str, str]]
    """All headers, the cookie among them. In the values, one character is one byte."""
    body: bytes
    is_preflight: bool
    has_credentials: bool

    @classmethod
    def read(cls, exchange: str, body: bytes | None) -> Request:
        """Reads what the native module writes."""
        read: dict[str, Any] = json.loads(exchange)
        headers = [("Host", read["host"]), *((name, value) for name, value in read["headers"])]
        accepted = read.get("acceptEncoding")
        if accepted is not None:
            headers.append(("Accept-Encoding", accepted))
        if body is not None and not any(name.lower() == "content-length" for name, _ in headers):
            headers.append(("Content-Length", str(len(body))))
        return cls(
            method=read["method"],
            url=read["url"],
            target=read["target"],
            host=read["host"],
            headers=headers,
            body=body or b"",
            is_preflight=read["preflight"],
            has_credentials=read["credentials"],
        )


@dataclass(frozen=True)
class Answer:
    """What a server answers. The body is left out: CORS does not depend on it."""

    status: int
    headers: Headers = ()
    reason: str = ""
    """What follows the status in HTTP/1."""
    exception: Optional[Exception] = None
    """What the application raised, if that was turned into an answer."""


@dataclass(frozen=True)
class NoAnswer:
    """The server does not answer."""

    reason: str
    """The reason, in a few words in lower case."""


Started = Union["_native.Call", "_native.Row"]


def waiting(started: Started) -> Request | None:
    """The request that waits for an answer."""
    exchange = started.exchange()
    return None if exchange is None else Request.read(exchange, started.body())


def answered(started: Started, answer: Answer | NoAnswer) -> Exception | None:
    """Continues with an answer. Returns what the application raised, if it did."""
    if isinstance(answer, NoAnswer):
        started.fail(answer.reason)
        return None
    started.answer(answer.status, answer.reason, json.dumps(pairs(answer.headers)))
    return answer.exception


def answer_all(started: Started, answer: Callable[[Request], Answer | NoAnswer]) -> list[Exception | None]:
    """Calls a function for each request. Returns what the application raised."""
    exceptions = []
    while (request := waiting(started)) is not None:
        exceptions.append(answered(started, answer(request)))
    return exceptions
