"""Real Flask with flask-cors, in process."""

from __future__ import annotations

from typing import Any

import flask_apps
import pytest

from browser_cors import Call, page

APP = "https://app.example"
EVIL = "https://evil.example"
MAY_READ = "^expected that the response is blocked, but the page may read it"
ITEMS = "https://api.example/items"


def save(origin: str, **options: Any) -> Call:
    return page(origin).put(ITEMS, json={}, credentials="include", cookies={"s": "1"}, **options)


def test_our_page_can_save() -> None:
    got = save(APP).through(flask_apps.app)
    got.assert_readable(status=200, exposes="etag").assert_preflight().assert_no_warnings()


@pytest.mark.parametrize("origin", [EVIL, "https://app.example.evil.example", "http://app.example", "null"])
def test_nobody_else_can(origin: str) -> None:
    save(origin).through(flask_apps.app).assert_blocked(reason="preflight-allow-origin-missing", arrived=False)


async def test_async() -> None:
    (await save(APP).athrough(flask_apps.app)).assert_readable(status=200)


def test_wildcard_with_credentials_mirrors_every_origin() -> None:
    got = save(EVIL).through(flask_apps.items(origins="*"))
    with pytest.raises(AssertionError, match=MAY_READ):
        got.assert_blocked()


@pytest.mark.parametrize(
    ("mistake", "reason"),
    [
        ({"methods": ["GET"]}, "preflight-method"),
        ({"allow_headers": ["x-token"]}, "preflight-header"),
        ({"supports_credentials": False}, "preflight-allow-credentials-not-true"),
        ({"origins": ["https://app.example/"]}, "preflight-allow-origin-missing"),
    ],
)
def test_mistakes(mistake: dict[str, Any], reason: str) -> None:
    got = save(APP).through(flask_apps.items(**mistake))
    got.assert_blocked(reason=reason, arrived=False)
    with pytest.raises(AssertionError, match="^expected that the page may read the response"):
        got.assert_readable()


def test_a_pattern_with_look_alikes() -> None:
    app = flask_apps.items(origins=[r"https://app.example.*"])
    with pytest.raises(AssertionError, match=MAY_READ):
        save("https://app-example.evil.example").through(app).assert_blocked()


def test_an_error_has_the_headers() -> None:
    crash = page(APP).get("https://api.example/crash", credentials="include")
    crash.through(flask_apps.app).assert_readable(status=500)

    # As in most test suites, where Flask hands exceptions on.
    testing = flask_apps.items()
    testing.testing = True
    with pytest.raises(LookupError, match="the table is gone"):
        crash.through(testing)
    got = crash.through(testing, raise_app_exceptions=False)
    got.assert_blocked(reason="allow-origin-missing", arrived=True)


def test_a_redirect_to_the_folder() -> None:
    got = page(APP).get("https://api.example/folder", credentials="include").through(flask_apps.app)
    got.assert_readable(status=200)
    assert [(one.url, one.status) for one in got.exchanges] == [
        ("https://api.example/folder", 308),
        ("https://api.example/folder/", 200),
    ]
