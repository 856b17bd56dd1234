//! The exchanges of a fetch.

use std::time::{Duration, Instant};

use browser_cors::{
    compare::Asking, engine::Profile, fetch::Exchange, http::HeaderValue, origin::are_same_origin,
    response::Response, url::Url,
};

use super::{Client, SendFailure, Settings, network::Terms};

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
    course: Course,
}

/// What the exchanges of a fetch have in common.
#[derive(Debug)]
pub(super) struct Course {
    /// The first URL.
    home: Url,
    start: Instant,
}

impl Course {
    /// A fetch begins with the URL `home`.
    pub(super) fn new(home: Url) -> Self {
        Self { home, start: Instant::now() }
    }

    /// The terms for an exchange.
    ///
    /// # Errors
    ///
    /// If there is no more time.
    pub(super) fn terms<'a>(
        &self,
        exchange: &Exchange,
        cookie: Option<&'a HeaderValue>,
        settings: &'a Settings,
    ) -> Result<Terms<'a>, SendFailure> {
        let url = exchange.url();
        let is_at_home = are_same_origin(url, &self.home);
        let has_author = || exchange.header_list().contains("Authorization");
        Ok(Terms {
            cookie,
            authorization: settings
                .authorization
                .as_ref()
                .filter(|_| exchange.includes_credentials() && is_at_home && !has_author()),
            time: self.time_left(settings)?,
            is_named: url.host() == self.home.host() || settings.has_place_for(url),
            partition: None,
            validators: &[],
        })
    }

    /// The time that is left, if it is limited.
    pub(super) fn time_left(&self, settings: &Settings) -> Result<Option<Duration>, SendFailure> {
        let Some(max_time) = settings.max_time else { return Ok(None) };
        match max_time.checked_sub(self.start.elapsed()) {
            Some(time) if !time.is_zero() => Ok(Some(time)),
            _ => Err(too_late(max_time)),
        }
    }

    /// The failure of an exchange, or that of the whole fetch if its time is over.
    pub(super) fn failure(&self, failure: SendFailure, settings: &Settings) -> SendFailure {
        match settings.max_time {
            Some(max_time) if self.start.elapsed() >= max_time => {
                SendFailure { may_have_arrived: failure.may_have_arrived, ..too_late(max_time) }
            }
            _ => failure,
        }
    }
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
        let (client, settings) = (self.client, &self.client.settings);
        let Fetch { course, .. } = self
            .fetch
            .get_or_insert_with(|| Fetch { profile, course: Course::new(exchange.url().clone()) });
        let terms = course.terms(exchange, asking.cookie(), settings)?;
        let sent = client.send_on(exchange, &terms);
        sent.map_err(|failure| course.failure(failure, settings))
    }
}

fn too_late(max_time: Duration) -> SendFailure {
    let seconds = max_time.as_secs_f64();
    SendFailure::before_sending(format!(
        "the fetch with its preflights and redirects was not over within {seconds} s"
    ))
}
