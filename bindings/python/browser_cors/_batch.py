"""Recordings, scenarios and console messages. All of it runs without the GIL."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Optional, Union, overload

from . import _native
from ._got import Names, names

Recording = Union[bytes, bytearray, memoryview, str, "os.PathLike[str]"]
Json = dict[str, Any]

# Batches go to the native module in parts of this many rows, so that memory does not grow with them.
_PART = 1024


def _har_options(engines: Names | None, origin: str | None, credentials: str | None) -> str:
    options: Json = {}
    if engines is not None:
        options["engines"] = names(engines)
    if origin is not None:
        options["origin"] = origin
    if credentials is not None:
        options["credentials"] = credentials
    return json.dumps(options)


def _recording(recording: Any) -> bytes | str:
    if isinstance(recording, (bytearray, memoryview)):
        return bytes(recording)
    if isinstance(recording, bytes):
        return recording
    return os.fspath(recording)  # type: ignore[no-any-return]


@overload
def judge_har(  # type: ignore[overload-overlap]
    recording: Recording,
    *,
    engines: Names | None = None,
    origin: str | None = None,
    credentials: str | None = None,
) -> Json: ...
@overload
def judge_har(
    recording: Iterable[Recording],
    *,
    engines: Names | None = None,
    origin: str | None = None,
    credentials: str | None = None,
) -> list[Json]: ...
def judge_har(
    recording: Any,
    *,
    engines: Names | None = None,
    origin: str | None = None,
    credentials: str | None = None,
) -> Any:
    """Judges a HAR, which is bytes or the path of a file; of several, each.

    Returns its `entries`, a `summary`, and `broken`: why it could not be read to its end, or None.
    `origin` is that of the page, where the recording does not tell; `credentials` is the mode of
    requests that do not tell theirs.
    """
    options = _har_options(engines, origin, credentials)
    if isinstance(recording, (bytes, bytearray, memoryview, str, os.PathLike)):
        return json.loads(_native.judge_har(_recording(recording), options))
    return [json.loads(_native.judge_har(_recording(one), options)) for one in _items(recording)]


def har_entries(
    recording: Recording,
    *,
    engines: Names | None = None,
    origin: str | None = None,
    credentials: str | None = None,
) -> HarEntries:
    """Judges a HAR of any length, one entry after another, in a few MiB of memory."""
    options = _har_options(engines, origin, credentials)
    return HarEntries(_native.HarEntries(_recording(recording), options))


class HarEntries(Iterator[Json]):
    """The judged entries of a HAR."""

    def __init__(self, native: _native.HarEntries) -> None:
        self._native = native

    def __iter__(self) -> HarEntries:
        return self

    def __next__(self) -> Json:
        entry: Json = json.loads(next(self._native))
        return entry

    def end(self) -> Json:
        """Stops. Returns the `summary` of what was read, and what is `broken`."""
        end: Json = json.loads(self._native.end())
        return end


def simulate(lines: Any, *, engines: Names = "standard", text: bool = False) -> Any:
    """Answers scenarios.

    * `str` and `bytes` hold scenarios one after another, as JSON Lines do, or an array. Returns a list
      of outcomes.
    * A list, or any iterable, has a scenario in each item. Returns a list of outcomes.
    * An Arrow array of strings has a scenario in each value. Returns an Arrow array of outcomes, which
      are JSON again; null stays null. This needs pyarrow.

    With several engines, the outcomes are compared. With `text`, each has an explanation for people.
    """
    options = json.dumps({"engines": names(engines), "text": text})
    if isinstance(lines, (str, bytes, bytearray, memoryview)):
        return json.loads(_native.simulate(_text(lines), options))
    if hasattr(lines, "__arrow_c_array__") or hasattr(lines, "__arrow_c_stream__"):
        return _simulate_arrow(lines, options)
    outcomes: list[Any] = []
    for part in _parts(map(_text, lines)):
        answered = _native.simulate_each(part, len(outcomes), options)
        outcomes.extend(json.loads(one) for one in answered if one is not None)
    return outcomes


def _text(line: str | bytes | bytearray | memoryview) -> str:
    return line if isinstance(line, str) else bytes(line).decode()


def _parts(lines: Iterable[Optional[str]]) -> Iterator[list[Optional[str]]]:
    lines = iter(lines)
    while part := list(islice(lines, _PART)):
        yield part


def _simulate_arrow(lines: Any, options: str) -> Any:
    import pyarrow

    is_stream = hasattr(lines, "__arrow_c_stream__")
    array = pyarrow.chunked_array(lines) if is_stream else pyarrow.array(lines)
    before, answered = 0, []
    for part in _parts(_values(array)):
        answered.append(pyarrow.array(_native.simulate_each(part, before, options), pyarrow.string()))
        before += len(part)
    outcomes = pyarrow.chunked_array(answered, pyarrow.string())
    return outcomes if is_stream else outcomes.combine_chunks()


def _values(array: Any) -> Iterator[Any]:
    """The values of an Arrow array, a part at a time."""
    for start in range(0, len(array), _PART):
        yield from array.slice(start, _PART).to_pylist()


def _items(batch: Any) -> Iterator[Any]:
    """The values of a batch. Those of an Arrow array, which can be large, one at a time."""
    is_stream = hasattr(batch, "__arrow_c_stream__")
    if is_stream or hasattr(batch, "__arrow_c_array__"):
        import pyarrow

        batch = pyarrow.chunked_array(batch) if is_stream else pyarrow.array(batch)
        return (value.as_py() for value in batch)
    return iter(batch)


def explain(text: str) -> list[Json]:
    """Explains what a browser's console printed: each message about CORS in the text, with an
    `explanation` for people."""
    explained: list[Json] = json.loads(_native.explain(text))
    return explained


def engines() -> Json:
    """The `releases` of browsers that are known, and their `departures` from the standard."""
    known: Json = json.loads(_native.engines())
    return known


def reasons() -> list[Json]:
    """The codes of reasons, each with MDN's page as `see` where there is one."""
    known: list[Json] = json.loads(_native.reasons())
    return known
