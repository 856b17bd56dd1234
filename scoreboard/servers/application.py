"""An application that knows nothing of CORS, for the servers that stand in front of one."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        status = {"/items": 200, "/error": 500}.get(self.path, 404)
        if status == 200 and self.command == "OPTIONS":
            status = 405
        body = b"[]"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 200:
            self.send_header("X-Total-Count", "0")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_OPTIONS = answer

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[-1])), Handler).serve_forever()
