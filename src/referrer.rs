//! The part of the [Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/) that fetch uses.

use url::{Host, Url};

use crate::{
    header::{HeaderList, trim_tab_or_space},
    origin::{are_same_origin, has_http_scheme, has_local_scheme, includes_credentials},
    request::{Referrer, Request},
    spec::keyword::named,
};

/// [Determines the referrer] of a request. `None` is "no referrer".
///
/// Ours: a referrer of "client" without a client is "no referrer".
///
/// [Determines the referrer]: https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     referrer::determine_referrer, request::{Referrer, Request}, referrer::ReferrerPolicy, url::Url,
/// };
///
/// let url = |text| Url::parse(text).unwrap();
/// let mut request = Request::new(url("https://b.example/"), "https://a.example".parse().unwrap());
/// request.referrer = Referrer::Url(url("https://me@a.example/path?query#fragment"));
/// request.referrer_policy = ReferrerPolicy::StrictOriginWhenCrossOrigin;
/// assert_eq!(determine_referrer(&request).unwrap().as_str(), "https://a.example/");
/// ```
pub fn determine_referrer(request: &Request) -> Option<Url> {
    // Steps 1 to 3.
    let source = match &request.referrer {
        Referrer::NoReferrer => return None,
        Referrer::Client => request
            .client
            .as_ref()
            .filter(|client| !client.origin.is_opaque())
            .map(|client| &client.creation_url)
            // Ours: no engine sends the URL of an app's or an extension's page.
            .filter(|url| has_http_scheme(url))?,
        Referrer::Url(url) => url,
    };
    let current_url = request.current_url();
    let downgrade =
        || is_potentially_trustworthy(source) && !is_potentially_trustworthy(current_url);
    // Steps 4 to 8.
    match request.referrer_policy {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => strip_url(source, Part::Origin),
        ReferrerPolicy::UnsafeUrl => strip_url(source, Part::Url),
        ReferrerPolicy::StrictOrigin if downgrade() => None,
        ReferrerPolicy::StrictOrigin => strip_url(source, Part::Origin),
        ReferrerPolicy::SameOrigin if are_same_origin(source, current_url) => {
            strip_url(source, Part::Url)
        }
        ReferrerPolicy::SameOrigin => None,
        ReferrerPolicy::OriginWhenCrossOrigin if are_same_origin(source, current_url) => {
            strip_url(source, Part::Url)
        }
        ReferrerPolicy::OriginWhenCrossOrigin => strip_url(source, Part::Origin),
        ReferrerPolicy::NoReferrerWhenDowngrade if downgrade() => None,
        ReferrerPolicy::NoReferrerWhenDowngrade => strip_url(source, Part::Url),
        // Ours: after main fetch step 8, only a request without a client has the empty policy.
        ReferrerPolicy::StrictOriginWhenCrossOrigin | ReferrerPolicy::Empty => {
            if are_same_origin(source, current_url) {
                strip_url(source, Part::Url)
            } else if downgrade() {
                None
            } else {
                strip_url(source, Part::Origin)
            }
        }
    }
}

/// [Parses a referrer policy] from a response: the last known policy, or the empty string. A line
/// that is no list of tokens makes all lines count for nothing.
///
/// [Parses a referrer policy]: https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
///
/// ```
/// # use browser_cors::{header::HeaderList, referrer::parse_a_referrer_policy};
/// # use browser_cors::referrer::ReferrerPolicy;
/// let headers = HeaderList::try_from([("Referrer-Policy", "origin, no-referrer, future")]).unwrap();
/// assert_eq!(parse_a_referrer_policy(&headers), ReferrerPolicy::NoReferrer);
/// ```
pub fn parse_a_referrer_policy(headers: &HeaderList) -> ReferrerPolicy {
    let values = headers.values("Referrer-Policy");
    // Step 1.
    let tokens = values.flat_map(|value| value.split(|byte| *byte == b',')).map(trim_tab_or_space);
    // Step 2.
    let mut policy = ReferrerPolicy::Empty;
    // Step 3.
    for token in tokens {
        // Ours: what is no list of policies and extensions is a failure of step 1, which has no tokens.
        if !token.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-') {
            return ReferrerPolicy::Empty;
        }
        let known = str::from_utf8(token).ok().and_then(|it| it.to_ascii_lowercase().parse().ok());
        policy = known.filter(|known| *known != ReferrerPolicy::Empty).unwrap_or(policy);
    }
    policy
}

/// The greatest length, in bytes, of a referrer that is not cut to its origin.
const REFERRER_LIMIT: usize = 4096;

enum Part {
    Origin,
    Url,
}

/// [Strips a URL for use as a referrer](https://w3c.github.io/webappsec-referrer-policy/#strip-url).
fn strip_url(url: &Url, part: Part) -> Option<Url> {
    if has_local_scheme(url) || url.cannot_be_a_base() {
        return None;
    }
    let mut url = url.clone();
    if !has_http_scheme(&url) || includes_credentials(&url) {
        url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    }
    url.set_fragment(None);
    if matches!(part, Part::Origin) || url.as_str().len() > REFERRER_LIMIT {
        url.set_query(None);
        if has_http_scheme(&url) {
            // Ours: `set_path` makes the same `/`, but runs the URL parser.
            url.path_segments_mut().ok()?.clear();
        } else {
            url.set_path("");
        }
    }
    Some(url)
}

/// Whether a URL is [potentially trustworthy], as far as its scheme and host decide that.
///
/// [potentially trustworthy]: https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
///
/// ```
/// # use browser_cors::{referrer::is_potentially_trustworthy, url::Url};
/// let is = |url| is_potentially_trustworthy(&Url::parse(url).unwrap());
/// assert!(is("https://api.example/") && is("http://localhost:8080/") && is("http://127.0.0.1/"));
/// assert!(!is("http://api.example/"));
/// ```
pub fn is_potentially_trustworthy(url: &Url) -> bool {
    match url.scheme() {
        "https" | "wss" | "file" | "data" => true,
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        _ => match url.host() {
            Some(Host::Domain(domain)) => {
                let domain = domain.strip_suffix('.').unwrap_or(domain);
                domain == "localhost" || domain.ends_with(".localhost")
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        },
    }
}

/// A [referrer policy].
///
/// [referrer policy]: https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
///
/// ```
/// # use browser_cors::referrer::ReferrerPolicy;
/// assert_eq!("same-origin".parse(), Ok(ReferrerPolicy::SameOrigin));
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ReferrerPolicy {
    /// The empty string, which means the client's policy.
    #[default]
    Empty,
    /// "no-referrer"
    NoReferrer,
    /// "no-referrer-when-downgrade"
    NoReferrerWhenDowngrade,
    /// "same-origin"
    SameOrigin,
    /// "origin"
    Origin,
    /// "strict-origin"
    StrictOrigin,
    /// "origin-when-cross-origin"
    OriginWhenCrossOrigin,
    /// "strict-origin-when-cross-origin"
    StrictOriginWhenCrossOrigin,
    /// "unsafe-url"
    UnsafeUrl,
}

named!("referrer", ReferrerPolicy {
    Empty = "",
    NoReferrer = "no-referrer",
    NoReferrerWhenDowngrade = "no-referrer-when-downgrade",
    SameOrigin = "same-origin",
    Origin = "origin",
    StrictOrigin = "strict-origin",
    OriginWhenCrossOrigin = "origin-when-cross-origin",
    StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
    UnsafeUrl = "unsafe-url",
});
