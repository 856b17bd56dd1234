//! What bindings for other languages call: JSON and bytes in, JSON out. Each type here is a value
//! that a host keeps, and nothing is judged in the host's language.
//!
//! In strings that carry header values, each character is one byte, U+0000 to U+00FF.
//!
//! ```
//! use browser_cors_host::{Answer, Call, Page};
//!
//! let page = Page::new(r#"{ "origin": "https://app.example", "engines": ["chromium"] }"#)?;
//! let call = r#"{ "url": "https://api.example/items", "method": "PUT" }"#;
//! let mut call = Call::start(&page, call, None, None)?;
//! while let Some(exchange) = call.exchange() {
//!     // The host asks its server.
//!     assert!(exchange.contains(r#""method":"OPTIONS""#));
//!     call.answer(Answer { status: 204, status_text: b"", headers: "[]" })?;
//! }
//! let got = call.finish();
//! assert!(got.overview().contains(r#""arrived":false,"#));
//! assert!(got.check(r#"{ "blocked": { "reason": "preflight-allow-origin-missing" } }"#)?.is_none());
//! # Ok::<(), browser_cors_host::InvalidInput>(())
//! ```

#![forbid(unsafe_code)]

mod call;
mod expectations;
mod got;
#[cfg(feature = "live")]
mod live;
mod page;
mod report;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use thiserror::Error;

pub use call::{Answer, Body, Call};
pub use expectations::{Expectations, Row};
pub use got::Got;
#[cfg(feature = "live")]
pub use live::Client;
pub use page::Page;
pub use report::{
    HarJudging, engines, explain, explain_for, judge_har, reasons, servers, simulate, simulate_each,
};

/// What the host was given cannot be used. The text says where, and what was expected.
///
/// ```
/// # use browser_cors_host::Page;
/// let error = Page::new(r#"{ "origin": "app.example" }"#).unwrap_err();
/// assert!(error.to_string().starts_with("`app.example` is not where a page is: "));
/// ```
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub struct InvalidInput(String);

impl InvalidInput {
    fn new(problem: impl ToString) -> Self {
        Self(problem.to_string())
    }
}

/// Reads JSON. An error names the member.
fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, InvalidInput> {
    let value = serde_json::from_str(json).map_err(|error| {
        let text = error.to_string();
        // Hosts write the JSON, so its lines are nobody's.
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        InvalidInput(format!("{what}: {text}"))
    })?;
    Ok(value)
}

/// The members of a value. They take the way over its JSON, so that WebAssembly has one serializer of
/// each type.
fn object(value: &impl Serialize) -> Map<String, Value> {
    serde_json::from_str(&write(value)).unwrap_or_default()
}

/// Writes JSON.
fn write(value: &impl Serialize) -> String {
    // The values here have string keys and no failing parts, so writing cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}
