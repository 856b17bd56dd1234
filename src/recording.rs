//! Drives a fetch and records each of its steps. A [`Recording`] is the loop around [`fetch`], as a
//! value.
//!
//! [`Transcript::record`] does the same for a driver that answers from a closure. A [`Recording`]
//! is owned and `Send`, so a driver may keep it while it waits: in an `async` function, on another
//! thread, or in another language.
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{
//!     console::{Asker, messages}, engine::Profile, explain::Explanation,
//!     fetch::{Context, Exchange, TransportFailure, UserAgent}, header::HeaderList,
//!     preflight_cache::{PreflightCache, Timestamp}, recording::Recording, request::{Mode, Request},
//!     response::Response, transcript::Transcript, url::Url,
//! };
//!
//! /// Your async HTTP client.
//! async fn send(exchange: &Exchange) -> Result<Response, TransportFailure> {
//!     # let _ = exchange;
//!     Ok(Response::new(200, HeaderList::new()))
//! }
//!
//! async fn run(request: Request, chromium: &UserAgent, cache: &mut PreflightCache) -> Transcript {
//!     let now = || Timestamp::default(); // yours: the time since your start
//!     let mut recording = Recording::start(request, &mut Context::new(chromium, cache, now()));
//!     loop {
//!         recording = match recording {
//!             Recording::Over(transcript) => return transcript,
//!             Recording::Waiting(waiting) => {
//!                 let answer = send(waiting.exchange()).await;
//!                 waiting.answered(answer, now(), &mut Context::new(chromium, cache, now()))
//!             }
//!         };
//!     }
//! }
//!
//! let (chromium, mut cache) = (UserAgent::for_profile(Profile::CHROMIUM), PreflightCache::new());
//! let url = Url::parse("https://api.example/").unwrap();
//! let mut request = Request::new(url, "https://app.example".parse().unwrap());
//! request.mode = Mode::Cors;
//!
//! # use pollster::block_on;
//! let transcript = block_on(run(request, &chromium, &mut cache)); // yours: the executor
//! println!("{}", Explanation::new(&transcript)); // for people
//! let lines = messages(&transcript, Asker::Fetch); // what this engine prints
//! assert!(lines[0].ends_with("No 'Access-Control-Allow-Origin' header is present on the \
//!     requested resource."));
//! # }
//! ```

use crate::{
    engine::Profile,
    fetch::{
        Action, Context, EmbedderRefusal, Exchange, NextManualRedirect, Supplied, TransportFailure,
        fetch, read_as,
    },
    preflight_cache::Timestamp,
    request::Request,
    response::Response,
    transcript::{Asked, RecordedExchange, Transcript, Unanswered},
};

/// A fetch that is being recorded.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, recording::Recording};
/// # use browser_cors::{request::Request, url::Url};
/// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("http://a.example:25/").unwrap();
/// let recording = Recording::start(Request::new(url, Origin::opaque()), &mut context);
/// let Recording::Over(transcript) = recording else { panic!("the port is not blocked") };
/// assert!(transcript.exchanges.is_empty());
/// # }
/// ```
#[must_use = "a recording that waits must be answered"]
#[expect(clippy::exhaustive_enums, reason = "a driver must handle both")]
#[derive(Debug)]
pub enum Recording {
    /// The fetch waits for an answer.
    Waiting(Waiting),
    /// The fetch is over.
    Over(Transcript),
}

/// A recorded fetch that waits for an answer.
///
/// ```
/// # use browser_cors::recording::Waiting;
/// fn is_send<T: Send + 'static>() {}
/// is_send::<Waiting>();
/// ```
#[must_use = "an exchange must be answered or withheld"]
#[derive(Debug)]
pub struct Waiting {
    profile: Profile,
    asked: Asked,
    exchanges: Vec<RecordedExchange>,
    exchange: Exchange,
}

impl Recording {
    /// Starts a fetch, as [`fetch`] does.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, recording::Recording};
    /// # use browser_cors::{request::Request, url::Url};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let recording = Recording::start(Request::new(url, Origin::opaque()), &mut context);
    /// let Recording::Waiting(waiting) = recording else { panic!("there is nothing to send") };
    /// assert_eq!(waiting.exchange().method(), "GET");
    /// # }
    /// ```
    pub fn start(request: Request, context: &mut Context<'_>) -> Self {
        let profile = context.user_agent.profile;
        let request = request.for_profile(&profile);
        let mut asked = Asked::from_request(&request);
        asked.prohibits_mixed_content &= context.user_agent.mixed_content;
        Self::after(profile, asked, Vec::with_capacity(2), fetch(request, context))
    }

    /// Starts a recording of what follows a navigation's redirect, as
    /// [`NextManualRedirect::follow`] does.
    ///
    /// ```
    /// # use browser_cors::{fetch::{Context, NextManualRedirect}, recording::Recording};
    /// # use browser_cors::preflight_cache::Timestamp;
    /// # fn f(next: NextManualRedirect, now: Timestamp, context: &mut Context<'_>) -> Recording {
    /// Recording::follow(next, now, context)
    /// # }
    /// ```
    pub fn follow(redirect: NextManualRedirect, now: Timestamp, context: &mut Context<'_>) -> Self {
        let profile = context.user_agent.profile;
        let mut asked = Asked::from_request(redirect.request());
        asked.prohibits_mixed_content &= context.user_agent.mixed_content;
        Self::after(profile, asked, Vec::new(), redirect.follow(now, context))
    }

    fn after(
        profile: Profile,
        asked: Asked,
        exchanges: Vec<RecordedExchange>,
        action: Action,
    ) -> Self {
        match action {
            Action::Send(exchange) => {
                Self::Waiting(Waiting { profile, asked, exchanges, exchange })
            }
            Action::Finish(outcome) => {
                Self::Over(Transcript { profile, asked, exchanges, outcome })
            }
        }
    }
}

impl Waiting {
    /// The exchange that the driver must send.
    ///
    /// ```
    /// # fn f(waiting: &browser_cors::recording::Waiting) {
    /// println!("{} {}", waiting.exchange().method(), waiting.exchange().url());
    /// # }
    /// ```
    pub const fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// The exchanges that came before.
    ///
    /// ```
    /// # fn f(waiting: &browser_cors::recording::Waiting) {
    /// let redirects = waiting.exchanges().iter().filter(|exchange| exchange.preflight.is_none());
    /// # }
    /// ```
    pub fn exchanges(&self) -> &[RecordedExchange] {
        &self.exchanges
    }

    /// Continues with the server's answer, or with the reason why there is none.
    ///
    /// ```
    /// # use browser_cors::{fetch::*, header::HeaderList, response::Response};
    /// # use browser_cors::recording::{Recording, Waiting};
    /// # use browser_cors::preflight_cache::Timestamp;
    /// # fn f(waiting: Waiting, now: Timestamp, context: &mut Context<'_>) -> Recording {
    /// waiting.answered(Ok(Response::new(204, HeaderList::new())), now, context)
    /// # }
    /// ```
    pub fn answered(
        self,
        answer: Result<Response, TransportFailure>,
        now: Timestamp,
        context: &mut Context<'_>,
    ) -> Recording {
        context.now = now;
        let Self { profile, asked, mut exchanges, mut exchange } = self;
        if !exchange.is_from_network() {
            let action = match answer {
                Ok(response) => exchange.supply(response, now, context),
                Err(failure) => exchange.fail(failure, context),
            };
            return Recording::after(profile, asked, exchanges, action);
        }
        let mut recorded = RecordedExchange::new(&mut exchange);
        let action = match answer {
            Ok(response) => {
                let profile = &context.user_agent.profile;
                let mut read = response.clone();
                let result = read_as(&mut read, profile);
                recorded = recorded.answered(response, &read, profile);
                exchange.resume(read, result, context)
            }
            Err(failure) => {
                recorded.answer = Err(Unanswered::Transport(failure.clone()));
                exchange.fail(failure, context)
            }
        };
        exchanges.push(recorded);
        Recording::after(profile, asked, exchanges, action)
    }

    /// Continues with the response of a preload, of the user agent itself, or of a service worker, as
    /// [`Exchange::supply`] does. The transcript has no exchange for it, since no server is asked.
    ///
    /// ```
    /// # use browser_cors::{fetch::*, preflight_cache::Timestamp, response::FilteredResponse};
    /// # use browser_cors::recording::{Recording, Waiting};
    /// # fn f(waiting: Waiting, of_worker: FilteredResponse, now: Timestamp, context: &mut Context<'_>) -> Recording {
    /// waiting.supplied(of_worker, now, context)
    /// # }
    /// ```
    pub fn supplied(
        self,
        response: impl Into<Supplied>,
        now: Timestamp,
        context: &mut Context<'_>,
    ) -> Recording {
        let response = response.into();
        if self.exchange.is_from_network() {
            return self.answered(Ok(response.into_parts().1), now, context);
        }
        let action = self.exchange.supply(response, now, context);
        Recording::after(self.profile, self.asked, self.exchanges, action)
    }

    /// Continues without such a response, as [`Exchange::pass`] does.
    ///
    /// ```
    /// # use browser_cors::{fetch::Context, recording::{Recording, Waiting}};
    /// # fn f(waiting: Waiting, context: &mut Context<'_>) -> Recording {
    /// waiting.passed(context)
    /// # }
    /// ```
    pub fn passed(self, context: &mut Context<'_>) -> Recording {
        let action = self.exchange.pass(context);
        Recording::after(self.profile, self.asked, self.exchanges, action)
    }

    /// Ends the recording by a rule of the embedder's own, as [`Exchange::block`] does. An exchange
    /// with a server has no answer then.
    ///
    /// ```
    /// # use browser_cors::{fetch::*, recording::Waiting, transcript::Transcript};
    /// # fn f(waiting: Waiting, context: &mut Context<'_>) -> Transcript {
    /// let refusal = EmbedderRefusal::new(EmbedderRule::Abort, "the page called abort()");
    /// waiting.blocked(refusal, context)
    /// # }
    /// ```
    pub fn blocked(self, refusal: EmbedderRefusal, context: &mut Context<'_>) -> Transcript {
        let Self { profile, asked, mut exchanges, mut exchange } = self;
        if exchange.is_from_network() {
            let mut recorded = RecordedExchange::new(&mut exchange);
            recorded.answer = Err(TransportFailure::new(refusal.to_string()).into());
            exchanges.push(recorded);
        }
        Transcript { profile, asked, exchanges, outcome: exchange.block(refusal, context) }
    }

    /// Ends the recording before the exchange is sent. The last exchange of the transcript is then
    /// [`Unanswered::NotSent`], and the preflight cache keeps its entries.
    ///
    /// ```
    /// # use browser_cors::recording::{Recording, Waiting};
    /// # use browser_cors::transcript::Transcript;
    /// /// Sends preflights only.
    /// fn next(waiting: Waiting) -> Result<Waiting, Transcript> {
    ///     if waiting.exchange().is_preflight() { Ok(waiting) } else { Err(waiting.withhold()) }
    /// }
    /// ```
    pub fn withhold(self) -> Transcript {
        let Self { profile, asked, mut exchanges, mut exchange } = self;
        exchanges.push(RecordedExchange::new(&mut exchange));
        Transcript { profile, asked, exchanges, outcome: exchange.withhold() }
    }
}

impl Transcript {
    /// Drives a fetch to its end. Calls `answer` for each exchange.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request};
    /// # use browser_cors::{transcript::Transcript, url::Url};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let transcript = Transcript::record(request, &mut context, |exchange| {
    ///     Err(TransportFailure::new(format!("no server answers {}", exchange.url())))
    /// });
    /// assert_eq!(transcript.exchanges.len(), 1);
    /// # }
    /// ```
    pub fn record(
        request: Request,
        context: &mut Context<'_>,
        mut answer: impl FnMut(&Exchange) -> Result<Response, TransportFailure>,
    ) -> Self {
        let mut recording = Recording::start(request, context);
        loop {
            recording = match recording {
                Recording::Over(transcript) => return transcript,
                Recording::Waiting(waiting) => {
                    let answer = answer(waiting.exchange());
                    waiting.answered(answer, context.now, context)
                }
            };
        }
    }
}
