//! The snippets that `browser-cors check` prints, applied to the servers for which they are.

use std::{
    fs,
    net::TcpListener,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    express, flask, is_missing, nginx,
    server::{Server, await_file, folder},
    text,
};

const PAGE: &str = "https://app.example";

/// A preflight is needed for the method and for two headers.
const ASKED: [&str; 10] = [
    "-X",
    "PUT",
    "-H",
    "Content-Type: application/json",
    "-H",
    "X-Token: 1",
    "-d",
    "{}",
    "--credentials",
    "include",
];

/// Runs `browser-cors check`. Returns its exit code and its JSON.
fn check(server: &Server, path: &str, origin: &str, arguments: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.arg("check").arg(format!("{}{path}", server.base())).args(["--origin", origin]);
    command.args(["--format", "json"]).args(arguments).stdin(Stdio::null());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", server.log());
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// The parts of the snippet for a server that knows nothing of CORS, which is guessed.
fn snippet(bare: &Server, guessed_from: &str) -> Vec<String> {
    let (code, line) = check(bare, "/items", PAGE, &ASKED);
    let snippet = &line["snippet"];
    assert_eq!(code, 1);
    let guessed = text(&snippet["guessed_from"]);
    assert!(guessed.starts_with(guessed_from), "{guessed}");
    assert!(text(&snippet["proof"]).starts_with("tested with "), "{snippet}");
    let parts = snippet["parts"].as_array().unwrap();
    parts.iter().map(|part| text(&part["text"]).to_owned()).collect()
}

/// Pages of the origin can read answers, also errors, and those of no other origin can.
fn assert_grants(server: &Server) {
    let all = ["--engine", "all"];
    let asked: Vec<_> = ASKED.iter().chain(&all).copied().collect();
    let (code, line) = check(server, "/items", PAGE, &asked);
    assert_eq!(code, 0, "{line:#}");
    let (code, line) =
        check(server, "/missing", PAGE, &["--engine", "all", "--credentials", "include"]);
    assert_eq!(code, 0, "{line:#}");
    let others = [
        "https://evil.example",
        "https://app.example.evil.example",
        "https://notapp.example",
        "https://appxexample",
        "http://app.example",
        "null",
    ];
    for origin in others {
        for arguments in [&ASKED[..], &["--credentials", "include"], &[]] {
            let (code, line) = check(server, "/items", origin, arguments);
            assert_eq!(code, 1, "{line:#}");
        }
    }
    // Caches are told.
    let (_, line) = check(server, "/items", PAGE, &[]);
    assert!(line["fetches"][0]["result"]["warnings"].is_null(), "{line:#}");
}

/// nginx with these lines in its http block and in its server block.
fn with_nginx(http: &str, server: &str) -> Server {
    let mut log = String::new();
    for _ in 0..nginx::ATTEMPTS {
        let folder = folder();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let configuration = format!(
            "daemon off;
            master_process off;
            pid nginx.pid;
            error_log error.log;
            events {{ worker_connections 64; }}
            http {{
                access_log off;
                client_body_temp_path temporary;
                proxy_temp_path temporary;
                fastcgi_temp_path temporary;
                uwsgi_temp_path temporary;
                scgi_temp_path temporary;
                {http}
                server {{
                    listen 127.0.0.1:{port};
                    {server}
                    location = /items {{ return 200 '[]'; }}
                    location / {{ return 404; }}
                }}
            }}"
        );
        fs::write(folder.join("nginx.conf"), configuration).unwrap();
        let mut command = Command::new(nginx::PROGRAM.unwrap());
        command.arg("-p").arg(&folder).args(["-c", "nginx.conf", "-e", "error.log"]);
        let pid = folder.join("nginx.pid");
        match Server::start(command, folder, |child| await_file(child, &pid).then_some(port)) {
            Ok(server) => return server,
            Err(written) => log = written,
        }
    }
    panic!("nginx does not start:\n{log}");
}

#[test]
fn nginx_grants_what_the_snippet_says() {
    if is_missing(nginx::PROGRAM.is_none().then_some("nginx is not installed")) {
        return;
    }
    let parts = snippet(&with_nginx("", ""), "Server: nginx");
    let [http, server] = &parts[..] else { panic!("{parts:?}") };
    assert_grants(&with_nginx(http, server));
}

/// Express with this code before its routes.
fn with_express(code: &str) -> Server {
    let program = format!(
        "const app = require('express')();
        {code}
        app.get('/items', (request, response) => response.json([]));
        app.put('/items', (request, response) => response.json([]));
        const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));"
    );
    let mut command = express::node();
    command.args(["-e", &program]);
    Server::printing_its_port(command)
}

#[test]
fn express_grants_what_the_snippet_says() {
    if is_missing((!*express::IS_THERE).then_some("node, express or cors is not installed")) {
        return;
    }
    let parts = snippet(&with_express(""), "X-Powered-By: Express");
    let [code] = &parts[..] else { panic!("{parts:?}") };
    assert_grants(&with_express(code));
}

/// Flask with this code below its app.
fn with_flask(code: &str) -> Server {
    let program = format!(
        "from flask import Flask
from werkzeug.serving import make_server

app = Flask(__name__)
{code}

@app.route('/items', methods=['GET', 'PUT'])
def items():
    return []

server = make_server('127.0.0.1', 0, app, threaded=True)
print(server.port, flush=True)
server.serve_forever()
"
    );
    let mut command = flask::python();
    command.args(["-c", &program]);
    Server::printing_its_port(command)
}

#[test]
fn flask_grants_what_the_snippet_says() {
    if is_missing((!*flask::IS_THERE).then_some("python3, flask or flask-cors is not installed")) {
        return;
    }
    let parts = snippet(&with_flask(""), "Server: Werkzeug");
    let [code] = &parts[..] else { panic!("{parts:?}") };
    assert_grants(&with_flask(code));
}
