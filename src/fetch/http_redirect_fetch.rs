//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).

use http::Method;

use super::{
    Action, Context, FetchParams, Refusal,
    redirected_headers::{Hop, is_body_dropped, keep_author},
};
use crate::{
    cors_check::check,
    engine::{Departure, Profile},
    origin::{are_same_origin, has_http_scheme, includes_credentials},
    origin_header::request_origin_header,
    policy::ReferrerPolicy,
    referrer::parse_a_referrer_policy,
    request::{Body, CredentialsMode, InitiatorType, Mode, Request, ResponseTainting},
    response::{Response, location_url},
};

/// How many redirects a fetch follows.
///
/// ```
/// assert_eq!(browser_cors::fetch::REDIRECT_LIMIT, 20);
/// ```
pub const REDIRECT_LIMIT: u8 = 20;

/// Turns `request` into the one that follows a redirect: [HTTP-redirect fetch] up to the call of
/// main fetch. `Ok(false)`: there is no `Location`, and the response is an ordinary one.
///
/// # Errors
///
/// The steps at which the standard returns a network error; the request is then of no more use.
///
/// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile,
///     fetch::redirect, header::HeaderList, http::Method, request::Request, response::Response,
///     url::Url,
/// };
///
/// let url = Url::parse("https://api.example/old").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.method = Method::POST;
/// let headers = HeaderList::try_from([("Location", "/new")]).unwrap();
/// assert_eq!(redirect(&mut request, &Response::new(303, headers), &Profile::STANDARD), Ok(true));
/// assert_eq!((request.method.as_str(), request.current_url().path()), ("GET", "/new"));
/// ```
pub fn redirect(
    request: &mut Request,
    response: &Response,
    profile: &Profile,
) -> Result<bool, Refusal> {
    // Steps 1 to 3.
    let current_url = request.current_url();
    // Step 4.
    let location = match location_url(response, Some(current_url), current_url.fragment(), profile)
    {
        Ok(None) => return Ok(false),
        Ok(Some(location)) => location,
        // Step 5.
        Err(failure) => return Err(Refusal::Location(failure)),
    };
    // Step 6.
    if !has_http_scheme(&location) {
        return Err(Refusal::RedirectScheme { location });
    }
    // Step 7.
    if request.redirect_count == REDIRECT_LIMIT {
        return Err(Refusal::RedirectCount { location });
    }
    // Step 8.
    request.redirect_count += 1;
    // Step 9.
    let includes_credentials = includes_credentials(&location);
    let is_checked_later = profile.departs(Departure::RedirectCheckedAfterPreflight);
    if request.mode == Mode::Cors
        && includes_credentials
        && !request.origin.is_same_origin_with_url(&location)
    {
        let refusal = Refusal::RedirectCredentials { location: location.clone() };
        // Departs(redirect-checked-after-preflight): where it leaves the page's own origin.
        if is_checked_later && request.response_tainting == ResponseTainting::Basic {
            request.departed.refused_redirect = Some(Box::new(refusal));
        } else {
            return Err(refusal);
        }
    }
    // Step 10.
    if request.response_tainting == ResponseTainting::Cors && includes_credentials {
        let refusal = Refusal::RedirectCredentialsAfterCors { location: location.clone() };
        // Departs(redirect-checked-after-preflight): where it leads back there.
        let is_own = |url| request.origin.is_same_origin_with_url(url);
        if is_checked_later && is_own(request.url()) && is_own(&location) {
            request.departed.refused_redirect = Some(Box::new(refusal));
        } else {
            return Err(refusal);
        }
    }
    // Departs(redirect-checked-as-including): with what the first URL was asked with.
    if profile.departs(Departure::RedirectCheckedAsIncluding)
        && request.response_tainting == ResponseTainting::Cors
        && request.credentials_mode == CredentialsMode::SameOrigin
        && request.origin.is_same_origin_with_url(request.url())
        && let Err(failure) = check(request.serialized_origin(), true, response)
    {
        request.departed.refused_redirect = Some(Box::new(Refusal::CorsCheck(failure)));
    }
    // Departs(redirect-with-credentials-blocked): in each mode, within an origin too.
    if includes_credentials
        && request.initiator_type == Some(InitiatorType::Fetch)
        && profile.departs(Departure::RedirectWithCredentialsBlocked)
    {
        return Err(Refusal::RedirectCredentialsWithinOrigin { location });
    }
    // Step 11.
    if response.status != 303 && matches!(request.body, Some(Body::Stream)) {
        return Err(Refusal::RedirectStream { location });
    }
    // Step 12.
    let hop = Hop {
        status: response.status,
        drops_body: is_body_dropped(response.status, &request.method),
        leaves_origin: !are_same_origin(request.current_url(), &location),
        leaves_page: request.response_tainting == ResponseTainting::Basic
            && !request.origin.is_same_origin_with_url(&location),
    };
    // Departs(preflight-decided-by-author): what decides is kept.
    if profile.departs(Departure::PreflightDecidedByAuthor) {
        keep_author(request);
    }
    // Departs(origin-kept-in-redirect): within an origin.
    request.departed.keeps_origin = profile.departs(Departure::OriginKeptInRedirect)
        && !hop.leaves_origin
        && request_origin_header(request, profile).is_some();
    // Step 13.
    hop.rewrite_headers(request, profile);
    if hop.drops_body {
        request.method = Method::GET;
        request.body = None;
    }
    // Departs(redirect-of-delete-to-get): with the headers of its body.
    if hop.leaves_origin
        && request.method == Method::DELETE
        && profile.departs(Departure::RedirectOfDeleteToGet)
    {
        request.method = Method::GET;
        request.body = None;
    }
    // Departs(redirect-drops-client-hints): to another origin than the page's.
    if profile.departs(Departure::RedirectDropsClientHints)
        && !request.origin.is_same_origin_with_url(&location)
    {
        for name in DROPPED_CLIENT_HINTS {
            request.header_list.delete(name);
        }
    }
    // Step 14. The body is made anew of its source, which is the body here.
    // Omitted(embedder): steps 15 to 17.
    // Step 18.
    request.url_list.push(location);
    // Step 19.
    let policy = parse_a_referrer_policy(&response.header_list);
    if policy != ReferrerPolicy::Empty {
        request.referrer_policy = policy;
    }
    Ok(true)
    // Omitted(navigation): steps 20 and 21.
}

/// The client hints that an author sets in vain, where they would leave the page's origin.
const DROPPED_CLIENT_HINTS: [&str; 7] =
    ["DPR", "Device-Memory", "Downlink", "ECT", "RTT", "Viewport-Width", "Width"];

impl FetchParams {
    /// HTTP-redirect fetch.
    pub(super) fn http_redirect_fetch(
        mut self: Box<Self>,
        response: Response,
        context: &mut Context<'_>,
    ) -> Action {
        match redirect(&mut self.request, &response, &context.user_agent.profile) {
            Ok(false) => self.finish_main_fetch(response, context),
            // Step 22.
            Ok(true) => self.main_fetch(context),
            Err(refusal) => self.network_error(refusal, context),
        }
    }
}
