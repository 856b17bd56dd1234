//! The adapter on the recorded corpus, whose outcomes an independent model of the standard wrote.

use std::collections::{BTreeMap, BTreeSet};

use browser_cors_peers::servo::{
    checks::{append_a_request_origin_header, cors_check, location_url_for_response},
    cors_cache::CorsCache,
    preflight::{judge_cors_preflight_response, needs_preflight},
    types,
};
use http::{HeaderName, HeaderValue, Method};
use net_traits::{
    NetworkError,
    http_status::HttpStatus,
    request::{CredentialsMode, Origin, Request, ResponseTainting},
    response::Response,
};
use serde_json::Value;
use servo_url::{ImmutableOrigin, ServoUrl};

use crate::{
    adapter::{request, response},
    inputs::{corpus, header_map},
};

#[test]
fn the_adapter_answers_as_recorded() {
    let Some((scenarios, outcomes)) = corpus("scenarios.jsonl").zip(corpus("standard.jsonl"))
    else {
        eprintln!("skipped: the recorded corpus is not beside this repository");
        return;
    };
    let mut counts = BTreeMap::new();
    for (scenario, outcome) in scenarios.iter().zip(&outcomes) {
        assert_eq!(scenario["id"], outcome["id"]);
        let mut replay = Replay { scenario, outcome: &outcome["fetches"][0], counts: &mut counts };
        if replay.is_cors_by_script() {
            replay.run();
        }
    }
    println!("{counts:?}");
    let rare = counts.iter().find(|(_, count)| **count < 200);
    assert_eq!((counts.len(), rare), (6, None));
}

/// One scenario, asked answer by answer.
struct Replay<'a> {
    scenario: &'a Value,
    outcome: &'a Value,
    /// How many answers each function gave.
    counts: &'a mut BTreeMap<&'static str, usize>,
}

impl Replay<'_> {
    fn fetch(&self) -> &Value {
        &self.scenario["fetches"][0]
    }

    /// Whether there is one fetch, by a script in the mode "cors", and a server that has no memory.
    fn is_cors_by_script(&self) -> bool {
        let rules = self.scenario["server"].as_array().expect("rules");
        self.scenario["fetches"].as_array().is_some_and(|fetches| fetches.len() == 1)
            && matches!(self.fetch()["api"].as_str(), None | Some("fetch" | "xhr"))
            && matches!(self.fetch()["mode"].as_str(), None | Some("cors"))
            && rules.iter().all(|rule| rule["times"].is_null())
    }

    fn run(&mut self) {
        let exchanges = self.outcome["exchanges"].as_array().expect("exchanges");
        let result = &self.outcome["result"];
        let reason = result["reason"].as_str().unwrap_or_default();
        let mut urls: Vec<&str> = Vec::new();
        for (index, exchange) in exchanges.iter().enumerate() {
            let url = exchange["url"].as_str().expect("a URL");
            let next = exchanges.get(index + 1);
            let Some(answer) = self.answer(exchange, url) else { return };
            let header = |name: &str| {
                let pairs = exchange["headers"].as_array().expect("headers").iter();
                pairs.filter(|pair| pair[0] == name).find_map(|pair| pair[1].as_str())
            };
            if let Some(method) = header("access-control-request-method") {
                let mut hops = urls.clone();
                hops.push(url);
                let names = header("access-control-request-headers");
                let asked = self.about(&hops, method, names);
                let mut cache = CorsCache::default();
                let judged = judge_cors_preflight_response(&asked, &answer, &mut cache);
                let expected = if next.is_some() { Ok(()) } else { Err(network_error(reason)) };
                assert_eq!(judged, expected, "{}", self.scenario["id"]);
                self.count("judge_cors_preflight_response");
                // A second fetch needs no preflight if the first one was granted for some time.
                let max_age = answer.headers.get("access-control-max-age");
                let is_kept = judged.is_ok() && max_age.is_none_or(|value| value != "0");
                assert_eq!(needs_preflight(&asked, &cache), !is_kept, "{}", self.scenario["id"]);
                self.count("needs_preflight");
                continue;
            }
            urls.push(url);
            let mut asked = self.about(&urls, exchange["method"].as_str().expect("a method"), None);
            append_a_request_origin_header(&mut asked);
            let sent = asked.headers.get("origin").map(|value| value.to_str().expect("ASCII"));
            assert_eq!(sent, header("origin"), "{}", self.scenario["id"]);
            self.count("append_a_request_origin_header");

            let is_refused = reason.starts_with("acao-") || reason.starts_with("acac-");
            if asked.response_tainting == ResponseTainting::CorsTainting
                && (next.is_some() || is_refused || result["type"] == "cors")
            {
                let shares = next.is_some() || !is_refused;
                let id = &self.scenario["id"];
                assert_eq!(cors_check(&asked, &answer).is_ok(), shares, "{id}");
                self.count("cors_check");
            }
            if let Some(next) = next {
                let location = location_url_for_response(&answer, None);
                let mut location = location.expect("a redirect").expect("a URL").into_url();
                location.set_fragment(None);
                // What is sent has no userinfo.
                let _ = (location.set_username(""), location.set_password(None));
                assert_eq!(location.as_str(), next["url"], "{}", self.scenario["id"]);
                self.count("location_url_for_response");
            } else if result["type"] == "cors" {
                let filtered = types::filter(&asked, answer);
                let readable: BTreeSet<_> =
                    filtered.headers.keys().map(HeaderName::as_str).collect();
                let recorded = result["headers"].as_array().expect("headers").iter();
                let recorded: BTreeSet<_> = recorded.filter_map(|pair| pair[0].as_str()).collect();
                assert_eq!(readable, recorded, "{}", self.scenario["id"]);
                self.count("filter");
            }
        }
    }

    fn count(&mut self, function: &'static str) {
        *self.counts.entry(function).or_default() += 1;
    }

    /// What the server answers, as far as `http` represents it.
    fn answer(&self, exchange: &Value, url: &str) -> Option<Response> {
        let rules = self.scenario["server"].as_array()?;
        let rule = rules.iter().find(|rule| {
            rule["url"] == url && (rule["method"].is_null() || rule["method"] == exchange["method"])
        })?;
        let pairs: Vec<(String, String)> = serde_json::from_value(rule["headers"].clone()).ok()?;
        let mut answer = response(url, 200, &[]);
        answer.status =
            HttpStatus::new_raw(u16::try_from(rule["status"].as_u64()?).ok()?, Vec::new());
        answer.headers = header_map(&pairs)?;
        Some(answer)
    }

    /// The fetch's request at the last of `urls`, with unsafe headers of these names.
    fn about(&self, urls: &[&str], method: &str, names: Option<&str>) -> Request {
        let page = &self.scenario["page"];
        let mut asked = request(page["origin"].as_str().expect("an origin"), urls);
        if page["opaque"] == true {
            asked.origin = Origin::Origin(ImmutableOrigin::new_opaque());
        }
        let is_foreign = |url: &&str| {
            let origin = ServoUrl::parse(url).expect("a URL").origin();
            asked.origin != Origin::Origin(origin)
        };
        if !urls.iter().any(is_foreign) {
            asked.response_tainting = ResponseTainting::Basic;
        }
        asked.method = Method::from_bytes(method.as_bytes()).expect("a method");
        asked.use_cors_preflight = self.fetch()["upload_listener"] == true;
        asked.credentials_mode = match self.fetch()["credentials"].as_str() {
            Some("include") => CredentialsMode::Include,
            Some("omit") => CredentialsMode::Omit,
            _ => CredentialsMode::CredentialsSameOrigin,
        };
        for name in names.into_iter().flat_map(|names| names.split(',')) {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            asked.headers.insert(name, HeaderValue::from_static("("));
        }
        asked
    }
}

/// The network error of Servo that stands for a reason of the recordings.
fn network_error(reason: &str) -> NetworkError {
    match reason {
        "preflight-method" => NetworkError::CorsMethod,
        "preflight-header" => NetworkError::CorsHeaders,
        "preflight-authorization" => NetworkError::CorsAuthorization,
        "preflight-methods-invalid" => NetworkError::CorsAllowMethods,
        "preflight-headers-invalid" => NetworkError::CorsAllowHeaders,
        _ => NetworkError::CorsGeneral,
    }
}
