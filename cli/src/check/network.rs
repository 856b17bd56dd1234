//! The network, as the browser of one user reaches it.

use browser_cors::{
    fetch::{Exchange, TransportFailure},
    http::HeaderValue,
    response::Response,
    url::{Host, Url},
};
use browser_cors_audit::client::Client;

use crate::{args::CheckArgs, live::client};

/// A client, and the user's cookie.
pub(super) struct Network<'a> {
    client: Client,
    cookie: Option<&'a HeaderValue>,
    /// Where the cookie belongs.
    host: Option<Host<String>>,
}

impl<'a> Network<'a> {
    /// The network as the arguments have it.
    pub(super) fn new(args: &'a CheckArgs) -> Self {
        Self {
            client: client(args.timeout, &args.resolve),
            cookie: args.cookie.as_ref(),
            host: Url::parse(&args.url).ok().and_then(|url| Some(url.host()?.to_owned())),
        }
    }

    /// Does an exchange.
    pub(super) fn send(&self, exchange: &Exchange) -> Result<Response, TransportFailure> {
        let is_at_home = exchange.url().host().map(|host| host.to_owned()) == self.host;
        let cookie = self.cookie.filter(|_| exchange.includes_credentials() && is_at_home);
        Ok(self.client.send(exchange, cookie)?)
    }
}
