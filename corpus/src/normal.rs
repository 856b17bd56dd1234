//! The normal form of an outcome: what CORS decides, without what each engine merely adds to requests.

use serde_json::{Map, Value, json};

/// Headers whose values are those of the protocol.
const VALUES: [&str; 3] =
    ["origin", "access-control-request-method", "access-control-request-headers"];

/// Headers whose names count wherever they go out.
const NAMES: [&str; 3] = ["content-type", "range", "authorization"];

/// Headers that engines send by themselves, too. They count where the author's own value went out.
const CARRIED: [&str; 6] = ["accept", "accept-language", "cache-control", "pragma", "dnt", "te"];

/// Headers that never count, even where an author sets them.
const NOISE: [&str; 15] = [
    "host",
    "connection",
    "user-agent",
    "accept-encoding",
    "content-length",
    "referer",
    "cookie",
    "priority",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-dest",
    "upgrade-insecure-requests",
    "sec-gpc",
    "keep-alive",
    "date",
];

/// The URLs for which there was a cookie when the engines were recorded.
const WITH_COOKIE: [&str; 6] = [
    "http://foo.example/",
    "http://api.foo.example/",
    "http://foo.example:8080/",
    "https://foo.example/",
    "https://api.foo.example/",
    "https://foo.example:8443/",
];

/// The headers of a response that servers and connections add.
const ADDED: [&str; 4] = ["content-length", "date", "connection", "keep-alive"];

/// The normal form of an outcome of `scenario`: for each fetch, the exchanges with the headers that
/// count, and the result. Two outcomes with the same normal form are the same for CORS.
pub fn normal_form(scenario: &Value, outcome: &Value) -> Value {
    if let Some(failed) = outcome.get("failed") {
        return json!({ "failed": failed });
    }
    let is_opaque = scenario["page"]["opaque"] == true;
    let fetches = items(&scenario["fetches"]).iter().zip(items(&outcome["fetches"]));
    let fetches = fetches.map(|(fetch, outcome)| {
        let author: Vec<_> = pairs(&fetch["headers"]).collect();
        let exchanges = items(&outcome["exchanges"]);
        let exchanges = exchanges.iter().map(|one| exchange(one, &author, is_opaque));
        json!({
            "exchanges": exchanges.collect::<Vec<_>>(),
            "result": result(&outcome["result"]),
        })
    });
    Value::Array(fetches.collect())
}

/// What was printed. Firefox adds a general message to most others; it counts only by itself.
pub fn console(outcome: &Value) -> Vec<&str> {
    let printed: Vec<_> = items(&outcome["console"]).iter().filter_map(Value::as_str).collect();
    let is_general = |line: &&&str| line.contains("(Reason: CORS request did not succeed)");
    let special: Vec<_> = printed.iter().filter(|line| !is_general(line)).copied().collect();
    match special.is_empty() {
        true => printed.into_iter().take(1).collect(),
        false => special,
    }
}

/// Method, URL, the headers that count, and whether credentials went along where a recording shows it.
fn exchange(exchange: &Value, author: &[(String, &str)], is_opaque: bool) -> Value {
    let url = text(&exchange["url"]);
    // A model says so itself; in a recording a cookie shows it.
    let said = exchange["credentials"].as_bool();
    let mut has_credentials = said.unwrap_or(false);
    let mut headers = Map::new();
    for (name, value) in pairs(&exchange["headers"]) {
        let of_author = || author.iter().filter(|(written, _)| *written == name);
        if VALUES.contains(&&*name) {
            add(&mut headers, name, value);
        } else if NAMES.contains(&&*name)
            || (of_author().next().is_some()
                && !NOISE.contains(&&*name)
                && !CARRIED.contains(&&*name))
            || (CARRIED.contains(&&*name) && is_authors(of_author().map(|(_, own)| *own), value))
        {
            headers.insert(name, "".into());
        } else if name == "cookie" && said.is_none() {
            has_credentials = true;
        }
    }
    let shows_credentials =
        has_credentials && !is_opaque && WITH_COOKIE.iter().any(|start| url.starts_with(start));
    json!({
        "method": exchange["method"],
        "url": url.split('#').next(),
        "headers": headers,
        "credentials": shows_credentials,
    })
}

/// Whether a value is one of the author's, or all of them combined.
fn is_authors<'a>(own: impl Iterator<Item = &'a str>, value: &str) -> bool {
    let own: Vec<_> = own.collect();
    let combined = own.iter().map(|one| one.trim()).collect::<Vec<_>>().join(", ");
    !own.is_empty() && (own.contains(&value.trim()) || combined == value.trim())
}

/// The members of a result that are compared.
fn result(result: &Value) -> Value {
    let kept = |names: &[&str]| {
        let members = names
            .iter()
            .filter_map(|name| result.get(*name).map(|value| ((*name).to_owned(), value.clone())));
        members.collect::<Map<_, _>>()
    };
    if result.get("error").is_some() {
        return kept(&["error"]).into();
    }
    if result.get("loaded").is_some() || result.get("queued").is_some() {
        return kept(&["loaded", "readable", "queued"]).into();
    }
    let mut members = kept(&["type", "status", "url", "redirected"]);
    let mut headers = Map::new();
    for (name, value) in pairs(&result["headers"]) {
        if !ADDED.contains(&&*name) {
            add(&mut headers, name, value);
        }
    }
    members.insert("headers".into(), headers.into());
    members.into()
}

/// Adds a header; further values follow after a comma.
fn add(headers: &mut Map<String, Value>, name: String, value: &str) {
    let combined = match headers.get(&name).and_then(Value::as_str) {
        Some(before) => format!("{before}, {value}"),
        None => value.to_owned(),
    };
    headers.insert(name, combined.into());
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The headers of a list, with names in lower case.
fn pairs(list: &Value) -> impl Iterator<Item = (String, &str)> {
    items(list).iter().map(|pair| (text(&pair[0]).to_ascii_lowercase(), text(&pair[1])))
}
