//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).

use url::Url;

use super::{Action, Context, FetchParams, Refusal, redirected_request::Hop};
use crate::{
    cors_check::check,
    engine::{Departure, Profile},
    origin::{has_http_scheme, includes_credentials},
    referrer::ReferrerPolicy,
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
    match follow(request, response, profile)? {
        Followed::No => Ok(false),
        Followed::Yes => Ok(true),
        Followed::UpToPreflight(refusal) => Err(*refusal),
    }
}

/// Whether a redirect was followed.
enum Followed {
    /// No: there is no `Location`, and the response is an ordinary one.
    No,
    /// Yes.
    Yes,
    /// Yes, but this refuses it once the next hop's preflight has gone out, if it needs one.
    UpToPreflight(Box<Refusal>),
}

/// [HTTP-redirect fetch] up to the call of main fetch.
///
/// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
fn follow(
    request: &mut Request,
    response: &Response,
    profile: &Profile,
) -> Result<Followed, Refusal> {
    // Steps 1 to 3.
    let current_url = request.current_url();
    // Step 4.
    let location = match location_url(response, Some(current_url), current_url.fragment(), profile)
    {
        Ok(None) => return Ok(Followed::No),
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
    // Steps 9 and 10.
    let refused_later = judge_credentials(request, response, &location, profile)?;
    // Step 11.
    if response.status != 303 && matches!(request.body, Some(Body::Stream)) {
        return Err(Refusal::RedirectStream { location });
    }
    // Steps 12 and 13.
    Hop::of(request, response, &location).rewrite(request, profile);
    // Step 14. The body is made anew of its source, which is the body here.
    // Omitted(embedder): steps 15 to 17.
    // Step 18.
    request.url_list.push(location);
    // Step 19.
    let policy = parse_a_referrer_policy(&response.header_list);
    if policy != ReferrerPolicy::Empty {
        request.referrer_policy = policy;
    }
    Ok(refused_later.map_or(Followed::Yes, |refusal| Followed::UpToPreflight(Box::new(refusal))))
    // Omitted(navigation): steps 20 and 21.
}

/// HTTP-redirect fetch steps 9 and 10: a user name or password in `Location`. What is refused behind
/// the preflight of the next hop comes back as a value.
fn judge_credentials(
    request: &Request,
    response: &Response,
    location: &Url,
    profile: &Profile,
) -> Result<Option<Refusal>, Refusal> {
    if !includes_credentials(location) {
        // Departs(redirect-checked-as-including): with what the first URL was asked with.
        let is_checked = profile.departs(Departure::RedirectCheckedAsIncluding)
            && request.response_tainting == ResponseTainting::Cors
            && request.credentials_mode == CredentialsMode::SameOrigin
            && request.origin.is_same_origin_with_url(request.url());
        let failure =
            is_checked.then(|| check(request.serialized_origin(), true, response).err()).flatten();
        return Ok(failure.map(Refusal::CorsCheck));
    }
    let tainting = request.response_tainting;
    let (refusal, is_at_home) =
        if request.mode == Mode::Cors && !request.origin.is_same_origin_with_url(location) {
            // Step 9.
            let refusal = Refusal::RedirectCredentials { location: location.clone() };
            (refusal, tainting == ResponseTainting::Basic)
        } else if tainting == ResponseTainting::Cors {
            // Step 10.
            let refusal = Refusal::RedirectCredentialsAfterCors { location: location.clone() };
            (refusal, false)
        } else if request.initiator_type == Some(InitiatorType::Fetch)
            && profile.departs(Departure::RedirectWithCredentialsBlocked)
        {
            // Departs(redirect-with-credentials-blocked): in each mode, within an origin too.
            let location = location.clone();
            return Err(Refusal::RedirectCredentialsWithinOrigin { location });
        } else {
            return Ok(None);
        };
    // Departs(redirect-checked-after-preflight): where it leaves the page's own origin.
    if is_at_home && profile.departs(Departure::RedirectCheckedAfterPreflight) {
        return Ok(Some(refusal));
    }
    Err(refusal)
}

impl FetchParams {
    /// HTTP-redirect fetch.
    pub(super) fn http_redirect_fetch(
        mut self: Box<Self>,
        response: Response,
        context: &mut Context<'_>,
    ) -> Action {
        match follow(&mut self.request, &response, &context.user_agent.profile) {
            Ok(Followed::No) => self.finish_main_fetch(response, context),
            // Step 22.
            Ok(Followed::Yes) => self.main_fetch(context),
            Ok(Followed::UpToPreflight(refusal)) => {
                self.refused_later = Some(refusal);
                self.main_fetch(context)
            }
            Err(refusal) => self.network_error(refusal, context),
        }
    }
}
