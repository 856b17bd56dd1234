"""The plugin of pytest: `cors_page`, and files of expectations as tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import fastapi_apps
import pytest
import uvicorn

APPS = str(Path(__file__).parent / "apps")

EXPECTATIONS = """
[pages]
app = "https://app.example"

[[allow]]
name = "items"
paths = ["/items"]
methods = ["GET", "PUT"]
headers = { "Content-Type" = "application/json" }
credentials = "include"
read = ["etag"]

[[deny]]
name = "nobody else"
paths = ["/items"]
methods = ["GET", "PUT"]
credentials = "include"
"""


def settings(pytester: pytest.Pytester, **lines: str) -> None:
    written = "\n".join(f"{name} = {value}" for name, value in lines.items())
    pytester.makeini(f"[pytest]\npythonpath = {APPS}\n{written}\n")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:asyncio", "-p", "no:cacheprovider", *arguments)


def expectations(pytester: pytest.Pytester, text: str = EXPECTATIONS) -> None:
    pytester.path.joinpath("cors.toml").write_text(text)


@pytest.mark.parametrize("app", ["fastapi_apps:app", "fastapi_apps:items()", "flask_apps:app"])
def test_an_item_for_each_row(pytester: pytest.Pytester, app: str) -> None:
    settings(pytester, cors_app=app)
    expectations(pytester)
    result = run(pytester, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["cors.toml::items PASSED*", "cors.toml::nobody else PASSED*"])


def test_django(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_app="django_apps:wsgi")
    # Django answers to names that it knows.
    text = EXPECTATIONS.replace("/items", "/items/")
    expectations(pytester, f'base = "https://api.example"\n{text}')
    run(pytester).assert_outcomes(passed=2)


def test_a_row_can_be_chosen(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_app="fastapi_apps:app")
    expectations(pytester)
    run(pytester, "-k", "nobody").assert_outcomes(passed=1, deselected=1)
    run(pytester, "cors.toml::items").assert_outcomes(passed=1)


def test_a_row_that_fails(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_app="broken:app", cors_engines="standard")
    pytester.makepyfile(broken="import fastapi_apps\napp = fastapi_apps.items(allow_methods=['GET'])\n")
    expectations(pytester)
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ items _*",
            "FAILED items: *",
            "*blocked: the preflight's status is 400, not 200 to 299",
            "*fix: Answer OPTIONS https://server.test/items with 204*",
            "FAILED cors.toml::items*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_an_application_that_raises(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_app="fastapi_apps:app")
    expectations(pytester, EXPECTATIONS.replace("/items", "/crash").replace(', "PUT"', ""))
    result = run(pytester)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*LookupError: the table is gone"])


def test_an_application_that_cannot_be_imported(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_app="nowhere:app")
    expectations(pytester)
    result = run(pytester)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*No module named 'nowhere'"])

    settings(pytester, cors_app="fastapi_apps")
    result = run(pytester)
    result.stdout.fnmatch_lines(["*`cors_app = fastapi_apps` names no application: `module:name` was expected*"])


def test_a_file_that_is_wrong(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_app="fastapi_apps:app")
    expectations(pytester, EXPECTATIONS.replace("paths", "path"))
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["cors.toml:7:1: `path` is not known here*"])


def test_a_name_from_the_environment(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(pytester, cors_app="fastapi_apps:app")
    expectations(pytester, EXPECTATIONS + 'headers = { "X-Key" = "${CORS_TEST_KEY}" }\n')
    result = run(pytester)
    result.stdout.fnmatch_lines(["*CORS_TEST_KEY*"])
    assert result.ret != 0
    monkeypatch.setenv("CORS_TEST_KEY", "a-long-value-of-a-key")
    run(pytester).assert_outcomes(passed=2)


@pytest.fixture
def server() -> Iterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    it = uvicorn.Server(uvicorn.Config(fastapi_apps.app, log_level="error"))
    thread = threading.Thread(target=it.run, args=([listener],))
    thread.start()
    while not it.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    it.should_exit = True
    thread.join()


def test_a_live_server(pytester: pytest.Pytester, server: str) -> None:
    # The application of the ini file is not asked, and need not exist.
    settings(pytester, cors_app="nowhere:app")
    expectations(pytester)
    run(pytester, "--cors-base", server).assert_outcomes(passed=2)
    run(pytester, "--cors-base", server, "--cors-send-requests").assert_outcomes(passed=2)


def test_nobody_listens(pytester: pytest.Pytester) -> None:
    expectations(pytester)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    result = run(pytester, "--cors-base", base)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*the connection was refused*"])


def test_without_settings_nothing_happens(pytester: pytest.Pytester) -> None:
    expectations(pytester)
    pytester.makepyfile("def test_it(): pass")
    result = run(pytester)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["collected 1 item"])


def test_a_file_that_is_asked_for_needs_a_server(pytester: pytest.Pytester) -> None:
    expectations(pytester)
    result = run(pytester, "cors.toml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["which server is it about? Write `cors_app = module:name` into the ini file*"])


def test_cors_page(pytester: pytest.Pytester) -> None:
    settings(pytester, cors_engines="standard firefox@140")
    pytester.makepyfile(
        """
        from browser_cors import Answer

        def test_it(cors_page):
            page = cors_page("https://app.example")
            assert page.engines == ["standard", "firefox@140"]
            answer = Answer(200, {"Access-Control-Allow-Origin": "*"})
            page.get("https://api.example/").answered_by(lambda _: answer).assert_readable(status=200)
            assert cors_page("null", engines="webkit").engines == ["webkit"]
        """
    )
    run(pytester).assert_outcomes(passed=1)
