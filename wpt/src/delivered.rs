//! What a page learns of a fetch.

use browser_cors::{
    response::{FilteredResponse, ResponseType},
    url::Url,
};
use serde::Serialize;

/// Something that happened to a fetch.
#[derive(Debug)]
pub enum Event {
    /// The response is there, without its body.
    Head(Box<Delivered>),
    /// Bytes of the body.
    Chunk(Vec<u8>),
    /// The body is over.
    End,
    /// A load has all of its body.
    Loaded {
        /// Whether the page may look inside.
        readable: bool,
        /// The body.
        bytes: Vec<u8>,
    },
    /// There is no response, or the body broke off.
    Failed(String),
}

/// A response as a page sees it. Bytes are characters from U+0000 to U+00FF.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    redirected: bool,
    status: u16,
    status_text: String,
    headers: Vec<(String, String)>,
    has_null_body: bool,
    /// `getAllResponseHeaders()`.
    all_headers: String,
    /// What documents and workers read.
    #[serde(flatten)]
    internal: Internal,
    /// The `Referer` of the last request, which is a document's referrer.
    pub referrer: String,
    /// Whether the page learns the times of the fetch.
    timing_allowed: bool,
    /// When the fetch began, in milliseconds.
    pub start: f64,
    /// When the head of the response came.
    pub end: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Internal {
    internal_url: String,
    internal_status: u16,
    internal_headers: Vec<(String, String)>,
}

impl Delivered {
    /// What `response` shows.
    pub fn new(response: &FilteredResponse, message: &[u8]) -> Self {
        let internal = response.internal_response();
        let shows = matches!(response.kind(), ResponseType::Basic | ResponseType::Cors);
        let list = response.header_list();
        Self {
            kind: response.kind().as_str(),
            url: response.url().to_owned(),
            redirected: response.redirected(),
            status: response.status(),
            status_text: if shows { latin1(message) } else { String::new() },
            headers: list.iter().map(|(name, value)| (name.to_owned(), latin1(value))).collect(),
            has_null_body: response.has_null_body(),
            all_headers: latin1(&browser_cors::page::xml_http_request::get_all_response_headers(
                response,
            )),
            internal: Internal {
                internal_url: internal.url().map(Url::to_string).unwrap_or_default(),
                internal_status: internal.status,
                internal_headers: internal
                    .header_list
                    .iter()
                    .map(|(name, value)| (name.to_owned(), latin1(value)))
                    .collect(),
            },
            referrer: String::new(),
            timing_allowed: internal.timing_allow_passed(),
            start: 0.0,
            end: 0.0,
        }
    }
}

/// Bytes as characters.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Characters as bytes. A page's strings have passed the conversion to byte strings.
pub fn bytes_of(text: &str) -> Vec<u8> {
    text.chars().map(|char| u8::try_from(u32::from(char)).unwrap_or(b'?')).collect()
}
