//! Rows: how they expand, what is sent, and how the answers are judged.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use crate::server::{Answer, Outcome, Server, answer, expect, good, written};

const PAGES: &str = "[pages]\napp = \"https://app.example\"\n";

fn with_pages(rows: &str) -> String {
    format!("{PAGES}{rows}")
}

#[test]
fn matrix_in_the_order_of_the_file() {
    let server = Server::new(|request| {
        // The first requests are answered last.
        if request.target.contains('1') {
            thread::sleep(Duration::from_millis(200));
        }
        good(request)
    });
    let toml = format!(
        "{PAGES}docs = \"https://docs.example\"\n\
         [[allow]]\npages = [\"app\"]\npaths = [\"/1\", \"/2\"]\nmethods = [\"GET\", \"PUT\"]\n\
         headers = [{{}}, {{ Authorization = \"a\" }}]\ncredentials = [\"omit\", \"include\"]\n\
         [[deny]]\nname = \"others\"\npaths = [\"/1\", \"/2\"]\nfrom = [\"https://docs2.example\", \"null\"]\n"
    );
    let titles = |jobs: &str| {
        let (code, lines) = server.json(&toml, &[jobs]);
        assert_eq!(code, 0);
        let title = |line: &serde_json::Value| line["title"].as_str().unwrap().to_owned();
        lines.iter().map(title).collect::<Vec<_>>()
    };
    let expected = [
        "allow 1: GET /1 from app, credentials omit",
        "allow 1: GET /1 from app, credentials include",
        "allow 1: GET /1 from app, credentials omit, with authorization",
        "allow 1: GET /1 from app, credentials include, with authorization",
        "allow 1: PUT /1 from app, credentials omit",
        "allow 1: PUT /1 from app, credentials include",
        "allow 1: PUT /1 from app, credentials omit, with authorization",
        "allow 1: PUT /1 from app, credentials include, with authorization",
        "allow 1: GET /2 from app, credentials omit",
        "allow 1: GET /2 from app, credentials include",
        "allow 1: GET /2 from app, credentials omit, with authorization",
        "allow 1: GET /2 from app, credentials include, with authorization",
        "allow 1: PUT /2 from app, credentials omit",
        "allow 1: PUT /2 from app, credentials include",
        "allow 1: PUT /2 from app, credentials omit, with authorization",
        "allow 1: PUT /2 from app, credentials include, with authorization",
        "others: GET /1 from https://docs2.example",
        "others: GET /1 from https://docs2.example, credentials include",
        "others: GET /2 from https://docs2.example",
        "others: GET /2 from https://docs2.example, credentials include",
        "others: GET /1 from null",
        "others: GET /1 from null, credentials include",
        "others: GET /2 from null",
        "others: GET /2 from null, credentials include",
    ];
    assert_eq!(titles("--jobs=16"), expected);
    assert_eq!(titles("--jobs=1"), expected);
}

#[test]
fn at_most_so_many_at_the_same_time() {
    for jobs in [1, 3] {
        let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let seen = Arc::clone(&most);
        let server = Server::new(move |request| {
            seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(50));
            now.fetch_sub(1, Ordering::SeqCst);
            good(request)
        });
        let paths: Vec<_> = (0..12).map(|number| format!("\"/{number}\"")).collect();
        let toml = with_pages(&format!("[[allow]]\npaths = [{}]\n", paths.join(", ")));
        assert_eq!(server.expect(&toml, &[&format!("--jobs={jobs}")]).code, 0);
        assert_eq!(most.load(Ordering::SeqCst), jobs);
    }
}

#[test]
fn one_exchange_for_all_engines() {
    let server = Server::new(good);
    let toml = with_pages(
        "[[allow]]\npaths = [\"/items\"]\nmethods = [\"PUT\"]\nbody = \"x\"\nsend = \"request\"\n\
         headers = { Authorization = \"a\" }\npreflight-every = 60\n",
    );
    assert_eq!(server.expect(&toml, &[]).code, 0);
    let methods: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["OPTIONS", "PUT"]);
}

#[test]
fn preflights_alone() {
    let server = Server::new(good);
    let row = |kind: &str, method: &str, more: &str| {
        format!(
            "[[{kind}]]\npaths = [\"/\"]\nmethods = [\"{method}\"]\nsend = \"preflight\"\n{more}"
        )
    };
    let toml = with_pages(
        &[
            row("allow", "DELETE", "preflight-every = 600\n"),
            row("allow", "PATCH", ""),
            row("deny", "DELETE", "from = [\"null\"]\ncredentials = \"omit\"\n"),
        ]
        .concat(),
    );
    let (code, lines) = server.json(&toml, &[]);
    assert_eq!(code, 1);
    let verdicts: Vec<_> = lines.iter().map(|line| line["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["passed", "failed", "passed"]);
    assert_eq!(lines[1]["findings"][0]["reason"], "preflight-method");
    assert!(server.requests().iter().all(|request| request.method == "OPTIONS"));

    let careless = Server::new(|request| {
        let origin = request.header("Origin").unwrap();
        let headers = [
            format!("Access-Control-Allow-Origin: {origin}"),
            "Access-Control-Allow-Methods: DELETE".to_owned(),
        ];
        Answer(204, headers.to_vec())
    });
    let toml = with_pages(&row("deny", "DELETE", "from = [\"null\"]\ncredentials = \"omit\"\n"));
    let (code, lines) = careless.json(&toml, &[]);
    let finding = &lines[0]["findings"][0];
    assert_eq!((code, finding["reason"].as_str()), (1, Some("preflight-granted")));
    let explanation = finding["explanation"].as_str().unwrap();
    let end = "\n   => it was not sent: the row asks for the preflight only\n";
    assert!(explanation.ends_with(end), "{explanation}");
    assert!(careless.requests().iter().all(|request| request.method == "OPTIONS"));
}

#[test]
fn strangers() {
    let rows = "[[deny]]\nname = \"others\"\npaths = [\"/\"]\ncredentials = \"include\"\n";
    assert_eq!(Server::new(good).expect(&with_pages(rows), &[]).code, 0);

    for (holds, found) in [
        ("ends_with", &["https://foreignapp.example", "https://foreign.app.example"][..]),
        (
            "starts_with",
            &[
                "https://app.example:8443",
                "https://app.example.foreign.example",
                "https://app.example_.foreign.example",
                "https://app.example`.foreign.example",
            ],
        ),
        ("null", &["null"]),
        ("scheme", &["http://app.example"]),
        (
            "everybody",
            &[
                "https://foreign.example",
                "null",
                "http://app.example",
                "https://app.example:8443",
                "https://app.example.foreign.example",
                "https://app.example_.foreign.example",
                "https://app.example`.foreign.example",
                "https://foreignapp.example",
                "https://foreign.app.example",
                "https://app.net",
                "http://foreign.app.example",
                "https://appxexample",
                "https://xn--pp-6kc.example",
            ],
        ),
    ] {
        let server = Server::new(move |request| {
            let origin = request.header("Origin").unwrap();
            let is_ours = match holds {
                "ends_with" => origin.ends_with("app.example") && origin.starts_with("https"),
                "starts_with" => origin.starts_with("https://app.example"),
                "null" => origin == "null",
                "scheme" => origin.ends_with("://app.example"),
                _ => true,
            };
            let origin = format!("Access-Control-Allow-Origin: {origin}");
            let headers = [&origin[..], "Access-Control-Allow-Credentials: true"];
            if is_ours { answer(200, headers) } else { answer(403, []) }
        });
        let (code, lines) = server.json(&with_pages(rows), &[]);
        let failed = lines.iter().filter(|line| line["verdict"] == "failed");
        let origins: Vec<_> = failed.map(|line| line["origin"].as_str().unwrap()).collect();
        assert_eq!((code, &origins[..]), (1, found), "{holds}");
    }
}

/// Origins that share letters with the registrable domain of a page.
#[test]
fn strangers_of_a_registrable_domain() {
    let toml = "[pages]\napp = \"https://www.app.shop.com\"\n\
                [[deny]]\npaths = [\"/\"]\ncredentials = \"omit\"\n";
    let found = |is_let_in: fn(&str) -> bool| {
        let server = Server::new(move |request| match request.header("Origin") {
            Some(origin) if is_let_in(origin) => {
                let origin = format!("Access-Control-Allow-Origin: {origin}");
                answer(200, [&origin[..], "Access-Control-Allow-Credentials: true"])
            }
            _ => answer(200, []),
        });
        let (code, lines) = server.json(toml, &[]);
        assert_eq!(code, 1);
        let failed = lines.iter().filter(|line| line["verdict"] == "failed");
        failed.map(|line| line["origin"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let sub_domains = [
        "https://foreignwww.app.shop.com",
        "https://foreign.www.app.shop.com",
        "https://foreign.shop.com",
    ];
    let ends_with = |origin: &str| origin.starts_with("https://") && origin.ends_with("shop.com");
    assert_eq!(
        found(ends_with),
        [&sub_domains[..], &["https://foreignshop.com", "https://www.appxshop.com"]].concat(),
    );
    let dots_are_anything =
        |origin: &str| matches!(origin, "https://www.appxshop.com" | "https://wwwxapp.shop.com");
    assert_eq!(found(dots_are_anything), ["https://www.appxshop.com"]);
    assert_eq!(found(|origin| origin.contains("xn--")), ["https://www.app.xn--shp-ted.com"]);
}

#[test]
fn silence_is_tried_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let server = Server::new(move |request| match seen.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => answer(0, []),
        _ => good(request),
    });
    let toml = with_pages("[[allow]]\npaths = [\"/\"]\n");
    assert_eq!(server.expect(&toml, &["--retries=2"]).code, 0);
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[test]
fn silence_of_what_may_have_arrived_is_not() {
    let server = Server::new(|_| answer(0, []));
    let toml = with_pages(
        "[[allow]]\nname = \"post\"\npaths = [\"/\"]\nmethods = [\"POST\"]\nsend = \"request\"\n",
    );
    let (code, lines) = server.json(&toml, &["--retries=5"]);
    assert_eq!((code, lines[0]["verdict"].as_str()), (2, Some("unjudged")));
    let port = server.port.to_string();
    let message = lines[0]["findings"][0]["message"].as_str().unwrap().replace(&port, "PORT");
    assert_eq!(
        message,
        "POST http://127.0.0.1:PORT/ failed: the server closed the connection without an answer"
    );
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn answers_are_never_tried_again() {
    let server = Server::new(|_| answer(503, []));
    let outcome = server.expect(&with_pages("[[allow]]\npaths = [\"/\"]\n"), &["--retries=5"]);
    assert_eq!((outcome.code, server.requests().len()), (1, 1));
}

#[test]
fn no_server() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let toml =
        with_pages("[[allow]]\npaths = [\"/\"]\n[[deny]]\npaths = [\"/\"]\nfrom = [\"null\"]\n");
    let file = written("cors.toml", &toml);
    let mut command = expect();
    command.arg(&file).arg(format!("--base=http://127.0.0.1:{port}")).arg("--retries=1");
    let outcome = Outcome::of(&mut command).about(&file, port);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, ""));
    let end = "0 passed, 0 failed, 3 could not be judged\n";
    assert!(outcome.stdout.ends_with(end), "{}", outcome.stdout);
    assert!(outcome.stdout.contains(
        "    in standard, chromium, firefox, webkit: GET http://127.0.0.1:PORT/ failed: the \
         connection was refused: nothing listens there\n"
    ));
}

#[test]
fn timeout() {
    let server = Server::new(|request| {
        thread::sleep(Duration::from_millis(500));
        good(request)
    });
    let toml = with_pages("[[allow]]\npaths = [\"/\"]\n");
    let outcome = server.expect(&toml, &["--timeout=0.1", "--retries=0"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stdout.contains("the server sent nothing within 0.1 s"), "{}", outcome.stdout);
}

#[test]
fn engines_that_differ() {
    let server = Server::new(|_| {
        answer(200, ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *"])
    });
    let toml = with_pages("[[allow]]\npaths = [\"/\"]\nheaders = { Authorization = \"a\" }\n");
    let (code, lines) = server.json(&toml, &[]);
    assert_eq!(code, 1);
    let finding = &lines[0]["findings"][0];
    assert_eq!(finding["reason"], "preflight-authorization");
    assert!(!finding["engines"].as_array().unwrap().contains(&"firefox".into()), "{finding}");
    for (engines, code) in
        [("firefox", 0), ("firefox,chromium", 0), ("standard", 1), ("firefox,standard", 1)]
    {
        assert_eq!(server.expect(&toml, &[&format!("--engine={engines}")]).code, code, "{engines}");
    }
}

#[test]
fn statuses() {
    let server = Server::new(good);
    let rows = |status: u16| {
        with_pages(&format!("[[allow]]\npaths = [\"/missing\"]\nstatus = {status}\n"))
    };
    assert_eq!(server.expect(&rows(404), &[]).code, 0);
    let (code, lines) = server.json(&rows(200), &[]);
    let finding = &lines[0]["findings"][0];
    assert_eq!((code, finding["reason"].as_str()), (1, Some("status")));
    assert_eq!(finding["message"], "the status is 404, not 200");
}

#[test]
fn base_with_a_path() {
    let server = Server::new(good);
    let file = written("cors.toml", &with_pages("[[allow]]\npaths = [\"/items?a=b\"]\n"));
    let mut command = expect();
    command.arg(&file).arg(format!("--base={}/v1/", server.base()));
    assert_eq!(Outcome::of(&mut command).code, 0);
    assert_eq!(server.requests()[0].target, "/v1/items?a=b");
}

#[test]
fn mixed_content() {
    let server = Server::new(good);
    let toml = with_pages(
        "[[allow]]\npaths = [\"/a\", \"/b\"]\n[[deny]]\npaths = [\"/a\"]\nfrom = [\"foreign\"]\n",
    );
    let file = written("cors.toml", &toml);
    let mut command = expect();
    command.arg(&file).arg(format!("--base=http://api.test:{}", server.port));
    command.arg(format!("--resolve=api.test:{}:127.0.0.1", server.port)).arg("--engine=standard");
    let outcome = Outcome::of(&mut command).about(&file, server.port);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, ""));
    let start = "\
FAILED allow 1: 0 passed, 2 failed
UNSURE deny 1: 0 passed, 0 failed, 2 could not be judged

  allow 1: GET /a from app
    expected: https://app.example must be able to read the answer
    in standard: mixed content: a browser does not ask http://api.test:PORT/a in a page of https, so the GET was not sent
";
    assert!(outcome.stdout.starts_with(start), "{}", outcome.stdout);
    assert_eq!(server.requests(), []);
}

#[test]
fn what_a_page_of_the_file_must_not_read() {
    let server = Server::new(good);
    let row = "[[deny]]\npaths = [\"/admin\"]\nfrom = [\"https://app.example\"]\ncredentials = \"omit\"\n";
    let (code, lines) = server.json(&with_pages(row), &[]);
    assert_eq!((code, lines.len()), (1, 1));
    assert_eq!(lines[0]["title"], "deny 1: GET /admin from https://app.example, credentials omit");
    assert_eq!(lines[0]["findings"][0]["reason"], "readable");
}

#[test]
fn pages_that_look_like_each_other() {
    let server = Server::new(|request| match request.header("Origin") {
        Some("https://app.example:8443") => {
            answer(200, ["Access-Control-Allow-Origin: https://app.example:8443"])
        }
        _ => good(request),
    });
    let toml = with_pages("twin = \"https://app.example:8443\"\n[[deny]]\npaths = [\"/\"]\n");
    assert_eq!(server.expect(&toml, &[]).code, 0);
}

/// The body goes out as the file has it, with the methods that have one.
#[test]
fn bodies() {
    let row = |more: &str| {
        with_pages(&format!(
            "[[allow]]\npaths = [\"/\"]\nmethods = [\"GET\", \"PUT\"]\nsend = \"request\"\n{more}\n"
        ))
    };
    for (member, body, kind) in [
        ("body = \"a=${SIGN}\"", &b"a=\xc3\xa9"[..], Some("text/plain;charset=UTF-8")),
        ("body-file = \"text.txt\"", b"${SIGN}\n", Some("text/plain;charset=UTF-8")),
        ("body-file = \"bytes.bin\"", b"\xff\x00", None),
    ] {
        let server = Server::new(good);
        let file = written(
            "cors.toml",
            &format!("[secrets]\nSIGN = {{ allow-short = true }}\n{}", row(member)),
        );
        std::fs::write(file.with_file_name("text.txt"), "${SIGN}\n").unwrap();
        std::fs::write(file.with_file_name("bytes.bin"), b"\xff\x00").unwrap();
        let mut command = expect();
        command.arg(&file).arg(format!("--base={}", server.base())).env("SIGN", "\u{e9}");
        let outcome = Outcome::of(&mut command);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
        let requests = server.requests();
        let of = |method: &str| requests.iter().find(|request| request.method == method).unwrap();
        assert_eq!((&of("PUT").body[..], of("PUT").header("Content-Type")), (body, kind));
        assert_eq!(of("GET").body, b"");
    }
    let server = Server::new(good);
    let outcome = server.expect(&row("body-file = \"missing.json\""), &[]);
    assert_eq!(outcome.code, 2);
    let start = "browser-cors: cors.toml:7:13: `missing.json` cannot be read: ";
    assert!(outcome.stderr.starts_with(start), "{}", outcome.stderr);
}
