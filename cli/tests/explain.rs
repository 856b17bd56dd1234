//! `browser-cors explain`, run as a user runs it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

const CHROMIUM: &str = "Access to fetch at 'https://api.example/items' from origin \
    'https://app.example' has been blocked by CORS policy: Response to preflight request doesn't \
    pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested \
    resource.";

/// Runs `explain` with `arguments` and standard input.
fn explain(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_browser-cors"))
        .arg("explain")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // `explain` does not read this if the message is an argument.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn argument() {
    let output = explain(&[CHROMIUM], "");
    assert_eq!(
        text(&output),
        " engine: chromium
 reason: preflight-allow-origin-missing
  asker: fetch
    url: https://api.example/items
 origin: https://app.example
meaning: The answer to the preflight (an OPTIONS request) has no Access-Control-Allow-Origin, so \
no other origin may read it. The browser did not send the request itself.
     at: https://fetch.spec.whatwg.org/#concept-cors-check step 2
    fix: Answer OPTIONS https://api.example/items with `Access-Control-Allow-Origin: \
https://app.example` and `Vary: Origin`. So must answers that are errors. Or answer with `*`, if \
every page may read it without credentials.
  where: the server of api.example
 answer: Access-Control-Allow-Origin: https://app.example
 answer: Vary: Origin
",
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn standard_input() {
    let line = "[Error] Preflight response is not successful. Status code: 401\n[Error] Fetch API \
        cannot load https://api.example/ due to access control checks.\n";
    let output = explain(&["-"], line);
    let text = text(&output);
    assert!(
        text.starts_with(" engine: webkit\n reason: preflight-status\n status: 401\n"),
        "{text}"
    );
    assert!(text.contains("    url: https://api.example/\n"), "{text}");
    assert!(text.contains(" answer: 204\n"), "{text}");
    assert!(text.contains(" answer: Access-Control-Allow-Methods: <the method>\n"), "{text}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn json() {
    let output = explain(&["--format", "json", CHROMIUM], "");
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["engine"], "chromium");
    assert_eq!(outcome["reason"], "preflight-allow-origin-missing");
    assert_eq!(outcome["preflight"], true);
    assert_eq!(outcome["values"]["url"], "https://api.example/items");
    assert_eq!(outcome["values"]["origin"], "https://app.example");
    assert_eq!(outcome["step"], "#concept-cors-check step 2");
    assert_eq!(outcome["standard"], "https://fetch.spec.whatwg.org/#concept-cors-check");
    assert_eq!(
        outcome["headers"],
        serde_json::json!([
            ["Access-Control-Allow-Origin", "https://app.example"],
            ["Vary", "Origin"],
        ]),
    );
    assert_eq!(outcome["remedy"]["where"], "server");
    assert_eq!(outcome["remedy"]["host"], "api.example");
    assert_eq!(outcome["remedy"]["answers"][0]["to"], "preflight");
    assert_eq!(outcome["remedy"]["answers"][0]["headers"], outcome["headers"]);
}

#[test]
fn no_message_about_cors() {
    for arguments in [&["Uncaught TypeError: Failed to fetch"][..], &["-"]] {
        let output = explain(arguments, "net::ERR_FAILED");
        let problem = str::from_utf8(&output.stderr).unwrap();
        assert!(problem.starts_with("browser-cors: this is no message about CORS: "), "{problem}");
        assert_eq!((text(&output), output.status.code()), ("", Some(2)));
    }
}
