//! The examples of the CORS guides in `fixtures/documents`: the outcome of each, written by hand,
//! and its explanation, as snapshots.
#![cfg(all(feature = "public-suffix", feature = "scenario"))]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use browser_cors::{fetch::UserAgent, scenario::Scenario};
use rstest::rstest;
use serde_json::Value;

/// What goes over the wire and what the page gets, one text for each fetch of each fixture.
///
/// Each line is an exchange: the method and the URL, `by` the `Origin`, `with authorization`, `for`
/// the method and header names that a preflight asks for, and `with credentials`. The last line is
/// what the page gets: the type and status of the response and the headers that it may read, or the
/// refusal. For an image, it says whether it is loaded and readable.
const OUTCOMES: &[(&str, &[&str])] = &[
    (
        "simple-get",
        &["GET https://bar.other/resources/public-data/ by https://foo.example
           => cors 200 with content-type"],
    ),
    (
        "simple-get-xhr",
        &["GET http://truc.autre/resources/public-data/ by http://toto.example
           => 200 with content-type"],
    ),
    (
        "restricted-origin",
        &["GET https://bar.other/resources/public-data/ by https://foo.example
           => cors 200 with content-type"],
    ),
    (
        "restricted-origin-from-elsewhere",
        &["GET https://bar.other/resources/public-data/ by https://elsewhere.example
           => network error: allow-origin-mismatch at #concept-cors-check step 4"],
    ),
    (
        "preflighted-post",
        &[
            "OPTIONS https://bar.other/doc by https://foo.example for POST content-type,x-pingother
             POST https://bar.other/doc by https://foo.example
             => cors 200 with content-type",
            "POST https://bar.other/doc by https://foo.example
             => cors 200 with content-type",
            "OPTIONS https://bar.other/doc by https://foo.example for POST content-type,x-pingother
             POST https://bar.other/doc by https://foo.example
             => cors 200 with content-type",
        ],
    ),
    (
        "preflighted-post-xhr",
        &[
            "OPTIONS http://truc.autre/resources/post-here/ by http://toto.example \
             for POST content-type,x-pingother
             POST http://truc.autre/resources/post-here/ by http://toto.example
             => 200 with content-type",
            "POST http://truc.autre/resources/post-here/ by http://toto.example
             => 200 with content-type",
            "OPTIONS http://truc.autre/resources/post-here/ by http://toto.example \
             for POST content-type,x-pingother
             POST http://truc.autre/resources/post-here/ by http://toto.example
             => 200 with content-type",
        ],
    ),
    (
        "preflight-redirected",
        &["OPTIONS https://bar.other/old by https://foo.example for PUT
           => network error: preflight-status at #cors-preflight-fetch-0 step 8"; 4],
    ),
    (
        "preflight-redirected-without-allow-origin",
        &["OPTIONS https://bar.other/doc by https://foo.example for PUT
           => network error: preflight-allow-origin-missing at #concept-cors-check step 2"],
    ),
    (
        "redirect-after-preflight",
        &["OPTIONS https://bar.other/old by https://foo.example for PUT
           PUT https://bar.other/old by https://foo.example
           OPTIONS https://bar.other/new by https://foo.example for PUT
           PUT https://bar.other/new by https://foo.example
           => cors 200 with content-type"],
    ),
    (
        "redirect-after-preflight-elsewhere",
        &["OPTIONS https://bar.other/old by https://foo.example for PUT
           PUT https://bar.other/old by https://foo.example
           OPTIONS https://third.example/new by null for PUT
           PUT https://third.example/new by null
           => cors 200 with content-type"],
    ),
    (
        "redirect-after-preflight-elsewhere-own-origin",
        &["OPTIONS https://bar.other/old by https://foo.example for PUT
           PUT https://bar.other/old by https://foo.example
           OPTIONS https://third.example/new by null for PUT
           => network error: preflight-allow-origin-mismatch at #concept-cors-check step 4"],
    ),
    (
        "redirect-workaround",
        &[
            "GET https://bar.other/old by https://foo.example
             GET https://bar.other/new by https://foo.example
             => cors 200 with content-type",
            "OPTIONS https://bar.other/new by https://foo.example for PUT
             PUT https://bar.other/new by https://foo.example
             => cors 200 with content-type",
        ],
    ),
    (
        "redirect-workaround-authorization",
        &[
            "GET https://bar.other/old by https://foo.example
             => cors 401",
            "OPTIONS https://bar.other/old by https://foo.example for GET authorization
             => network error: preflight-status at #cors-preflight-fetch-0 step 8",
        ],
    ),
    (
        "credentialed-get",
        &["GET https://bar.other/resources/credentialed-content/ by https://foo.example \
           with credentials
           => cors 200 with cache-control, content-type, pragma"],
    ),
    (
        "credentialed-get-xhr",
        &["GET http://truc.autre/resources/access-control-with-credentials/ \
           by http://toto.example with credentials
           => 200 with cache-control, content-type, pragma"],
    ),
    (
        "credentialed-without-allow-credentials",
        &["GET https://bar.other/resources/credentialed-content/ by https://foo.example \
           with credentials
           => network error: allow-credentials-not-true at #concept-cors-check step 8"],
    ),
    (
        "credentialed-wildcard-origin",
        &["GET https://bar.other/resources/credentialed-content/ by https://foo.example \
           with credentials
           => network error: allow-origin-wildcard-with-credentials at #concept-cors-check step 4"],
    ),
    (
        "credentialed-wildcard-headers",
        &["OPTIONS https://bar.other/api by https://foo.example for GET x-pingother
           => network error: preflight-header at #cors-preflight-fetch-0 step 7.7"],
    ),
    (
        "credentialed-wildcard-methods",
        &["OPTIONS https://bar.other/api by https://foo.example for PUT
           => network error: preflight-method at #cors-preflight-fetch-0 step 7.5"],
    ),
    (
        "credentialed-wildcard-expose",
        &["GET https://bar.other/api by https://foo.example with credentials
           => cors 200 with content-type"],
    ),
    (
        "preflight-without-allow-credentials",
        &["OPTIONS https://bar.other/api by https://foo.example for PUT
           => network error: preflight-allow-credentials-not-true at #concept-cors-check step 8"],
    ),
    (
        "preflight-carries-no-credentials",
        &["OPTIONS https://bar.other/api by https://foo.example for PUT authorization
           PUT https://bar.other/api by https://foo.example with authorization with credentials
           => cors 200 with content-type"],
    ),
    (
        "mozilla-origin",
        &["GET https://bar.other/data by https://mozilla.org
           => cors 200"],
    ),
    (
        "mozilla-origin-without-vary",
        &["GET https://bar.other/data by https://mozilla.org
           => cors 200"],
    ),
    (
        "expose-headers",
        &["GET https://bar.other/data by https://foo.example
           => cors 200 with cache-control, content-language, content-length, content-type, \
           expires, last-modified, pragma, x-another-custom-header, x-my-custom-header"],
    ),
    (
        "max-age-absent",
        &[
            "OPTIONS https://bar.other/api by https://foo.example for PUT
             PUT https://bar.other/api by https://foo.example
             => cors 200",
            "PUT https://bar.other/api by https://foo.example
             => cors 200",
            "OPTIONS https://bar.other/api by https://foo.example for PUT
             PUT https://bar.other/api by https://foo.example
             => cors 200",
        ],
    ),
    (
        "null-origin-null",
        &["GET https://bar.other/data by null
           => cors 200"],
    ),
    (
        "null-origin-wildcard",
        &["GET https://bar.other/data by null
           => cors 200"],
    ),
    (
        "null-origin-own-origin",
        &["GET https://bar.other/data by null
           => network error: allow-origin-mismatch at #concept-cors-check step 4"],
    ),
    (
        "no-cors-image",
        &["GET http://domaine-b.com/image.jpg with credentials
           => loaded, not readable"],
    ),
    (
        "data-json",
        &["GET https://domain-b.com/data.json by https://domain-a.com
           => network error: allow-origin-missing at #concept-cors-check step 2"],
    ),
    (
        "failure-is-opaque-to-script",
        &[
            "GET https://bar.other/data by https://foo.example
             => network error: allow-origin-missing at #concept-cors-check step 2",
            "OPTIONS https://bar.other/data by https://foo.example for GET x-pingother
             => network error: preflight-status at #cors-preflight-fetch-0 step 8",
            "GET https://bar.other/data by https://foo.example with credentials
             => network error: allow-credentials-not-true at #concept-cors-check step 8",
        ],
    ),
];

#[rstest]
fn comes_out_as_the_documents_say(#[files("fixtures/documents/*.json")] path: PathBuf) {
    let id = id_of(&path);
    let (_, expected) =
        OUTCOMES.iter().find(|(listed, _)| *listed == id).expect("an outcome is listed");
    let expected: Vec<String> = expected.iter().map(|text| unindented(text)).collect();

    let outcome = outcome_of(&path);
    let fetches = outcome["fetches"].as_array().expect("a list of fetches");
    let found: Vec<String> = fetches.iter().map(in_short).collect();
    assert_eq!(found, expected, "{id}");
}

#[rstest]
fn reads_well(#[files("fixtures/documents/*.json")] path: PathBuf) {
    let scenario = scenario_of(&path);
    let user_agent = UserAgent::default();
    let outcome = scenario.run(&user_agent);
    let json = serde_json::to_string_pretty(&outcome).expect("an outcome is JSON");

    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
        snapshot_path => "snapshots/documents",
    }, {
        insta::assert_snapshot!(id_of(&path), format!("{outcome}\n{json}"));
    });
}

#[test]
fn every_outcome_has_its_fixture_and_every_snapshot_too() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut listed: Vec<String> = OUTCOMES.iter().map(|(id, _)| (*id).to_owned()).collect();
    listed.sort();
    assert_eq!(ids_in(&root.join("fixtures/documents"), "json"), listed);
    assert_eq!(ids_in(&root.join("tests/snapshots/documents"), "snap"), listed);
}

#[rstest]
fn is_named_after_its_id(#[files("fixtures/documents/*.json")] path: PathBuf) {
    assert_eq!(scenario_of(&path).id, id_of(&path));
}

/// What the page gets contains nothing of a refused answer: no status, no headers, no URL. All
/// failures are the same error.
#[rstest]
fn tells_the_page_nothing_of_a_refusal(#[files("fixtures/documents/*.json")] path: PathBuf) {
    let outcome = outcome_of(&path);
    for fetch in outcome["fetches"].as_array().expect("a list of fetches") {
        let result = fetch["result"].as_object().expect("a result");
        if result.contains_key("error") {
            assert_eq!(result["error"], "network");
            for seen_by_the_page in ["headers", "redirected", "status", "type", "url"] {
                assert!(!result.contains_key(seen_by_the_page), "{result:?}");
            }
        }
    }
}

#[rstest]
#[case::with_vary("mozilla-origin", None)]
#[case::without_vary("mozilla-origin-without-vary", Some("there is no `Vary: Origin`"))]
#[case::any_origin("simple-get", None)]
#[case::null_origin("null-origin-null", Some("any page can have the origin `null`"))]
#[case::null_origin_by_wildcard("null-origin-wildcard", None)]
fn dangers_of_what_is_allowed(#[case] id: &str, #[case] warning: Option<&str>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/documents/{id}.json"));
    let user_agent = UserAgent::default();
    let text = scenario_of(&path).run(&user_agent).to_string();
    assert_eq!(text.matches("warning: ").count(), usize::from(warning.is_some()), "{text}");
    assert!(text.contains(warning.unwrap_or_default()), "{text}");
}

/// A fetch of an outcome in the form of [`OUTCOMES`].
fn in_short(fetch: &Value) -> String {
    let mut text = String::new();
    for exchange in fetch["exchanges"].as_array().expect("a list of exchanges") {
        write!(text, "{} {}", string(&exchange["method"]), string(&exchange["url"])).unwrap();
        let headers = pairs(&exchange["headers"]);
        let value_of = |name| headers.iter().find(|(other, _)| *other == name).map(|(_, v)| *v);
        if let Some(origin) = value_of("origin") {
            write!(text, " by {origin}").unwrap();
        }
        if value_of("authorization").is_some() {
            text.push_str(" with authorization");
        }
        let method = value_of("access-control-request-method");
        assert_eq!(method.is_some(), exchange["preflight"] == true);
        if let Some(method) = method {
            write!(text, " for {method}").unwrap();
        }
        if let Some(names) = value_of("access-control-request-headers") {
            write!(text, " {names}").unwrap();
        }
        text.push_str(if exchange["credentials"] == true { " with credentials\n" } else { "\n" });
    }
    let result = &fetch["result"];
    if let Some(error) = result.get("error") {
        let (reason, step) = (string(&result["reason"]), string(&result["step"]));
        write!(text, "=> {} error: {reason} at {step}", string(error)).unwrap();
        return text;
    }
    text.push_str("=> ");
    if let Some(readable) = result.get("readable") {
        assert_eq!(result["loaded"], true);
        text.push_str(if readable == true { "loaded, readable" } else { "loaded, not readable" });
        return text;
    }
    if let Some(kind) = result.get("type") {
        write!(text, "{} ", string(kind)).unwrap();
    }
    write!(text, "{}", result["status"]).unwrap();
    let names: Vec<&str> = pairs(&result["headers"]).into_iter().map(|(name, _)| name).collect();
    if !names.is_empty() {
        write!(text, " with {}", names.join(", ")).unwrap();
    }
    text
}

fn unindented(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
}

fn pairs(list: &Value) -> Vec<(&str, &str)> {
    let pairs = list.as_array().expect("a list of headers");
    pairs.iter().map(|pair| (string(&pair[0]), string(&pair[1]))).collect()
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn outcome_of(path: &Path) -> Value {
    let user_agent = UserAgent::default();
    serde_json::to_value(scenario_of(path).run(&user_agent)).expect("an outcome is JSON")
}

fn scenario_of(path: &Path) -> Scenario {
    let text = fs::read_to_string(path).expect("a fixture can be read");
    serde_json::from_str(&text).expect("a fixture is a scenario")
}

fn id_of(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a file with a name")
}

/// The names of the files in a folder, without `ending`, sorted.
fn ids_in(folder: &Path, ending: &str) -> Vec<String> {
    let mut ids: Vec<String> = fs::read_dir(folder)
        .expect("a folder can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .map(|path| id_of(&path).to_owned())
        .collect();
    ids.sort();
    ids
}
