"""The configurations of `audit/tests/survey.rs`, over HTTP on loopback: `zoo.py PORT CERTIFICATE`.

The first part of a path names the configuration. For the scanners, which make their origins from the
URL's host, this is also the proxy of every host that they ask: it answers `CONNECT` itself, with TLS,
so that nothing leaves the machine.
"""

import re
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The hosts that scanners ask: each is then the one whose pages are let in. Some tests of scanners need
# a host of two parts, others one of three; neither is like the hosts that they take for foreign.
HOSTS = ["browser-cors-zoo.net", "app.browser-cors-zoo.net"]


class Asked:
    """What a configuration is asked."""

    def __init__(self, handler):
        host = handler.headers["Host"]
        self.page_host = host if host in HOSTS else "app.example"
        self.page = f"https://{self.page_host}"
        self.origin = handler.headers["Origin"]
        self.is_preflight = handler.command == "OPTIONS"
        self.is_missing = "no-such-path" in handler.path
        self.has_cookie = "Cookie" in handler.headers


def granted(asked, origin):
    headers = [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]
    if asked.is_preflight:
        headers += [
            ("Access-Control-Allow-Methods", "GET, PUT"),
            ("Access-Control-Allow-Headers", "content-type"),
            ("Access-Control-Max-Age", "600"),
        ]
    return headers


VARY = ("Vary", "Origin")


def listed(is_let_in):
    """A server that grants the origins for which `is_let_in` is true, with `Vary`."""

    def answer(asked):
        if asked.origin is not None and is_let_in(asked, asked.origin):
            return [*granted(asked, asked.origin), VARY]
        return [VARY]

    return answer


def without(name, answer):
    return lambda asked: [header for header in answer(asked) if header[0] != name]


def without_vary(asked):
    return granted(asked, asked.page) if asked.origin == asked.page else []


def vary_with_origin_alone(asked):
    return app_only(asked) if asked.origin is not None else []


def any_top_level_domain(asked, origin):
    rest = asked.page.rpartition(".")[0] + "."
    return origin.startswith(rest) and not re.search("[.:]", origin.removeprefix(rest))


app_only = listed(lambda asked, origin: origin == asked.page)
reflecting = listed(lambda asked, origin: True)

ZOO = {
    "app_only": app_only,
    "nothing": lambda asked: [],
    "reflecting": reflecting,
    "reflecting_without_credentials": without("Access-Control-Allow-Credentials", reflecting),
    "reflecting_but_null": listed(lambda asked, origin: origin != "null"),
    "null_let_in": listed(lambda asked, origin: origin in (asked.page, "null")),
    "prefix": listed(lambda asked, origin: origin.startswith(asked.page)),
    "prefix_of_the_host": listed(
        lambda asked, origin: origin.partition("://")[2].startswith(asked.page_host)
    ),
    "suffix": listed(lambda asked, origin: origin.endswith(asked.page_host)),
    "contained": listed(lambda asked, origin: asked.page_host in origin),
    "unescaped_dot": listed(lambda asked, origin: re.fullmatch(asked.page, origin)),
    "any_sub_domain": listed(
        lambda asked, origin: origin == asked.page
        or origin.startswith("https://") and origin.endswith(f".{asked.page_host}")
    ),
    "any_port": listed(lambda asked, origin: re.fullmatch(f"{re.escape(asked.page)}(:.*)?", origin)),
    "any_scheme": listed(lambda asked, origin: origin in (asked.page, f"http://{asked.page_host}")),
    "any_top_level_domain": listed(any_top_level_domain),
    "public": lambda asked: [("Access-Control-Allow-Origin", "*")],
    "public_with_credentials": lambda asked: granted(asked, "*"),
    "localhost_left_in": listed(
        lambda asked, origin: origin == asked.page or origin.startswith("http://localhost")
    ),
    "any_extension": listed(
        lambda asked, origin: origin == asked.page or origin.startswith("chrome-extension://")
    ),
    "an_app": listed(lambda asked, origin: origin in (asked.page, "capacitor://localhost")),
    "another_page": lambda asked: granted(asked, "https://www.example"),
    "twice": lambda asked: app_only(asked) * 2,
    "without_vary": without_vary,
    "without_vary_and_kept": lambda asked: [
        *without_vary(asked),
        ("Cache-Control", "public, max-age=300"),
    ],
    "without_vary_and_never_kept": lambda asked: [
        *without_vary(asked),
        ("Cache-Control", "no-store"),
    ],
    "always_the_same": lambda asked: granted(asked, asked.page),
    "vary_with_origin_alone": vary_with_origin_alone,
    "not_on_errors": lambda asked: [] if asked.is_missing else app_only(asked),
    "open_preflights": lambda asked: reflecting(asked) if asked.is_preflight else app_only(asked),
    "no_max_age": without("Access-Control-Max-Age", app_only),
    "signed_out": lambda asked: reflecting(asked) if asked.has_cookie else app_only(asked),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        asked = Asked(self)
        configuration = ZOO.get(self.path.split("/")[1])
        self.send_response(404 if asked.is_missing or configuration is None else 200)
        for name, value in configuration(asked) if configuration else []:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_OPTIONS = answer

    def do_CONNECT(self):
        if self.path.partition(":")[0] not in HOSTS:
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        self.close_connection = False
        self.request = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.setup()

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(sys.argv[2])
    server.serve_forever()
