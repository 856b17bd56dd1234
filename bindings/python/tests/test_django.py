"""Real Django with django-cors-headers, in process: by WSGI and by ASGI."""

from __future__ import annotations

from typing import Any

import django_apps
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from browser_cors import Call, page

APP = "https://app.example"
EVIL = "https://evil.example"
MAY_READ = "^expected that the response is blocked, but the page may read it"
ITEMS = "https://api.example/items/"

interfaces = pytest.mark.parametrize("app", [django_apps.wsgi, django_apps.asgi], ids=["wsgi", "asgi"])


def save(origin: str, url: str = ITEMS) -> Call:
    return page(origin).put(url, json={}, credentials="include", cookies={"s": "1"})


@interfaces
def test_our_page_can_save(app: Any) -> None:
    got = save(APP).through(app)
    got.assert_readable(status=200, exposes="etag", hides="x-frame-options").assert_preflight()
    got.assert_no_warnings()


@interfaces
@pytest.mark.parametrize("origin", [EVIL, "https://app.example.evil.example", "http://app.example", "null"])
def test_nobody_else_can(app: Any, origin: str) -> None:
    save(origin).through(app).assert_blocked(reason="preflight-allow-origin-missing", arrived=False)


@interfaces
async def test_async(app: Any) -> None:
    (await save(APP).athrough(app)).assert_readable(status=200)


@interfaces
def test_all_origins_with_credentials(app: Any) -> None:
    with override_settings(CORS_ALLOW_ALL_ORIGINS=True):
        got = save(EVIL).through(app)
    with pytest.raises(AssertionError, match=MAY_READ):
        got.assert_blocked()


@interfaces
@pytest.mark.parametrize(
    ("mistake", "reason"),
    [
        ({"CORS_ALLOW_METHODS": ["GET"]}, "preflight-method"),
        ({"CORS_ALLOW_HEADERS": []}, "preflight-header"),
        ({"CORS_ALLOW_CREDENTIALS": False}, "preflight-allow-credentials-not-true"),
        ({"CORS_ALLOWED_ORIGINS": ["http://app.example"]}, "preflight-allow-origin-missing"),
    ],
)
def test_mistakes(app: Any, mistake: dict[str, Any], reason: str) -> None:
    with override_settings(**mistake):
        got = save(APP).through(app)
    got.assert_blocked(reason=reason, arrived=False)


@interfaces
def test_a_pattern_with_look_alikes(app: Any) -> None:
    mistake = {"CORS_ALLOWED_ORIGINS": [], "CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://app.example"]}
    with override_settings(**mistake):
        got = save("https://app-example.evil.example").through(app)
    with pytest.raises(AssertionError, match=MAY_READ):
        got.assert_blocked()


@interfaces
def test_append_slash_turns_a_post_into_a_get(app: Any) -> None:
    got = page(APP).post("https://api.example/items", data={"a": "1"}, credentials="include").through(app)
    assert [(one.method, one.url, one.status) for one in got.exchanges] == [
        ("POST", "https://api.example/items", 301),
        ("GET", "https://api.example/items/", 200),
    ]


def test_append_slash_before_cors() -> None:
    with override_settings(MIDDLEWARE=[django_apps.COMMON, django_apps.CORS]):
        got = save(APP, "https://api.example/items").through(WSGIHandler())
    got.assert_blocked(reason="allow-origin-missing", arrived=True)
    assert [(one.method, one.status) for one in got.exchanges] == [("OPTIONS", 200), ("PUT", 301)]
    assert got.warnings == ["the server received the PUT itself, whatever it did then"]


@interfaces
def test_an_error_has_the_headers(app: Any) -> None:
    got = page(APP).get("https://api.example/crash/", credentials="include").through(app)
    got.assert_readable(status=500)
