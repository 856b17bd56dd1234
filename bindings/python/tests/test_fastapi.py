"""Real FastAPI with CORSMiddleware, in process."""

from __future__ import annotations

from typing import Any

import fastapi_apps
import pytest

from browser_cors import Call, page

APP = "https://app.example"
EVIL = "https://evil.example"
MAY_READ = "^expected that the response is blocked, but the page may read it"
ITEMS = "https://api.example/items"


def save(origin: str, **options: Any) -> Call:
    return page(origin).put(ITEMS, json={}, credentials="include", cookies={"s": "1"}, **options)


def test_our_page_can_save() -> None:
    got = save(APP).through(fastapi_apps.app)
    got.assert_readable(status=200, exposes=["etag"], hides="server").assert_preflight().assert_no_warnings()
    assert [(one.method, one.status, one.credentials) for one in got.exchanges] == [
        ("OPTIONS", 200, False),
        ("PUT", 200, True),
    ]


@pytest.mark.parametrize("origin", [EVIL, "https://app.example.evil.example", "http://app.example", "null"])
def test_nobody_else_can(origin: str) -> None:
    got = save(origin).through(fastapi_apps.app).assert_blocked(arrived=False)
    # Starlette refuses the preflight with 400, which WebKit looks at first.
    assert {name: engine.reason for name, engine in got.engines.items()} == {
        "standard": "preflight-allow-origin-missing",
        "chromium": "preflight-allow-origin-missing",
        "firefox": "preflight-allow-origin-missing",
        "webkit": "preflight-status",
    }


async def test_async() -> None:
    got = await save(APP).athrough(fastapi_apps.app)
    got.assert_readable(status=200)
    (await save(EVIL).athrough(fastapi_apps.app)).assert_blocked(arrived=False)


def test_wildcard_with_credentials_mirrors_every_origin() -> None:
    got = save(EVIL).through(fastapi_apps.items(allow_origins=["*"]))
    with pytest.raises(AssertionError, match=MAY_READ):
        got.assert_blocked()
    assert got.readable


def test_an_error_has_no_headers() -> None:
    crash = page(APP).get("https://api.example/crash")
    with pytest.raises(LookupError, match="the table is gone"):
        crash.through(fastapi_apps.app)

    got = crash.through(fastapi_apps.app, raise_app_exceptions=False)
    got.assert_blocked(reason="allow-origin-missing", arrived=True)
    with pytest.raises(AssertionError, match="The server failed with 500") as failure:
        got.assert_readable(status=500)
    assert isinstance(failure.value.__cause__, LookupError)
    assert got.exceptions == [failure.value.__cause__]


@pytest.mark.parametrize(
    ("mistake", "reason"),
    [
        ({"allow_methods": ["GET"]}, "preflight-status"),
        ({"allow_credentials": False}, "preflight-allow-credentials-not-true"),
        ({"allow_origins": ["https://app.example/"]}, "preflight-allow-origin-missing"),
    ],
)
def test_mistakes(mistake: dict[str, Any], reason: str) -> None:
    got = save(APP).through(fastapi_apps.items(**mistake))
    assert got.reason == reason
    with pytest.raises(AssertionError, match="^expected that the page may read the response"):
        got.assert_readable()


def test_a_header_that_is_not_allowed() -> None:
    got = save(APP, headers={"X-Token": "1"}).through(fastapi_apps.app)
    got.assert_blocked(reason="preflight-status", arrived=False)
    assert "Access-Control-Allow-Headers" in (got.fix or "")


def test_a_header_that_is_not_exposed() -> None:
    got = save(APP).through(fastapi_apps.items(expose_headers=[]))
    got.assert_readable(hides="etag")
    with pytest.raises(AssertionError, match="^expected that the page may read `etag`, but it is hidden"):
        got.assert_readable(exposes="etag")


def test_a_pattern_with_look_alikes() -> None:
    app = fastapi_apps.items(allow_origins=[], allow_origin_regex=r"https://app.example.*")
    save(APP).through(app).assert_readable()
    for look_alike in ["https://app.example.evil.example", "https://app-example.evil.example"]:
        with pytest.raises(AssertionError, match=MAY_READ):
            save(look_alike).through(app).assert_blocked()
