//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).

use http::Method;

use super::{Action, Context, FetchParams, Refusal};
use crate::{
    engine::{Departure, Profile},
    header::{REQUEST_BODY_HEADER_NAMES, safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME},
    origin::{are_same_origin, has_http_scheme, includes_credentials},
    policy::ReferrerPolicy,
    referrer::parse_a_referrer_policy,
    request::{Body, Mode, Request, ResponseTainting},
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
    if request.mode == Mode::Cors
        && includes_credentials(&location)
        && !request.origin.is_same_origin_with_url(&location)
    {
        return Err(Refusal::RedirectCredentials { location });
    }
    // Step 10.
    if request.response_tainting == ResponseTainting::Cors && includes_credentials(&location) {
        return Err(Refusal::RedirectCredentialsAfterCors { location });
    }
    // Step 11.
    if response.status != 303 && matches!(request.body, Some(Body::Stream)) {
        return Err(Refusal::RedirectStream { location });
    }
    // Step 12.
    let is_post = request.method == Method::POST;
    let is_get_or_head = matches!(request.method, Method::GET | Method::HEAD);
    if (matches!(response.status, 301 | 302) && is_post)
        || (response.status == 303 && !is_get_or_head)
    {
        request.method = Method::GET;
        request.body = None;
        for name in REQUEST_BODY_HEADER_NAMES {
            request.header_list.delete(name);
        }
    }
    // Step 13.
    if !are_same_origin(request.current_url(), &location) {
        request.header_list.delete(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
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
