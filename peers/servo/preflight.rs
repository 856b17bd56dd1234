//! In place of what `net::http_loader` decides about preflights.

use browser_cors::{fetch::PreflightRequest, preflight_cache::Grant, request::Request as Hops};
use http::HeaderMap;
use net_traits::{NetworkError, request::Request, response::Response};

use super::{PROFILE, cors_cache::CorsCache, types};

/// Whether a CORS request needs a preflight: what HTTP fetch step 4.1 asks of the method, the headers
/// and the cache.
pub fn needs_preflight(request: &Request, cache: &CorsCache) -> bool {
    let hops = types::hops(request);
    cache.with_matches(request, |matches| about(&hops, request).needs_preflight(matches, &PROFILE))
}

/// Judges the answer to a preflight, and keeps what it grants: [CORS-preflight fetch] steps 7 and 8.
///
/// # Errors
///
/// If one of these steps returns a network error.
///
/// [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
pub fn judge_cors_preflight_response(
    request: &Request,
    response: &Response,
    cache: &mut CorsCache,
) -> Result<(), NetworkError> {
    let (hops, answer) = (types::hops(request), response.actual_response());
    let grant = about(&hops, request)
        .judge_response(answer.status.raw_code(), &answer.headers, &PROFILE)
        .map_err(|failure| types::network_error(&failure))?;
    let methods = grant.methods.iter().map(|method| Grant::Method(method));
    let header_names = grant.header_names.iter().map(|name| Grant::HeaderName(name));
    cache.store(request, methods.chain(header_names), grant.max_age);
    Ok(())
}

fn about<'a>(hops: &'a Hops, request: &'a Request) -> PreflightRequest<'a, HeaderMap> {
    let origin = hops.serialized_origin();
    let mut about = PreflightRequest::new(origin, &request.method, &request.headers);
    about.credentials_mode = types::credentials_mode(request.credentials_mode);
    about.use_cors_preflight = request.use_cors_preflight;
    about
}
