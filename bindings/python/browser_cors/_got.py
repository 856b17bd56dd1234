"""What a page got."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from . import _native

# Test runners leave frames of this module out of tracebacks, so that these end at the test's line.
__unittest = True

Names = Union[str, Iterable[str]]


def names(given: Names) -> list[str]:
    """One name, or several."""
    return [given] if isinstance(given, str) else list(given)


@dataclass(frozen=True)
class Exchange:
    """A request that went out, and the status of its answer."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    preflight: bool
    credentials: bool
    because: list[str]
    """Why a preflight was needed."""
    status: int | None
    """None if no server answered."""


class Headers(Mapping[str, str]):
    """The headers that the page may read. Upper and lower case are the same."""

    def __init__(self, read: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in read:
            name = name.lower()
            known = self._values.get(name)
            self._values[name] = value if known is None else f"{known}, {value}"

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


class Outcome:
    """The outcome in an engine."""

    def __init__(self, read: dict[str, Any]) -> None:
        self.raw = read
        """All that the library says, under the names of its JSON."""

    @property
    def readable(self) -> bool:
        """Whether the page may read the response."""
        return bool(self.raw["readable"])

    @property
    def arrived(self) -> bool:
        """Whether the request itself, and not only its preflight, reached a server."""
        return bool(self.raw["arrived"])

    @property
    def verdict(self) -> str:
        """The outcome in a word."""
        return str(self.raw["verdict"])

    @property
    def status(self) -> int | None:
        """The status that the page reads; None if it gets an error."""
        status: int | None = self.raw["status"]
        return status

    @property
    def headers(self) -> Headers:
        """The headers that the page may read."""
        return Headers(self.raw.get("headers") or ())

    @property
    def reason(self) -> str | None:
        """The code of the reason, if the page gets an error."""
        return self.raw.get("reason")

    @property
    def message(self) -> str | None:
        """The reason in words."""
        return self.raw.get("message")

    @property
    def fix(self) -> str | None:
        """What to change, and where."""
        return self.raw.get("fix")

    @property
    def console(self) -> list[str]:
        """What the browser's console prints."""
        return list(self.raw["console"])

    @property
    def exchanges(self) -> list[Exchange]:
        """What went out, preflights first."""
        return [
            Exchange(
                method=one["method"],
                url=one["url"],
                headers=[(name, value) for name, value in one["headers"]],
                preflight=one.get("preflight", False),
                credentials=one.get("credentials", False),
                because=[str(why) for why in one.get("because", ())],
                status=one.get("status"),
            )
            for one in self.raw.get("exchanges", ())
        ]


class Engine(Outcome):
    """The outcome in one engine. `str()` explains it."""

    def __str__(self) -> str:
        return str(self.raw["text"])


class Got(Outcome):
    """The outcome in all engines of the page. What is not the same in all is that of the first in which
    the page may not read the response. `str()` explains it."""

    def __init__(self, native: _native.Got, engines: list[str], exceptions: list[Exception]) -> None:
        super().__init__(json.loads(native.overview()))
        self._native = native
        self._names = engines
        self.exceptions = exceptions
        """What the application raised, if it was told to answer with 500 all the same."""

    @property
    def warnings(self) -> list[str]:
        """What works, but not always: a missing `Vary: Origin`, for example."""
        return list(self.raw["warnings"])

    @property
    def engines(self) -> Mapping[str, Engine]:
        """The outcome in each engine, by the names that the page was given."""
        written = ((name, self._native.engine(name)) for name in self._names)
        return {name: Engine(json.loads(one)) for name, one in written if one is not None}

    def __str__(self) -> str:
        return self._native.text()

    def __repr__(self) -> str:
        return f"<Got {self.verdict}{'' if self.reason is None else ': ' + self.reason}>"

    def _check(self, expected: dict[str, Any]) -> Got:
        __tracebackhide__ = True
        unmet = self._native.check(json.dumps(expected))
        if unmet is not None:
            raise AssertionError(unmet) from (self.exceptions[-1] if self.exceptions else None)
        return self

    def assert_readable(self, *, status: int | None = None, exposes: Names = (), hides: Names = ()) -> Got:
        """Fails unless the page may read the response in each engine: with this status, with these
        headers, and without those."""
        __tracebackhide__ = True
        readable: dict[str, Any] = {"exposes": names(exposes), "hides": names(hides)}
        if status is not None:
            readable["status"] = status
        return self._check({"readable": readable})

    def assert_blocked(self, *, reason: str | None = None, arrived: bool | None = None) -> Got:
        """Fails unless each engine blocks the response: for this reason; and the request itself
        reached a server, or did not."""
        __tracebackhide__ = True
        blocked: dict[str, Any] = {}
        if reason is not None:
            blocked["reason"] = reason
        if arrived is not None:
            blocked["arrived"] = arrived
        return self._check({"blocked": blocked})

    def assert_preflight(self) -> Got:
        """Fails unless each engine sent a preflight."""
        __tracebackhide__ = True
        return self._check({"preflight": True})

    def assert_no_preflight(self) -> Got:
        """Fails if an engine needed a preflight."""
        __tracebackhide__ = True
        return self._check({"preflight": False})

    def assert_cached_preflight(self) -> Got:
        """Fails unless each engine needed a preflight and still had its answer."""
        __tracebackhide__ = True
        return self._check({"cachedPreflight": True})

    def assert_no_warnings(self) -> Got:
        """Fails if there are warnings."""
        __tracebackhide__ = True
        return self._check({"noWarnings": True})
