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
    see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin
  guide: https://OWNER.github.io/browser-cors/guide/reasons/preflight-allow-origin-missing.html
    fix: Answer OPTIONS https://api.example/items with `Access-Control-Allow-Origin: \
https://app.example` and `Vary: Origin`. So must answers that are errors. Or answer with `*`, if \
every page may read it without credentials. The mode no-cors, which the browser proposes, is no \
mend: the page gets an empty answer that it cannot read, and may set no other headers.
  where: the server of api.example, not the page's code
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

/// A dump of a console: two messages, one of them twice, among other text.
const DUMP: &str = "\
app.js:10 Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been \
blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.
app.js:10 GET https://api.example/a net::ERR_FAILED 200 (OK)
(anonymous) @ app.js:10
Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \
https://api.example/c. (Reason: CORS preflight response did not succeed). Status code: 403.

Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been blocked by \
CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.
GET https://api.example/a net::ERR_FAILED 200 (OK)
";

#[test]
fn every_message_of_a_dump() {
    let output = explain(&["-"], DUMP);
    let text = text(&output);
    assert_eq!(text.matches("\n reason: ").count(), 2, "{text}");
    assert!(
        text.starts_with(
            "   line: 1; 2 times, the last time on line 6\n engine: chromium\n \
             reason: allow-origin-missing\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("\n\n   line: 4\n engine: firefox\n reason: preflight-status\n"),
        "{text}"
    );
    assert_eq!((output.stderr.as_slice(), output.status.code()), (&b""[..], Some(0)));
}

#[test]
fn a_dump_as_json() {
    let output = explain(&["--format", "json", "-"], DUMP);
    let explained: Vec<serde_json::Value> =
        text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [first, second] = &explained[..] else { panic!("{explained:?}") };
    assert_eq!(first["count"], 2);
    assert_eq!(first["lines"], serde_json::json!([1, 6]));
    assert_eq!(first["values"]["status"], "200");
    assert_eq!(first["cors"], true);
    assert!(
        first["text"].as_str().unwrap().starts_with("Access to fetch at 'https://api.example/a'")
    );
    assert_eq!(second["reason"], "preflight-status");
    assert_eq!(second["lines"], serde_json::json!([4]));
    assert_eq!(
        second["see"],
        "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSPreflightDidNotSucceed",
    );
}

/// What each line says about where to look, and what to do.
#[test]
fn words() {
    for (line, words) in [
        ("Uncaught (in promise) TypeError: Failed to fetch", "the one above it in the console"),
        ("net::ERR_FAILED 200 (OK)", "with the status 200, and the browser withheld the answer"),
        (
            "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested \
             an insecure resource 'http://api.example/x'. This request has been blocked",
            "where: the page's code and the server of api.example",
        ),
        (
            "Refused to connect to 'https://api.example/x' because it violates the following Content \
             Security Policy directive: \"connect-src 'self'\".",
            "add https://api.example to connect-src in the Content-Security-Policy",
        ),
        (
            "Request header field access-control-allow-origin is not allowed by \
             Access-Control-Allow-Headers in preflight response.",
            "where: the page's code, not the server",
        ),
        (
            "Request header field accept is not allowed by Access-Control-Allow-Headers in preflight \
             response.",
            "longer than 128 bytes",
        ),
        (
            "Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing \
             policy: Origin https://app.example is not allowed by Access-Control-Allow-Origin.",
            "It is the answer that redirects to https://b.example/ that lacks it",
        ),
        (
            "XMLHttpRequest cannot load file:///a.html. Origin null is not allowed by \
             Access-Control-Allow-Origin.",
            "No header mends a file.",
        ),
        (
            "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘*, *’).",
            "The same value is there more than once",
        ),
        (
            "Request had a target IP address space of `local` yet the resource is in address space \
             `loopback`.",
            "The page says that the server is in the address space `local` (`targetAddressSpace`), \
             and it is in `loopback`.",
        ),
        (
            "Refused to get unsafe header \"Upload-Offset\"",
            "answer: Access-Control-Expose-Headers: Upload-Offset",
        ),
        (
            "Fetch API cannot load https://api.example/ due to access control checks.",
            "There is none if the page was left",
        ),
        ("No 'Access-Control-Allow-Origin' header is pres", "note: The line was cut"),
        (
            "（原因：CORS 头缺少 'Access-Control-Allow-Origin'）。",
            "note: The line is a translation: this is inferred",
        ),
    ] {
        let output = explain(&[line], "");
        let text = text(&output);
        assert!(text.contains(words), "{line}: {text}");
        assert_eq!(output.status.code(), Some(0), "{line}");
    }
}

/// What looks like a message and is none that is known does not get lost.
#[test]
fn lines_that_were_passed_over() {
    let unknown =
        "Request was denied by CORS policy of tomorrow: Access-Control-Allow-Origin is sad.";
    let output = explain(&["-"], &format!("{CHROMIUM}\n\n{unknown}\n"));
    let problem = str::from_utf8(&output.stderr).unwrap();
    assert_eq!(
        problem,
        "browser-cors: line 3 looks like a message about CORS, but its words are not known: it was \
         passed over\n",
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn no_message_about_cors() {
    for arguments in [&["Uncaught ReferenceError: foo is not defined"][..], &["-"]] {
        let output = explain(arguments, "Access-Control-Allow-Origin: *");
        let problem = str::from_utf8(&output.stderr).unwrap();
        assert!(problem.starts_with("browser-cors: this is no message about CORS: "), "{problem}");
        assert_eq!((text(&output), output.status.code()), ("", Some(2)));
    }
}
