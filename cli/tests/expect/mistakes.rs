//! Makes the most common mistakes of servers. Each is found, and after the proposed fix the row
//! passes.

use serde_json::Value;

use crate::server::{Answer, Request, Server, answer, good};

const FILE: &str = r#"
[pages]
app = "https://app.example"

[[allow]]
name = "items"
paths = ["/items"]
methods = ["PUT"]
send = "request"
headers = { Authorization = "Bearer 1" }
credentials = "include"
read = ["ETag"]
preflight-every = 600

[[allow]]
name = "errors"
paths = ["/missing"]
credentials = "include"
"#;

const ALL: [&str; 4] = ["standard", "chromium", "firefox", "webkit"];

/// Applies the answers that the fixes propose.
fn applied(mistaken: Answer, request: &Request, fixes: &[Value]) -> Answer {
    let Answer(mut status, mut headers) = mistaken;
    for fix in fixes {
        let path = fix["url"].as_str().unwrap().splitn(4, '/').last().unwrap();
        if fix["method"] != request.method.as_str() || format!("/{path}") != request.target {
            continue;
        }
        status = fix["status"].as_u64().map_or(status, |status| u16::try_from(status).unwrap());
        for header in fix["headers"].as_array().unwrap() {
            let header = header.as_str().unwrap();
            let (name, _) = header.split_once(':').unwrap();
            headers.retain(|line| !line.to_lowercase().starts_with(&name.to_lowercase()));
            headers.push(header.to_owned());
        }
    }
    Answer(status, headers)
}

/// Checks a mistaken server, asserts what is found about one row, applies the fix and checks again.
fn assert_found_and_fixed(
    mistake: fn(&Request) -> Answer,
    row: &str,
    reason: &str,
    message: &str,
    fix: &str,
    engines: &[&str],
) {
    let server = Server::new(mistake);
    let (code, lines) = server.json(FILE, &[]);
    assert_eq!(code, 1);
    let line = lines.iter().find(|line| line["row"] == row).unwrap();
    assert_eq!(line["verdict"], "failed");
    let finding = &line["findings"][0];
    assert_eq!(finding["reason"], reason);
    let text =
        |member: &str| finding[member].as_str().unwrap().replace(&server.port.to_string(), "PORT");
    assert_eq!([text("message").as_str(), &text("fix")], [message, fix]);
    assert_eq!(finding["engines"], serde_json::json!(engines));
    let fixes: Vec<Value> = lines
        .iter()
        .flat_map(|line| line["findings"].as_array().unwrap())
        .flat_map(|finding| finding["answers"].as_array().unwrap().clone())
        .collect();
    let fixed = Server::new(move |request| applied(mistake(request), request, &fixes));
    let outcome = fixed.expect(FILE, &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
}

#[test]
fn right_configuration() {
    let outcome = Server::new(good).expect(FILE, &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        outcome.stdout,
        "ok     items: 1 passed, 0 failed\nok     errors: 1 passed, 0 failed\n\
         cors.toml against http://127.0.0.1:PORT/ in standard, chromium, firefox, webkit: \
         2 passed, 0 failed\n"
    );
}

#[test]
fn wildcard_with_credentials() {
    let mistake = |request: &Request| {
        let Answer(status, headers) = good(request);
        let headers = headers.iter().map(|line| line.replace("https://app.example", "*"));
        Answer(status, headers.collect())
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "preflight-allow-origin-wildcard-with-credentials",
        "the preflight's response fails the CORS check: \
         Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
        "Answer OPTIONS http://127.0.0.1:PORT/items with `Access-Control-Allow-Origin: \
         https://app.example` and `Access-Control-Max-Age: 600`, but only for origins that may read \
         the user's data. Or, in the page's code, ask without credentials. The request after the preflight was not sent: answer PUT \
         http://127.0.0.1:PORT/items with `Access-Control-Allow-Origin: https://app.example`, \
         `Access-Control-Allow-Credentials: true`, `Access-Control-Expose-Headers: ETag` and `Vary: \
         Origin` as well.",
        &ALL,
    );
}

#[test]
fn preflight_that_needs_authentication() {
    let mistake = |request: &Request| match good(request) {
        Answer(204, headers) => Answer(401, headers),
        answer => answer,
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "preflight-status",
        "the preflight's status is 401, not 200 to 299",
        "Answer OPTIONS http://127.0.0.1:PORT/items with 204, `Access-Control-Allow-Origin: \
         https://app.example`, `Access-Control-Allow-Credentials: true`, `Access-Control-Allow-Methods: \
         GET, PUT, DELETE`, `Access-Control-Allow-Headers: authorization, content-type` and \
         `Access-Control-Max-Age: 600`. A preflight never carries credentials: answer it before \
         asking for authentication. The request after the preflight was not sent: answer PUT \
         http://127.0.0.1:PORT/items with `Access-Control-Allow-Origin: https://app.example`, \
         `Access-Control-Allow-Credentials: true`, `Access-Control-Expose-Headers: ETag` and `Vary: \
         Origin` as well.",
        &ALL,
    );
}

#[test]
fn preflight_that_is_not_routed() {
    let mistake = |request: &Request| match request.method.as_str() {
        "OPTIONS" => answer(405, ["Allow: GET, PUT"]),
        _ => good(request),
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "preflight-allow-origin-missing",
        "the preflight's response fails the CORS check: there is no Access-Control-Allow-Origin",
        "Answer OPTIONS http://127.0.0.1:PORT/items with 204, `Access-Control-Allow-Origin: \
         https://app.example`, `Access-Control-Allow-Credentials: true`, `Access-Control-Allow-Methods: \
         PUT`, `Access-Control-Allow-Headers: authorization`, `Access-Control-Max-Age: 600` and \
         `Vary: Origin`. The server has no route for it. The request after the preflight was not sent: answer PUT \
         http://127.0.0.1:PORT/items with `Access-Control-Allow-Origin: https://app.example`, \
         `Access-Control-Allow-Credentials: true`, `Access-Control-Expose-Headers: ETag` and `Vary: \
         Origin` as well.",
        &["standard", "chromium", "firefox"],
    );
}

#[test]
fn two_lines() {
    let mistake = |request: &Request| {
        let Answer(status, mut headers) = good(request);
        if request.method == "PUT" {
            headers.push("Access-Control-Allow-Origin: https://app.example".to_owned());
        }
        Answer(status, headers)
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "allow-origin-several",
        "there are 2 Access-Control-Allow-Origin lines, which are read as one value",
        "Answer PUT http://127.0.0.1:PORT/items with `Access-Control-Allow-Origin: https://app.example`, on one line. If the server and a proxy both add it, one of them must stop.",
        &ALL,
    );
}

#[test]
fn error_without_headers() {
    let mistake = |request: &Request| match request.target.as_str() {
        "/missing" => answer(404, []),
        _ => good(request),
    };
    assert_found_and_fixed(
        mistake,
        "errors",
        "allow-origin-missing",
        "there is no Access-Control-Allow-Origin",
        "Answer GET http://127.0.0.1:PORT/missing with `Access-Control-Allow-Origin: https://app.example`, \
         `Access-Control-Allow-Credentials: true` and `Vary: Origin`. Answers that are errors need the header as well. The server did get the request; only reading the answer is refused.",
        &ALL,
    );
}

#[test]
fn trailing_slash() {
    let mistake = |request: &Request| {
        let Answer(status, headers) = good(request);
        let slash = |line: &String| line.replace("https://app.example", "https://app.example/");
        Answer(status, headers.iter().map(slash).collect())
    };
    assert_found_and_fixed(
        mistake,
        "errors",
        "allow-origin-mismatch",
        "Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`",
        "Answer GET http://127.0.0.1:PORT/missing with `Access-Control-Allow-Origin: https://app.example`. An origin has no path, not even a slash.",
        &ALL,
    );
}

#[test]
fn header_that_is_not_exposed() {
    let mistake = |request: &Request| {
        let Answer(status, headers) = good(request);
        Answer(
            status,
            headers.iter().map(|line| line.replace("Headers: ETag", "Headers: *")).collect(),
        )
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "not-exposed",
        "the page cannot read ETag",
        "Answer PUT http://127.0.0.1:PORT/items with `Access-Control-Expose-Headers: ETag`. \
         With credentials, `*` is only a header of that name.",
        &ALL,
    );
}

#[test]
fn preflight_again_and_again() {
    let mistake = |request: &Request| {
        let Answer(status, headers) = good(request);
        Answer(status, headers.into_iter().filter(|line| !line.contains("Max-Age")).collect())
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "preflight-repeated",
        "the preflight is repeated within 600 s",
        "Answer OPTIONS http://127.0.0.1:PORT/items with `Access-Control-Max-Age: 600`.",
        &ALL,
    );
}

/// With credentials, `*` is only a name, so the answer that is proposed does not keep it.
#[test]
fn wildcard_of_headers_with_credentials() {
    let mistake = |request: &Request| {
        let Answer(status, headers) = good(request);
        let wild = |line: &String| line.replace("authorization, content-type", "*");
        Answer(status, headers.iter().map(wild).collect())
    };
    assert_found_and_fixed(
        mistake,
        "items",
        "preflight-authorization",
        "Access-Control-Allow-Headers does not list authorization",
        "Answer OPTIONS http://127.0.0.1:PORT/items with `Access-Control-Allow-Headers: authorization` \
         and `Access-Control-Max-Age: 600`. With credentials, `*` is only a header of that name. The \
         request after the preflight was not sent: answer PUT http://127.0.0.1:PORT/items with \
         `Access-Control-Allow-Origin: https://app.example`, `Access-Control-Allow-Credentials: true`, \
         `Access-Control-Expose-Headers: ETag` and `Vary: Origin` as well.",
        &ALL,
    );
}
