//! The exchanges of a fetch.

use std::time::{Duration, Instant};

use browser_cors::{
    compare::Asking, engine::Profile, origin::are_same_origin, response::Response, url::Url,
};

use super::{Client, SendFailure, network::Terms};

/// Sends the exchanges of fetches over a client, with the user's cookie and
/// [credentials](Client::user), within the [time for a whole fetch](Client::max_time), and not to
/// [private addresses](Client::deny_private) that nobody named.
///
/// [`Client::fetching`] makes it.
///
/// ```
/// # use browser_cors::compare::{Asking, Results};
/// # use browser_cors_audit::client::Client;
/// fn answer(client: &Client, mut asking: Asking) -> Results {
///     let mut fetching = client.fetching();
///     while asking.exchange().is_some() {
///         let answer = fetching.send(&asking);
///         asking.answered(answer.map_err(Into::into));
///     }
///     asking.finish()
/// }
/// ```
#[derive(Debug)]
pub struct Fetching<'a> {
    client: &'a Client,
    fetch: Option<Fetch>,
}

/// The fetch of one user agent.
#[derive(Debug)]
struct Fetch {
    profile: Option<Profile>,
    /// The first URL.
    home: Url,
    start: Instant,
}

impl<'a> Fetching<'a> {
    pub(super) const fn new(client: &'a Client) -> Self {
        Self { client, fetch: None }
    }

    /// Sends the exchange that `asking` waits with, and returns the answer.
    ///
    /// # Errors
    ///
    /// If there is no answer, there is no more time, or the address is refused.
    ///
    /// # Panics
    ///
    /// If `asking` is over.
    ///
    /// ```
    /// # use browser_cors::compare::{Asking, Results};
    /// # use browser_cors_audit::client::{Client, Fetching};
    /// # fn f(fetching: &mut Fetching<'_>, mut asking: Asking) -> Results {
    /// while asking.exchange().is_some() {
    ///     let answer = fetching.send(&asking);
    ///     asking.answered(answer.map_err(Into::into));
    /// }
    /// asking.finish()
    /// # }
    /// ```
    pub fn send(&mut self, asking: &Asking) -> Result<Response, SendFailure> {
        let exchange = asking.exchange().expect("the question is not over");
        let profile = asking.user_agent().map(|user_agent| user_agent.profile);
        // The next user agent fetches anew.
        self.fetch.take_if(|fetch| fetch.profile != profile);
        let client = self.client;
        let fetch = self.fetch.get_or_insert_with(|| Fetch {
            profile,
            home: exchange.url().clone(),
            start: Instant::now(),
        });
        let time = match client.settings.max_time {
            Some(max_time) => match max_time.checked_sub(fetch.start.elapsed()) {
                Some(time) if !time.is_zero() => Some(time),
                _ => return Err(too_late(max_time)),
            },
            None => None,
        };
        let is_at_home = are_same_origin(exchange.url(), &fetch.home);
        let has_author = || exchange.header_list().contains("Authorization");
        let terms = Terms {
            cookie: asking.cookie(),
            authorization: client
                .settings
                .authorization
                .as_ref()
                .filter(|_| exchange.includes_credentials() && is_at_home && !has_author()),
            time,
            is_named: exchange.url().host() == fetch.home.host()
                || client.settings.has_place_for(exchange.url()),
            partition: None,
        };
        client.send_on(exchange, &terms).map_err(|failure| match client.settings.max_time {
            Some(max_time) if fetch.start.elapsed() >= max_time => {
                SendFailure { may_have_arrived: failure.may_have_arrived, ..too_late(max_time) }
            }
            _ => failure,
        })
    }
}

fn too_late(max_time: Duration) -> SendFailure {
    let seconds = max_time.as_secs_f64();
    SendFailure::before_sending(format!(
        "the fetch with its preflights and redirects was not over within {seconds} s"
    ))
}
