//! The checks apart from CORS that block a fetch, and look the same as CORS to the page:
//! [bad ports](https://fetch.spec.whatwg.org/#port-blocking),
//! [mixed content](https://w3c.github.io/webappsec-mixed-content/),
//! [MIME types](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?)
//! and [nosniff](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?).

use url::{Host, Url};

use crate::{
    header::{
        ReadHeaders,
        mime::{determine_nosniff, extract_a_mime_type},
    },
    origin::has_http_scheme,
    referrer::is_potentially_trustworthy,
    request::{Destination, Request},
};

/// The port of `url`, if fetching it should be [blocked due to a bad port].
///
/// [blocked due to a bad port]: https://fetch.spec.whatwg.org/#block-bad-port
///
/// ```
/// # use browser_cors::{fetch::blocked::bad_port, url::Url};
/// assert_eq!(bad_port(&Url::parse("http://a.example:25/").unwrap()), Some(25));
/// assert_eq!(bad_port(&Url::parse("http://a.example:8080/").unwrap()), None);
/// ```
pub fn bad_port(url: &Url) -> Option<u16> {
    // Steps 1 to 3.
    url.port().filter(|port| has_http_scheme(url) && BAD_PORTS.binary_search(port).is_ok())
}

/// The https URL of a request that is to be [upgraded as mixed content]: a page of https asks for an
/// image, audio or video of http.
///
/// [upgraded as mixed content]: https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
///
/// ```
/// # use browser_cors::{fetch::blocked::upgraded_mixed_content, request::{Destination, Request}, url::Url};
/// let url = Url::parse("http://cdn.example/logo.png").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// assert_eq!(upgraded_mixed_content(&request), None);
/// request.destination = Destination::Image;
/// assert_eq!(upgraded_mixed_content(&request).unwrap().as_str(), "https://cdn.example/logo.png");
/// ```
pub fn upgraded_mixed_content(request: &Request) -> Option<Url> {
    // Steps 1.1 and 1.3.
    let url = request.current_url();
    if !is_upgradable(url, request.destination) || !is_mixed_content(request) {
        return None;
    }
    // Step 2.
    let mut url = request.current_url().clone();
    url.set_scheme("https").is_ok().then_some(url)
}

/// Whether mixed content of this URL and destination is upgraded, as steps 1.2 and 1.4 say. Ours: sets of
/// images are not told apart.
fn is_upgradable(url: &Url, destination: Destination) -> bool {
    matches!(destination, Destination::Audio | Destination::Image | Destination::Video)
        && matches!(url.host(), Some(Host::Domain(_)))
}

/// Whether fetching a request should be [blocked as mixed content]: a page of https asks for an http URL
/// that is not [potentially trustworthy]. What can be [upgraded](upgraded_mixed_content) is not asked
/// for at such a URL.
///
/// Ours: a page prohibits mixed content if it is of https, as in browsers. A navigation to a document is
/// never mixed content; one in a frame is.
///
/// [blocked as mixed content]: https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
/// [potentially trustworthy]: https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
///
/// ```
/// # use browser_cors::{fetch::blocked::is_mixed_content, request::Request, url::Url};
/// let request = |url| {
///     Request::new(Url::parse(url).unwrap(), "https://app.example".parse().unwrap())
/// };
/// assert!(is_mixed_content(&request("http://api.example/")));
/// assert!(!is_mixed_content(&request("http://localhost:8080/")));
/// assert!(!is_mixed_content(&request("https://api.example/")));
/// ```
pub fn is_mixed_content(request: &Request) -> bool {
    request.destination != Destination::Document
        && is_insecure(request.current_url())
        && is_of_https(request)
}

fn is_insecure(url: &Url) -> bool {
    url.scheme() == "http" && !is_potentially_trustworthy(url)
}

/// Whether a page that prohibits mixed content may not ask for `url`, not even after an upgrade.
pub(crate) fn is_blockable(url: &Url, destination: Destination) -> bool {
    is_insecure(url) && !is_upgradable(url, destination)
}

/// Whether the page that asks is of https. A sandboxed page is what its URL is.
pub(crate) fn is_of_https(request: &Request) -> bool {
    match &request.client {
        Some(client) => {
            client.origin.scheme().unwrap_or_else(|| client.creation_url.scheme()) == "https"
        }
        None => request.origin.scheme() == Some("https"),
    }
}

/// The essence of a response's MIME type, if the response should be [blocked due to its MIME type].
///
/// [blocked due to its MIME type]: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
///
/// ```
/// # use browser_cors::{fetch::blocked::blocked_mime_type, header::HeaderList, request::Destination};
/// let headers = HeaderList::try_from([("Content-Type", "text/csv")]).unwrap();
/// assert_eq!(blocked_mime_type(&headers, Destination::Script).as_deref(), Some("text/csv"));
/// assert_eq!(blocked_mime_type(&headers, Destination::Image), None);
/// ```
pub fn blocked_mime_type(
    headers: &(impl ReadHeaders + ?Sized),
    destination: Destination,
) -> Option<String> {
    // Ours: step 3 comes first, since the type matters only for these destinations.
    if !destination.is_script_like() {
        return None;
    }
    // Steps 1 to 3.
    let essence = extract_a_mime_type(headers)?.essence();
    // Steps 4 and 5.
    let is_blocked = ["audio/", "image/", "video/"].iter().any(|kind| essence.starts_with(kind))
        || essence == "text/csv";
    is_blocked.then_some(essence)
}

/// Whether a response should be [blocked due to nosniff].
///
/// [blocked due to nosniff]: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?
///
/// ```
/// # use browser_cors::{fetch::blocked::is_blocked_by_nosniff, header::HeaderList, request::Destination};
/// let headers = HeaderList::try_from([("X-Content-Type-Options", "nosniff")]).unwrap();
/// assert!(is_blocked_by_nosniff(&headers, Destination::Script));
/// assert!(!is_blocked_by_nosniff(&headers, Destination::Image));
/// ```
pub fn is_blocked_by_nosniff(
    headers: &(impl ReadHeaders + ?Sized),
    destination: Destination,
) -> bool {
    // Ours: the destination comes first, since the type matters only for some of them.
    let is_script_like = destination.is_script_like();
    if !is_script_like && destination != Destination::Style {
        return false;
    }
    // Step 1.
    if !determine_nosniff(headers) {
        return false;
    }
    // Steps 2 and 3.
    let mime_type = extract_a_mime_type(headers);
    // Steps 4 to 6.
    if is_script_like {
        mime_type.is_none_or(|mime_type| !mime_type.is_javascript())
    } else {
        mime_type.is_none_or(|mime_type| mime_type.essence() != "text/css")
    }
}

/// The [bad ports](https://fetch.spec.whatwg.org/#bad-port), in order.
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];
