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

/// Values of the environment work wherever a text stands, and are kept out of every report.
#[test]
fn everywhere() {
    let server = Server::new(crate::server::good);
    let toml = "base = \"http://127.0.0.1:${PORT_OF_API}/${TENANT}\"\n\
                [secrets]\nPORT_OF_API = { allow-short = true }\n\
                [pages]\napp = \"https://${APP_HOST}\"\n\
                preview = { pattern = \"https://*.${PREVIEWS}\", samples = [\"https://a.${PREVIEWS}\"] }\n\
                [[allow]]\npages = [\"app\"]\npaths = [\"/items?token=${TOKEN}\"]\n\
                [[deny]]\npages = [\"preview\"]\npaths = [\"/${TOKEN}\"]\nfrom = [\"look-alike\", \"https://${APP_HOST}\"]\n";
    let folder = folder();
    let file = written("cors.toml", toml);
    for format in ["text", "json", "markdown"] {
        let mut command = expect();
        command
            .arg(&file)
            .arg(format!("--format={format}"))
            .arg("-v")
            .arg("--github")
            .arg(format!("--junit={}", folder.join("junit.xml").display()))
            .arg(format!("--sarif={}", folder.join("cors.sarif").display()))
            .arg(format!("--gitlab={}", folder.join("gitlab.json").display()))
            .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
            .env("PORT_OF_API", server.port.to_string())
            .env("TENANT", "t3nant")
            .env("APP_HOST", "app.example")
            .env("PREVIEWS", "previews.invalid")
            .env("TOKEN", "t0k=en{1}");
        let outcome = Outcome::of(&mut command);
        assert_eq!((outcome.code, outcome.stdout.is_empty()), (1, false), "{}", outcome.stderr);
        let files = ["junit.xml", "cors.sarif", "gitlab.json", "summary.md"];
        let files = files.map(|name| fs::read_to_string(folder.join(name)).unwrap());
        for text in files.iter().chain([&outcome.stdout, &outcome.stderr]) {
            for secret in ["t3nant", "app.example", "previews.invalid", "t0k", "en{1}", "en%7B1"] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
        assert!(outcome.stdout.contains("${TOKEN}"), "{}", outcome.stdout);
    }
    let sent = server.requests();
    assert!(sent.iter().any(|request| request.target == "/t3nant/items?token=t0k=en{1}"));
    assert!(
        sent.iter()
            .any(|request| request.header("Origin") == Some("https://foreignpreviews.invalid"))
    );
}

/// A server that repeats a value in every usual spelling tells a report nothing, not even how long
/// the value is.
#[test]
fn every_spelling() {
    const VALUE: &str = "pw{1=2}end";
    // In Base64: the value, `u:` and the value, `me:` and the value.
    let spellings = [
        "pw{1=2}end",
        "PW{1=2}END",
        "pw%7B1=2%7Dend",
        "pw%7b1%3d2%7dend",
        "pw%257B1%253D2%257Dend",
        "%70%77%7b%31%3d%32%7d%65%6e%64",
        "pw\\u007b1=2\\u007dend",
        "pw&#123;1&#x3D;2&#125;end",
        "cHd7MT0yfWVuZA==",
        "dTpwd3sxPTJ9ZW5k",
        "bWU6cHd7MT0yfWVuZA",
        "70777b313d327d656e64",
    ];
    for spelling in spellings {
        let server = Server::new(move |request| {
            let headers = vec![
                "Access-Control-Allow-Origin: https://app.example".to_owned(),
                format!("Access-Control-Allow-Headers: {spelling}"),
                format!("Vary: {spelling}"),
            ];
            Answer(if request.method == "OPTIONS" { 204 } else { 200 }, headers)
        });
        let toml = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n\
                    headers = { X-Token = \"${PASSWORD}\" }\n";
        let file = written("cors.toml", toml);
        let mut command = expect();
        command.arg(&file).arg(format!("--base={}", server.base())).env("PASSWORD", VALUE);
        command.arg("--engine=standard");
        let outcome = Outcome::of(&mut command);
        assert_eq!(outcome.code, 1, "{spelling}: {}", outcome.stderr);
        // What stands before the value in Base64 may stay.
        let (_, marked) =
            outcome.stdout.split_once("\n         Access-Control-Allow-Headers: ").unwrap();
        let (shown, mark) = marked.split_once('\n').unwrap();
        assert!(
            ["${PASSWORD}", "d${PASSWORD}", "bW${PASSWORD}"].contains(&shown),
            "{spelling}: {shown}"
        );
        assert!(mark.starts_with(&format!("{}^ ", " ".repeat(39))), "{spelling}: {mark}");
        let vary = format!("vary: {shown}\n");
        assert!(outcome.stdout.contains(&vary), "{spelling}: {}", outcome.stdout);
        assert!(!outcome.stdout.contains("at index"), "{spelling}: {}", outcome.stdout);
    }
}

/// A cookie of https does not go on in clear, and nothing else does.
#[test]
fn nothing_goes_on_in_clear() {
    let server = Server::new(crate::server::good);
    let file = written(
        "cors.toml",
        "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/items\"]\n\
         cookie = \"id=${API_COOKIE}\"\ncredentials = \"include\"\n",
    );
    let mut command = expect();
    with_environment(&mut command)
        .arg(&file)
        .arg(format!("--base=http://api.test:{}", server.port));
    command.arg(format!("--resolve=api.test:{}:127.0.0.1", server.port)).arg("--format=json");
    let outcome = Outcome::of(&mut command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert!(outcome.stdout.contains("\"reason\":\"mixed-content\""), "{}", outcome.stdout);
    assert_eq!(server.requests(), []);
}
