//! `browser-cors audit` against a live server.

use std::fs;

use serde_json::Value;

use crate::{
    schema::assert_conform,
    server::{Answer, Outcome, Request, Server, answer, browser_cors, folder, good},
};

/// A server that compares only the start of an origin.
fn careless(request: &Request) -> Answer {
    match request.header("Origin").filter(|origin| origin.starts_with("https://app.example")) {
        None => answer(200, ["Vary: Origin"]),
        Some(origin) => Answer(
            200,
            vec![
                format!("Access-Control-Allow-Origin: {origin}"),
                "Access-Control-Allow-Credentials: true".to_owned(),
                "Vary: Origin".to_owned(),
            ],
        ),
    }
}

fn audit(server: &Server, args: &[&str]) -> Outcome {
    let mut command = browser_cors();
    command.args(["audit", &format!("{}/items", server.base())]).args(args);
    Outcome::of(&mut command).about("no file".as_ref(), server.port)
}

#[test]
fn a_table_and_the_findings() {
    let server = Server::new(careless);
    let outcome = audit(&server, &["--origin=https://app.example"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert_eq!(
        outcome.stdout,
        "\
== http://127.0.0.1:PORT/items
 who                                    reads   with cookies   preflights grant
-------------------------------------- ------- -------------- ------------------
 own page: https://app.example          yes     yes
 any website                            no      no
 null                                   no      no
 neighbour: scheme, sub-domain          no      no
 neighbour: port                        yes     yes
 look-alike: suffix, underscore,        yes     yes
 backtick
 look-alike: prefix, top-level          no      no
 domain, dot, homograph
 extension: chrome-extension,           no      no
 moz-extension, safari-web-extension
 app: capacitor, ionic, tauri           no      no
 localhost: http://localhost,           no      no
 http://localhost:3000,
 https://localhost

high: Whoever registers app.example.foreign.example can read this with the user's cookies (if they are SameSite=None). [read-with-cookies]
     in: standard, chromium, firefox, webkit
because: GET with `Origin: https://app.example.foreign.example` => 200 (`Access-Control-Allow-Origin: https://app.example.foreign.example`, `Access-Control-Allow-Credentials: true`)
    fix: On the server of 127.0.0.1:PORT: answer `Access-Control-Allow-Origin` and `Access-Control-Allow-Credentials` only to the origins of a list, each compared whole. Today only the start of the origin is compared, so anything may follow it.

medium: Whatever runs on another port, such as https://app.example:8443, can read this with the user's cookies (if they are SameSite=None). [read-with-cookies]
     in: standard, chromium, firefox, webkit
because: GET with `Origin: https://app.example:8443` => 200 (`Access-Control-Allow-Origin: https://app.example:8443`, `Access-Control-Allow-Credentials: true`)
    fix: On the server of 127.0.0.1:PORT: answer `Access-Control-Allow-Origin` and `Access-Control-Allow-Credentials` only to the origins of a list, each compared whole. Today the port is not compared: it is a part of the origin.

"
    );
}

/// At 80 and 120 columns, with colours and without.
#[test]
fn text_fits_the_terminal() {
    let server = Server::new(careless);
    let written = |columns: &str, colour: &str| {
        let mut command = browser_cors();
        command.args(["audit", &format!("{}/items", server.base())]);
        command.args(["--origin=https://app.example", "--color", colour]).env("COLUMNS", columns);
        Outcome::of(&mut command).about("no file".as_ref(), server.port).stdout
    };
    let (narrow, wide) = (written("80", "never"), written("120", "never"));
    assert!(narrow.lines().all(|line| line.chars().count() <= 80), "{narrow}");
    assert!(wide.lines().all(|line| line.chars().count() <= 120), "{wide}");
    assert!(wide.lines().any(|line| line.chars().count() > 100), "{wide}");
    let finding = "\
high: Whoever registers app.example.foreign.example can read this with the
      user's cookies (if they are SameSite=None). [read-with-cookies]
     in: standard, chromium, firefox, webkit
";
    assert!(narrow.contains(finding), "{narrow}");
    let coloured = written("80", "always");
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31mhigh\u{1b}[0m: Whoever"), "{coloured}");
}

#[test]
fn nothing_but_get_and_preflights_is_sent() {
    let server = Server::new(good);
    let outcome = audit(&server, &["--origin=https://app.example", "--cookie=s=1"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.ends_with("ok: nothing was found\n"), "{}", outcome.stdout);
    let requests = server.requests();
    assert!(requests.iter().all(|request| matches!(&*request.method, "GET" | "OPTIONS")));
    assert!(requests.iter().any(|request| request.header("Cookie") == Some("s=1")));
    let preflights = requests.iter().filter(|request| request.method == "OPTIONS");
    assert!(preflights.into_iter().all(|request| request.header("Cookie").is_none()));
}

#[test]
fn json_and_sarif() {
    let (server, folder) = (Server::new(careless), folder());
    let file = folder.join("audit.sarif");
    let outcome = audit(
        &server,
        &["--format=json", "--origin=https://app.example", &format!("--sarif={}", file.display())],
    );
    assert_conform("audit", &outcome.stdout);
    let line: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(line["findings"][0]["code"], "read-with-cookies");
    assert_eq!(line["findings"][0]["who"], "registrable");
    let log: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let results = &log["runs"][0]["results"];
    assert_eq!(results[0]["ruleId"], "read-with-cookies");
    assert_eq!(results[0]["level"], "error");
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(
        rule["shortDescription"]["text"],
        "A stranger can read this with the user's cookies"
    );
}

#[test]
fn the_exit_status_follows_the_severity() {
    let server = Server::new(careless);
    for (fail_on, code) in [("note", 1), ("high", 1), ("never", 0)] {
        assert_eq!(audit(&server, &[&format!("--fail-on={fail_on}")]).code, 0, "{fail_on}");
        let args = [&format!("--fail-on={fail_on}"), "--origin=https://app.example"];
        assert_eq!(audit(&server, &args).code, code, "{fail_on}");
    }
}

/// What is refused to everybody, or not even asked, proves nothing.
#[test]
fn no_empty_greens() {
    let server = Server::new(|_: &Request| answer(404, []));
    let outcome = audit(&server, &[]);
    assert_eq!(outcome.code, 2);
    let reason = "everybody got the status 404, so no CORS was seen: ask for a path that exists\n";
    assert_eq!(outcome.stderr, format!("browser-cors: http://127.0.0.1:PORT/items: {reason}"));
    assert!(outcome.stdout.ends_with(&format!("proves nothing: {reason}")), "{}", outcome.stdout);

    let outcome = Outcome::of(browser_cors().args(["audit", "http://127.0.0.1:1/x"]));
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: http://127.0.0.1:1/x: no request went out (bad-port)\n"
    );
}

#[test]
fn without_an_answer_there_is_no_verdict() {
    let server = Server::new(|_: &Request| Answer::default());
    let outcome = audit(&server, &[]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.starts_with("browser-cors: http://127.0.0.1:PORT/items: no answer: "));
    assert_eq!(outcome.stdout, "== http://127.0.0.1:PORT/items\nunanswered\n");

    let outcome = Outcome::of(browser_cors().args(["audit", "localhost:8080/items"]));
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: `localhost:8080/items` is not an absolute URL; did you mean \
         `http://localhost:8080/items`?\n"
    );
}
