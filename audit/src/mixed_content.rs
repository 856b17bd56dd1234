//! Finds requests that a browser blocks because the page is more secure than their URL.

use browser_cors::{
    origin::Origin,
    transcript::Transcript,
    url::{Host, Url},
};

/// The URLs of a fetch that a browser would not request in a page of https ([mixed content]). The
/// fetch itself ignores mixed content; a program that asks live servers can warn.
///
/// [mixed content]: https://www.w3.org/TR/mixed-content/
///
/// ```
/// # use {browser_cors::transcript::Transcript, browser_cors_audit::mixed_content};
/// # fn f(transcript: &Transcript) {
/// for url in mixed_content(transcript) {
///     eprintln!("a browser does not ask for {url} in a page of https");
/// }
/// # }
/// ```
pub fn mixed_content(transcript: &Transcript) -> Vec<&Url> {
    if !transcript.asked.origin.starts_with("https://") {
        return Vec::new();
    }
    let urls = transcript.exchanges.iter().map(|exchange| &exchange.url);
    urls.filter(|url| url.scheme() == "http" && !is_on_this_machine(url)).collect()
}

/// Whether a browser blocks a request for `url` in a page of this origin as [mixed content].
///
/// [mixed content]: https://www.w3.org/TR/mixed-content/
pub(crate) fn is_mixed(page: &Origin, url: &Url) -> bool {
    page.serialized().starts_with("https://") && url.scheme() == "http" && !is_on_this_machine(url)
}

fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
