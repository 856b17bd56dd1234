"""Recordings, scenarios and console messages."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pyarrow
import pytest

import browser_cors
from browser_cors import InvalidInput, _native, explain, har_entries, judge_har, reasons, simulate


def har(*answers: dict[str, str]) -> bytes:
    """A recording in which https://app.example asked for one item after another."""
    entries = [
        {
            "request": {
                "method": "GET",
                "url": f"https://api.example/items/{number}",
                "headers": [{"name": "Origin", "value": "https://app.example"}],
            },
            "response": {
                "status": 200,
                "headers": [{"name": name, "value": value} for name, value in answer.items()],
            },
        }
        for number, answer in enumerate(answers, 1)
    ]
    return json.dumps({"log": {"entries": entries}}).encode()


GRANTED = {"Access-Control-Allow-Origin": "*"}
HAR = har(GRANTED, {})


def scenario(identity: str, status: int = 200) -> str:
    return json.dumps(
        {
            "id": identity,
            "page": {"origin": "https://app.example"},
            "fetches": [{"url": "https://api.example/"}],
            "server": [
                {
                    "url": "https://api.example/",
                    "status": status,
                    "headers": [["Access-Control-Allow-Origin", "*"]],
                }
            ],
        }
    )


def test_judge_har(tmp_path: Path) -> None:
    judged = judge_har(HAR)
    assert [one["verdict"] for one in judged["entries"]] == ["fine", "blocked"]
    assert (judged["summary"]["entries"], judged["summary"]["blocked"], judged["broken"]) == (2, 1, None)

    path = tmp_path / "recording.har"
    path.write_bytes(HAR)
    assert judge_har(path) == judge_har(str(path)) == judge_har(bytearray(HAR)) == judged
    assert judge_har([HAR, path]) == [judged, judged]
    assert judge_har(pyarrow.array([HAR])) == judge_har(pyarrow.chunked_array([[HAR]])) == [judged]


def test_a_broken_recording() -> None:
    judged = judge_har(HAR[:-20])
    assert len(judged["entries"]) == 1
    assert judged["broken"] == "1:413: entry 2: EOF while parsing a value"
    assert judge_har(b"")["broken"] is not None


def test_options_of_judge_har() -> None:
    judged = judge_har(HAR, engines="webkit", origin="https://app.example", credentials="include")
    assert judged["entries"][0]["verdict"] == "blocked"
    with pytest.raises(InvalidInput, match="netscape"):
        judge_har(HAR, engines="netscape")
    with pytest.raises(InvalidInput):
        har_entries(HAR, credentials="some")
    with pytest.raises(FileNotFoundError):
        judge_har("/nowhere.har")
    with pytest.raises(FileNotFoundError):
        har_entries("/nowhere.har")


def test_har_entries(tmp_path: Path) -> None:
    path = tmp_path / "recording.har"
    path.write_bytes(HAR)
    for recording in (HAR, path):
        entries = har_entries(recording)
        assert [one["verdict"] for one in entries] == ["fine", "blocked"]
        assert (entries.end()["summary"]["blocked"], entries.end()["broken"]) == (1, None)


def test_har_entries_that_nobody_reads_on() -> None:
    before = threading.active_count()
    entries = har_entries(har(*[GRANTED] * 5000))
    assert next(entries)["verdict"] == "fine"
    assert entries.end()["summary"]["entries"] < 5000
    assert list(entries) == []
    del entries
    assert threading.active_count() == before


def test_simulate() -> None:
    one, other = scenario("one"), scenario("other", 404)
    expected = [("one", 200), ("other", 404)]

    def seen(outcomes: Any) -> Any:
        return [(it["id"], it["fetches"][0]["result"]["status"]) for it in outcomes]

    assert seen(simulate(f"{one}\n{other}")) == expected
    assert seen(simulate(f"[{one},{other}]".encode())) == expected
    assert seen(simulate([one, other.encode()])) == expected
    assert seen(simulate(iter([one, other]))) == expected
    assert seen(map(json.loads, simulate(pyarrow.array([one, other])).to_pylist())) == expected
    assert simulate("") == simulate([]) == []
    assert simulate(pyarrow.array([], pyarrow.string())).to_pylist() == []


def test_simulate_arrow() -> None:
    lines = [scenario(str(number)) for number in range(3000)]
    lines[1500] = None  # type: ignore[call-overload]
    chunked = simulate(pyarrow.chunked_array([lines[:10], lines[10:]]))
    array = simulate(pyarrow.array(lines, pyarrow.large_string()))
    assert (chunked.type, array.type) == (pyarrow.string(), pyarrow.string())
    assert isinstance(chunked, pyarrow.ChunkedArray) and isinstance(array, pyarrow.StringArray)
    assert chunked.to_pylist() == array.to_pylist()
    assert array[1500].as_py() is None
    assert json.loads(array[2999].as_py())["id"] == "2999"

    class Foreign:
        """An array of another library."""

        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return pyarrow.array(lines[:1]).__arrow_c_array__(requested_schema)

    assert json.loads(simulate(Foreign())[0].as_py())["id"] == "0"


def test_engines_of_simulate() -> None:
    (outcome,) = simulate(scenario("one"), engines=["standard", "chromium"], text=True)
    assert sorted(outcome["engines"]) == ["chromium", "standard"]
    assert outcome["text"].startswith("== one, standard\nGET https://api.example/")


def test_scenarios_that_are_none() -> None:
    with pytest.raises(InvalidInput, match="^scenario 2"):
        simulate([scenario("one"), "{}"])
    with pytest.raises(InvalidInput, match="^scenario 2000: EOF while parsing a value"):
        simulate([scenario("one")] * 1999 + [""])
    with pytest.raises(InvalidInput, match="^scenario 1"):
        simulate("nonsense")
    with pytest.raises(InvalidInput, match="netscape"):
        simulate("", engines="netscape")
    with pytest.raises(UnicodeDecodeError):
        simulate(b"\xff")


def test_explain() -> None:
    (message,) = explain(
        "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS "
        "policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    )
    assert "Access-Control-Allow-Origin: https://app.example" in message["explanation"]
    assert explain("nothing") == []


def test_engines_and_reasons() -> None:
    known = browser_cors.engines()
    assert "chromium@156" in [release["name"] for release in known["releases"]]
    assert "redirect-of-other-statuses" in [departure["departure"] for departure in known["departures"]]
    assert "allow-origin-missing" in [reason["code"] for reason in reasons()]


def test_the_gil_is_released() -> None:
    recording = har(*[GRANTED] * 2_000)
    done = threading.Event()

    def judge() -> None:
        # The native part alone.
        _native.judge_har(recording, "{}")
        done.set()

    thread = threading.Thread(target=judge)
    thread.start()
    turns = 0
    while not done.is_set():
        turns += 1
    thread.join()
    # Had it kept the GIL, this loop would have had a turn or two.
    assert turns > 1000
