//! [Next manual redirects](https://fetch.spec.whatwg.org/#fetch-controller-next-manual-redirect-steps)
//! of navigations.

use super::{Action, Context, FetchParams};
use crate::{
    preflight_cache::Timestamp,
    request::Request,
    response::{Response, ResponseType},
};

/// A redirect of a navigation that has not been followed yet. The standard calls it the
/// [next manual redirect steps].
///
/// [next manual redirect steps]: https://fetch.spec.whatwg.org/#fetch-controller-next-manual-redirect-steps
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     fetch::{Action, Context, Outcome, UserAgent, fetch}, header::HeaderList, origin::Origin,
///     preflight_cache::{PreflightCache, Timestamp}, request::{Mode, RedirectMode, Request},
///     response::Response, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let mut request = Request::new(Url::parse("https://a.example/").unwrap(), Origin::opaque());
/// (request.mode, request.redirect_mode) = (Mode::Navigate, RedirectMode::Manual);
///
/// let Action::Send(exchange) = fetch(request, &mut context) else { panic!() };
/// let redirect = Response::new(302, HeaderList::try_from([("Location", "/next")]).unwrap());
/// let action = exchange.receive(redirect, Timestamp::default(), &mut context);
/// let Action::Finish(Outcome::Response { next_manual_redirect: Some(next), .. }) = action
/// else { panic!() };
///
/// let Action::Send(exchange) = next.follow(Timestamp::default(), &mut context) else { panic!() };
/// assert_eq!(exchange.url().path(), "/next");
/// assert_eq!(exchange.request().redirect_count(), 1);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NextManualRedirect {
    params: Box<FetchParams>,
    /// The type of the response, if it is filtered.
    kind: Option<ResponseType>,
    /// The response, or its internal response.
    response: Response,
}

impl NextManualRedirect {
    pub(super) const fn new(
        params: Box<FetchParams>,
        kind: Option<ResponseType>,
        response: Response,
    ) -> Self {
        Self { params, kind, response }
    }

    /// The request, as it was when the redirect came. It goes on with
    /// [`redirect`](super::redirect) where the process
    /// that follows redirects is another one.
    ///
    /// ```
    /// # fn f(next: &browser_cors::fetch::NextManualRedirect) {
    /// let urls = next.request().url_list();
    /// # }
    /// ```
    pub const fn request(&self) -> &Request {
        &self.params.request
    }

    /// Follows the redirect: [processes the next manual redirect].
    ///
    /// [processes the next manual redirect]: https://fetch.spec.whatwg.org/#fetch-controller-process-the-next-manual-redirect
    pub fn follow(self, now: Timestamp, context: &mut Context<'_>) -> Action {
        // Step 1. There is no other way to get one.
        // Step 2.
        context.now = now;
        self.params.http_redirect_fetch(self.kind, self.response, context)
    }
}

/// Two are equal if they redirect the same URLs with the same response.
impl PartialEq for NextManualRedirect {
    fn eq(&self, other: &Self) -> bool {
        self.response == other.response && self.request().url_list() == other.request().url_list()
    }
}

impl Eq for NextManualRedirect {}
