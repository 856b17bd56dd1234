//! Writes a first file, and checks that the server meets it.

use crate::server::{Answer, Outcome, Server, answer, expect, good, written};

fn init(server: &Server, path: &str, origins: &[&str]) -> Outcome {
    let mut command = expect();
    command.arg(format!("--init={}{path}", server.base()));
    command.args(origins.iter().map(|origin| format!("--origin={origin}")));
    let mut outcome = Outcome::of(&mut command);
    outcome.stdout = outcome.stdout.replace(&server.base(), "http://127.0.0.1:PORT");
    outcome
}

fn assert_passes(server: &Server, toml: &str) {
    let file = written("cors.toml", &toml.replace("PORT", &server.port.to_string()));
    let outcome = Outcome::of(expect().arg(&file));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

#[test]
fn of_a_server_with_one_page() {
    let server = Server::new(good);
    let outcome =
        init(&server, "/items?a=b", &["https://app.example", "https://other.example:8080"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        outcome.stdout,
        r#"base = "http://127.0.0.1:PORT"

[pages]
app-example = "https://app.example"
other-example-8080 = "https://other.example:8080"

[[allow]]
name = "read"
pages = ["app-example"]
paths = ["/items?a=b"]
credentials = ["include"]
read = ["etag"]

[[allow]]
name = "write"
pages = ["app-example"]
methods = ["POST", "PUT", "DELETE"]
paths = ["/items?a=b"]
credentials = ["include"]
headers = { "authorization" = "Bearer x", "content-type" = "application/json" }
preflight-every = 600
send = "preflight"

[[deny]]
name = "others"
from = ["foreign", "null", "look-alike"]
paths = ["/items?a=b"]
credentials = ["same-origin", "include"]
"#
    );
    // Asking changed nothing.
    let methods = server.requests().into_iter().map(|request| request.method);
    assert!(methods.clone().all(|method| method == "GET" || method == "OPTIONS"));
    assert!(methods.count() > 0);
    assert_passes(&server, &outcome.stdout);
}

#[test]
fn of_a_server_for_everybody() {
    let server = Server::new(|_| {
        answer(
            200,
            ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: X-\"quoted\", x-a"],
        )
    });
    let outcome = init(&server, "/", &["https://app.example", "null"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        outcome.stdout,
        r#"base = "http://127.0.0.1:PORT"

[pages]
app-example = "https://app.example"
null = "null"

[[allow]]
name = "read"
paths = ["/"]
credentials = ["same-origin"]

[[deny]]
name = "others"
from = ["foreign", "null", "look-alike"]
paths = ["/"]
credentials = ["include"]
"#
    );
    assert_passes(&server, &outcome.stdout);
}

#[test]
fn of_a_server_that_grants_nothing() {
    let server = Server::new(|_| answer(200, []));
    let outcome = init(&server, "/", &["https://app.example"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(!outcome.stdout.contains("[[allow]]"), "{}", outcome.stdout);
    assert_passes(&server, &outcome.stdout);
}

#[test]
fn of_no_server() {
    let server = Server::new(|_| Answer::default());
    let outcome = init(&server, "/", &["https://app.example"]);
    let message = format!(
        "browser-cors: GET http://127.0.0.1:{}/ failed: the server closed the connection \
         without an answer\n",
        server.port
    );
    assert_eq!(outcome, Outcome { code: 2, stdout: String::new(), stderr: message });
}
