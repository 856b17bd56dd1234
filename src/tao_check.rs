//! The [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check), which decides whether a page may
//! read timings.

use crate::{
    header::ReadHeaders,
    origin::Origin,
    request::{Mode, Request, ResponseTainting},
};

/// What the TAO check reads of a request.
///
/// ```
/// # use browser_cors::{origin::Origin, request::Request, tao_check::TimingAsker, url::Url};
/// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// assert_eq!(TimingAsker::from(&request).origin, "null");
/// ```
#[expect(clippy::exhaustive_structs, reason = "an embedder writes it to ask")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimingAsker<'a> {
    /// The request's origin, as it is [serialized](Request::serialized_origin).
    pub origin: &'a str,
    /// The request's response tainting.
    pub response_tainting: ResponseTainting,
    /// Whether the request is a navigation whose current URL is of another origin.
    pub is_navigation_away: bool,
    /// Whether an earlier hop has failed the check: the [timing allow failed flag].
    ///
    /// [timing allow failed flag]: https://fetch.spec.whatwg.org/#timing-allow-failed
    pub timing_allow_failed: bool,
}

impl<'a> From<&'a Request> for TimingAsker<'a> {
    fn from(request: &'a Request) -> Self {
        Self {
            origin: request.serialized_origin(),
            response_tainting: request.response_tainting,
            is_navigation_away: request.mode == Mode::Navigate
                && !request.origin.is_same_origin_with_url(request.current_url()),
            timing_allow_failed: request.timing_allow_failed,
        }
    }
}

/// Performs a [TAO check] of a response with these headers. In contrast to the CORS check, `*` also
/// allows requests with credentials.
///
/// [TAO check]: https://fetch.spec.whatwg.org/#concept-tao-check
///
/// # Examples
///
/// ```
/// use browser_cors::{request::ResponseTainting, tao_check::{TimingAsker, tao_check}};
///
/// let asker = TimingAsker {
///     origin: "https://app.example",
///     response_tainting: ResponseTainting::Cors,
///     is_navigation_away: false,
///     timing_allow_failed: false,
/// };
/// let none: [(&str, &str); 0] = [];
/// assert!(tao_check(asker, &[("timing-allow-origin", "https://x.example, *")]));
/// assert!(!tao_check(asker, &none));
/// ```
pub fn tao_check<'a>(
    asker: impl Into<TimingAsker<'a>>,
    headers: &(impl ReadHeaders + ?Sized),
) -> bool {
    let asker = asker.into();
    // Steps 1 and 2.
    if asker.timing_allow_failed {
        return false;
    }
    // Step 3.
    if let Some(values) = headers.get_and_split("Timing-Allow-Origin") {
        // Steps 4 and 5.
        if contains(&values, asker.origin) {
            return true;
        }
    }
    // Step 6.
    if asker.is_navigation_away {
        return false;
    }
    // Steps 7 and 8.
    asker.response_tainting == ResponseTainting::Basic
}

/// Performs a [navigation TAO check]: decides whether every redirect on the way allowed the
/// destination's origin to read timings. `timing_allow_values` has the items of each redirect's
/// `Timing-Allow-Origin`; they are empty if a redirect had no such header.
///
/// [navigation TAO check]: https://fetch.spec.whatwg.org/#navigation-tao-check
///
/// # Examples
///
/// ```
/// use browser_cors::tao_check::navigation_tao_check;
///
/// let destination = "https://app.example".parse().unwrap();
/// let hops = [vec!["*".to_owned()], vec!["https://app.example".to_owned()]];
/// assert!(navigation_tao_check(&hops, &destination));
/// assert!(!navigation_tao_check(&[vec![]], &destination));
/// ```
pub fn navigation_tao_check(timing_allow_values: &[Vec<String>], destination: &Origin) -> bool {
    // Steps 1 and 2.
    timing_allow_values.iter().all(|values| contains(values, destination.serialized()))
}

fn contains(values: &[String], origin: &str) -> bool {
    values.iter().any(|value| value == "*" || value == origin)
}
