"""Live servers, on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import fastapi_apps
import pytest
import uvicorn

from browser_cors import page


@pytest.fixture(scope="module")
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


def test_a_live_server(server: str) -> None:
    got = page("https://app.example").put("/items", json={}, credentials="include").against(server)
    got.assert_readable(status=200, exposes="etag").assert_no_warnings()
    assert [one.url for one in got.exchanges] == [f"{server}/items"] * 2
    page("https://evil.example").put("/items", json={}).against(server).assert_blocked(arrived=False)


async def test_in_async_code(server: str) -> None:
    (await page("https://app.example").get("/items").aagainst(server)).assert_readable(status=200)


def test_an_error_has_no_headers(server: str) -> None:
    got = page("https://app.example").get("/crash").against(server)
    got.assert_blocked(reason="allow-origin-missing", arrived=True)


def test_what_goes_out() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    received: list[bytes] = []

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            received.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    port = listener.getsockname()[1]
    call = page("https://app.example", engines="firefox@140").get("https://api.example/items?all")
    call.against(f"http://127.0.0.1:{port}/v1").assert_readable(status=200)
    thread.join()
    listener.close()
    lines = received[0].decode().split("\r\n")
    assert lines[:2] == ["GET /v1/items?all HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    assert "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" in lines
    assert "Origin: https://app.example" in lines
    assert "Sec-Fetch-Mode: cors" in lines


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    got = page("https://app.example").get("/").against(f"http://127.0.0.1:{port}")
    assert "the connection was refused" in str(got)
    with pytest.raises(AssertionError, match="no server answered, which proves nothing"):
        got.assert_blocked()


def test_a_server_that_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        begun = time.monotonic()
        got = (
            page("https://app.example", engines="standard").get("/").against(f"http://127.0.0.1:{port}", timeout=0.2)
        )
        assert time.monotonic() - begun < 5
    assert "sent nothing within" in str(got)


def test_the_gil_is_released_meanwhile() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        call = page("https://app.example", engines="standard").get("/")
        thread = threading.Thread(target=call.against, args=(f"http://127.0.0.1:{port}",), kwargs={"timeout": 1})
        thread.start()
        # The server is this thread: with the GIL held, nobody could accept.
        connection, _ = listener.accept()
        connection.close()
        thread.join()
