//! A question to a live server.

use std::time::{Duration, Instant};

use browser_cors::{
    compare::{Asking, Results},
    fetch::{Exchange, TransportFailure},
    http::HeaderValue,
    origin::are_same_origin,
    response::Response,
    url::Url,
};

use super::{Client, SendFailure, Settings, network::Terms};

/// A question under way over a client: sends its exchanges with the user's cookie and
/// [credentials](Client::user), each user agent's fetch within its [time](Client::max_time), and not
/// to [private addresses](Client::deny_private) that nobody named.
///
/// [`Client::fetching`] begins it.
///
/// ```
/// # use browser_cors::compare::{Asking, Results};
/// # use browser_cors_audit::client::Client;
/// fn answer(client: &Client, asking: Asking) -> Results {
///     let mut fetching = client.fetching(asking);
///     while fetching.exchange().is_some() {
///         let answer = fetching.send();
///         fetching.answered(answer.map_err(Into::into));
///     }
///     fetching.finish()
/// }
/// ```
#[must_use = "it waits for answers"]
#[derive(Debug)]
pub struct Fetching<'a> {
    client: &'a Client,
    asking: Asking,
    /// The fetch of the current user agent, once it has sent something.
    course: Option<Course>,
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
    pub(super) const fn new(client: &'a Client, asking: Asking) -> Self {
        Self { client, asking, course: None }
    }

    /// The exchange to send next; `None` when the question is over.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetching;
    /// # fn f(fetching: &Fetching<'_>) {
    /// let is_over = fetching.exchange().is_none();
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<&Exchange> {
        self.asking.exchange()
    }

    /// Sends the exchange, and returns the answer. The question goes on when it is
    /// [`answered`](Self::answered); until then, the exchange may be sent again.
    ///
    /// # Errors
    ///
    /// If there is no answer, there is no more time, or the address is refused.
    ///
    /// # Panics
    ///
    /// If the question is over.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetching;
    /// # fn f(fetching: &mut Fetching<'_>) {
    /// let answer = fetching.send().or_else(|_| fetching.send());
    /// fetching.answered(answer.map_err(Into::into));
    /// # }
    /// ```
    pub fn send(&mut self) -> Result<Response, SendFailure> {
        let exchange = self.asking.exchange().expect("the question is not over");
        let (client, settings) = (self.client, &self.client.settings);
        let course =
            self.course.get_or_insert_with(|| Course::new(exchange.request().url().clone()));
        let terms = course.terms(exchange, self.asking.cookie(), settings)?;
        client.send_on(exchange, &terms).map_err(|failure| course.failure(failure, settings))
    }

    /// Goes on with the answer, or with the reason why there is none.
    ///
    /// ```
    /// # use {browser_cors::fetch::TransportFailure, browser_cors_audit::client::Fetching};
    /// # fn f(fetching: &mut Fetching<'_>) {
    /// fetching.answered(Err(TransportFailure::new("interrupted")));
    /// # }
    /// ```
    pub fn answered(&mut self, answer: Result<Response, TransportFailure>) {
        self.proceed(|asking| asking.answered(answer));
    }

    /// Goes on without the exchange, which is not sent.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetching;
    /// # fn f(fetching: &mut Fetching<'_>) {
    /// fetching.withhold();
    /// # }
    /// ```
    pub fn withhold(&mut self) {
        self.proceed(Asking::withhold);
    }

    /// The results. An exchange that still waits for an answer is withheld.
    ///
    /// ```
    /// # use {browser_cors::compare::Results, browser_cors_audit::client::Fetching};
    /// # fn f(fetching: Fetching<'_>) -> Results {
    /// fetching.finish()
    /// # }
    /// ```
    pub fn finish(self) -> Results {
        self.asking.finish()
    }

    fn proceed(&mut self, step: impl FnOnce(&mut Asking)) {
        let before = self.asking.outcomes().len();
        step(&mut self.asking);
        // The next user agent fetches anew.
        if self.asking.outcomes().len() != before {
            self.course = None;
        }
    }
}

fn too_late(max_time: Duration) -> SendFailure {
    let seconds = max_time.as_secs_f64();
    SendFailure::before_sending(format!(
        "the fetch with its preflights and redirects was not over within {seconds} s"
    ))
}
