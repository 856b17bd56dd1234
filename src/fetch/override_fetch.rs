//! [Override fetch](https://fetch.spec.whatwg.org/#concept-override-fetch), and the responses that come from
//! elsewhere than the network.

use super::{Action, Branch, Context, Exchange, FetchParams, Stage};
use crate::response::{FilteredResponse, Response, ResponseType};

/// Who answers an exchange.
///
/// ```
/// # use browser_cors::fetch::{Exchange, Responder};
/// # fn f(exchange: &Exchange) {
/// if exchange.responder() == Responder::Server {
///     println!("connect to {}", exchange.url());
/// }
/// # }
/// ```
#[expect(clippy::exhaustive_enums, reason = "a driver must handle each")]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Responder {
    /// A server, or the HTTP cache before it.
    Server,
    /// Whoever holds what the `blob:` or `file:` URL names.
    Local,
    /// The page's preload of the same request. It gives the response with which its fetch ended.
    Preload,
    /// The user agent itself: an interceptor, an extension.
    Override,
    /// The page's service worker.
    ServiceWorker,
}

/// A response from elsewhere than the network. A response of the type "error" is none: who gets that
/// calls [`Exchange::block`].
///
/// ```
/// use browser_cors::{fetch::Supplied, header::HeaderList, response::Response};
///
/// let made_by_a_script = Supplied::from(Response::new(200, HeaderList::new()));
/// assert!(matches!(made_by_a_script, Supplied::Unfiltered(_)));
/// ```
#[expect(clippy::exhaustive_enums, reason = "a response is filtered or it is not")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Supplied {
    /// A response of the type "default", such as a script makes it. The fetch filters it.
    Unfiltered(Response),
    /// The response of another fetch, with its own type. It stays filtered as it is.
    Filtered(FilteredResponse),
}

impl From<Response> for Supplied {
    fn from(response: Response) -> Self {
        Self::Unfiltered(response)
    }
}

impl From<FilteredResponse> for Supplied {
    fn from(response: FilteredResponse) -> Self {
        Self::Filtered(response)
    }
}

impl Supplied {
    /// The type, which is `None` for "default", and the [internal response] or the response itself.
    ///
    /// [internal response]: https://fetch.spec.whatwg.org/#concept-internal-response
    pub(crate) fn into_parts(self) -> (Option<ResponseType>, Response) {
        match self {
            Self::Unfiltered(response) => (None, response),
            Self::Filtered(response) => (Some(response.kind()), response.into_internal_response()),
        }
    }
}

impl FetchParams {
    /// [Override fetch].
    ///
    /// [Override fetch]: https://fetch.spec.whatwg.org/#concept-override-fetch
    pub(super) fn override_fetch(
        self: Box<Self>,
        branch: Branch,
        context: &mut Context<'_>,
    ) -> Action {
        // Steps 1 and 2.
        let may_override = |embedder: &dyn super::Embedder| embedder.may_override(&self.request);
        if context.embedder.is_some_and(may_override) {
            return Action::Send(Exchange::without_server(self, Stage::Override(branch)));
        }
        self.not_overridden(branch, context)
    }

    /// Override fetch, if there is no other response.
    #[inline(always)]
    pub(super) fn not_overridden(
        self: Box<Self>,
        branch: Branch,
        context: &mut Context<'_>,
    ) -> Action {
        // Step 3. `Exchange::supply` goes on with the response.
        // Steps 4 and 5.
        match branch {
            Branch::Basic | Branch::Opaque => self.scheme_fetch(context),
            Branch::CorsWithPreflight => self.http_fetch(true, context),
            Branch::Cors => self.http_fetch(false, context),
        }
    }
}
