//! An entry of a HAR: the members that matter, as the programs that write HARs spell them.

use browser_cors::{
    header::{HeaderList, normalize_value},
    http::Method,
    method::normalize,
};
use jiff::Timestamp;
use serde_json::Value;

use super::scanner::Wanted::{self, Members, Scalar, Shape, Whole};

/// The members of an entry that count.
pub(super) const ENTRY: Wanted = Members(&[
    ("pageref", Scalar),
    ("startedDateTime", Scalar),
    ("time", Scalar),
    ("request", Members(REQUEST)),
    ("response", Members(RESPONSE)),
    // The type of the resource, in the browser's words: Chromium, chrome-har, Playwright.
    ("_resourceType", Scalar),
    // An object in Chromium; the URL of the initiator in WebPageTest and chrome-har.
    ("_initiator", Members(&[("type", Scalar)])),
    ("_initiator_type", Scalar),
    // Where the answer comes from: WebKit and Chromium.
    ("_fetchType", Scalar),
    ("_fromCache", Scalar),
    ("_fetchedViaServiceWorker", Scalar),
    // Playwright: who made or answered the request, if not a page or a server.
    ("_apiRequest", Scalar),
    ("_wasFulfilled", Scalar),
    ("_error", ERROR),
]);

const REQUEST: &[(&str, Wanted)] = &[
    ("method", Scalar),
    ("url", Scalar),
    ("headers", Whole),
    ("cookies", Shape),
    ("postData", Shape),
];

const RESPONSE: &[(&str, Wanted)] = &[
    ("status", Scalar),
    ("headers", Whole),
    ("redirectURL", Scalar),
    // A text in Chromium, WebKit and mitmproxy; an object in capture-har.
    ("_error", ERROR),
    // Playwright.
    ("_failureText", Scalar),
    // BrowserMob.
    ("_errorMessage", Scalar),
    // Charles.
    ("_charlesStatus", Scalar),
    // Chromium.
    ("_fetchedViaServiceWorker", Scalar),
    // chrome-har.
    ("fromServiceWorker", Scalar),
    ("fromDiskCache", Scalar),
];

const ERROR: Wanted = Members(&[("message", Scalar), ("code", Scalar)]);

/// An exchange, with the members that matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Its index in `log.entries`, from 1.
    pub(super) number: u64,
    /// The number of bytes that were kept of it.
    pub(super) size: usize,
    pub(super) page: Option<String>,
    /// The type of the resource, in lower case.
    pub(super) resource_type: Option<String>,
    /// Whether the browser says that it is a preflight.
    pub(super) is_named_preflight: bool,
    /// The time at which the request started, in milliseconds since 1970.
    pub(super) started: Option<f64>,
    /// The duration in milliseconds.
    pub(super) time: Option<f64>,
    /// Who answered, if it was no server.
    pub(super) answered_by: Option<&'static str>,
    /// Whether the answer was in an HTTP cache.
    pub(super) is_cached: bool,
    /// Whether a program made the request, and no page.
    pub(super) is_of_tool: bool,
    pub(super) method: Method,
    /// The URL as the HAR writes it.
    pub(super) url: String,
    pub(super) request_headers: HeaderList,
    pub(super) has_cookies: bool,
    pub(super) has_body: bool,
    /// 0 if the browser got no answer that it could use.
    pub(super) status: u16,
    pub(super) response_headers: HeaderList,
    /// Why there is no answer, in the words of whoever recorded it.
    pub(super) error: Option<String>,
}

impl Entry {
    /// Reads the entry from the members that were kept of it.
    pub(super) fn read(number: u64, text: &[u8]) -> Result<Self, String> {
        let entry = json(text)?;
        let (entry, is_object) = (&entry, |value: &Value| value.is_null() || value.is_object());
        let (request, response) = (&entry["request"], &entry["response"]);
        for (what, value) in
            [("the entry", entry), ("`request`", request), ("`response`", response)]
        {
            if !is_object(value) {
                return Err(format!("{what} is {}: an object was expected", kind(value)));
            }
        }
        let status = status(&response["status"])?;
        let is_http = status == 0 || (100..1000).contains(&status);
        let mut response_headers = headers(&response["headers"], "`response.headers`")?;
        if let Some(target) = text_of(&response["redirectURL"]).filter(|url| !url.is_empty())
            && !response_headers.contains("Location")
            && (300..400).contains(&status)
        {
            let _ = response_headers.append("Location", normalize_value(&bytes(&target)));
        }
        let charles = text_of(&response["_charlesStatus"]);
        let errors = [
            text_of(&response["_failureText"]),
            error(&response["_error"]),
            text_of(&response["_errorMessage"]),
            error(&entry["_error"]),
            charles.filter(|text| !text.eq_ignore_ascii_case("complete")),
            // WebPageTest: the page was left before the answer came, or the connection failed.
            (!is_http).then(|| format!("the recorded status {status} is none of HTTP")),
        ];
        let fetch_type = entry["_fetchType"].as_str().unwrap_or_default();
        let is_by_worker = fetch_type == "Service Worker"
            || says_yes(&entry["_fetchedViaServiceWorker"])
            || says_yes(&response["_fetchedViaServiceWorker"])
            || says_yes(&response["fromServiceWorker"]);
        Ok(Self {
            number,
            size: text.len(),
            page: text_of(&entry["pageref"]),
            resource_type: text_of(&entry["_resourceType"]).map(|name| name.to_ascii_lowercase()),
            is_named_preflight: entry["_initiator"]["type"] == "preflight"
                || entry["_initiator_type"] == "preflight",
            started: instant(&entry["startedDateTime"]),
            time: number_of(&entry["time"]),
            answered_by: if says_yes(&entry["_wasFulfilled"]) {
                Some("the test that was recorded")
            } else if fetch_type == "Inspector Override" {
                Some("an override in the developer tools")
            } else {
                is_by_worker.then_some("a service worker")
            },
            is_cached: matches!(fetch_type, "Disk Cache" | "Memory Cache")
                || says_yes(&entry["_fromCache"])
                || says_yes(&response["fromDiskCache"]),
            is_of_tool: says_yes(&entry["_apiRequest"]),
            method: method(&request["method"])?,
            url: url(&request["url"])?,
            request_headers: once(&headers(&request["headers"], "`request.headers`")?),
            has_cookies: is_filled(&request["cookies"]),
            has_body: !request["postData"].is_null(),
            status: u16::try_from(status).ok().filter(|_| is_http).unwrap_or_default(),
            response_headers,
            error: errors.into_iter().flatten().find(|text| !text.is_empty()),
        })
    }
}

impl Entry {
    /// Whether the browser redirected the request itself, or an extension did: for HSTS, or to
    /// something that stands in for what it blocks. No server got it.
    pub(super) fn is_of_browser(&self) -> bool {
        self.status == 307 && self.response_headers.contains("Non-Authoritative-Reason")
    }
}

/// The identifier and the title of a page.
pub(super) fn page(text: &[u8]) -> Option<(String, String)> {
    let page = json(text).ok()?;
    Some((text_of(&page["id"]).unwrap_or_default(), text_of(&page["title"])?))
}

fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        // The place is one in `text`, which nobody has.
        let text = error.to_string();
        text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned()
    })
}

/// Parses JSON. Text that is not UTF-8 keeps the characters that are. Control characters, which some
/// programs leave as they are, become spaces.
fn json(text: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(text);
    parse(&text).or_else(|reason| {
        let is_control = |character: char| character < ' ';
        if text.contains(is_control) { parse(&text.replace(is_control, " ")) } else { Err(reason) }
    })
}

/// The type of a value, in words.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The text of a value that is no list or object.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    };
    number.filter(|number| number.is_finite())
}

/// An instant in milliseconds since 1970.
fn instant(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => {
            let time = text.parse::<Timestamp>().ok()?;
            Some(time.as_millisecond() as f64)
        }
        value => number_of(value),
    }
}

/// Whether a member says yes: by `true`, or by a text such as `disk`.
fn says_yes(value: &Value) -> bool {
    match value {
        Value::Bool(is_true) => *is_true,
        Value::String(text) => !matches!(text.as_str(), "" | "0" | "false"),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => false,
    }
}

fn is_filled(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty())
        || value.as_object().is_some_and(|object| !object.is_empty())
}

/// An error: a text, or an object with one.
fn error(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(error) => {
            error.get("message").and_then(text_of).or_else(|| error.get("code").and_then(text_of))
        }
        _ => None,
    }
}

fn url(value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        odd => Err(format!("`request.url` is {}: a string was expected", kind(odd))),
    }
}

/// A status as it was recorded, which may be any number; 0 if there is none.
fn status(value: &Value) -> Result<i64, String> {
    match (value, number_of(value)) {
        (Value::Null, _) => Ok(0),
        (Value::String(text), _) if text.is_empty() => Ok(0),
        (_, Some(number)) => Ok(number as i64),
        (odd, None) => Err(format!("`response.status` is {}: a number was expected", kind(odd))),
    }
}

fn method(value: &Value) -> Result<Method, String> {
    match value {
        Value::Null => Ok(Method::GET),
        // WebKit writes an empty method if it does not know the method.
        Value::String(text) if text.is_empty() => Ok(Method::GET),
        // Some programs write `get`, which no browser sends.
        Value::String(text) => Method::from_bytes(text.as_bytes())
            .map(normalize)
            .map_err(|_| "`request.method` is no method: a token was expected".to_owned()),
        odd => Err(format!("`request.method` is {}: a string was expected", kind(odd))),
    }
}

/// Reads headers: a list of names and values or, as some programs write them, an object.
///
/// Names that are no headers are left out, such as `:method`, a pseudo-header of HTTP/2, and those
/// that Firefox adds to the answers that it shows.
fn headers(value: &Value, what: &str) -> Result<HeaderList, String> {
    const OF_FIREFOX: &str = "x-firefox-";
    let mut list = HeaderList::new();
    let mut append = |name: &str, value: &Value| {
        let start = name.get(..OF_FIREFOX.len());
        if start.is_some_and(|start| start.eq_ignore_ascii_case(OF_FIREFOX)) {
            return;
        }
        let values = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            let text = text_of(value).unwrap_or_default();
            // Chromium joins repeated headers with line feeds.
            for line in text.split('\n') {
                let _ = list.append(name, normalize_value(&bytes(line)));
            }
        }
    };
    match value {
        Value::Null => {}
        Value::Array(headers) => {
            for header in headers {
                append(header["name"].as_str().unwrap_or_default(), &header["value"]);
            }
        }
        Value::Object(headers) => headers.iter().for_each(|(name, value)| append(name, value)),
        odd => return Err(format!("{what} is {}: an array was expected", kind(odd))),
    }
    Ok(list)
}

/// Request headers without lines that are there twice: chrome-har writes what the page set and what
/// was sent. A browser sends each header once.
fn once(headers: &HeaderList) -> HeaderList {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        if !list.values(name).any(|other| other == value) {
            // The name and the value come from a header list, so they are valid.
            let _ = list.append(name, value);
        }
    }
    list
}

/// The bytes of a header's value: one byte a character if all fit, otherwise UTF-8.
fn bytes(text: &str) -> Vec<u8> {
    let latin = text.chars().map(|character| u8::try_from(character).ok()).collect();
    Option::unwrap_or_else(latin, || text.as_bytes().to_vec())
}
