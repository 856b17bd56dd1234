//! What a green means: nothing changes on a server unless asked, denials say what they prove, and
//! what proves nothing is no green.

use crate::server::{
    Answer, Outcome, Request, Server, answer, browser_cors, expect, good, written,
};

const PAGES: &str = "[pages]\napp = \"https://app.example\"\n";

fn with_pages(rows: &str) -> String {
    format!("{PAGES}{rows}")
}

fn methods(server: &Server) -> Vec<String> {
    let mut methods: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// A server that answers `good`, and forms from anywhere without CORS.
fn with_forms(request: &Request) -> Answer {
    match request.method.as_str() {
        "POST" => answer(201, ["Vary: Origin"]),
        _ => good(request),
    }
}

#[test]
fn nothing_is_changed_unless_asked() {
    let rows = "[[allow]]\nname = \"items\"\npaths = [\"/items\"]\n\
                methods = [\"GET\", \"HEAD\", \"PUT\", \"DELETE\"]\nread = [\"ETag\"]\n";
    let server = Server::new(good);
    let outcome = server.expect(&with_pages(rows), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        outcome.stdout,
        "ok     items: 4 passed, 0 failed (PUT and DELETE were not sent, but judged by their preflights)\n\
         cors.toml against http://127.0.0.1:PORT/ in standard, chromium, firefox, webkit: 4 passed, \
         0 failed; 2 of them by preflights alone\n"
    );
    assert_eq!(methods(&server), ["GET", "HEAD", "OPTIONS"]);
    let (_, lines) = server.json(&with_pages(rows), &[]);
    let sent: Vec<_> = lines.iter().map(|line| line["sent"].as_str().unwrap()).collect();
    assert_eq!(sent, ["request", "request", "preflight", "preflight"]);

    for (args, rows) in [
        (&["--send-requests"][..], rows.to_owned()),
        (&[], rows.replace("read", "send = \"request\"\nread")),
    ] {
        let server = Server::new(good);
        assert_eq!(server.expect(&with_pages(&rows), args).code, 0);
        assert_eq!(methods(&server), ["DELETE", "GET", "HEAD", "OPTIONS", "PUT"]);
    }
    // What the row says counts.
    let server = Server::new(good);
    let rows = "[[allow]]\npaths = [\"/\"]\nmethods = [\"PUT\"]\nsend = \"preflight\"\n";
    assert_eq!(server.expect(&with_pages(rows), &["--send-requests"]).code, 0);
    assert_eq!(methods(&server), ["OPTIONS"]);
}

#[test]
fn what_needs_an_answer_that_does_not_come_is_not_judged() {
    for demand in ["status = 200", "read = [\"ETag\"]"] {
        let rows = format!("[[allow]]\npaths = [\"/\"]\nmethods = [\"PUT\"]\n{demand}\n");
        let server = Server::new(good);
        let (code, lines) = server.json(&with_pages(&rows), &[]);
        assert_eq!((code, lines[0]["verdict"].as_str()), (2, Some("unjudged")));
        assert_eq!(lines[0]["findings"][0]["reason"], "not-sent");
        assert_eq!(server.json(&with_pages(&rows), &["--send-requests"]).0, 0);
    }
}

/// A request without a preflight is neither sent nor guessed at.
#[test]
fn a_form_is_not_sent() {
    let rows = "[[allow]]\nname = \"form\"\npaths = [\"/items\"]\nmethods = [\"POST\"]\n\
                [[deny]]\nname = \"others\"\npaths = [\"/items\"]\nmethods = [\"POST\"]\nfrom = [\"foreign\"]\n";
    let server = Server::new(with_forms);
    let outcome = server.expect(&with_pages(rows), &["--engine=standard"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, ""));
    assert_eq!(server.requests(), []);
    assert_eq!(
        outcome.stdout,
        "\
UNSURE form: 0 passed, 0 failed, 1 could not be judged
UNSURE others: 0 passed, 0 failed, 2 could not be judged
       warning: POST arrives and is carried out, with the user's cookies; only reading is denied (`what = \"send\"` denies it)

  form: POST /items from app
    expected: https://app.example must be able to read the answer
    in standard: POST http://127.0.0.1:PORT/items has no preflight, and it could change something, so nothing was sent
      POST http://127.0.0.1:PORT/items from https://app.example, credentials same-origin
      1. POST http://127.0.0.1:PORT/items  (without credentials)
         Origin: https://app.example
         => it was not sent: it could change something, and nothing says `send`
          fix: Write `send = \"request\"` in the row, or give `--send-requests`, if the server may carry the request out.

  others: POST /items from https://foreign.example
    expected: https://foreign.example must not be able to read the answer
    in standard: POST http://127.0.0.1:PORT/items has no preflight, and it could change something, so nothing was sent
      POST http://127.0.0.1:PORT/items from https://foreign.example, credentials same-origin
      1. POST http://127.0.0.1:PORT/items  (without credentials)
         Origin: https://foreign.example
         => it was not sent: it could change something, and nothing says `send`
          fix: Write `send = \"request\"` in the row, or give `--send-requests`, if the server may carry the request out.
  also others: POST /items from https://foreign.example, credentials include

cors.toml against http://127.0.0.1:PORT/ in standard: 0 passed, 0 failed, 3 could not be judged
"
    );
}

#[test]
fn denials_say_what_arrives() {
    let row = |method: &str, more: &str| {
        with_pages(&format!(
            "[[deny]]\nname = \"others\"\npaths = [\"/items\"]\nmethods = [\"{method}\"]\n\
             from = [\"foreign\"]\n{more}"
        ))
    };
    for (toml, code, first) in [
        (
            row("GET", ""),
            0,
            "ok     others: 2 passed, 0 failed (GET arrives, but its answer cannot be read)\n",
        ),
        (row("PUT", ""), 0, "ok     others: 2 passed, 0 failed (no request arrives)\n"),
        (
            row("POST", "send = \"request\"\n"),
            0,
            "ok     others: 2 passed, 0 failed (POST arrives, but its answer cannot be read)\n       \
             warning: POST arrives and is carried out, with the user's cookies; only reading is denied \
             (`what = \"send\"` denies it)\n",
        ),
        (
            row("PUT", "what = \"send\"\n"),
            0,
            "ok     others: 2 passed, 0 failed (no request arrives)\n",
        ),
        (row("POST", "what = \"send\"\n"), 1, "FAILED others: 0 passed, 2 failed\n"),
        (row("GET", "what = \"send\"\n"), 1, "FAILED others: 0 passed, 2 failed\n"),
        (
            row("POST", "what = \"send\"\nheaders = { Content-Type = \"application/json\" }\n"),
            0,
            "ok     others: 2 passed, 0 failed (no request arrives)\n",
        ),
    ] {
        let server = Server::new(with_forms);
        let outcome = server.expect(&toml, &[]);
        assert_eq!(outcome.code, code, "{toml}\n{}", outcome.stdout);
        assert!(outcome.stdout.starts_with(first), "{toml}\n{}", outcome.stdout);
        let was_sent = server.requests().iter().any(|request| request.method == "POST");
        assert_eq!(was_sent, toml.contains("send = \"request\""), "{toml}");
    }
    let (_, lines) = Server::new(with_forms).json(&row("POST", "what = \"send\"\n"), &[]);
    assert_eq!(lines[0]["findings"][0]["reason"], "sent");
    assert_eq!((&lines[0]["sent"], &lines[0]["arrives"]), (&"nothing".into(), &true.into()));
    let (_, lines) = Server::new(good).json(&row("PUT", ""), &[]);
    assert_eq!((&lines[0]["sent"], &lines[0]["arrives"]), (&"preflight".into(), &false.into()));

    // A preflight that lets everybody pass.
    let careless = Server::new(|request| {
        let origin = request.header("Origin").unwrap();
        let headers = [
            format!("Access-Control-Allow-Origin: {origin}"),
            "Access-Control-Allow-Methods: PUT".to_owned(),
        ];
        Answer(204, headers.to_vec())
    });
    for more in ["", "what = \"send\"\n"] {
        let (code, lines) = careless.json(&row("PUT", more), &[]);
        assert_eq!((code, &lines[0]["verdict"]), (1, &"failed".into()));
        assert_eq!(lines[0]["findings"][0]["reason"], "preflight-granted");
    }
    assert_eq!(methods(&careless), ["OPTIONS"]);
}

/// A refusal that everybody gets, and that shows no CORS, proves nothing.
#[test]
fn a_refusal_for_everybody_proves_nothing() {
    let row = "[[deny]]\nname = \"others\"\npaths = [\"/items\"]\nfrom = [\"foreign\", \"null\"]\n";
    for refusal in [
        answer(404, []),
        answer(401, ["WWW-Authenticate: Basic"]),
        answer(500, ["Vary: Origin"]),
        answer(302, ["Location: https://login.invalid/"]),
    ] {
        let answers = refusal.clone();
        let server = Server::new(move |_| answers.clone());
        let (code, lines) = server.json(&with_pages(row), &[]);
        assert_eq!(code, 2, "{refusal:?}");
        assert_eq!(lines.len(), 4);
        for line in &lines {
            assert_eq!(line["verdict"], "unjudged", "{refusal:?}");
            assert_eq!(line["findings"][0]["reason"], "no-cors-seen");
        }
    }
    // The same refusal proves what it says where a page sees CORS, or where the answer is no error.
    for server in [
        Server::new(|request| match request.header("Origin") {
            Some("https://app.example") => good(request),
            _ => answer(403, []),
        }),
        Server::new(|request| match request.header("Origin") {
            Some("https://app.example") => {
                answer(404, ["Access-Control-Allow-Origin: https://app.example"])
            }
            _ => answer(404, []),
        }),
        Server::new(|_| answer(404, ["Access-Control-Allow-Origin: https://app.example"])),
        Server::new(|_| answer(200, [])),
    ] {
        let outcome = server.expect(&with_pages(row), &[]);
        assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    }
    // A preflight that is refused because there is no CORS at all stops the request; one that is
    // refused because there is no such path tells nothing of the path that was meant.
    let row_of_put = row.replace("from", "methods = [\"PUT\"]\nfrom");
    for (status, code) in [(405, 0), (501, 0), (200, 0), (404, 2), (401, 2), (403, 2)] {
        let server = Server::new(move |_| answer(status, []));
        assert_eq!(server.expect(&with_pages(&row_of_put), &[]).code, code, "{status}");
    }
    // To compare changes nothing either.
    let server = Server::new(|_| answer(404, []));
    let row = "[[deny]]\npaths = [\"/items\"]\nmethods = [\"POST\", \"DELETE\"]\nsend = \"request\"\nfrom = [\"foreign\"]\ncredentials = \"omit\"\n";
    assert_eq!(server.expect(&with_pages(row), &[]).code, 2);
    let mut sent: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| {
            let origin = request.header("Origin").unwrap().replace("https://", "");
            format!("{} {origin}", request.method)
        })
        .collect();
    sent.sort_unstable();
    assert_eq!(
        sent,
        [
            "GET app.example",
            "OPTIONS app.example",
            "OPTIONS foreign.example",
            "POST foreign.example"
        ]
    );
}

#[test]
fn the_servers_own_origin_proves_nothing() {
    let server = Server::new(good);
    let toml = format!(
        "[pages]\napp = \"https://app.example\"\nown = \"{}\"\n[[allow]]\npaths = [\"/\"]\n",
        server.base()
    );
    let (code, lines) = server.json(&toml, &[]);
    assert_eq!(code, 2);
    let verdicts: Vec<_> = lines.iter().map(|line| line["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["passed", "unjudged"]);
    assert_eq!(lines[1]["findings"][0]["reason"], "same-origin");
    assert_eq!(lines[1]["findings"][0]["engines"].as_array().unwrap().len(), 4);
    // It is not even asked.
    assert_eq!(server.requests().len(), 1);

    let outcome = server.expect(&toml.replace("app = \"https://app.example\"\n", ""), &[]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (
            2,
            "browser-cors: cors.toml:3:1: no page is left to ask: origins other than the server's own \
             were expected\n"
        )
    );
}

/// A denial of what no browser asks for at all.
#[test]
fn no_request_proves_nothing() {
    let file = written("cors.toml", &with_pages("[[deny]]\npaths = [\"/\"]\n"));
    let mut command = expect();
    // A port that browsers block.
    command.arg(&file).arg("--base=http://127.0.0.1:22").arg("--format=json");
    let outcome = Outcome::of(&mut command);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    for line in outcome.stdout.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((&line["verdict"], &line["sent"]), (&"unjudged".into(), &"nothing".into()));
    }
}

/// Members that no request would use are errors.
#[test]
fn what_would_not_be_used() {
    let server = Server::new(good);
    for (row, problem) in [
        (
            "[[allow]]\npaths = [\"/\"]\ncookie = \"a=1\"\n",
            "5:10: no browser sends the cookie without `credentials = \"include\"`: that was expected, \
             or no `cookie`",
        ),
        (
            "[[deny]]\npaths = [\"/\"]\ncookie = \"a=1\"\ncredentials = [\"omit\", \"same-origin\"]\n",
            "5:10: no browser sends the cookie without `credentials = \"include\"`: that was expected, \
             or no `cookie`",
        ),
        (
            "[[allow]]\npaths = [\"/\"]\nmethods = [\"GET\", \"head\"]\nbody = \"x\"\n",
            "6:8: GET and HEAD have no body, and the row has no other method: no `body` was expected",
        ),
        (
            "[[allow]]\npaths = [\"/\"]\npreflight-every = 5\n",
            "3:1: `preflight-every`, but no request of the row has a preflight: a method or a header \
             that needs one was expected, or no `preflight-every`",
        ),
        (
            "[[deny]]\npaths = [\"/\"]\nwhat = \"send\"\nsend = \"request\"\n",
            "6:8: with `what = \"send\"` the request itself is never sent: no `send` was expected",
        ),
        ("[[deny]]\npaths = [\"/\"]\nwhat = \"all\"\n", "5:8: \"read\" or \"send\" was expected"),
        (
            "[[allow]]\npaths = [\"/\"]\nheaders = []\n",
            "5:11: headers were expected, as in { \"X-Token\" = \"1\" }, or a list of such tables",
        ),
        ("[[allow]]\npaths = []\n", "4:9: a list of paths, as in [\"/items\"] was expected"),
        (
            "[[allow]]\npaths = [\"/\"]\nmethods = []\n",
            "5:11: a list of methods, as in [\"GET\"] was expected",
        ),
        (
            "[[deny]]\npaths = [\"/\"]\nfrom = []\n",
            "5:8: a list of \"foreign\", \"null\", \"look-alike\" and origins was expected",
        ),
        (
            "[[deny]]\npaths = [\"/\"]\nfrom = [\"https://*.example\"]\n",
            "5:9: `https://*.example` is a pattern, and no page has such an origin: origins were \
             expected",
        ),
    ] {
        let outcome = server.expect(&with_pages(row), &[]);
        let expected = format!("browser-cors: cors.toml:{problem}\n");
        assert_eq!((outcome.code, outcome.stderr), (2, expected), "{row}");
    }
    let outcome = server
        .expect("[pages]\na = \"https://*.preview.example\"\n[[allow]]\npaths = [\"/\"]\n", &[]);
    assert_eq!(
        outcome.stderr,
        "browser-cors: cors.toml:2:5: `https://*.preview.example` is a pattern, and no page has such an \
         origin: samples that are asked were expected, as in { pattern = \"https://*.preview.example\", \
         samples = [\"https://a.preview.example\"] }\n"
    );
    assert_eq!(server.requests(), []);
}

#[test]
fn patterns_are_asked_by_their_samples() {
    let toml = "[pages]\n\
                preview = { pattern = \"https://*.preview.example\", samples = [\"https://a.preview.example\", \"https://b.c.preview.example\"] }\n\
                [[allow]]\npaths = [\"/\"]\n[[deny]]\nname = \"others\"\npaths = [\"/\"]\ncredentials = \"omit\"\nfrom = [\"look-alike\"]\n";
    let sharing = |is_ours: fn(&str) -> bool| {
        Server::new(move |request| {
            let origin = request.header("Origin").unwrap();
            let headers = vec![format!("Access-Control-Allow-Origin: {origin}")];
            Answer(200, if is_ours(origin) { headers } else { Vec::new() })
        })
    };
    let right = |origin: &str| {
        origin
            .strip_prefix("https://")
            .and_then(|host| host.strip_suffix(".preview.example"))
            .is_some()
    };
    let server = sharing(right);
    let (code, lines) = server.json(toml, &[]);
    let titles: Vec<_> = lines.iter().map(|line| line["title"].as_str().unwrap()).collect();
    assert_eq!(code, 0);
    assert_eq!(
        titles[..2],
        [
            "allow 1: GET / from preview (https://a.preview.example)",
            "allow 1: GET / from preview (https://b.c.preview.example)",
        ]
    );
    for (is_ours, found) in [
        (
            (|origin| origin.ends_with("preview.example") && origin.starts_with("https"))
                as fn(&str) -> bool,
            &[
                "https://foreignpreview.example",
                "https://axpreview.example",
                "https://preview.example",
                "https://b.cxpreview.example",
            ][..],
        ),
        (
            |origin| origin.contains(".preview.example") && origin.starts_with("https"),
            &[
                "https://a.preview.example:8443",
                "https://a.preview.example.foreign.example",
                "https://a.preview.example_.foreign.example",
                "https://a.preview.example`.foreign.example",
                "https://foreign.preview.example.foreign.example",
                "https://b.c.preview.example:8443",
                "https://b.c.preview.example.foreign.example",
                "https://b.c.preview.example_.foreign.example",
                "https://b.c.preview.example`.foreign.example",
            ],
        ),
    ] {
        let (code, lines) = sharing(is_ours).json(toml, &[]);
        let failed = lines.iter().filter(|line| line["verdict"] == "failed");
        let origins: Vec<_> = failed.map(|line| line["origin"].as_str().unwrap()).collect();
        assert_eq!((code, &origins[..]), (1, found));
    }
    // A server that knows one sample alone.
    let (code, lines) = sharing(|origin| origin == "https://a.preview.example").json(toml, &[]);
    assert_eq!((code, &lines[1]["verdict"]), (1, &"failed".into()));
}

/// `diff` changes nothing on either server.
#[test]
fn diff_changes_nothing() {
    let (a, b) = (Server::new(good), Server::new(good));
    let rows = "[[allow]]\nname = \"items\"\npaths = [\"/items\"]\nmethods = [\"GET\", \"PUT\", \"POST\"]\n";
    let file = written("cors.toml", &with_pages(rows));
    let diff = |args: &[&str]| {
        let mut command = browser_cors();
        command.args(["diff", &a.base(), &b.base()]).arg(&file).args(args);
        Outcome::of(&mut command)
    };
    let outcome = diff(&[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, ""));
    assert_eq!(
        outcome.stdout,
        "not compared: items: POST /items from app: the POST has no preflight, and it could change \
         something, so nothing was sent: `send = \"request\"` in the row, or `--send-requests`, sends it\n\
         2 combinations: 0 are answered differently, 0 so that a page can tell; 1 by preflights alone; 1 not \
         compared\n"
    );
    for server in [&a, &b] {
        assert_eq!(methods(server), ["GET", "OPTIONS"]);
    }
    let outcome = diff(&["--send-requests"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    for server in [&a, &b] {
        assert_eq!(methods(server), ["GET", "OPTIONS", "POST", "PUT"]);
    }
}

/// Of many that fail alike, some are listed.
#[test]
fn many_that_are_alike() {
    let server = Server::new(|request| {
        let origin = request.header("Origin").unwrap();
        Answer(200, vec![format!("Access-Control-Allow-Origin: {origin}")])
    });
    let rows = "[[deny]]\npaths = [\"/\"]\ncredentials = \"omit\"\nfrom = [\"look-alike\"]\n";
    for (rows, also, more) in [
        (rows.to_owned(), 10, ""),
        (rows.replace("[\"/\"]", "[\"/\", \"/2\"]"), 10, "  and 11 more like it\n"),
    ] {
        let outcome = server.expect(&with_pages(&rows), &[]);
        assert_eq!(outcome.stdout.matches("\n  also deny 1: GET /").count(), also);
        assert_eq!(outcome.stdout.contains(" more like it"), !more.is_empty());
        assert!(outcome.stdout.contains(more), "{}", outcome.stdout);
    }
}

/// An answer that a cache can hand to another origin is readable today, and not always.
#[test]
fn what_a_cache_can_mix_up_is_warned_of() {
    let server = Server::new(|_| answer(200, ["Access-Control-Allow-Origin: https://app.example"]));
    let rows = "[[allow]]\nname = \"items\"\npaths = [\"/1\", \"/2\"]\n";
    let outcome = server.expect(&with_pages(rows), &["--engine=standard"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let [row, warning, _] = &outcome.stdout.lines().collect::<Vec<_>>()[..] else {
        panic!("{}", outcome.stdout)
    };
    assert_eq!(*row, "ok     items: 2 passed, 0 failed");
    assert!(warning.starts_with("       warning: ") && warning.contains("Vary"), "{warning}");
    let (_, lines) = server.json(&with_pages(rows), &[]);
    assert_eq!(lines[0]["warnings"].as_array().unwrap().len(), 1);
    let (_, lines) = Server::new(good).json(&with_pages(rows), &[]);
    assert_eq!(lines[0]["warnings"].as_array().unwrap().len(), 0);
}
