//! Scenarios as JSON.

use browser_cors::{
    compare::Api,
    fetch::UserAgent,
    request::{CacheMode, CredentialsMode, Mode, RedirectMode},
    scenario::Scenario,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    LastTwoLabels, METHODS, cases,
    header::HEADER_NAMES,
    machine::{ANSWER_NAMES, ORIGINS, STATUSES, URLS},
};

proptest! {
    #![proptest_config(cases(300))]

    /// JSON is either a scenario or refused with a line, and a scenario runs. The format is ours;
    /// it runs <https://fetch.spec.whatwg.org/#fetch-method> and `XMLHttpRequest`.
    #[test]
    fn any_json(value in any_json_value()) {
        reads_and_runs(&value.to_string())?;
    }

    /// The same for JSON that is almost a scenario. <https://fetch.spec.whatwg.org/#fetch-method>
    #[test]
    fn nearly_a_scenario(value in scenario()) {
        reads_and_runs(&value.to_string())?;
    }

    /// The same for text that is almost JSON. <https://fetch.spec.whatwg.org/#fetch-method>
    #[test]
    fn nearly_json(value in scenario(), at in any::<prop::sample::Index>(), text in "\\PC{0,3}") {
        let mut json: Vec<char> =
            serde_json::to_string_pretty(&value).expect("a value").chars().collect();
        let at = at.index(json.len());
        json.splice(at..=at, text.chars());
        reads_and_runs(&json.iter().collect::<String>())?;
    }
}

fn reads_and_runs(text: &str) -> Result<(), TestCaseError> {
    match serde_json::from_str::<Scenario>(text) {
        Err(error) => prop_assert!(error.line() > 0, "no line: {}", error),
        Ok(scenario) => {
            let user_agent = UserAgent::new(LastTwoLabels);
            let outcome = scenario.run(&user_agent);
            let sentences = outcome.to_string();
            let outcome = serde_json::to_value(&outcome).expect("JSON");
            let fetches = outcome["fetches"].as_array().expect("a list");
            prop_assert_eq!(fetches.len(), scenario.fetches.len());
            prop_assert_eq!(sentences.is_empty(), fetches.is_empty());
            prop_assert_eq!(outcome["id"].as_str(), Some(&*scenario.id));
            for fetch in fetches {
                prop_assert!(fetch["exchanges"].as_array().is_some_and(|list| list.len() <= 42));
                prop_assert!(fetch["result"].is_object());
            }
        }
    }
    Ok(())
}

fn any_json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        select(&TEXTS[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(&MEMBERS[..]), inner), 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// A scenario in which any value may be replaced.
fn scenario() -> impl Strategy<Value = Value> {
    let fetch = object(vec![
        member("url", select(&URLS[..])),
        member("api", select(Api::NAMES)),
        optional("crossorigin", select(&["", "anonymous", "use-credentials", "\u{e9}"][..])),
        optional("method", select(&["GET", "put", "POST", "TRACE", "a b"][..])),
        optional("headers", vec((select(&HEADER_NAMES[..]), "[ -~é]{0,9}"), 0..3)),
        optional("body", body()),
        optional("mode", select(Mode::NAMES)),
        optional("credentials", select(CredentialsMode::NAMES)),
        optional("redirect", select(RedirectMode::NAMES)),
        optional("cache", select(CacheMode::NAMES)),
        optional("upload_listener", any::<bool>()),
        optional("after_ms", any::<u64>()),
    ]);
    let value = prop_oneof![
        select(&["*", "true", "https://app.example", "PUT, x-token", "/next"][..])
            .prop_map(str::to_owned),
        select(&URLS[..]).prop_map(str::to_owned),
        "[ -~é]{0,9}",
    ];
    let rule = object(vec![
        member("url", select(&URLS[..12])),
        member("status", prop_oneof![select(&STATUSES[..]), any::<u16>()]),
        optional("headers", vec((select(&ANSWER_NAMES[..]), value), 0..5)),
        optional("times", 0..3_u64),
        optional("body_of", select(Api::NAMES)),
        optional("method", select(&METHODS[..])),
    ]);
    let page =
        object(vec![member("origin", select(&ORIGINS[..])), optional("opaque", any::<bool>())]);
    (page, vec(fetch, 0..4), vec(rule, 0..5)).prop_map(|(page, fetches, server)| {
        json!({ "id": "x", "page": page, "fetches": fetches, "server": server })
    })
}

fn body() -> impl Strategy<Value = Value> {
    let kind = select(&["", " ", "text/plain", " a/b ", "A/B;\u{e9}", "text/x; a=\" "][..]);
    prop_oneof![
        (select(&["text", "bytes", "urlencoded", "blob"][..]), "\\PC{0,4}")
            .prop_map(|(name, text)| json!({ name: text })),
        ("\\PC{0,4}", kind).prop_map(|(text, kind)| json!({ "blob": text, "type": kind })),
    ]
}

/// A member of an object, or none.
type Member = BoxedStrategy<Option<(String, Value)>>;

fn object(members: Vec<Member>) -> impl Strategy<Value = Value> {
    members.prop_map(|members| members.into_iter().flatten().collect())
}

fn optional(name: &'static str, value: impl Strategy<Value = impl Serialize> + 'static) -> Member {
    option::of(present(name, value)).boxed()
}

fn member(name: &'static str, value: impl Strategy<Value = impl Serialize> + 'static) -> Member {
    option::weighted(0.98, present(name, value)).boxed()
}

fn present(
    name: &'static str,
    value: impl Strategy<Value = impl Serialize> + 'static,
) -> BoxedStrategy<(String, Value)> {
    let value = value.prop_map(|value| serde_json::to_value(value).expect("JSON")).boxed();
    let value = prop_oneof![40 => value, 1 => any_json_value()];
    value.prop_map(move |value| (name.to_owned(), value)).boxed()
}

const MEMBERS: [&str; 12] = [
    "id", "page", "fetches", "server", "origin", "opaque", "url", "method", "headers", "status",
    "body", "times",
];

const TEXTS: [&str; 6] =
    ["https://app.example", "http://app.example/", "GET", "cors", "include", "null"];
