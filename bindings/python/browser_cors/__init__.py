"""Tests what a browser lets a page do with a server: CORS, in every engine, without a browser.

from browser_cors import page

got = page("https://app.example").get("https://api.example/items").through(app)
got.assert_readable(status=200)
"""

from ._batch import HarEntries, engines, explain, har_entries, judge_har, reasons, simulate
from ._exchange import Answer, NoAnswer, Request
from ._got import Engine, Exchange, Got, Headers
from ._native import InvalidInput, __version__
from ._page import Call, Page, page
from ._server import Server, serve

__all__ = [
    "Answer",
    "Call",
    "Engine",
    "Exchange",
    "Got",
    "HarEntries",
    "Headers",
    "InvalidInput",
    "NoAnswer",
    "Page",
    "Request",
    "Server",
    "__version__",
    "engines",
    "explain",
    "har_entries",
    "judge_har",
    "page",
    "reasons",
    "serve",
    "simulate",
]
