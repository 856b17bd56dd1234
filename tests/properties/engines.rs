//! User agents of any mixture of departures: what holds whoever asks.

use browser_cors::{
    code::Code,
    engine::{Departure, Profile},
    fetch::{Outcome, UserAgent},
    origin::url_as_sent,
    response::InvalidLocation,
    scenario::Scenario,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use crate::{
    LastTwoLabels, cases,
    machine::{ANSWER_NAMES, ORIGINS},
};

/// A profile of the standard or of a release, with some departures more and some fewer.
fn profile() -> impl Strategy<Value = Profile> {
    let releases = Profile::of_recorded_releases().chain([Profile::STANDARD]);
    let departures: Vec<Departure> = Departure::all().collect();
    let toggled = vec((select(departures), any::<bool>()), 0..12);
    (select(releases.collect::<Vec<_>>()), toggled).prop_map(|(profile, toggled)| {
        toggled.into_iter().fold(profile, |profile, (departure, is_added)| {
            if is_added { profile.with(departure) } else { profile.without(departure) }
        })
    })
}

/// A scenario of redirects among a few URLs, some of which nobody can follow.
fn redirects() -> impl Strategy<Value = Value> {
    const URLS: [&str; 5] = [
        "https://app.example/a",
        "https://app.example/b",
        "https://api.example/c",
        "https://api.example/d?e",
        "http://cdn.example/f#g",
    ];
    let location = prop_oneof![
        4 => select(&URLS[..]).prop_map(str::to_owned),
        1 => select(
            &["", "/caf\u{e9}", "\t/a", "http://[", "data:,x", "https://u:p@api.example/c"][..],
        )
        .prop_map(str::to_owned),
    ];
    let value = select(&["*", "true", "https://app.example", "null", "PUT, x-token", "x-a"][..]);
    let rule = (
        select(&URLS[..4]),
        select(&[200, 200, 204, 301, 302, 303, 307, 308, 310, 401, 407][..]),
        vec(location, 0..3),
        vec((select(&ANSWER_NAMES[..]), value), 0..4),
        any::<bool>(),
    );
    let rule = rule.prop_map(|(url, status, locations, headers, is_open)| {
        let mut headers: Vec<_> =
            headers.into_iter().map(|(name, value)| json!([name, value])).collect();
        headers.extend(locations.iter().map(|location| json!(["Location", location])));
        if is_open {
            headers.push(json!(["Access-Control-Allow-Origin", "https://app.example"]));
            headers.push(json!(["Access-Control-Allow-Methods", "PUT, DELETE"]));
            headers
                .push(json!(["Access-Control-Allow-Headers", "x-a, content-type, authorization"]));
        }
        json!({ "url": url, "status": status, "headers": headers })
    });
    let fetch = (
        select(&URLS[..4]),
        select(&["fetch", "xhr", "img", "script", "font", "beacon"][..]),
        select(&["GET", "POST", "PUT", "DELETE"][..]),
        select(&["cors", "no-cors", "same-origin"][..]),
        select(&["follow", "manual", "error"][..]),
        vec((select(&["X-A", "Authorization", "Content-Type", "DPR"][..]), "[ -~é]{1,4}"), 0..3),
    );
    let fetch = fetch.prop_map(|(url, api, method, mode, redirect, headers)| match api {
        "fetch" => json!({
            "url": url, "method": method, "mode": mode, "redirect": redirect, "headers": headers,
        }),
        "xhr" => json!({ "url": url, "api": api, "method": method, "headers": headers }),
        "beacon" => json!({ "url": url, "api": api, "body": { "text": "x" } }),
        _ => json!({ "url": url, "api": api, "crossorigin": "anonymous" }),
    });
    (select(&ORIGINS[..]), vec(fetch, 1..4), vec(rule, 1..7)).prop_map(
        |(origin, fetches, server)| {
            let page = json!({ "origin": "https://app.example", "opaque": origin == "null" });
            json!({ "id": "x", "page": page, "fetches": fetches, "server": server })
        },
    )
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// Where an answer was read to redirect is where the next request goes; what the console names
    /// was asked for, or read of an answer; and text and JSON say the same.
    #[test]
    fn one_reading_of_each_answer(value in redirects(), profile in profile()) {
        let scenario: Scenario = serde_json::from_value(value).expect("a scenario");
        let mut user_agent = UserAgent::new(LastTwoLabels);
        user_agent.profile = profile;
        let outcome = scenario.run(&user_agent);
        let text = outcome.to_string();
        let json = serde_json::to_value(&outcome).expect("JSON");

        let mut console = Vec::new();
        for (fetch, json) in outcome.fetches.iter().zip(json["fetches"].as_array().expect("a list")) {
            let result = &json["result"];
            let Some(transcript) = fetch.transcript() else {
                prop_assert!(json["exchanges"].as_array().is_none_or(Vec::is_empty));
                continue;
            };
            prop_assert_eq!(transcript.profile, profile);
            let mut known = vec![transcript.asked.url.to_string()];
            let requests = transcript.exchanges.iter().filter(|exchange| exchange.preflight.is_none());
            for (request, next) in requests.clone().zip(requests.skip(1)) {
                let Ok(Some(location)) = &request.location else {
                    return Err(TestCaseError::fail("a request came after what is no redirect"));
                };
                // A page of https asks for an image of http over https.
                let mut upgraded = location.clone();
                let is_upgraded = upgraded.set_scheme("https").is_ok() && upgraded == next.url;
                prop_assert!(location == &next.url || is_upgraded, "{} after {}", next.url, location);
            }
            for exchange in &transcript.exchanges {
                known.push(exchange.url.to_string());
                match &exchange.location {
                    // Some lines leave the user name and password out.
                    Ok(Some(url)) => known.extend([url.to_string(), url_as_sent(url).into_owned()]),
                    // What is no URL is printed as it came.
                    Err(InvalidLocation::Url { value, .. }) => {
                        known.push(String::from_utf8_lossy(value).into_owned());
                    }
                    Ok(None) | Err(_) => {}
                }
            }
            for line in fetch.console() {
                for word in line.split([' ', '\'', '"', '‘', '’', '(', ')']) {
                    let word = word.trim_end_matches(['.', ',', ':']);
                    let is_url = word.starts_with("http") && word.matches('/').count() > 2;
                    let is_known = known.iter().any(|text| {
                        text.contains(word) || word.starts_with(text.as_str())
                    });
                    prop_assert!(!is_url || is_known, "{word:?} in {line:?}");
                }
                console.push(line);
            }
            if let Outcome::NetworkError(error) = &transcript.outcome {
                let codes = [error.code().as_str()];
                prop_assert!(codes[0].parse::<Code>().is_ok());
                let is_beacon = result["queued"].as_bool() == Some(true);
                prop_assert!(is_beacon || result["reason"].as_str() == Some(codes[0]), "{result}");
            }
            if let Some(fix) = result["fix"].as_str() {
                prop_assert!(text.contains(fix), "{fix:?} is not in {text:?}");
            }
        }
        let printed: Vec<_> = json["console"].as_array().into_iter().flatten().collect();
        prop_assert_eq!(printed, console.iter().collect::<Vec<_>>());
        prop_assert!(profile.engine().is_some() || console.is_empty());
    }
}
