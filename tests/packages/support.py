"""What the tests of packages share: the archives, a server with CORS, and ways to run commands."""

import http.server
import os
import platform
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = Path(os.environ["BROWSER_CORS_PACKAGES"])
TARGET = f"{platform.machine()}-unknown-linux-musl"
ARCHIVE = PACKAGES / "binary" / f"browser-cors-{TARGET}.tar.gz"
VERSION = "0.1.0"
CORS_TOML = """\
[pages]
app = "https://app.example"

[[allow]]
name = "items"
paths = ["/items"]

[[deny]]
name = "anybody else"
paths = ["/items"]
"""


def run(command, **options):
    """Runs a command with nothing of this process's environment but what it cannot do without."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **options.pop("env", {})}
    options = {"capture_output": True, "text": True, "timeout": 120, **options}
    return subprocess.run([str(word) for word in command], env=environment, **options)


def in_root(folder, command, **options):
    """Runs a command that sees nothing but a folder."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    enter = [shutil.which("chroot", path=path)]
    if os.geteuid() != 0:
        enter = ["sudo", "--non-interactive", "--preserve-env", *enter]
    return run([*enter, folder, *command], **options)


class Server(http.server.ThreadingHTTPServer):
    """Grants one page what is in `granted`. Counts its requests."""

    def __init__(self, granted="https://app.example"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.granted, self.requests = granted, 0
        self.base = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *error):
        self.shutdown()
        super().__exit__(*error)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests += 1
        self.send_response(200)
        if self.headers.get("Origin") == self.server.granted:
            self.send_header("Access-Control-Allow-Origin", self.server.granted)
        self.send_header("Vary", "Origin")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="browser-cors-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def written(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def releases(self, version=VERSION):
        """A tree as GitHub has it, with the archive of this machine as the latest release."""
        folder = self.folder / "releases" / "download" / f"v{version}"
        folder.mkdir(parents=True)
        shutil.copy(ARCHIVE, folder)
        shutil.copy(PACKAGES / "binary" / "SHA256SUMS", folder)
        latest = self.folder / "releases" / "latest"
        latest.mkdir(exist_ok=True)
        (latest / "download").symlink_to(folder)
        return folder

    def releases_url(self):
        return f"file://{self.folder}/releases"

    def damage(self, release):
        """Changes one byte of the archive, but not its checksum."""
        path = release / ARCHIVE.name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
