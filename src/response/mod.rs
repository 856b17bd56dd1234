//! [Responses](https://fetch.spec.whatwg.org/#responses) from the network, and the filtered responses
//! that pages get.

pub(crate) mod engines;
mod filtered;

use url::Url;

pub use filtered::{FilteredResponse, ResponseParts, ResponseType};

use crate::{
    engine::Profile,
    header::{HeaderList, ReadHeaders, extract::InvalidHeaderValue, names::NameSet},
    request::RedirectTaint,
};

/// A [response], as far as CORS depends on it: its status and headers. The embedder keeps the body.
///
/// [response]: https://fetch.spec.whatwg.org/#concept-response
///
/// # Examples
///
/// ```
/// use browser_cors::{header::HeaderList, response::Response};
///
/// let response = Response::new(204, HeaderList::try_from([("Vary", "Origin")])?);
/// assert_eq!(response.status, 204);
/// # Ok::<(), browser_cors::header::InvalidHeader>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Response {
    /// The [status](https://fetch.spec.whatwg.org/#concept-response-status), from 0 to 999.
    pub status: u16,
    /// The [status message](https://fetch.spec.whatwg.org/#concept-response-status-message), which
    /// pages read as `statusText`. It is empty over HTTP/2, and decides nothing.
    pub status_message: Box<[u8]>,
    /// The [header list](https://fetch.spec.whatwg.org/#concept-response-header-list).
    pub header_list: HeaderList,
    pub(crate) null_body: bool,
    pub(crate) url_list: Vec<Url>,
    pub(crate) range_requested: bool,
    pub(crate) request_includes_credentials: bool,
    pub(crate) timing_allow_passed: bool,
    pub(crate) redirect_taint: RedirectTaint,
    pub(crate) cors_exposed_header_names: CorsExposedHeaderNames,
}

/// A response's [CORS-exposed header-name list].
///
/// [CORS-exposed header-name list]: https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum CorsExposedHeaderNames<N = Box<str>> {
    /// The empty list.
    #[default]
    Empty,
    /// The names of all headers of the response, for `*`.
    All,
    /// The names that the server listed.
    Listed(NameSet<N>),
}

impl<N: AsRef<str>> CorsExposedHeaderNames<N> {
    fn contains(&self, name: &[u8]) -> bool {
        match self {
            Self::Empty => false,
            Self::All => true,
            Self::Listed(names) => names.contains(name),
        }
    }
}

impl CorsExposedHeaderNames<&str> {
    pub(crate) fn into_owned(self) -> CorsExposedHeaderNames {
        match self {
            Self::Empty => CorsExposedHeaderNames::Empty,
            Self::All => CorsExposedHeaderNames::All,
            Self::Listed(names) => CorsExposedHeaderNames::Listed(names.into_owned()),
        }
    }
}

impl Response {
    /// A response from the network.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response};
    /// assert_eq!(Response::new(404, HeaderList::new()).url(), None);
    /// ```
    pub fn new(status: u16, header_list: HeaderList) -> Self {
        Self {
            status,
            header_list,
            // Note: the standard's default is true.
            request_includes_credentials: true,
            ..Self::default()
        }
    }

    /// The [URL](https://fetch.spec.whatwg.org/#concept-response-url): the last URL of the URL list,
    /// which a fetch sets.
    ///
    /// ```
    /// # use browser_cors::{response::Response, url::Url};
    /// assert_eq!(Response::default().url(), None);
    /// let urls = ["https://api.example/old", "https://api.example/new"];
    /// let response = Response::default().for_urls(urls.map(|url| Url::parse(url).unwrap()));
    /// assert_eq!(response.url().unwrap().path(), "/new");
    /// ```
    pub fn url(&self) -> Option<&Url> {
        self.url_list.last()
    }

    /// The [URL list](https://fetch.spec.whatwg.org/#concept-response-url-list).
    pub fn url_list(&self) -> &[Url] {
        &self.url_list
    }

    /// Sets the URL list, to call a single check, or for a response that comes from another fetch, such
    /// as that of a service worker. A fetch sets the list of a response from the network itself.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response, url::Url};
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let response = Response::new(200, HeaderList::new()).for_urls([url.clone()]);
    /// assert_eq!(response.url(), Some(&url));
    /// ```
    #[must_use]
    pub fn for_urls(mut self, url_list: impl IntoIterator<Item = Url>) -> Self {
        self.url_list = url_list.into_iter().collect();
        self
    }

    /// The response to a request without credentials, which a `"credentialless"` document may use.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response};
    /// let response = Response::new(200, HeaderList::new());
    /// assert!(response.request_includes_credentials());
    /// assert!(!response.without_credentials().request_includes_credentials());
    /// ```
    #[must_use]
    pub const fn without_credentials(mut self) -> Self {
        self.request_includes_credentials = false;
        self
    }

    /// The [request-includes-credentials] flag.
    ///
    /// [request-includes-credentials]: https://fetch.spec.whatwg.org/#response-request-includes-credentials
    pub const fn request_includes_credentials(&self) -> bool {
        self.request_includes_credentials
    }

    /// Sets the [range-requested flag], for a response that comes from another request, such as
    /// that of a service worker. If the fetch's own request has a `Range` header, the fetch sets
    /// the flag.
    ///
    /// [range-requested flag]: https://fetch.spec.whatwg.org/#concept-response-range-requested-flag
    ///
    /// ```
    /// # use browser_cors::response::Response;
    /// assert!(Response::default().to_range_request().range_requested());
    /// ```
    #[must_use]
    pub const fn to_range_request(mut self) -> Self {
        self.range_requested = true;
        self
    }

    /// The [range-requested flag](https://fetch.spec.whatwg.org/#concept-response-range-requested-flag).
    pub const fn range_requested(&self) -> bool {
        self.range_requested
    }

    /// Whether the page may read the timings of this fetch: the [timing allow passed flag].
    ///
    /// [timing allow passed flag]: https://fetch.spec.whatwg.org/#concept-response-timing-allow-passed
    pub const fn timing_allow_passed(&self) -> bool {
        self.timing_allow_passed
    }

    /// Sets the [timing allow passed flag], for a response that comes from another fetch, such as that
    /// of a service worker. A fetch sets the flag of a response from the network itself.
    ///
    /// [timing allow passed flag]: https://fetch.spec.whatwg.org/#concept-response-timing-allow-passed
    ///
    /// ```
    /// # use browser_cors::response::Response;
    /// assert!(Response::default().with_timing_allowed().timing_allow_passed());
    /// ```
    #[must_use]
    pub const fn with_timing_allowed(mut self) -> Self {
        self.timing_allow_passed = true;
        self
    }

    /// The [redirect taint](https://fetch.spec.whatwg.org/#response-redirect-taint) of the request.
    pub const fn redirect_taint(&self) -> RedirectTaint {
        self.redirect_taint
    }

    /// The [location URL], to which a redirect leads. `Ok(None)` is the standard's null.
    ///
    /// # Errors
    ///
    /// If there are several `Location` headers, or if the only one cannot be parsed.
    ///
    /// [location URL]: https://fetch.spec.whatwg.org/#concept-response-location-url
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// # use browser_cors::{header::HeaderList, response::Response, url::Url};
    /// let response = Response::new(302, HeaderList::try_from([("Location", "/b")]).unwrap())
    ///     .for_urls([Url::parse("https://api.example/a").unwrap()]);
    /// let location = response.location_url(Some("top"), &Profile::STANDARD).unwrap().unwrap();
    /// assert_eq!(location.as_str(), "https://api.example/b#top");
    /// ```
    pub fn location_url(
        &self,
        request_fragment: Option<&str>,
        profile: &Profile,
    ) -> Result<Option<Url>, InvalidLocation> {
        location_url(self.status, self, self.url(), request_fragment, profile)
    }

    /// [`Self::location_url`] of an answer that came from `url`, the current URL of its request.
    pub(crate) fn location_from(
        &self,
        url: &Url,
        profile: &Profile,
    ) -> Result<Option<Url>, InvalidLocation> {
        location_url(self.status, self, Some(url), url.fragment(), profile)
    }
}

/// [`Response::location_url`] for a response from `response_url` with this status and these headers.
///
/// # Errors
///
/// If there are several `Location` headers, or if the only one cannot be parsed.
///
/// ```
/// # use browser_cors::{engine::Profile, response::location_url, url::Url};
/// let url = Url::parse("https://api.example/a").unwrap();
/// let headers = [("location", "b")];
/// let next = location_url(302, &headers, Some(&url), Some("top"), &Profile::STANDARD)?;
/// assert_eq!(next.unwrap().as_str(), "https://api.example/b#top");
/// assert_eq!(location_url(200, &headers, Some(&url), None, &Profile::STANDARD)?, None);
/// # Ok::<(), browser_cors::response::InvalidLocation>(())
/// ```
pub fn location_url(
    status: u16,
    headers: &(impl ReadHeaders + ?Sized),
    response_url: Option<&Url>,
    request_fragment: Option<&str>,
    profile: &Profile,
) -> Result<Option<Url>, InvalidLocation> {
    let choices = &profile.choices;
    // Step 1.
    // Departs(RedirectStatuses)
    if !choices.redirect_statuses.are_of(status, headers) {
        return Ok(None);
    }
    // Step 2.
    // Departs(SeveralLocations)
    let Some(location) = choices.several_locations.extract(headers)? else {
        return Ok(None);
    };
    // Departs(EmptyLocation)
    let Some(location) = choices.empty_location.judge(location)? else { return Ok(None) };
    // Step 3.
    // Departs(LocationBytes)
    // Departs(LocationTab)
    let text = choices.location_tab.escape(choices.location_bytes.decode(&location));
    let invalid = |reason| InvalidLocation::Url { value: location.to_vec(), reason };
    let mut url = match response_url {
        Some(base) => base.join(&text),
        None => Url::parse(&text),
    }
    .map_err(invalid)?;
    // Step 4.
    if url.fragment().is_none() {
        url.set_fragment(request_fragment);
    }
    // Step 5.
    Ok(Some(url))
}

/// A `Location` that is not a URL. This is the standard's failure.
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{header::HeaderList, response::Response};
/// let response = Response::new(302, HeaderList::try_from([("Location", "http://[")]).unwrap());
/// let error = response.location_url(None, &Profile::STANDARD).unwrap_err();
/// assert_eq!(error.to_string(), "`Location: http://[` is not a URL: invalid IPv6 address");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidLocation {
    /// There are several `Location` headers.
    #[error("there are several Location headers")]
    Header(#[source] InvalidHeaderValue),
    /// The value is empty, and this engine does not read that as the URL of the response.
    #[error("Location is empty")]
    Empty,
    /// The value cannot be parsed as a URL.
    #[error("`Location: {}` is not a URL: {reason}", .value.escape_ascii())]
    Url {
        /// The header's value.
        value: Vec<u8>,
        /// The error of the URL parser.
        reason: url::ParseError,
    },
}
