//! Two deployments side by side.

use serde_json::Value;

use crate::{
    schema::assert_conform,
    server::{Answer, Outcome, Request, Server, browser_cors, good, written},
};

const FILE: &str = r#"
[pages]
app = "https://app.example"

[[allow]]
name = "items"
paths = ["/items"]
methods = ["GET", "DELETE"]
credentials = "include"

[[deny]]
name = "others"
paths = ["/items"]
from = ["null"]
credentials = "omit"
"#;

fn diff(b: impl Fn(&Request) -> Answer + Send + Sync + 'static, args: &[&str]) -> Outcome {
    let (a, b) = (Server::new(good), Server::new(b));
    let file = written("cors.toml", FILE);
    let mut command = browser_cors();
    command.args(["diff", &a.base(), &b.base()]).arg(&file).args(args);
    Outcome::of(&mut command)
}

#[test]
fn no_difference() {
    let outcome = diff(good, &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        outcome.stdout,
        "3 combinations: 0 are answered differently, 0 so that a page can tell; 1 by preflights alone\n"
    );
}

#[test]
fn difference_that_no_page_sees() {
    let b = |request: &Request| {
        let Answer(status, headers) = good(request);
        let headers = headers.iter().map(|line| line.replace("GET, PUT, DELETE", "DELETE"));
        Answer(status, headers.filter(|line| !line.contains("Max-Age")).collect())
    };
    let outcome = diff(b, &["--engine=standard,webkit"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        outcome.stdout,
        "items: DELETE /items from app, credentials include: no page can tell
  OPTIONS: Access-Control-Allow-Methods (in standard, webkit)
  - GET, PUT, DELETE
  + DELETE
  OPTIONS: Access-Control-Max-Age (in standard, webkit)
  - 600
  + none
3 combinations: 1 are answered differently, 0 so that a page can tell; 1 by preflights alone
"
    );
}

#[test]
fn difference_that_a_page_sees() {
    let b = |request: &Request| match good(request) {
        Answer(200, headers) if request.method == "GET" => {
            let is_kept = |line: &String| !line.contains("Credentials") && !line.contains("Expose");
            Answer(200, headers.into_iter().filter(is_kept).collect())
        }
        answer => answer,
    };
    let outcome = diff(b, &["--engine=firefox", "--format=json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert_conform("diff", &outcome.stdout);
    let lines: Vec<Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [serde_json::json!({
            "format": 1,
            "title": "items: GET /items from app, credentials include",
            "method": "GET",
            "origin": "https://app.example",
            "page_can_tell": true,
            "answers": [
                { "engines": ["firefox"], "what": "GET: Access-Control-Allow-Credentials", "a": ["true"], "b": [] },
                { "engines": ["firefox"], "what": "GET: Access-Control-Expose-Headers", "a": ["ETag"], "b": [] },
            ],
            "page": [{
                "engines": ["firefox"],
                "what": "the page",
                "a": ["reads a cors response, status 200, headers: content-length, etag"],
                "b": ["gets a network error"],
            }],
        })]
    );
}

#[test]
fn no_answer() {
    let outcome = diff(|_| Answer::default(), &["--retries=0"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, ""));
    assert!(outcome.stdout.contains(": there was no answer\n"), "{}", outcome.stdout);
}
