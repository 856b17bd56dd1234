//! The [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check).

use thiserror::Error;
use url::Url;

use crate::{
    environment::EmbedderPolicy,
    environment::Environment,
    origin::{Origin, RegistrableDomain},
    response::Response,
};

/// Performs a [cross-origin resource policy check] of a response whose URL is `url`.
///
/// Ours: a null client has the embedder policy "unsafe-none". Reports are the embedder's:
/// ask [`internal_check`] with the report-only value for what is to be reported.
///
/// # Errors
///
/// If the standard says blocked.
///
/// [cross-origin resource policy check]: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     cross_origin_resource_policy::check, header::HeaderList, origin::PublicSuffixList,
///     response::Response, url::Url,
/// };
///
/// let origin = "https://app.example".parse().unwrap();
/// let url = Url::parse("https://api.app.example/").unwrap();
/// let response = |value: &str| {
///     let headers = HeaderList::try_from([("Cross-Origin-Resource-Policy", value)]).unwrap();
///     Response::new(200, headers)
/// };
/// let sites = &PublicSuffixList;
/// assert!(check(&origin, None, &response("same-site"), &url, false, sites).is_ok());
/// assert!(check(&origin, None, &response("same-origin"), &url, false, sites).is_err());
/// # }
/// ```
pub fn check(
    origin: &Origin,
    client: Option<&Environment>,
    response: &Response,
    url: &Url,
    for_navigation: bool,
    sites: &dyn RegistrableDomain,
) -> Result<(), Blocked> {
    // Steps 1 and 2.
    let embedder_policy =
        client.map_or(EmbedderPolicy::UnsafeNone, |client| client.embedder_policy);
    // Step 3.
    internal_check(origin, EmbedderPolicy::UnsafeNone, response, url, for_navigation, sites)?;
    // Omitted(reports): step 4.
    // Step 5.
    internal_check(origin, embedder_policy, response, url, for_navigation, sites)
    // Omitted(reports): step 6.
    // Step 7.
}

/// Performs a [cross-origin resource policy internal check] of a response whose URL is `url`.
///
/// # Errors
///
/// If the standard says blocked.
///
/// [cross-origin resource policy internal check]: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     cross_origin_resource_policy::internal_check, environment::EmbedderPolicy,
///     origin::PublicSuffixList, response::Response, url::Url,
/// };
///
/// let origin = "https://app.example".parse().unwrap();
/// let url = Url::parse("https://cdn.example/").unwrap();
/// let blocked = internal_check(
///     &origin, EmbedderPolicy::RequireCorp, &Response::default(), &url, false, &PublicSuffixList,
/// );
/// assert_eq!(blocked.unwrap_err().found, None);
/// # }
/// ```
pub fn internal_check(
    origin: &Origin,
    embedder_policy: EmbedderPolicy,
    response: &Response,
    url: &Url,
    for_navigation: bool,
    sites: &dyn RegistrableDomain,
) -> Result<(), Blocked> {
    // Step 1.
    if for_navigation && embedder_policy == EmbedderPolicy::UnsafeNone {
        return Ok(());
    }
    // Step 2.
    let found = response.header_list.get("Cross-Origin-Resource-Policy");
    // Step 3.
    let policy = match found.as_deref() {
        Some(b"same-origin") => Some(Policy::SameOrigin),
        Some(b"same-site") => Some(Policy::SameSite),
        Some(b"cross-origin") => Some(Policy::CrossOrigin),
        _ => None,
    };
    // Step 4.
    let policy = match (policy, embedder_policy) {
        (None, EmbedderPolicy::RequireCorp) => Some(Policy::SameOrigin),
        (None, EmbedderPolicy::Credentialless)
            if response.request_includes_credentials || for_navigation =>
        {
            Some(Policy::SameOrigin)
        }
        (policy, _) => policy,
    };
    // Step 5.
    let is_allowed = match policy {
        None | Some(Policy::CrossOrigin) => true,
        Some(Policy::SameOrigin) => origin.is_same_origin_with_url(url),
        Some(Policy::SameSite) => {
            origin.is_schemelessly_same_site(&Origin::from(url), sites)
                && (origin.scheme() == Some("https") || url.scheme() != "https")
        }
    };
    if is_allowed {
        return Ok(());
    }
    Err(Blocked {
        origin: origin.serialized().to_owned(),
        embedder_policy,
        found: found.map(Into::into),
    })
}

enum Policy {
    SameOrigin,
    SameSite,
    CrossOrigin,
}

/// What a cross-origin resource policy refused.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{cross_origin_resource_policy::check, header::HeaderList};
/// # use browser_cors::{origin::{Origin, PublicSuffixList}, response::Response, url::Url};
/// let headers = HeaderList::try_from([("Cross-Origin-Resource-Policy", "same-origin")]).unwrap();
/// let response = Response::new(200, headers);
/// let url = Url::parse("https://a.example/").unwrap();
/// let blocked = check(&Origin::opaque(), None, &response, &url, false, &PublicSuffixList);
/// assert_eq!(
///     blocked.unwrap_err().to_string(),
///     "Cross-Origin-Resource-Policy is `same-origin`, and null is not of that origin",
/// );
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{}", .found.as_ref().map_or_else(
    || format!("there is no Cross-Origin-Resource-Policy, which the embedder policy of {origin} requires"),
    |found| format!(
        "Cross-Origin-Resource-Policy is `{0}`, and {origin} is not of that {1}",
        found.escape_ascii(),
        if found == b"same-site" { "site" } else { "origin" },
    ),
))]
pub struct Blocked {
    /// The origin of who asked, serialized.
    pub origin: String,
    /// The embedder policy under which it was refused.
    pub embedder_policy: EmbedderPolicy,
    /// The value of `Cross-Origin-Resource-Policy`, lines joined, if it is there.
    pub found: Option<Vec<u8>>,
}
