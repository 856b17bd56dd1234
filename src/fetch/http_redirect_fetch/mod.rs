//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).

pub(crate) mod engines;

use http::Method;
use url::Url;

use super::{Action, Context, FetchParams, Refusal, read_as};
use crate::{
    engine::Profile,
    header::{
        HeaderList, REQUEST_BODY_HEADER_NAMES, safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME,
    },
    origin::{are_same_origin, has_http_scheme, includes_credentials},
    referrer::{ReferrerPolicy, parse_a_referrer_policy},
    request::{Mode, Request, ResponseTainting},
    response::{InvalidLocation, Response, ResponseType},
};

/// The greatest number of redirects that a fetch follows.
///
/// ```
/// assert_eq!(browser_cors::fetch::REDIRECT_LIMIT, 20);
/// ```
pub const REDIRECT_LIMIT: u8 = 20;

/// Turns `request` into the request that follows a redirect: [HTTP-redirect fetch] up to the call
/// of main fetch. [`fetch`](super::fetch) does the same, under every profile.
///
/// # Errors
///
/// If one of these steps returns a network error.
///
/// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile, fetch::{Redirect, redirect}, header::HeaderList, http::Method,
///     request::Request, response::Response, url::Url,
/// };
///
/// let url = Url::parse("https://api.example/old").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.method = Method::POST;
/// let headers = HeaderList::try_from([("Location", "/new")]).unwrap();
/// let response = Response::new(303, headers);
/// let Redirect::To(request) = redirect(request, &response, &Profile::STANDARD)? else { panic!() };
/// assert_eq!((request.method.as_str(), request.current_url().path()), ("GET", "/new"));
/// # Ok::<(), browser_cors::fetch::Refusal>(())
/// ```
pub fn redirect(
    mut request: Request,
    response: &Response,
    profile: &Profile,
) -> Result<Redirect, Refusal> {
    let mut response = response.clone();
    read_as(&mut response, profile).map_err(Refusal::NetworkLocation)?;
    let location = response.location_from(request.current_url(), profile);
    Ok(match follow(&mut request, &response, location, profile)? {
        Followed::No => Redirect::Not(request),
        Followed::Yes => Redirect::To(request),
        Followed::UpToPreflight(refusal) => Redirect::UpToPreflight { request, refusal },
    })
}

/// The result of [`redirect`].
///
/// ```
/// # use browser_cors::{engine::Profile, fetch::{Redirect, redirect}, header::HeaderList};
/// # use browser_cors::{origin::Origin, request::Request, response::Response, url::Url};
/// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// let response = Response::new(302, HeaderList::new());
/// let Ok(Redirect::Not(request)) = redirect(request, &response, &Profile::STANDARD)
/// else { panic!() };
/// assert_eq!(request.redirect_count(), 0);
/// ```
#[expect(clippy::exhaustive_enums, reason = "a caller that follows redirects handles each case")]
#[derive(Clone, Debug)]
pub enum Redirect {
    /// The request that follows the redirect. It returns to main fetch.
    To(Request),
    /// The unchanged request: there is no `Location`, so the response is an ordinary one.
    Not(Request),
    /// The request that follows the redirect, if the engine refuses the redirect only after the
    /// preflight of the next hop. The standard refuses at once.
    UpToPreflight {
        /// The request, which returns to main fetch only to send its preflight, if it needs one.
        request: Request,
        /// Why the request itself is not sent.
        refusal: Box<Refusal>,
    },
}

/// Whether a redirect was followed.
enum Followed {
    /// No: there is no `Location`, and the response is an ordinary one.
    No,
    /// Yes.
    Yes,
    /// Yes, but this refusal follows after the preflight of the next hop, if that needs one.
    UpToPreflight(Box<Refusal>),
}

/// [HTTP-redirect fetch] up to the call of main fetch.
///
/// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
fn follow(
    request: &mut Request,
    response: &Response,
    location: Result<Option<Url>, InvalidLocation>,
    profile: &Profile,
) -> Result<Followed, Refusal> {
    // Steps 1 to 4.
    let location = match location {
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
    // Departs(RedirectWithCredentials)
    // Departs(RedirectRefusal)
    // Departs(RedirectCheck)
    let choices = &profile.choices;
    let refused_later = match judge_credentials(request, &location)
        .and_then(|()| choices.redirect_with_credentials.judge(request, &location))
    {
        Ok(()) => choices.redirect_check.judge(request, response),
        Err(refusal) => Some(choices.redirect_refusal.defer(refusal, request)?),
    };
    // Step 11.
    if response.status != 303 && request.body.as_ref().is_some_and(|body| !body.has_source()) {
        return Err(Refusal::RedirectStream { location });
    }
    let hop = Hop::new(request, response, &location);
    // Departs(OriginInRedirect)
    // Departs(DecidingHeaders)
    // Departs(PreflightHeaders)
    engines::keep(request, &hop, profile);
    // Step 12.
    if hop.drops_body {
        request.method = Method::GET;
        request.body = None;
    }
    // Departs(RedirectMethod)
    choices.redirect_method.rewrite(request, &hop);
    // Step 13. The headers of the body are removed here, too.
    // Departs(BeaconRedirect)
    if choices.beacon_redirect.is_apart(request) {
        hop.strip(&mut request.header_list);
    } else {
        // Departs(RedirectHeaders)
        choices.redirect_headers.rewrite(request, &hop);
    }
    // Departs(RedirectClientHints)
    choices.redirect_client_hints.strip(&mut request.header_list, &hop);
    // Step 14. Here, the body is its own source.
    // Omitted(embedder): steps 15 to 17.
    // Step 18.
    request.url_list.push(location);
    // Step 19.
    let policy = parse_a_referrer_policy(&response.header_list);
    if policy != ReferrerPolicy::Empty {
        request.referrer_policy = policy;
    }
    Ok(refused_later.map_or(Followed::Yes, |refusal| Followed::UpToPreflight(Box::new(refusal))))
}

/// HTTP-redirect fetch steps 9 and 10: a user name or password in `Location`.
fn judge_credentials(request: &Request, location: &Url) -> Result<(), Refusal> {
    if !includes_credentials(location) {
        return Ok(());
    }
    // Step 9.
    if request.mode == Mode::Cors && !request.origin.is_same_origin_with_url(location) {
        return Err(Refusal::RedirectCredentials { location: location.clone() });
    }
    // Step 10.
    if request.response_tainting == ResponseTainting::Cors {
        return Err(Refusal::RedirectCredentialsAfterCors { location: location.clone() });
    }
    Ok(())
}

/// The facts about a redirect on which the next request depends.
struct Hop {
    /// The status of the response.
    status: u16,
    /// Whether it turns the request into a `GET` without a body.
    drops_body: bool,
    /// Whether it leads to another origin than that of the current URL.
    leaves_origin: bool,
    /// Whether it leaves the page's origin for the first time.
    leaves_page: bool,
    /// Whether it leads to the page's origin.
    leads_home: bool,
}

impl Hop {
    /// The redirect of `request` to `location`.
    fn new(request: &Request, response: &Response, location: &Url) -> Self {
        let leads_home = request.origin.is_same_origin_with_url(location);
        let hop = Self {
            status: response.status,
            drops_body: false,
            leaves_origin: !are_same_origin(request.current_url(), location),
            leaves_page: request.response_tainting == ResponseTainting::Basic && !leads_home,
            leads_home,
        };
        Self { drops_body: hop.drops_body_of(&request.method), ..hop }
    }

    /// Step 12: whether this redirect turns a request of this method into a GET without a body.
    fn drops_body_of(&self, method: &Method) -> bool {
        (matches!(self.status, 301 | 302) && *method == Method::POST)
            || (self.status == 303 && !matches!(*method, Method::GET | Method::HEAD))
    }

    /// Removes the headers of the body if this redirect drops the body, and `Authorization` if it
    /// leaves an origin.
    fn strip(&self, header_list: &mut HeaderList) {
        if self.drops_body {
            for name in REQUEST_BODY_HEADER_NAMES {
                header_list.delete(name);
            }
        }
        if self.leaves_origin {
            header_list.delete(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
        }
    }
}

impl FetchParams {
    /// The location URL of a response: relative to the current URL, which is that of the response,
    /// unless a service worker answered.
    pub(super) fn location(
        &self,
        response: &Response,
        profile: &Profile,
    ) -> Result<Option<Url>, InvalidLocation> {
        let url = self.request.current_url();
        match self.is_from_worker {
            true => response.location_url(url.fragment(), profile),
            false => response.location_from(url, profile),
        }
    }

    /// HTTP-redirect fetch.
    pub(super) fn http_redirect_fetch(
        mut self: Box<Self>,
        kind: Option<ResponseType>,
        response: Response,
        context: &mut Context<'_>,
    ) -> Action {
        let profile = &context.user_agent.profile;
        let location = self.location(&response, profile);
        match follow(&mut self.request, &response, location, profile) {
            Ok(Followed::No) => self.finish_main_fetch(kind, response, context),
            // Steps 20 and 21. Ours: each step returns to whoever drives the fetch, so no call is within
            // another one.
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
