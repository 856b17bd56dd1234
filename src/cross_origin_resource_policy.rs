//! The [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check).

use thiserror::Error;
use url::Url;

use crate::{
    environment::{EmbedderPolicy, Environment},
    header::ReadHeaders,
    origin::{Origin, RegistrableDomain},
};

/// Who wants to use a response: an origin, its embedder policy, and what tells its site.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     cross_origin_resource_policy::Requester, environment::{EmbedderPolicy, Environment},
///     origin::PublicSuffixList, url::Url,
/// };
///
/// let mut page = Environment::new(Url::parse("https://app.example/").unwrap());
/// page.embedder_policy = EmbedderPolicy::RequireCorp;
/// let requester = Requester::new(&page.origin, Some(&page), &PublicSuffixList);
/// assert_eq!(requester.embedder_policy, EmbedderPolicy::RequireCorp);
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Requester<'a> {
    /// The request's origin.
    pub origin: &'a Origin,
    /// The embedder policy of its client.
    pub embedder_policy: EmbedderPolicy,
    /// Whether the request included credentials: the response's [request-includes-credentials].
    ///
    /// [request-includes-credentials]: https://fetch.spec.whatwg.org/#response-request-includes-credentials
    pub includes_credentials: bool,
    /// What tells sites apart.
    pub sites: &'a dyn RegistrableDomain,
}

impl<'a> Requester<'a> {
    /// The requester that a request names, whose request includes credentials. Ours: without a
    /// client, its embedder policy is "unsafe-none".
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::cross_origin_resource_policy::Requester;
    /// # use browser_cors::{environment::EmbedderPolicy, origin::{Origin, PublicSuffixList}};
    /// let (origin, sites) = (Origin::opaque(), PublicSuffixList);
    /// let requester = Requester::new(&origin, None, &sites);
    /// assert_eq!(requester.embedder_policy, EmbedderPolicy::UnsafeNone);
    /// # }
    /// ```
    pub fn new(
        origin: &'a Origin,
        client: Option<&Environment>,
        sites: &'a dyn RegistrableDomain,
    ) -> Self {
        let embedder_policy =
            client.map_or(EmbedderPolicy::UnsafeNone, |client| client.embedder_policy);
        Self { origin, embedder_policy, includes_credentials: true, sites }
    }
}

/// What a response is asked for: the standard's *forNavigation*.
///
/// ```
/// # use browser_cors::cross_origin_resource_policy::Purpose;
/// assert_eq!(Purpose::default(), Purpose::Resource);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard tells two cases apart")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Purpose {
    /// A page's resource.
    #[default]
    Resource,
    /// A document, in a frame.
    Navigation,
}

/// Performs a [cross-origin resource policy check] of a response from `url` with these headers.
///
/// The embedder makes the reports: it asks [`internal_check`] with the report-only value for what is to be reported.
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
///     cross_origin_resource_policy::{Purpose::Resource, Requester, check},
///     origin::PublicSuffixList, url::Url,
/// };
///
/// let origin = "https://app.example".parse().unwrap();
/// let url = Url::parse("https://api.app.example/").unwrap();
/// let headers = |value| [("cross-origin-resource-policy", value)];
/// let requester = Requester::new(&origin, None, &PublicSuffixList);
/// assert!(check(&requester, &headers("same-site"), &url, Resource).is_ok());
/// assert!(check(&requester, &headers("same-origin"), &url, Resource).is_err());
/// # }
/// ```
pub fn check(
    requester: &Requester<'_>,
    headers: &(impl ReadHeaders + ?Sized),
    url: &Url,
    purpose: Purpose,
) -> Result<(), Blocked> {
    // Steps 1 and 2. The requester has the embedder policy of its client.
    let without_policy = Requester { embedder_policy: EmbedderPolicy::UnsafeNone, ..*requester };
    // Step 3.
    internal_check(&without_policy, headers, url, purpose)?;
    // Omitted(reports): step 4.
    // Step 5.
    internal_check(requester, headers, url, purpose)
    // Omitted(reports): step 6.
    // Step 7.
}

/// Performs a [cross-origin resource policy internal check] of a response from `url` with these headers.
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
///     cross_origin_resource_policy::{Purpose, Requester, internal_check},
///     environment::EmbedderPolicy, header::HeaderList, origin::PublicSuffixList, url::Url,
/// };
///
/// let origin = "https://app.example".parse().unwrap();
/// let url = Url::parse("https://cdn.example/").unwrap();
/// let mut requester = Requester::new(&origin, None, &PublicSuffixList);
/// requester.embedder_policy = EmbedderPolicy::RequireCorp;
/// let blocked = internal_check(&requester, &HeaderList::new(), &url, Purpose::Resource);
/// assert_eq!(blocked.unwrap_err().found, None);
/// # }
/// ```
pub fn internal_check(
    requester: &Requester<'_>,
    headers: &(impl ReadHeaders + ?Sized),
    url: &Url,
    purpose: Purpose,
) -> Result<(), Blocked> {
    let Requester { origin, embedder_policy, includes_credentials, sites } = *requester;
    // Step 1.
    if purpose == Purpose::Navigation && embedder_policy == EmbedderPolicy::UnsafeNone {
        return Ok(());
    }
    // Step 2.
    let found = headers.get_combined("Cross-Origin-Resource-Policy");
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
            if includes_credentials || purpose == Purpose::Navigation =>
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
/// # use browser_cors::cross_origin_resource_policy::{Purpose, Requester, check};
/// # use browser_cors::header::HeaderList;
/// # use browser_cors::{origin::{Origin, PublicSuffixList}, response::Response, url::Url};
/// let headers = HeaderList::try_from([("Cross-Origin-Resource-Policy", "same-origin")]).unwrap();
/// let response = Response::new(200, headers);
/// let url = Url::parse("https://a.example/").unwrap();
/// let origin = Origin::opaque();
/// let requester = Requester::new(&origin, None, &PublicSuffixList);
/// let blocked = check(&requester, &response, &url, Purpose::Resource);
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
