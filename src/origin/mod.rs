//! [Origins](https://html.spec.whatwg.org/multipage/browsers.html#origin) and their sites. Comparing
//! and serializing origins does not allocate.

#[cfg(feature = "public-suffix")]
mod public_suffix_list;

use std::{borrow::Cow, fmt, sync::Arc};

use thiserror::Error;
use url::{Host, Position, Url};

#[cfg(feature = "public-suffix")]
pub use public_suffix_list::PublicSuffixList;

/// An [origin]: a tuple of scheme, host and port, or opaque. Cloning is cheap.
///
/// [origin]: https://html.spec.whatwg.org/multipage/browsers.html#concept-origin
///
/// # Examples
///
/// ```
/// use browser_cors::origin::Origin;
///
/// let page: Origin = "https://APP.example:443".parse()?;
/// assert_eq!(page.serialized(), "https://app.example");
/// assert_eq!(Origin::opaque().serialized(), "null");
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
///
/// Apps and extensions have origins of schemes of their own. By the [URL Standard] these are
/// opaque, but engines send them as scheme, host and maybe port:
///
/// ```
/// use browser_cors::origin::Origin;
///
/// for text in ["capacitor://localhost", "moz-extension://0e8a3c8a-f1b5", "app://a.b:8080", "file://"] {
///     let page: Origin = text.parse()?;
///     assert_eq!(page.serialized(), text);
///     assert!(!page.is_opaque());
/// }
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
///
/// [URL Standard]: https://url.spec.whatwg.org/#concept-url-origin
#[derive(Clone)]
pub struct Origin(Arc<(url::Origin, String)>);

/// Text that is not the origin of a page.
///
/// ```
/// use browser_cors::origin::Origin;
///
/// let error = "https://app.example/path".parse::<Origin>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`https://app.example/path` is not an origin: `https://app.example` or `null` was expected",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidOrigin {
    /// The text cannot be parsed, or URLs of its scheme do not have tuple origins.
    #[error("`{text}` is not an origin: a scheme, a host and maybe a port were expected")]
    NotAnOrigin {
        /// The text.
        text: String,
    },
    /// The text has more than an origin: a path, a query, or a user name.
    #[error("`{text}` is not an origin: `{origin}` or `null` was expected")]
    MoreThanAnOrigin {
        /// The text.
        text: String,
        /// The origin in the text.
        origin: String,
    },
}

impl Origin {
    /// A new [opaque origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque),
    /// such as a sandboxed frame or a `data:` document has. It differs from every other origin.
    ///
    /// ```
    /// # use browser_cors::origin::Origin;
    /// assert_ne!(Origin::opaque(), Origin::opaque());
    /// ```
    pub fn opaque() -> Self {
        url::Origin::new_opaque().into()
    }

    /// The origin that engines give a page at `url`: that of the URL, or scheme, host and maybe port
    /// if the page is of an app or an extension.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, url::Url};
    /// let page = |url| Origin::of_page(&Url::parse(url).unwrap());
    /// assert_eq!(page("capacitor://localhost/cart").serialized(), "capacitor://localhost");
    /// assert_eq!(page("https://app.example/cart").serialized(), "https://app.example");
    /// assert_eq!(page("file:///home/me/index.html").serialized(), "null");
    /// ```
    pub fn of_page(url: &Url) -> Self {
        match Self::from(url) {
            origin if origin.is_opaque() && url.scheme() != "file" => {
                Self::of_other_scheme(url).unwrap_or(origin)
            }
            origin => origin,
        }
    }

    /// The [serialization], which is `null` for an opaque origin.
    ///
    /// [serialization]: https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
    ///
    /// ```
    /// # use browser_cors::origin::Origin;
    /// assert_eq!("http://[::1]:8080".parse::<Origin>().unwrap().serialized(), "http://[::1]:8080");
    /// ```
    pub fn serialized(&self) -> &str {
        &self.0.1
    }

    /// Whether this is an opaque origin.
    pub fn is_opaque(&self) -> bool {
        !self.0.0.is_tuple()
    }

    /// Whether the origin of `url` is [same origin] with this one.
    ///
    /// [same origin]: https://html.spec.whatwg.org/multipage/browsers.html#same-origin
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, url::Url};
    /// let page: Origin = "http://foo.example".parse().unwrap();
    /// assert!(page.is_same_origin_with_url(&Url::parse("http://foo.example:80/a?b").unwrap()));
    /// assert!(!page.is_same_origin_with_url(&Url::parse("https://foo.example/").unwrap()));
    /// ```
    pub fn is_same_origin_with_url(&self, url: &Url) -> bool {
        match (&self.0.0, Tuple::of_url(url)) {
            (url::Origin::Tuple(scheme, host, port), Some(tuple)) => {
                tuple == Tuple { scheme, host: borrowed(host), port: *port }
            }
            (url::Origin::Tuple(..), None) => self.0.0 == url.origin(),
            (url::Origin::Opaque(_), _) => false,
        }
    }

    /// Whether this origin is [same site] with `other`: they are equal, or they have equal schemes
    /// and equal registrable domains.
    ///
    /// [same site]: https://html.spec.whatwg.org/multipage/browsers.html#same-site
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::origin::{Origin, PublicSuffixList};
    /// let a: Origin = "https://a.foo.example".parse().unwrap();
    /// let b: Origin = "https://b.foo.example:8443".parse().unwrap();
    /// assert!(a.is_same_site(&b, &PublicSuffixList));
    /// # }
    /// ```
    pub fn is_same_site(&self, other: &Self, sites: &dyn RegistrableDomain) -> bool {
        match (self.tuple(), other.tuple()) {
            (Some(a), Some(b)) => a.scheme == b.scheme && a.is_schemelessly_same_site(&b, sites),
            _ => self == other,
        }
    }

    /// Whether this origin is [schemelessly same site] with `other`.
    ///
    /// [schemelessly same site]: https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::origin::{Origin, PublicSuffixList};
    /// let a: Origin = "http://foo.example".parse().unwrap();
    /// let b: Origin = "https://b.foo.example".parse().unwrap();
    /// assert!(a.is_schemelessly_same_site(&b, &PublicSuffixList));
    /// # }
    /// ```
    pub fn is_schemelessly_same_site(&self, other: &Self, sites: &dyn RegistrableDomain) -> bool {
        match (self.tuple(), other.tuple()) {
            (Some(a), Some(b)) => a.is_schemelessly_same_site(&b, sites),
            _ => self == other,
        }
    }

    /// The scheme; `None` for an opaque origin.
    pub fn scheme(&self) -> Option<&str> {
        self.tuple().map(|tuple| tuple.scheme)
    }

    /// The serialized [site] of this origin: its scheme, and its registrable domain, or its host if
    /// it has none.
    ///
    /// [site]: https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site
    pub(crate) fn site(&self, sites: &dyn RegistrableDomain) -> Option<String> {
        self.tuple().map(|tuple| match tuple.registrable_domain(sites) {
            Some(domain) => format!("{}://{domain}", tuple.scheme),
            None => format!("{}://{}", tuple.scheme, tuple.host),
        })
    }

    /// The origin of a page whose scheme is not of the URL Standard, such as that of an app or an
    /// extension, as engines serialize it. Old web views send `file://` for files.
    fn of_other_scheme(url: &Url) -> Option<Self> {
        // Ours: the port is 0 if there is none. Nothing listens on that port.
        let (host, port) = match (url.host()?, url.port()) {
            (_, Some(0)) => return None,
            (Host::Domain(""), _) => return None,
            (host, port) => (host.to_owned(), port.unwrap_or_default()),
        };
        let serialized = match port {
            0 => format!("{}://{host}", url.scheme()),
            port => format!("{}://{host}:{port}", url.scheme()),
        };
        let origin = url::Origin::Tuple(url.scheme().to_owned(), host, port);
        Some(Self(Arc::new((origin, serialized))))
    }

    fn of_files() -> Self {
        let origin = url::Origin::Tuple("file".to_owned(), Host::Domain(String::new()), 0);
        Self(Arc::new((origin, "file://".to_owned())))
    }

    fn tuple(&self) -> Option<Tuple<'_>> {
        match &self.0.0 {
            url::Origin::Tuple(scheme, host, port) => {
                Some(Tuple { scheme, host: borrowed(host), port: *port })
            }
            url::Origin::Opaque(_) => None,
        }
    }
}

impl From<url::Origin> for Origin {
    fn from(origin: url::Origin) -> Self {
        let serialized = origin.ascii_serialization();
        Self(Arc::new((origin, serialized)))
    }
}

impl From<&Url> for Origin {
    fn from(url: &Url) -> Self {
        url.origin().into()
    }
}

/// Parses a serialized origin, of any scheme. `null` gives a new opaque origin.
impl std::str::FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        if text == "null" {
            return Ok(Self::opaque());
        }
        if text.eq_ignore_ascii_case("file://") {
            return Ok(Self::of_files());
        }
        let not_an_origin = || InvalidOrigin::NotAnOrigin { text: text.to_owned() };
        let url = Url::parse(text).map_err(|_| not_an_origin())?;
        let origin = Self::of_page(&url);
        if origin.is_opaque() {
            return Err(not_an_origin());
        }
        // Ours: only upper-case letters and the scheme's default port are allowed in addition.
        let is_bare = text.split_once("://").is_some_and(|(_, rest)| {
            !rest.contains(|c: char| matches!(c, '/' | '\\' | '?' | '#' | '@') || c <= ' ')
        }) && !text.starts_with(|c: char| c <= ' ');
        if is_bare {
            Ok(origin)
        } else {
            let origin = origin.serialized().to_owned();
            Err(InvalidOrigin::MoreThanAnOrigin { text: text.to_owned(), origin })
        }
    }
}

/// [Same origin](https://html.spec.whatwg.org/multipage/browsers.html#same-origin).
impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.0 == other.0.0
    }
}

impl Eq for Origin {}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.serialized())
    }
}

/// Whether the origins of two URLs are [same origin]. Opaque origins never are.
///
/// [same origin]: https://html.spec.whatwg.org/multipage/browsers.html#same-origin
///
/// ```
/// # use browser_cors::{origin::are_same_origin, url::Url};
/// let url = |text| Url::parse(text).unwrap();
/// assert!(are_same_origin(&url("http://a.example/x"), &url("http://a.example:80/y")));
/// assert!(!are_same_origin(&url("data:,x"), &url("data:,x")));
/// ```
pub fn are_same_origin(a: &Url, b: &Url) -> bool {
    match (Tuple::of_url(a), Tuple::of_url(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.origin() == b.origin(),
    }
}

/// Whether `url` [includes credentials](https://url.spec.whatwg.org/#include-credentials): a user
/// name or a password.
///
/// ```
/// # use browser_cors::{origin::includes_credentials, url::Url};
/// assert!(includes_credentials(&Url::parse("http://user@a.example/").unwrap()));
/// ```
pub fn includes_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty())
}

/// Whether the scheme of `url` is an [HTTP(S) scheme](https://fetch.spec.whatwg.org/#http-scheme).
///
/// ```
/// # use browser_cors::{origin::has_http_scheme, url::Url};
/// assert!(!has_http_scheme(&Url::parse("ws://a.example/").unwrap()));
/// ```
pub fn has_http_scheme(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether the scheme of `url` is a [local scheme](https://fetch.spec.whatwg.org/#local-scheme).
///
/// ```
/// # use browser_cors::{origin::has_local_scheme, url::Url};
/// assert!(has_local_scheme(&Url::parse("about:blank").unwrap()));
/// ```
pub fn has_local_scheme(url: &Url) -> bool {
    matches!(url.scheme(), "about" | "blob" | "data")
}

/// A source of [registrable domains]: the Public Suffix List, or the embedder.
///
/// [registrable domains]: https://url.spec.whatwg.org/#host-registrable-domain
///
/// # Examples
///
/// ```
/// use browser_cors::origin::RegistrableDomain;
///
/// /// A test network in which every host is a site of its own.
/// #[derive(Debug)]
/// struct Flat;
///
/// impl RegistrableDomain for Flat {
///     fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
///         Some(domain)
///     }
/// }
/// ```
pub trait RegistrableDomain: fmt::Debug {
    /// The [registrable domain] of a domain, which is in lower case and never an IP address; `None`
    /// if the domain is itself a public suffix. If the domain ends with a dot, so does the result.
    ///
    /// [registrable domain]: https://url.spec.whatwg.org/#host-registrable-domain
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str>;
}

/// A tuple origin, borrowed.
#[derive(Eq, PartialEq)]
struct Tuple<'a> {
    scheme: &'a str,
    host: Host<&'a str>,
    port: u16,
}

impl<'a> Tuple<'a> {
    /// The origin of a URL, if URLs of its scheme have tuple origins. `Url::origin` handles
    /// `blob:`.
    fn of_url(url: &'a Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp") {
            return None;
        }
        Some(Self { scheme: url.scheme(), host: url.host()?, port: url.port_or_known_default()? })
    }

    fn registrable_domain(&self, sites: &dyn RegistrableDomain) -> Option<&'a str> {
        match self.host {
            Host::Domain(domain) => sites.registrable_domain(domain),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }

    fn is_schemelessly_same_site(&self, other: &Self, sites: &dyn RegistrableDomain) -> bool {
        match (self.registrable_domain(sites), other.registrable_domain(sites)) {
            (None, None) => self.host == other.host,
            (a, b) => a == b,
        }
    }
}

fn borrowed(host: &Host<String>) -> Host<&str> {
    match host {
        Host::Domain(domain) => Host::Domain(domain),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
}

/// A URL as it is sent: without its fragment, user name and password.
///
/// ```
/// # use browser_cors::{origin::url_as_sent, url::Url};
/// let url = Url::parse("https://me@api.example/a?b#c").unwrap();
/// assert_eq!(url_as_sent(&url), "https://api.example/a?b");
/// ```
pub fn url_as_sent(url: &Url) -> Cow<'_, str> {
    if includes_credentials(url) {
        let (scheme, rest) =
            (&url[..Position::BeforeUsername], &url[Position::BeforeHost..Position::AfterQuery]);
        Cow::Owned([scheme, rest].concat())
    } else {
        Cow::Borrowed(&url[..Position::AfterQuery])
    }
}
