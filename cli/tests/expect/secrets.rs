//! Values from the environment are sent, but never printed.

use std::{fs, process::Command};

use crate::server::{Answer, Outcome, Server, browser_cors, expect, folder, written};

const FILE: &str = r#"
[pages]
app = "https://app.example"

[[allow]]
name = "items"
paths = ["/items"]
methods = ["POST"]
send = "request"
headers = { Authorization = "Bearer ${API_TOKEN}" }
body = "{\"key\": \"${API_KEY}\"}"
cookie = "id=${API_COOKIE}"
credentials = "include"
read = ["X-Total"]
"#;

const TOKEN: &str = "t0p-\"secret\"+/=";
const KEY: &str = "k3y k3y";
const COOKIE: &str = "c00kie%crumbs";

fn is_clean(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    !["t0p-", "secret", "k3y", "c00kie", "crumbs"].iter().any(|part| text.contains(part))
}

/// A server that repeats what it receives, wherever a server can.
fn indiscreet() -> Server {
    Server::new(|request| {
        let token = request.header("Authorization").unwrap_or("none").replace("Bearer ", "");
        let cookie = request.header("Cookie").unwrap_or("none").replace("id=", "");
        let mut headers = vec![
            "Access-Control-Allow-Origin: https://app.example".to_owned(),
            "Access-Control-Allow-Credentials: true".to_owned(),
            "Access-Control-Allow-Headers: authorization".to_owned(),
        ];
        if request.method == "OPTIONS" {
            return Answer(200, headers);
        }
        if request.target == "/next" || !request.target.starts_with("/items") {
            headers[0] = format!("Access-Control-Allow-Origin: {token}");
            headers.push(format!("Vary: {token}, {}", token.to_uppercase()));
            headers.push(format!("Access-Control-Expose-Headers: {cookie}"));
            return Answer(200, headers);
        }
        headers.push(format!("Location: /next/{token}?{cookie}#{token}"));
        Answer(307, headers)
    })
}

fn with_environment(command: &mut Command) -> &mut Command {
    command.env("API_TOKEN", TOKEN).env("API_KEY", KEY).env("API_COOKIE", COOKIE)
}

#[test]
fn nothing_is_printed() {
    let server = indiscreet();
    let folder = folder();
    for format in ["text", "json", "markdown"] {
        let mut command = expect();
        with_environment(&mut command)
            .arg(written("cors.toml", FILE))
            .arg(format!("--base={}", server.base()))
            .arg(format!("--format={format}"))
            .arg(format!("--junit={}", folder.join("junit.xml").display()))
            .arg(format!("--sarif={}", folder.join("cors.sarif").display()))
            .arg("--github")
            .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
        let outcome = Outcome::of(&mut command);
        assert_eq!(outcome.code, 1, "{}", outcome.stdout);
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(text.contains("${API_TOKEN}"), "{text}");
            assert!(is_clean(text), "{text}");
        }
    }
    for name in ["junit.xml", "cors.sarif", "summary.md"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains("${API_TOKEN}"), "{name}: {text}");
        assert!(is_clean(&text), "{name}: {text}");
    }
    let sent = server.requests();
    let token = format!("Bearer {TOKEN}");
    assert!(sent.iter().any(|request| request.header("Authorization") == Some(token.as_str())));
    let cookie = format!("id={COOKIE}");
    assert!(sent.iter().any(|request| request.header("Cookie") == Some(cookie.as_str())));
    let preflights: Vec<_> = sent.iter().filter(|request| request.method == "OPTIONS").collect();
    assert!(!preflights.is_empty());
    assert!(preflights.iter().all(|request| request.header("Cookie").is_none()));
}

#[test]
fn diff_prints_nothing() {
    let (a, b) = (indiscreet(), Server::new(crate::server::good));
    let mut command = browser_cors();
    with_environment(&mut command)
        .args(["diff", &a.base(), &b.base()])
        .arg(written("cors.toml", FILE));
    let outcome = Outcome::of(&mut command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert!(outcome.stdout.contains("${API_TOKEN}"), "{}", outcome.stdout);
    assert!(is_clean(&outcome.stdout), "{}", outcome.stdout);
}

#[test]
fn wrong_values_are_not_printed() {
    for (value, message) in [
        (
            Some("t0p-secret\nsecond"),
            "cors.toml:10:29: the value of `Authorization` has a NUL or a line break within: a header's value was expected",
        ),
        (
            Some("t0p-secret\u{20ac}"),
            "cors.toml:10:29: the value of `Authorization` has a character that is no byte",
        ),
        (
            Some("abc"),
            "cors.toml:10:29: the value of `API_TOKEN` is too short to be hidden in reports: at least 4 bytes were expected, or `API_TOKEN = { allow-short = true }` under `[secrets]`, which shows it",
        ),
        (None, "cors.toml:10:29: the environment has no `API_TOKEN`, or one that is no text"),
    ] {
        let file = written("cors.toml", FILE);
        let mut command = expect();
        with_environment(&mut command).arg(&file).arg("--base=http://127.0.0.1:99");
        match value {
            Some(value) => command.env("API_TOKEN", value),
            None => command.env_remove("API_TOKEN"),
        };
        let outcome = Outcome::of(&mut command).about(&file, 99);
        assert_eq!(outcome.code, 2);
        assert_eq!(outcome.stderr, format!("browser-cors: {message}\n"));
    }
}
