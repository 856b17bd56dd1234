//! Finds requests that a browser blocks because the page is more secure than their URL.

use browser_cors::{
    environment::Environment,
    fetch::{Outcome, Refusal},
    transcript::Transcript,
    url::{Host, Url},
};

/// The URL that a fetch did not request, because the page is of https and the URL is of http ([mixed
/// content]). User agents of a [`Client`](crate::client::Client::user_agent) refuse it before they
/// send anything.
///
/// [mixed content]: https://w3c.github.io/webappsec-mixed-content/
///
/// ```
/// # use {browser_cors::transcript::Transcript, browser_cors_audit::mixed_content};
/// # fn f(transcript: &Transcript) {
/// if let Some(url) = mixed_content(transcript) {
///     eprintln!("a browser does not ask for {url} in a page of https");
/// }
/// # }
/// ```
pub fn mixed_content(transcript: &Transcript) -> Option<&Url> {
    match &transcript.outcome {
        Outcome::NetworkError(error) if error.refusal == Refusal::MixedContent => {
            error.url_list.last()
        }
        _ => None,
    }
}

/// Whether a browser refuses to ask for `url` in `page`, whatever the server would answer: what a
/// fetch does with it, before there is one.
///
/// ```
/// # use browser_cors::{environment::Environment, url::Url};
/// # use browser_cors_audit::is_mixed_content;
/// let page = Environment::new(Url::parse("https://app.example/")?);
/// assert!(is_mixed_content(&page, &Url::parse("http://api.example/")?));
/// assert!(!is_mixed_content(&page, &Url::parse("http://127.0.0.1:8080/")?));
/// # Ok::<(), browser_cors::url::ParseError>(())
/// ```
pub fn is_mixed_content(page: &Environment, url: &Url) -> bool {
    let scheme = page.origin.scheme().unwrap_or_else(|| page.creation_url.scheme());
    scheme == "https" && url.scheme() == "http" && !is_on_this_machine(url)
}

pub(crate) fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
