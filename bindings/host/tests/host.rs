//! What hosts rely on, with literal values.

use browser_cors_host::{
    Answer, Body, Call, Expectations, Got, InvalidInput, Page, explain, explain_for, judge_har,
    servers, simulate,
};
use rstest::rstest;
use serde_json::{Value, json};

const PAGE: &str = r#"{ "origin": "https://app.example", "engines": ["standard", "chromium"] }"#;

/// Answers every exchange with this status and these headers.
fn got(call: &Value, body: Option<Body<'_>>, status: u16, headers: &Value) -> Got {
    let page = Page::new(PAGE).expect("a page");
    let mut call = Call::start(&page, &call.to_string(), body, None).expect("a call");
    let headers = headers.to_string();
    while call.exchange().is_some() {
        call.answer(Answer { status, status_text: b"Fine", headers: &headers }).expect("an answer");
    }
    call.finish()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

fn put() -> Value {
    json!({
        "url": "https://api.example/items?all#here", "method": "put", "credentials": "include",
        "headers": [["X-Name", "Zo\u{eb}"]], "cookie": "s=1",
    })
}

fn granted() -> Value {
    json!([
        ["Access-Control-Allow-Origin", "https://app.example"],
        ["Access-Control-Allow-Credentials", "true"],
        ["Access-Control-Allow-Methods", "PUT"],
        ["Access-Control-Allow-Headers", "x-name"],
        ["Access-Control-Expose-Headers", "etag"],
        ["ETag", "\u{ff}"],
        ["X-Hidden", "1"],
        ["Vary", "Origin"],
    ])
}

#[test]
fn a_host_sees_each_exchange_as_it_goes_out() {
    let page = Page::new(PAGE).unwrap();
    let body = Body { bytes: b"{}", kind: "text" };
    let mut call = Call::start(&page, &put().to_string(), Some(body), None).unwrap();

    let preflight = parsed(&call.exchange().unwrap());
    assert_eq!(preflight["method"], "OPTIONS");
    assert_eq!(preflight["url"], "https://api.example/items?all");
    assert_eq!(preflight["target"], "/items?all");
    assert_eq!(preflight["host"], "api.example");
    assert_eq!(preflight["preflight"], true);
    assert_eq!(preflight["credentials"], false);
    assert_eq!(preflight["acceptEncoding"], "gzip, deflate, br, zstd");
    let headers = preflight["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["Origin", "https://app.example"])));
    assert!(headers.contains(&json!(["Access-Control-Request-Headers", "x-name"])));
    assert!(headers.contains(&json!(["Sec-Fetch-Mode", "cors"])));
    assert!(!headers.iter().any(|header| header[0] == "Cookie"));
    assert_eq!(call.body(), None);

    let headers = granted().to_string();
    call.answer(Answer { status: 204, status_text: b"", headers: &headers }).unwrap();
    let request = parsed(&call.exchange().unwrap());
    assert_eq!((&request["method"], &request["preflight"]), (&json!("PUT"), &json!(false)));
    let sent = request["headers"].as_array().unwrap();
    assert!(sent.contains(&json!(["X-Name", "Zo\u{eb}"])));
    assert!(sent.contains(&json!(["Cookie", "s=1"])));
    assert_eq!(call.body(), Some(&b"{}"[..]));
}

#[test]
fn what_a_page_may_read_is_told_in_each_engine() {
    let got = got(&put(), None, 201, &granted());
    let overview = parsed(&got.overview());
    assert_eq!(overview["readable"], true);
    assert_eq!(overview["arrived"], true);
    assert_eq!(overview["engine"], "standard");
    assert_eq!((&overview["status"], &overview["statusText"]), (&json!(201), &json!("Fine")));
    assert_eq!(overview["type"], "cors");
    assert_eq!(overview["url"], "https://api.example/items?all");
    assert_eq!(overview["headers"], json!([["etag", "\u{ff}"]]));
    assert_eq!(overview["answeredBy"], 1);
    assert_eq!(overview["exchanges"].as_array().unwrap().len(), 2);
    assert_eq!(overview.get("reason"), None);
    let chromium = parsed(&got.engine("chromium").unwrap());
    assert_eq!(chromium["console"], json!([]));
    let text = chromium["text"].as_str().unwrap();
    assert!(text.starts_with("PUT https://api.example/items?all#here from "), "{text}");
    assert_eq!(got.engine("firefox"), None);
}

#[test]
fn a_refusal_has_its_reason_its_fix_and_the_console() {
    let got = got(&put(), None, 204, &json!([["Access-Control-Allow-Origin", "*"]]));
    let overview = parsed(&got.overview());
    assert_eq!((&overview["readable"], &overview["arrived"]), (&json!(false), &json!(false)));
    assert_eq!(overview["reason"], "preflight-allow-origin-wildcard-with-credentials");
    assert_eq!(overview["status"], Value::Null);
    assert!(
        overview["fix"]
            .as_str()
            .unwrap()
            .starts_with("Answer OPTIONS https://api.example/items?all with")
    );
    let chromium = parsed(&got.engine("chromium").unwrap());
    let line = chromium["console"][0].as_str().unwrap();
    assert!(
        line.contains(
            "must not be the wildcard '*' when the request's credentials mode is 'include'"
        )
    );
}

#[rstest]
#[case(json!({ "readable": { "status": 200, "exposes": ["etag"], "hides": ["x-hidden"] } }), None)]
#[case(json!({ "readable": { "status": 404 } }), Some("expected that the page reads the status 404, but it is 200"))]
#[case(json!({ "readable": { "exposes": ["x-hidden"] } }), Some("expected that the page may read `x-hidden`, but it is hidden"))]
#[case(json!({ "blocked": {} }), Some("expected that the response is blocked, but the page may read it"))]
#[case(json!({ "preflight": true, "noWarnings": true }), None)]
#[case(json!({ "preflight": false }), Some("expected no preflight, but there was one"))]
#[case(json!({ "cachedPreflight": true }), Some("expected that the preflight is cached, but there was one"))]
fn expectations_are_checked(#[case] expected: Value, #[case] failure: Option<&str>) {
    let got = got(&put(), None, 200, &granted());
    let found = got.check(&expected.to_string()).unwrap();
    match (&found, failure) {
        (None, None) => {}
        (Some(found), Some(failure)) => assert!(found.starts_with(failure), "{found}"),
        _ => panic!("{found:?}"),
    }
}

#[rstest]
#[case(json!({ "blocked": { "reason": "allow-origin-missing", "arrived": true } }), None)]
#[case(json!({ "blocked": { "arrived": false } }), Some("expected that the request itself is not sent, but POST https://api.example/ was sent"))]
#[case(json!({ "blocked": { "reason": "allow-origin-wrong" } }), Some("`allow-origin-wrong` is not a reason code: `allow-origin-missing`, maybe?"))]
#[case(json!({ "readable": {} }), Some("expected that the page may read the response, but it is blocked"))]
fn a_request_that_nobody_announced_arrives(#[case] expected: Value, #[case] failure: Option<&str>) {
    let got =
        got(&json!({ "url": "https://api.example/", "method": "POST" }), None, 200, &json!([]));
    let found = got.check(&expected.to_string()).unwrap();
    match (&found, failure) {
        (None, None) => {}
        (Some(found), Some(failure)) => assert!(found.starts_with(failure), "{found}"),
        _ => panic!("{found:?}"),
    }
}

#[test]
fn a_dead_server_proves_nothing() {
    let page = Page::new(PAGE).unwrap();
    let mut call = Call::start(&page, r#"{ "url": "https://api.example/" }"#, None, None).unwrap();
    while call.exchange().is_some() {
        call.fail("the connection was refused");
    }
    let found = call.finish().check(r#"{ "blocked": {} }"#).unwrap().unwrap();
    assert!(
        found.starts_with("expected that the response is blocked, but no server answered"),
        "{found}"
    );
}

#[rstest]
#[case("{}", "expectation: nothing is expected")]
#[case(
    r#"{ "readible": {} }"#,
    "expectation: unknown field `readible`, expected one of `readable`"
)]
fn an_expectation_says_something(#[case] expected: &str, #[case] error: &str) {
    let got = got(&put(), None, 200, &granted());
    let found = got.check(expected).unwrap_err().to_string();
    assert!(found.starts_with(error), "{found}");
}

#[test]
fn the_preflight_cache_is_the_pages() {
    let page = Page::new(PAGE).unwrap();
    let count = || {
        let mut call = Call::start(&page, &put().to_string(), None, None).unwrap();
        let (mut count, headers) = (0, granted().to_string());
        while call.exchange().is_some() {
            call.answer(Answer { status: 200, status_text: b"", headers: &headers }).unwrap();
            count += 1;
        }
        count
    };
    assert_eq!((count(), count()), (2, 1));
    page.advance(6.0);
    assert_eq!(count(), 2);
}

#[rstest]
#[case(r#"{ "origin": "ftp://a.example" }"#, "`ftp://a.example` is not where a page is")]
#[case(
    r#"{ "orign": "https://a.example" }"#,
    "page: unknown field `orign`, expected one of `origin`"
)]
#[case(r#"{ "origin": "null", "engines": [] }"#, "no engine was named")]
#[case(
    r#"{ "origin": "null", "server": "localhost:80" }"#,
    "`localhost:80` is not the URL of a server"
)]
fn a_page_that_is_none_is_an_error(#[case] options: &str, #[case] error: &str) {
    let found = Page::new(options).unwrap_err().to_string();
    assert!(found.starts_with(error), "{found}");
}

#[rstest]
#[case(json!({ "url": "/items" }), None, "`/items` is relative")]
#[case(json!({ "url": "https://a.example", "mode": "corse" }), None, "fetch, `mode`: `corse` is not one of same-origin, cors, no-cors")]
#[case(json!({ "url": "https://a.example", "method": "\u{100}" }), None, "fetch: `\u{100}` is no byte")]
#[case(json!({ "url": "https://a.example", "cookie": "a\nb" }), None, "`a\\nb` is no cookie")]
#[case(json!({ "url": "https://a.example" }), Some("json"), "unknown kind of body `json`")]
#[case(json!({ "url": "https://a.example" }), Some("text"), "the body is no UTF-8")]
fn a_call_that_is_none_is_an_error(
    #[case] call: Value,
    #[case] kind: Option<&str>,
    #[case] error: &str,
) {
    let page = Page::new(PAGE).unwrap();
    let body = kind.map(|kind| Body { bytes: b"\xff", kind });
    let found = Call::start(&page, &call.to_string(), body, None).unwrap_err().to_string();
    assert!(found.starts_with(error), "{found}");
}

#[test]
fn a_request_that_no_page_can_make_is_told() {
    let got =
        got(&json!({ "url": "https://api.example/", "method": "TRACE" }), None, 200, &json!([]));
    let overview = parsed(&got.overview());
    assert_eq!((&overview["verdict"], &overview["readable"]), (&json!("invalid"), &json!(false)));
    assert_eq!(overview["name"], "TypeError");
    assert!(overview["message"].as_str().unwrap().contains("TRACE"));
}

#[test]
fn rows_of_expectations_are_asked_and_judged() -> Result<(), InvalidInput> {
    let text = r#"
        [pages]
        app = "https://app.example"

        [[allow]]
        name = "items"
        paths = ["/items"]
        methods = ["PUT"]

        [[deny]]
        name = "others"
        paths = ["/items"]
        from = ["foreign"]
    "#;
    let options =
        r#"{ "engines": ["standard"], "base": "https://api.example", "sendRequests": true }"#;
    let file = Expectations::new("cors.toml", text, options)?;
    let rows = parsed(&file.rows());
    assert_eq!(rows[1]["name"], "others");
    assert_eq!(rows[1]["expect"], "deny");
    let run = |index: usize, origin: &str| -> Result<Value, InvalidInput> {
        let mut row = file.start(index)?;
        let headers = json!([
            ["Access-Control-Allow-Origin", origin],
            ["Access-Control-Allow-Methods", "PUT"],
        ]);
        let headers = headers.to_string();
        while row.exchange().is_some() {
            row.answer(Answer { status: 200, status_text: b"", headers: &headers })?;
        }
        Ok(parsed(&row.finish()))
    };
    assert_eq!(run(0, "https://app.example")?["verdict"], "passed");
    let failed = run(0, "https://other.example")?;
    assert_eq!(failed["verdict"], "failed");
    assert!(failed["text"].as_str().unwrap().starts_with("FAILED items: 0 passed, 1 failed"));
    assert_eq!(failed["judged"][0]["findings"][0]["reason"], "preflight-allow-origin-mismatch");
    assert_eq!(run(1, "https://app.example")?["verdict"], "passed");
    assert_eq!(run(1, "*")?["verdict"], "failed");
    Ok(())
}

#[test]
fn a_refusal_without_cors_proves_nothing_if_the_page_is_refused_too() -> Result<(), InvalidInput> {
    let text = "[pages]\napp = \"https://app.example\"\n[[deny]]\npaths = [\"/no-such-path\"]\n\
                from = [\"foreign\"]\n";
    let file = Expectations::new("cors.toml", text, r#"{ "engines": ["standard"] }"#)?;
    let mut row = file.start(0)?;
    let mut origins = Vec::new();
    while let Some(exchange) = row.exchange() {
        let exchange = parsed(&exchange);
        let headers = exchange["headers"].as_array().unwrap();
        let origin = headers.iter().find(|header| header[0] == "Origin").expect("an Origin");
        origins.push(origin[1].as_str().unwrap().to_owned());
        row.answer(Answer { status: 404, status_text: b"", headers: "[]" })?;
    }
    assert_eq!(origins.last().unwrap(), "https://app.example");
    assert_eq!(parsed(&row.finish())["verdict"], "unjudged");
    Ok(())
}

#[test]
fn texts_are_explained() {
    let line = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been \
                blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the \
                requested resource.";
    let explained = parsed(&explain(line));
    assert_eq!(explained[0]["reason"], "allow-origin-missing");
    assert!(
        explained[0]["explanation"].as_str().unwrap().contains("where: the server of api.example")
    );
}

#[test]
fn a_message_has_its_fix_in_the_words_of_a_server() {
    let line = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been \
                blocked by CORS policy: Method PATCH is not allowed by Access-Control-Allow-Methods \
                in preflight response.\nTypeError: Failed to fetch";
    let explained = parsed(&explain_for(line, "express").unwrap());
    let snippet = &explained[0]["snippet"];
    assert_eq!(snippet["for"], "express");
    assert_eq!(snippet["proof"], "tested with Express 5 and cors 2.8");
    assert!(snippet["parts"][0]["text"].as_str().unwrap().contains("'PATCH'"));
    assert_eq!(explained[1].get("snippet"), None);
    let error = explain_for(line, "cobol").unwrap_err().to_string();
    assert_eq!(error, "`cobol` is no server for which there are snippets");
    let names: Vec<Value> =
        parsed(&servers()).as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("nginx")) && names.contains(&json!("django")), "{names:?}");
}

#[test]
fn a_refusal_has_its_fix_in_the_words_of_the_server_that_answered() -> Result<(), InvalidInput> {
    let headers = json!([["Access-Control-Allow-Origin", "*"], ["Server", "nginx/1.22.1"]]);
    let refused = got(&put(), None, 204, &headers);
    let guessed = parsed(&refused.snippet("chromium", "guess")?.unwrap());
    assert_eq!(guessed["for"], "nginx");
    assert_eq!(guessed["guessed_from"], "Server: nginx/1.22.1");
    assert!(guessed["parts"][0]["place"].as_str().unwrap().starts_with("the http block"));
    let caddy = parsed(&refused.snippet("chromium", "caddy")?.unwrap());
    assert_eq!((&caddy["for"], caddy.get("guessed_from")), (&json!("caddy"), None));
    assert_eq!(refused.snippet("firefox", "caddy")?, None);
    assert!(refused.snippet("chromium", "cobol").is_err());

    let unknown = got(&put(), None, 204, &json!([]));
    assert_eq!(unknown.snippet("chromium", "guess")?, None);
    assert_eq!(got(&put(), None, 204, &granted()).snippet("chromium", "nginx")?, None);
    Ok(())
}

#[test]
fn scenarios_are_answered_in_order() -> Result<(), InvalidInput> {
    let scenario = |id: &str| {
        json!({
            "id": id, "page": { "origin": "https://app.example" },
            "fetches": [{ "url": "https://api.example/" }], "server": [],
        })
    };
    let lines = format!("{}\n{}\n", scenario("a"), json!([scenario("b"), scenario("c")]));
    let outcomes = parsed(&simulate(&lines, r#"{ "engines": ["webkit"], "text": true }"#)?);
    let ids: Vec<_> = outcomes.as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(outcomes[0]["console"][0].as_str().unwrap().contains("Access-Control-Allow-Origin"));
    assert!(outcomes[0]["text"].as_str().unwrap().starts_with("== a\n"));
    let compared = parsed(&simulate(&lines, r#"{ "engines": ["standard", "firefox"] }"#)?);
    assert_eq!(
        compared[2]["engines"]["firefox"]["fetches"][0]["result"]["reason"],
        "allow-origin-missing"
    );
    let error = simulate("{} {}", "{}").unwrap_err().to_string();
    assert!(error.starts_with("scenario 1: missing field `id`"), "{error}");
    Ok(())
}

#[test]
fn recordings_are_judged() -> Result<(), InvalidInput> {
    let har = json!({ "log": { "entries": [{
        "request": { "method": "GET", "url": "https://api.example/", "headers": [
            { "name": "Origin", "value": "https://app.example" },
        ] },
        "response": { "status": 200, "headers": [] },
    }] } });
    let judged = parsed(&judge_har(har.to_string().as_bytes(), "{}")?);
    assert_eq!(judged["summary"]["blocked"], 1);
    assert_eq!(judged["entries"][0]["format"], 1);
    assert_eq!(judged["broken"], Value::Null);
    let broken = parsed(&judge_har(b"{", "{}")?);
    assert!(broken["broken"].is_string());
    Ok(())
}
