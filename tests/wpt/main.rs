//! The cases of web-platform-tests in `fixtures/wpt`, run against this crate.

mod driver;
mod table;

use std::{path::PathBuf, sync::Arc};

use browser_cors::{
    environment::Environment,
    header::{
        HeaderList,
        mime::{MimeType, determine_nosniff, extract_a_mime_type},
    },
    origin::Origin,
    page::headers::{Guard, Headers},
    page::xml_http_request::XmlHttpRequest,
    request::{Request, ResponseTainting},
    response::Response,
    tao_check::tao_check,
};
use rstest::rstest;
use serde::Deserialize;

use crate::{
    driver::{PAGE, bytes, run, text, url},
    table::{Case, EXPECTATIONS, judge, path_of},
};

#[rstest]
fn every_case_holds(
    #[files("fixtures/wpt/*.json")]
    #[exclude("expectations")]
    path: PathBuf,
) {
    let table = path.file_stem().and_then(|stem| stem.to_str()).expect("a file with a name");
    let failures = match table {
        "access-control-expose-headers-parsing"
        | "bad-ports"
        | "cors-expose-star"
        | "cors-filtering"
        | "cors-multiple-origins"
        | "cors-no-preflight"
        | "cors-origin"
        | "cors-origin-htm"
        | "cors-preflight"
        | "cors-preflight-redirect"
        | "cors-preflight-referrer"
        | "cors-preflight-response-validation"
        | "cors-preflight-star"
        | "cors-preflight-status"
        | "cors-redirect"
        | "cors-redirect-credentials"
        | "cors-redirect-preflight"
        | "cors-safelisted-request-header"
        | "cross-origin-resource-policy"
        | "forbidden-methods"
        | "not-cors-safelisted"
        | "origin-header"
        | "range"
        | "redirect-location"
        | "redirect-method"
        | "redirect-mode" => judge(table, run),
        "headers-forbidden-override"
        | "headers-no-cors"
        | "range-guard"
        | "request-forbidden-headers" => judge(table, values_after_each_call),
        "header-values" => [judge(table, value_in_headers), judge(table, value_in_xhr)].concat(),
        "xhr-setrequestheader" => judge(table, value_under_name_in_xhr),
        "extract-mime-type" => {
            [judge(table, mime_type_of_lines), judge(table, mime_type_of_one_line)].concat()
        }
        "generated-mime-types" | "mime-types" => judge(table, mime_type),
        "nosniff-parsing" => judge(table, nosniff),
        "timing-allow-origin" => judge(table, timing_is_allowed),
        _ => panic!("nothing is asked of the table {table}"),
    };
    assert!(failures.is_empty(), "{} wrong\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_expectation_names_one_case_of_a_table() {
    for (index, expectation) in EXPECTATIONS.iter().enumerate() {
        let (table, case) = (&expectation.table, expectation.case);
        let is_table = table != "expectations" && path_of(table).exists();
        assert!(is_table, "there is no table {table}");
        let is_repeated =
            EXPECTATIONS[..index].iter().any(|other| other.table == *table && other.case == case);
        assert!(!is_repeated, "{table} case {case} is listed twice");
    }
}

/// What a page does with a `Headers` object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calls {
    guard: String,
    calls: Vec<Call>,
}

/// `[method, name]` or `[method, name, value]`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Call {
    Change(String, String, String),
    Delete(String, String),
}

/// The value under the name of each call, after the call.
fn values_after_each_call(case: &Case<Calls, Vec<Option<String>>>) -> Vec<Option<String>> {
    let mut headers = Headers::new(match case.input.guard.as_str() {
        "none" => Guard::None,
        "request" => Guard::Request,
        "request-no-cors" => Guard::RequestNoCors,
        "response" => Guard::Response,
        guard => panic!("{guard} is no guard"),
    });
    let after = |call: &Call| {
        let (Call::Change(method, name, _) | Call::Delete(method, name)) = call;
        let result = match (method.as_str(), call) {
            ("append", Call::Change(_, name, value)) => headers.append(name, bytes(value)),
            ("set", Call::Change(_, name, value)) => headers.set(name, bytes(value)),
            ("delete", Call::Delete(_, name)) => headers.delete(name),
            _ => panic!("{method} is no method of this form"),
        };
        match result.and_then(|_| headers.get(name).map_err(Into::into)) {
            Ok(value) => value.map(|value| text(&value)),
            Err(error) => Some(error.to_string()),
        }
    };
    case.input.calls.iter().map(after).collect()
}

fn value_in_headers(case: &Case<String, Option<String>>) -> Option<String> {
    let mut headers = Headers::new(Guard::None);
    headers.append("x", bytes(&case.input)).ok()?;
    headers.get("x").ok()?.map(|value| text(&value))
}

fn value_in_xhr(case: &Case<String, Option<String>>) -> Option<String> {
    sent_by_xhr("x", &case.input)
}

fn value_under_name_in_xhr(case: &Case<(String, String), Option<String>>) -> Option<String> {
    let (name, value) = &case.input;
    sent_by_xhr(name, value)
}

fn sent_by_xhr(name: &str, value: &str) -> Option<String> {
    let page = Arc::new(Environment::new(url(PAGE)));
    let mut xhr = XmlHttpRequest::open(b"GET", "/", &page).expect("a method and a URL");
    xhr.set_request_header(name, bytes(value)).ok()?;
    xhr.send(None).header_list.get(name).map(|value| text(&value))
}

fn mime_type(case: &Case<String, Option<String>>) -> Option<String> {
    MimeType::parse(&case.input).map(|mime_type| mime_type.to_string())
}

fn mime_type_of_lines(case: &Case<Vec<String>, Option<String>>) -> Option<String> {
    let lines = case.input.iter().map(|value| ("Content-Type".to_owned(), value.clone()));
    extract_a_mime_type(&header_list(&lines.collect::<Vec<_>>())).map(|found| found.to_string())
}

fn mime_type_of_one_line(case: &Case<Vec<String>, Option<String>>) -> Option<String> {
    let line = ("Content-Type".to_owned(), case.input.join(", "));
    extract_a_mime_type(&header_list(&[line])).map(|found| found.to_string())
}

fn nosniff(case: &Case<Vec<(String, String)>, bool>) -> bool {
    determine_nosniff(&header_list(&case.input))
}

/// A response from another origin than the page's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Timed {
    url: String,
    headers: Vec<(String, String)>,
}

fn timing_is_allowed(case: &Case<Timed, bool>) -> bool {
    let mut request = Request::new(url(&case.input.url), Origin::from(&url(PAGE)));
    request.set_response_tainting(ResponseTainting::Opaque);
    tao_check(&request, &Response::new(200, header_list(&case.input.headers)))
}

fn header_list(headers: &[(String, String)]) -> HeaderList {
    driver::header_list(headers).expect("headers that HTTP can carry")
}
