//! The [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check), which decides whether a page may
//! read timings.

use crate::{
    origin::Origin,
    request::{Mode, Request, ResponseTainting},
    response::Response,
};

/// Performs a [TAO check]. In contrast to the CORS check, `*` also allows requests with
/// credentials.
///
/// [TAO check]: https://fetch.spec.whatwg.org/#concept-tao-check
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     header::HeaderList, origin::Origin, request::{Request, ResponseTainting},
///     response::Response, tao_check::tao_check, url::Url,
/// };
///
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// request.set_response_tainting(ResponseTainting::Cors);
/// let headers = HeaderList::try_from([("Timing-Allow-Origin", "https://x.example, *")]).unwrap();
/// assert!(tao_check(&request, &Response::new(200, headers)));
/// assert!(!tao_check(&request, &Response::new(200, HeaderList::new())));
/// ```
pub fn tao_check(request: &Request, response: &Response) -> bool {
    // Steps 1 and 2.
    if request.timing_allow_failed {
        return false;
    }
    // Step 3.
    if let Some(values) = response.header_list.get_decode_and_split("Timing-Allow-Origin") {
        // Steps 4 and 5.
        if contains(&values, request.serialized_origin()) {
            return true;
        }
    }
    // Step 6.
    if request.mode == Mode::Navigate
        && !request.origin.is_same_origin_with_url(request.current_url())
    {
        return false;
    }
    // Steps 7 and 8.
    request.response_tainting == ResponseTainting::Basic
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
