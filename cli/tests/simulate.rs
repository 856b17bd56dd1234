//! `browser-cors simulate`, run as a user runs it.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

const SIMPLE: &str = r#"{"id":"simple","page":{"origin":"http://foo.example"},"fetches":[{"url":"http://bar.other/"}],"server":[{"url":"http://bar.other/","status":200,"headers":[["Access-Control-Allow-Origin","*"]]}]}"#;
const BLOCKED: &str = r#"{"id":"blocked","page":{"origin":"http://foo.example"},"fetches":[{"url":"http://bar.other/"}],"server":[{"url":"http://bar.other/","status":200,"headers":[["Access-Control-Allow-Origin","http://foo.example/"]]}]}"#;

const SIMPLE_OUTCOME: &str = r#"{"format":1,"id":"simple","fetches":[{"exchanges":[{"method":"GET","url":"http://bar.other/","headers":[["accept","*/*"],["referer","http://foo.example/"],["origin","http://foo.example"]],"credentials":false,"preflight":false,"status":200}],"result":{"type":"cors","status":200,"url":"http://bar.other/","redirected":false,"headers":[]}}]}"#;

/// Runs `simulate` with `arguments` on standard input.
fn simulate(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_browser-cors"))
        .arg("simulate")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn json(input: &str) -> (String, String, Option<i32>) {
    let output = simulate(&["--format", "json", "-"], input.as_bytes());
    (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
        output.status.code(),
    )
}

fn ids(outcomes: &str) -> Vec<String> {
    let id = |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].to_string();
    outcomes.lines().map(id).collect()
}

#[test]
fn json_lines() {
    let (outcomes, problems, code) = json(&format!("{SIMPLE}\n\n{BLOCKED}\n"));
    assert_eq!(outcomes.lines().next(), Some(SIMPLE_OUTCOME));
    assert_eq!(ids(&outcomes), [r#""simple""#, r#""blocked""#]);
    assert_eq!((problems.as_str(), code), ("", Some(0)));
}

/// Pages of apps, of extensions and of files send their origin, and no referrer.
#[test]
fn pages_of_apps() {
    for (page, sent) in [
        ("capacitor://localhost", "capacitor://localhost"),
        (
            "chrome-extension://ejcilmageobnieflpodaljjkckjodbmm",
            "chrome-extension://ejcilmageobnieflpodaljjkckjodbmm",
        ),
        ("file://", "file://"),
        ("null", "null"),
    ] {
        for (allowed, result) in [(sent, "cors"), ("https://localhost", "error")] {
            let scenario = SIMPLE
                .replace("http://foo.example", page)
                .replace("\"*\"", &format!("\"{allowed}\""));
            let (outcomes, problems, code) = json(&scenario);
            assert_eq!((problems.as_str(), code), ("", Some(0)), "{page}");
            let outcome: serde_json::Value = serde_json::from_str(&outcomes).unwrap();
            let fetch = &outcome["fetches"][0];
            assert_eq!(
                fetch["exchanges"][0]["headers"].to_string(),
                format!(r#"[["accept","*/*"],["origin","{sent}"]]"#)
            );
            let found = &fetch["result"];
            assert_eq!(found["type"].as_str().unwrap_or("error"), result, "{outcomes}");
        }
    }
}

#[test]
fn network_error_says_why() {
    let (outcomes, _, _) = json(BLOCKED);
    let outcome: serde_json::Value = serde_json::from_str(&outcomes).unwrap();
    let result = &outcome["fetches"][0]["result"];
    assert_eq!(result["error"], "network");
    assert_eq!(result["reason"], "allow-origin-mismatch");
    assert_eq!(result["step"], "#concept-cors-check step 4");
    assert_eq!(
        result["evidence"],
        serde_json::json!({
            "header": "Access-Control-Allow-Origin",
            "values": ["http://foo.example/"],
            "line": 0,
            "index": 18,
            "expected": "http://foo.example",
        }),
    );
    assert!(
        result["fix"].as_str().unwrap().contains("Access-Control-Allow-Origin: http://foo.example")
    );
}

#[test]
fn document_over_several_lines() {
    let document = SIMPLE.replace(",\"", ",\n  \"");
    let (outcomes, problems, code) = json(&document);
    assert_eq!(outcomes, format!("{SIMPLE_OUTCOME}\n"));
    assert_eq!((problems.as_str(), code), ("", Some(0)));
}

#[test]
fn bad_document_over_several_lines() {
    let document = SIMPLE.replace(",\"", ",\n  \"").replace("200", "2000");
    let lines = document.lines().position(|line| line.contains("2000")).unwrap();
    let column = document.lines().nth(lines).unwrap().find("2000").unwrap() + "2000".len();
    let (outcomes, problems, code) = json(&document);
    assert_eq!(
        problems,
        format!(
            "browser-cors: standard input:{}:{column}: invalid value: integer `2000`, expected a \
             status from 0 to 999\n",
            lines + 1,
        ),
    );
    assert_eq!((outcomes.as_str(), code), ("", Some(2)));
}

#[test]
fn array() {
    for array in [format!("[{SIMPLE},{BLOCKED}]"), format!("[\n{SIMPLE},\n{BLOCKED}\n]\n")] {
        let (outcomes, problems, code) = json(&array);
        assert_eq!(ids(&outcomes), [r#""simple""#, r#""blocked""#]);
        assert_eq!((problems.as_str(), code), ("", Some(0)));
    }
}

/// A bad line is reported with its place, and the others are still answered.
#[test]
fn bad_line() {
    let bad = SIMPLE.replace("200", "2000");
    let column = bad.find("2000").unwrap() + "2000".len();
    let (outcomes, problems, code) = json(&format!("{SIMPLE}\n{bad}\n{BLOCKED}\n"));
    assert_eq!(ids(&outcomes), [r#""simple""#, r#""blocked""#]);
    assert_eq!(
        problems,
        format!(
            "browser-cors: standard input:2:{column}: invalid value: integer `2000`, expected a \
             status from 0 to 999\n"
        ),
    );
    assert_eq!(code, Some(2));
}

#[test]
fn broken_first_line() {
    let (outcomes, problems, code) = json(&format!("{{\"id\": \"a\"\n{SIMPLE}\n"));
    assert_eq!(outcomes, format!("{SIMPLE_OUTCOME}\n"));
    assert!(problems.starts_with("browser-cors: standard input:1:"), "{problems}");
    assert_eq!(code, Some(2));
}

/// A truncated line costs that line alone, whatever follows.
#[test]
fn truncated_lines() {
    for next in ["", "{\"id\":", "[]", "text", "5", "{}}", "  {\"id\":", "\"", "[", "{\"id\": \"a"]
    {
        let input = format!("{SIMPLE}\n{{\"id\":\"x\",\n{next}\n{BLOCKED}\n");
        let (outcomes, problems, code) = json(&input);
        assert_eq!(ids(&outcomes), [r#""simple""#, r#""blocked""#], "{next}: {problems}");
        // A line that is indented looks like one of the document's.
        let line = if next.starts_with(' ') { 3 } else { 2 };
        let place = format!("browser-cors: standard input:{line}:");
        assert!(problems.starts_with(&place), "{next}: {problems}");
        assert_eq!(code, Some(2), "{next}");
    }
}

/// What remains of a broken document is no line of its own, but what follows it is.
#[test]
fn broken_document_before_others() {
    let document = SIMPLE.replace(",\"", ",\n  \"").replace("[[", "[[[");
    let (outcomes, problems, code) = json(&format!("{document}\n{BLOCKED}\n"));
    assert_eq!(ids(&outcomes), [r#""blocked""#]);
    assert_eq!(problems.lines().count(), 1, "{problems}");
    assert_eq!(code, Some(2));
    let (outcomes, problems, _) = json("[\n{\"id\": 1},\n{\n]\n");
    assert_eq!((outcomes.as_str(), problems.lines().count()), ("", 3), "{problems}");
}

/// What a file says never becomes a line or a command of its own.
#[test]
fn an_id_is_one_line_without_control_characters() {
    let input = SIMPLE.replace("\"simple\"", "\"a\\n::error::x\\u001b[31m\\u202e\"");
    for engine in ["standard", "standard,chromium"] {
        let output = simulate(&["--engine", engine, "-"], input.as_bytes());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().next(), Some("== a\\n::error::x\\u{1b}[31m\\u{202e}"));
    }
}

/// So is a document over several lines.
#[test]
fn a_document_has_a_limit() {
    let mut input = b"[\n".to_vec();
    let line = [vec![b' '; 1 << 20], b"\n".to_vec()].concat();
    input.extend(std::iter::repeat_n(&line, 64).flatten());
    input.extend_from_slice(format!("]\n{SIMPLE}\n").as_bytes());
    let output = simulate(&["--format", "json", "-"], &input);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{SIMPLE_OUTCOME}\n"));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "browser-cors: standard input:1: the document is longer than 64 MiB; write a scenario in each \
         line\n"
    );
}

/// A line without end is skipped in bounded memory.
#[test]
fn a_line_has_a_limit() {
    let mut input = vec![b' '; (64 << 20) + 1];
    input.extend_from_slice(format!("and more\n{SIMPLE}\n").as_bytes());
    let output = simulate(&["--format", "json", "-"], &input);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{SIMPLE_OUTCOME}\n"));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "browser-cors: standard input:1: the line is longer than 64 MiB; write a scenario in each \
         line\n"
    );
}

#[test]
fn bad_element_of_an_array() {
    let array = format!("[\n  {SIMPLE},\n  {{\"id\": 5}},\n  {BLOCKED}\n]");
    let (outcomes, problems, code) = json(&array);
    assert_eq!(ids(&outcomes), [r#""simple""#, r#""blocked""#]);
    assert_eq!(
        problems,
        "browser-cors: standard input:3:10: invalid type: integer `5`, expected a string\n",
    );
    assert_eq!(code, Some(2));
}

#[test]
fn what_was_expected_is_said() {
    for (from, to, expected) in [
        (
            "\"url\":\"http://bar.other/\"}",
            "\"url\":\"/\",\"mode\":\"nocors\"}",
            "`nocors` is not one of same-origin, cors, no-cors",
        ),
        (
            "http://foo.example",
            "http://foo.example/x",
            "`http://foo.example/x` is not an origin: `http://foo.example` or `null` was expected",
        ),
        (
            "\"id\"",
            "\"name\"",
            "unknown field `name`, expected one of `format`, `id`, `page`, `fetches`, `server`",
        ),
        (
            "[[\"Access-Control-Allow-Origin\"",
            "[[\"a b\"",
            "`a b` is not a header name: a token was expected",
        ),
        (
            "{\"id\"",
            "{\"format\":2,\"later\":true,\"id\"",
            "standard input:1:11: unknown format 2: the newest known format is 1",
        ),
        ("\"*\"", "\"\u{20AC}\"", "characters up to U+00FF were expected"),
    ] {
        let bad = SIMPLE.replacen(from, to, 1);
        assert_ne!(bad, SIMPLE);
        let (outcomes, problems, code) = json(&bad);
        assert_eq!((outcomes.as_str(), code), ("", Some(2)));
        assert!(problems.contains(expected), "{problems}");
    }
}

#[test]
fn file_that_is_not_there() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("simple.json");
    fs::write(&path, SIMPLE).unwrap();
    let output = simulate(&["--format", "json", "no-such-file.json", path.to_str().unwrap()], b"");
    assert_eq!(output.stdout, format!("{SIMPLE_OUTCOME}\n").as_bytes());
    let problems = String::from_utf8(output.stderr).unwrap();
    assert!(
        problems.starts_with("browser-cors: no-such-file.json: cannot be read: "),
        "{problems}"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn text() {
    let output = simulate(&["-"], BLOCKED.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("== blocked\nGET http://bar.other/ from http://foo.example"),
        "{text}"
    );
    let mark = "
   Access-Control-Allow-Origin: http://foo.example/
                                                  ^ expected http://foo.example
";
    assert!(text.contains(mark), "{text}");
    assert_eq!(output.status.code(), Some(0));
}

/// The lines that the engine prints are in the outcome and after the verdict; the standard prints
/// nothing.
#[test]
fn console() {
    const LINE: &str =
        "Origin http://foo.example is not allowed by Access-Control-Allow-Origin. Status code: 200";
    let input = BLOCKED.as_bytes();
    let json = simulate(&["--engine", "webkit", "--format", "json", "-"], input).stdout;
    let outcome: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(outcome["console"], serde_json::json!([LINE]));
    let text = simulate(&["--engine", "webkit", "-"], input).stdout;
    assert!(String::from_utf8(text).unwrap().ends_with(&format!("\nconsole: {LINE}\n\n")));
    let text = simulate(&["-"], input).stdout;
    assert!(!String::from_utf8(text).unwrap().contains("console: "));
}

#[test]
fn element_load() {
    let element = SIMPLE
        .replace(
            "\"url\":\"http://bar.other/\"}]",
            "\"api\":\"img\",\"url\":\"http://bar.other/\"}]",
        )
        .replace("\"status\":200", "\"status\":200,\"body_of\":\"img\"");
    let (outcomes, problems, code) = json(&element);
    let result = r#""result":{"loaded":true,"readable":false,"reason":"cors-cross-origin""#;
    assert!(outcomes.contains(result), "{outcomes}");
    assert_eq!((problems.as_str(), code), ("", Some(0)));
}

#[test]
fn unknown_engine() {
    let output = simulate(&["--engine", "netscape", "-"], b"");
    let problems = String::from_utf8(output.stderr).unwrap();
    let expected = "invalid value 'netscape' for '--engine <ENGINE>': `netscape` is not a profile.";
    assert!(problems.contains(expected), "{problems}");
    assert_eq!(output.status.code(), Some(2));
}

const TOKEN: &str = r#"{"id":"token","page":{"origin":"http://foo.example"},"fetches":[{"url":"http://bar.other/","headers":[["Authorization","1"]]}],"server":[{"url":"http://bar.other/","status":200,"headers":[["Access-Control-Allow-Origin","*"],["Access-Control-Allow-Headers","*"]]}]}"#;

#[test]
fn one_engine() {
    let output = simulate(&["--engine", "firefox", "--format", "json", "-"], TOKEN.as_bytes());
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["fetches"][0]["result"]["type"], "cors");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn all_engines_as_json() {
    let output = simulate(&["--engine", "all", "--format", "json", "-"], TOKEN.as_bytes());
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["id"], "token");
    let engines = outcome["engines"].as_object().unwrap();
    assert_eq!(engines.len(), 4);
    assert_eq!(engines["standard"]["fetches"][0]["result"]["reason"], "preflight-authorization");
    assert_eq!(engines["standard"]["differences"], serde_json::json!([null]));
    for engine in ["chromium", "firefox", "webkit"] {
        assert_eq!(engines[engine]["fetches"][0]["result"]["type"], "cors", "{engine}");
        let difference = &engines[engine]["differences"][0];
        assert_eq!(difference["because"], serde_json::json!(["authorization-under-wildcard"]));
        assert_eq!(difference["result"], true);
    }
}

#[test]
fn all_engines_as_text() {
    let output = simulate(&["--engine", "all", "-"], TOKEN.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    let line = "works in chromium, firefox, webkit; blocked in standard, \
                because of authorization-under-wildcard\n";
    assert!(text.contains(line), "{text}");
    assert!(
        text.contains("* authorization-under-wildcard, in chromium, firefox, webkit\n"),
        "{text}"
    );
    let same = simulate(&["--engine", "all", "-"], SIMPLE.as_bytes());
    let same = String::from_utf8(same.stdout).unwrap();
    assert!(same.contains("\nworks in all\n") && !same.contains('*'), "{same}");
}
