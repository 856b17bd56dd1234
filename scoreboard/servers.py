"""The servers of the scoreboard: what each needs, its version, how it starts, and how it is asked."""

import contextlib
import http.client
import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
# Where Debian keeps what is for root alone.
os.environ["PATH"] += os.pathsep + "/usr/sbin"
GO_PATH = Path("/usr/share/gocode")
RS_CORS = GO_PATH / "src/github.com/rs/cors"
APACHE_MODULES = Path("/usr/lib/apache2/modules")
# Programs, each with Debian's package.
PROGRAMS = {
    "apache2": "apache2",
    "caddy": "caddy",
    "go": "golang-go",
    "haproxy": "haproxy",
    "nginx": "nginx",
    "node": "nodejs",
    "npm": "npm",
}


class Skipped(Exception):
    """Why a server cannot be judged here."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command, environment, port, folder):
    """Starts a server, waits until it answers, and ends it."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder.path,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=folder.log,
        stderr=folder.log,
    )
    try:
        wait(process, port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(process, port):
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/items")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise Skipped("it does not start here")


def lines(browser_cors, *command):
    """What `browser-cors` writes as JSON Lines about servers on loopback."""
    done = subprocess.run(
        [browser_cors, *command, "--format", "json"],
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


class Folder:
    """What is installed and built, the files of servers that run, and what all of them print."""

    def __init__(self, path):
        self.path = path.resolve()
        self.path.mkdir(parents=True, exist_ok=True)
        self.log = open(self.path / "log.txt", "w")
        self.node = self.path / "node_modules"
        self.python = self.path / "python"
        self.rust = self.path / "rust/debug/scoreboard-servers"
        self.go = self.path / "rs-cors"

    def attempt(self, *command, **environment):
        """Runs an installer. If it fails, that is seen when its servers are asked for."""
        command = [str(part) for part in command]
        environment = {**os.environ, **environment}
        done = subprocess.run(command, stdout=self.log, stderr=self.log, env=environment)
        if done.returncode != 0:
            print(f"failed: {' '.join(command)}; see {self.log.name}", file=sys.stderr)

    def install(self):
        """Installs and builds what is missing."""
        missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
        if not RS_CORS.exists():
            missing.append("golang-github-rs-cors-dev")
        if missing and os.getuid() == 0 and shutil.which("apt-get"):
            apt = ["apt-get", "--yes", "--quiet", "--no-install-recommends"]
            self.attempt(*apt, "update")
            for package in missing:
                self.attempt(*apt, "install", package, DEBIAN_FRONTEND="noninteractive")
        if shutil.which("npm"):
            shutil.copy(HERE / "package.json", self.path)
            quiet = ["--no-package-lock", "--no-audit", "--no-fund"]
            self.attempt("npm", "install", "--prefix", self.path, *quiet)
        self.pip_install(self.python, "requirements.txt")
        if shutil.which("cargo"):
            manifest = HERE / "servers/rust/Cargo.toml"
            build = ["cargo", "build", "--locked", "--manifest-path", manifest]
            self.attempt(*build, "--target-dir", self.path / "rust")
        if shutil.which("go") and RS_CORS.exists():
            go = {"GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOCACHE": str(self.path / "go")}
            self.attempt("go", "build", "-o", self.go, HERE / "servers/rs-cors.go", **go)

    def pip_install(self, target, requirements):
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        file = HERE / requirements
        if not target.exists():
            self.attempt(*pip, "--target", target, "--requirement", file, PIP_ROOT_USER_ACTION="ignore")


class Node:
    """A server in Node.js."""

    def __init__(self, name, file, *packages):
        self.name, self.file, self.packages = name, file, packages

    def version(self, folder):
        versions = []
        for package in self.packages:
            manifest = folder.node / package / "package.json"
            if not manifest.exists():
                raise Skipped(f"npm cannot install {package} here")
            versions.append(f"{package} {json.loads(manifest.read_text())['version']}")
        return ", ".join(versions)

    def start(self, folder, variant, port, _application):
        command = ["node", HERE / "servers" / self.file, variant, port]
        return command, {"NODE_PATH": str(folder.node)}


class Python:
    """A server in Python."""

    def __init__(self, name, file, *packages):
        self.name, self.file, self.packages = name, file, packages

    def version(self, folder):
        found = importlib.metadata.distributions(path=[str(folder.python)])
        found = {each.metadata["Name"].lower(): each.version for each in found}
        missing = [package for package in self.packages if package not in found]
        if missing:
            raise Skipped(f"pip cannot install {missing[0]} here")
        return ", ".join(f"{package} {found[package]}" for package in self.packages)

    def start(self, folder, variant, port, _application):
        command = [sys.executable, HERE / "servers" / self.file, variant, port]
        return command, {"PYTHONPATH": str(folder.python)}


class Rust:
    """A server in Rust."""

    def __init__(self, name, *packages):
        self.name, self.packages = name, packages

    def version(self, folder):
        if not folder.rust.exists():
            raise Skipped("cargo cannot build it here")
        lock = (HERE / "servers/rust/Cargo.lock").read_text()
        versions = dict(re.findall(r'name = "(.+)"\nversion = "(.+)"', lock))
        return ", ".join(f"{package} {versions[package]}" for package in self.packages)

    def start(self, folder, variant, port, _application):
        return [folder.rust, self.packages[0], variant, port], {}


class Go:
    """The server in Go, by Debian's package of rs/cors."""

    def __init__(self, name):
        self.name = name

    def version(self, folder):
        if not folder.go.exists():
            raise Skipped("it cannot be built without Debian's golang-github-rs-cors-dev")
        command = ["dpkg-query", "--show", "--showformat", "${Version}", "golang-github-rs-cors-dev"]
        version = subprocess.run(command, capture_output=True, text=True).stdout
        return f"rs/cors {version.partition('-')[0]}"

    def start(self, folder, variant, port, _application):
        return [folder.go, variant, port], {}


class Proxy:
    """A server that stands in front of an application."""

    def __init__(self, name, program, file, asked, *command):
        self.name, self.program, self.file, self.asked = name, program, file, asked
        self.command = command

    def version(self, _folder):
        if not shutil.which(self.program):
            raise Skipped(f"{self.program} cannot be installed here")
        told = subprocess.run([self.program, self.asked], capture_output=True, text=True)
        found = re.search(r"\d+(\.\d+)+", told.stdout + told.stderr)
        return f"{self.name} {found[0]}"

    def start(self, folder, variant, port, application):
        text = (HERE / "servers" / self.file).read_text().replace(f"#{variant}# ", "")
        values = {"PORT": port, "APPLICATION": application, "FOLDER": folder.path,
                  "MODULES": APACHE_MODULES}
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        file = folder.path / self.file
        file.write_text(text)
        command = [str(file) if part == "FILE" else part for part in self.command]
        return [self.program, *command], {"XDG_CONFIG_HOME": ".", "XDG_DATA_HOME": "."}


SERVERS = [
    Node("Express (cors)", "express-cors.js", "cors", "express"),
    Node("Fastify (@fastify/cors)", "fastify-cors.js", "@fastify/cors", "fastify"),
    Node("Hono", "hono.js", "hono", "@hono/node-server"),
    Node("Koa (@koa/cors)", "koa-cors.js", "@koa/cors", "koa"),
    Node("NestJS", "nest.js", "@nestjs/core", "@nestjs/platform-express"),
    Python("FastAPI (Starlette)", "starlette-cors.py", "starlette", "fastapi", "uvicorn"),
    Python("Flask (flask-cors)", "flask-cors.py", "flask-cors", "flask"),
    Python("Django (django-cors-headers)", "django-cors-headers.py", "django-cors-headers", "django"),
    Rust("axum (tower-http)", "tower-http", "axum"),
    Rust("actix-web (actix-cors)", "actix-cors", "actix-web"),
    Go("Go (rs/cors)"),
    Proxy("nginx", "nginx", "nginx.conf", "-v", "-p", ".", "-c", "FILE"),
    Proxy("Apache", "apache2", "apache.conf", "-v", "-X", "-f", "FILE"),
    Proxy("Caddy", "caddy", "Caddyfile", "version", "run", "--adapter", "caddyfile", "--config", "FILE"),
    Proxy("HAProxy", "haproxy", "haproxy.cfg", "-v", "-db", "-f", "FILE"),
]

# Those whose documentation shows a pattern that lets sub-domains in.
WITH_PATTERN = {
    "Express (cors)",
    "Fastify (@fastify/cors)",
    "Hono",
    "FastAPI (Starlette)",
    "Django (django-cors-headers)",
    "axum (tower-http)",
    "actix-web (actix-cors)",
    "Go (rs/cors)",
}


def variants(server):
    """The ways in which a server is set up."""
    return ["default", "recommended", *["pattern"] * (server.name in WITH_PATTERN)]
