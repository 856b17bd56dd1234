"""The plugin of pytest: the fixture `cors_page`, and files of expectations as tests, one a row."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Optional, Union

import pytest

from ._exchange import answer_all
from ._native import Client, Expectations, InvalidInput
from ._page import Page, page
from ._server import Server, serve


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("browser-cors", "CORS, as browsers see it")
    group.addoption(
        "--cors-base",
        metavar="URL",
        help="ask the live server at URL what cors.toml expects, and not the application of the ini file",
    )
    group.addoption(
        "--cors-send-requests",
        action="store_true",
        help="with --cors-base: send requests that change something as well, not only their preflights",
    )
    parser.addini("cors_app", "the application that cors.toml is about: module:name, or module:function()")
    parser.addini("cors_engines", "the engines of the fixture cors_page and of cors.toml", type="args")


@pytest.fixture
def cors_page(pytestconfig: pytest.Config) -> Callable[..., Page]:
    """Opens a page like `browser_cors.page`, in the engines that `cors_engines` of the ini file names."""

    def open_page(origin: str, **options: Any) -> Page:
        options.setdefault("engines", _engines(pytestconfig))
        return page(origin, **options)

    return open_page


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Optional[CorsFile]:
    if file_path.name != "cors.toml":
        return None
    has_server = _base(parent.config) or _app(parent.config)
    if not has_server and not parent.session.isinitpath(file_path):
        return None
    file: CorsFile = CorsFile.from_parent(parent, path=file_path)
    return file


class CorsFile(pytest.File):
    """A file of expectations."""

    expectations: Expectations
    server: Union[Server, Client]

    def collect(self) -> Iterator[CorsRow]:
        if not _base(self.config) and not _app(self.config):
            raise self.CollectError(
                "which server is it about? Write `cors_app = module:name` into the ini file, or --cors-base URL"
            )
        options = {
            "engines": _engines(self.config),
            "base": _base(self.config),
            "environment": dict(os.environ),
            # An application in process is that of the tests, and its data too.
            "sendRequests": not _base(self.config) or self.config.getoption("cors_send_requests"),
        }
        given = {name: value for name, value in options.items() if value is not None}
        name = os.path.relpath(self.path, self.config.invocation_params.dir)
        try:
            self.expectations = Expectations(name, self.path.read_text("utf-8"), json.dumps(given))
        except InvalidInput as error:
            raise self.CollectError(str(error)) from None
        for row in json.loads(self.expectations.rows()):
            yield CorsRow.from_parent(self, name=row["name"], index=row["index"], line=row["line"])

    def setup(self) -> None:
        if _base(self.config):
            engines = _engines(self.config)
            self.server = Client(json.dumps({} if engines is None else {"engines": engines}))
        else:
            server = serve(_import(_app(self.config), self.config.rootpath))
            self.server = server.__enter__()
            self.addfinalizer(lambda: server.__exit__(None, None, None))


class CorsRow(pytest.Item):
    """A row of a file of expectations."""

    parent: CorsFile

    def __init__(self, *, index: int, line: int, **options: Any) -> None:
        super().__init__(**options)
        self.index = index
        self.line = line

    def runtest(self) -> None:
        row = self.parent.expectations.start(self.index)
        server = self.parent.server
        if isinstance(server, Server):
            answer_all(row, server.ask)
        else:
            while row.send(server):
                pass
        report = json.loads(row.finish())
        if report["verdict"] != "passed":
            raise Unmet(report["text"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Unmet):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, self.name


class Unmet(AssertionError):
    """A row is not as expected, or could not be judged."""


def _engines(config: pytest.Config) -> Optional[list[str]]:
    return config.getini("cors_engines") or None


def _base(config: pytest.Config) -> Optional[str]:
    base: Optional[str] = config.getoption("cors_base")
    return base


def _app(config: pytest.Config) -> str:
    return str(config.getini("cors_app"))


def _import(place: str, root: Path) -> Any:
    """The application at `module:name`, or what `module:function()` returns."""
    module, _, name = place.partition(":")
    if not module or not name:
        raise pytest.UsageError(f"`cors_app = {place}` names no application: `module:name` was expected")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    found: Any = importlib.import_module(module)
    for part in name.removesuffix("()").split("."):
        found = getattr(found, part)
    return found() if name.endswith("()") else found
