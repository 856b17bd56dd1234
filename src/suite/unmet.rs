//! The error of a check.

use thiserror::Error;

/// An assertion that fails in one engine or in several. Its text is the one that the assertion
/// panics with: what was expected, what was found, in which engines, and the explanation.
///
/// ```
/// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
/// let fetched = Page::at("https://app.example")
///     .fetch(get("https://api.example/"))
///     .answered_by(|_exchange, _cookie| Ok(Response::new(200, HeaderList::new())));
/// let unmet = fetched.check_shared().unwrap_err();
/// assert!(unmet.to_string().starts_with(
///     "expected that the page may read the response, but it is blocked\n"
/// ));
/// ```
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub struct Unmet(pub(super) String);
