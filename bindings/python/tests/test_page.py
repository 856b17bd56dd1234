"""Pages, calls and what they got."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

import pytest

import browser_cors
from browser_cors import Answer, InvalidInput, NoAnswer, Request, page

ANY = Answer(200, {"Access-Control-Allow-Origin": "*"})

Seen = tuple[list[Request], Callable[[Request], Answer]]


def seeing(answer: Answer = ANY) -> Seen:
    """A server that remembers what it was asked."""
    requests: list[Request] = []

    def server(request: Request) -> Answer:
        requests.append(request)
        return answer

    return requests, server


def test_page() -> None:
    it = page("https://app.example/cart?1", engines=["standard", "firefox@140"])
    assert (it.origin, it.engines) == ("https://app.example", ["standard", "firefox@140"])
    assert page("null").engines == ["standard", "chromium", "firefox", "webkit"]
    assert repr(it) == "<Page https://app.example in standard, firefox@140>"
    assert repr(it.get("https://api.example/")) == "<Call GET https://api.example/>"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: page("app.example"), "`app.example` is not where a page is: "),
        (lambda: page("null", engines="netscape"), "netscape"),
        (lambda: page("null", engines=[]), "no engine was named"),
        (lambda: page("null").get("/").answered_by(lambda _: ANY), "where there is no CORS to test"),
        (lambda: page("null").get("http://a.example", mode="odd").answered_by(lambda _: ANY), "odd"),
        (
            lambda: page("null").get("http://a.example", cookies="a\nb").answered_by(lambda _: ANY),
            "no cookie",
        ),
        (lambda: page("null").get("/").against("staging"), "staging"),
        (lambda: page("null").get("/").against("http://127.0.0.1:1", timeout=0), "the timeout 0 is"),
    ],
)
def test_invalid_input(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInput) as error:
        make()
    assert message in str(error.value)


def test_a_call_is_sent_as_by_a_browser() -> None:
    requests, server = seeing()
    page("https://app.example", engines="chromium").get(
        "https://api.example:8443/a%20b?q=1#x", credentials="include", cookies={"a": "1", "b": "2"}
    ).answered_by(server)
    (request,) = requests
    assert (request.method, request.target, request.host) == ("GET", "/a%20b?q=1", "api.example:8443")
    assert request.url == "https://api.example:8443/a%20b?q=1"
    assert (request.body, request.is_preflight, request.has_credentials) == (b"", False, True)
    headers = [(name.lower(), value) for name, value in request.headers]
    assert headers[0] == ("host", "api.example:8443")
    for header in [
        ("origin", "https://app.example"),
        ("cookie", "a=1; b=2"),
        ("sec-fetch-mode", "cors"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
    ]:
        assert header in headers


@pytest.mark.parametrize(
    ("options", "body", "content_type"),
    [
        ({"json": {"a": "ü", "b": [1]}}, '{"a":"ü","b":[1]}'.encode(), "application/json"),
        ({"json": None}, b"null", "application/json"),
        ({"json": 1, "headers": {"content-type": "text/x"}}, b"1", "text/x"),
        ({"data": {"a": "1 2"}}, b"a=1+2", "application/x-www-form-urlencoded;charset=UTF-8"),
        ({"data": [("a", "1"), ("a", "2")]}, b"a=1&a=2", "application/x-www-form-urlencoded;charset=UTF-8"),
        ({"content": "hi"}, b"hi", "text/plain;charset=UTF-8"),
        ({"content": b"\xff"}, b"\xff", None),
    ],
)
def test_bodies(options: dict[str, Any], body: bytes, content_type: Union[str, None]) -> None:
    requests, server = seeing(Answer(200, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}))
    page("https://app.example", engines="standard").post("https://api.example/", **options).answered_by(server)
    headers = {name.lower(): value for name, value in requests[-1].headers}
    assert requests[-1].body == body
    assert headers.get("content-type") == content_type
    assert headers["content-length"] == str(len(body))


def test_one_body_is_enough() -> None:
    with pytest.raises(TypeError, match="only one of json, data and content"):
        page("null").post("https://api.example/", json={}, content="")


def test_arguments_have_types() -> None:
    # mypy fails if one of these is no error to it.
    with pytest.raises(TypeError):
        page("null").get("https://api.example/", cookie="s=1")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        page("null").put("https://api.example/", content=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        page("null", "chromium")  # type: ignore[call-arg]


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_methods(method: str) -> None:
    answer = Answer(200, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "*"})
    requests, server = seeing(answer)
    getattr(page("null", engines="standard"), method)("https://api.example/").answered_by(server)
    assert requests[-1].method == method.upper()


def test_headers_are_bytes() -> None:
    answer = Answer(
        200,
        [
            (b"access-control-allow-origin", b"*"),
            ("Cache-Control", "no-cache"),
            ("cache-control", "no-store"),
            ("Content-Language", "f\xfc"),
        ],
        "F\xfcr dich",
    )
    got = page("null").get("https://api.example/").answered_by(lambda _: answer)
    assert dict(got.headers) == {"cache-control": "no-cache, no-store", "content-language": "f\xfc"}
    assert got.headers["Content-Language"] == "f\xfc"
    assert "CACHE-CONTROL" in got.headers and "etag" not in got.headers and len(got.headers) == 2
    assert got.raw["statusText"] == "F\xfcr dich"


def test_got() -> None:
    got = page("https://app.example").get("https://api.example/").answered_by(lambda _: Answer(200))
    assert (got.readable, got.arrived, got.verdict, got.status) == (False, True, "blocked", None)
    assert (got.reason, got.message) == ("allow-origin-missing", "there is no Access-Control-Allow-Origin")
    assert got.fix == (
        "Answer GET https://api.example/ with `Access-Control-Allow-Origin: https://app.example` "
        "and `Vary: Origin`. The server did get the request; only reading the answer is refused."
    )
    assert repr(got) == "<Got blocked: allow-origin-missing>"
    assert list(got.engines) == ["standard", "chromium", "firefox", "webkit"]
    assert got.engines["chromium"].console == [
        "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS "
        "policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    ]
    assert str(got.engines["webkit"]).startswith("GET https://api.example/ from https://app.example")
    assert "blocked: there is no Access-Control-Allow-Origin" in str(got)


def test_engines_differ() -> None:
    # By the standard, the star stands for every header but Authorization. Browsers have not followed yet.
    answer = Answer(200, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"})
    call = page("https://app.example").get("https://api.example/", headers={"Authorization": "x"})
    got = call.answered_by(lambda _: answer)
    assert {name: engine.readable for name, engine in got.engines.items()} == {
        "standard": False,
        "chromium": True,
        "firefox": True,
        "webkit": True,
    }


def test_preflights_are_cached_until_their_time_is_over() -> None:
    it = page("https://app.example", engines="standard")
    call = it.put("https://api.example/")
    answer = Answer(
        200,
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "PUT",
            "Access-Control-Max-Age": "600",
        },
    )
    call.answered_by(lambda _: answer).assert_preflight()
    it.advance(599)
    call.answered_by(lambda _: answer).assert_cached_preflight()
    it.advance(2)
    got = call.answered_by(lambda _: answer).assert_preflight()
    with pytest.raises(AssertionError):
        got.assert_cached_preflight()
    with pytest.raises(AssertionError):
        got.assert_no_preflight()
    it.get("https://api.example/").answered_by(lambda _: answer).assert_no_preflight()


def test_no_answer_proves_nothing() -> None:
    got = page("null").get("https://api.example/").answered_by(lambda _: NoAnswer("it is off"))
    with pytest.raises(AssertionError, match="no server answered, which proves nothing"):
        got.assert_blocked()
    assert "it is off" in str(got)


def test_warnings() -> None:
    got = page("https://app.example").get("https://api.example/", cookies="s=1").answered_by(lambda _: ANY)
    assert len(got.warnings) == 1 and "cookie" in got.warnings[0]
    with pytest.raises(AssertionError, match="cookie"):
        got.assert_no_warnings()


def test_the_page_s_own_origin() -> None:
    call = page("https://app.example").get("/items", same_origin=True)
    call.answered_by(lambda _: Answer(200)).assert_readable(status=200)


def test_relative_urls_of_a_server() -> None:
    requests, server = seeing()
    page("https://app.example", engines="standard", server="https://api.example/v1").get("/items").answered_by(server)
    assert requests[0].url == "https://api.example/v1/items"


def test_an_answer_that_is_none() -> None:
    with pytest.raises(InvalidInput, match="from 0 to 999"):
        page("null").get("https://api.example/").answered_by(lambda _: Answer(1000))
    with pytest.raises(InvalidInput, match="header"):
        page("null").get("https://api.example/").answered_by(lambda _: Answer(200, {"a b": "c"}))
    with pytest.raises(InvalidInput, match="no reason phrase"):
        page("null").get("https://api.example/").answered_by(lambda _: Answer(200, reason="\u2713"))


def test_a_failure_ends_at_the_line_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from browser_cors import Answer, page

        def test_it():
            got = page("https://app.example").get("https://api.example/").answered_by(lambda _: Answer(200))
            got.assert_readable(status=200)
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:asyncio")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">       got.assert_readable(status=200)",
            "E       AssertionError: expected that the page may read the response, but it is blocked",
            "E       blocked: there is no Access-Control-Allow-Origin",
            "E           fix: Answer GET https://api.example/ with `Access-Control-Allow-Origin: *",
            "test_*.py:5: AssertionError",
        ]
    )
    result.stdout.no_fnmatch_line("*_got.py*")


def test_version() -> None:
    from importlib.metadata import version

    assert browser_cors.__version__ == version("browser-cors")
