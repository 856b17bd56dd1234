//! Asks a question in one user agent after another.

use std::{sync::Arc, time::Duration};

use http::HeaderValue;
use url::Url;

use super::{Browsers, FetchOutcome, Question};
use crate::{
    engine::Profile,
    fetch::{Exchange, TransportFailure, UserAgent},
    page::loads::{Decoding, RecordedLoad},
    recording::{Recording, Waiting},
    response::Response,
    transcript::{RecordedExchange, Sent, Transcript, Unanswered},
};

/// The requests and answers, in the order in which the requests went out. If a user agent sends an
/// [equal](Sent) request, it gets the recorded answer: for its n-th equal request, the n-th answer.
///
/// ```
/// # use browser_cors::compare::Answers;
/// assert!(Answers::default().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<(Sent, Result<Response, Unanswered>)>);

impl Answers {
    /// The number of exchanges that went out or were withheld.
    ///
    /// ```
    /// # use browser_cors::compare::Answers;
    /// assert_eq!(Answers::default().len(), 0);
    /// ```
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no exchange went out or was withheld.
    ///
    /// ```
    /// # use browser_cors::compare::Results;
    /// # fn f(results: &Results) {
    /// assert!(!results.answers.is_empty(), "no server was asked");
    /// # }
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A question that is under way. It goes through the user agents and names one exchange after
/// another, until there is none left.
///
/// ```
/// # use browser_cors::{compare::{Asking, Results}, fetch::TransportFailure};
/// fn nobody_answers(mut asking: Asking) -> Results {
///     while let Some(exchange) = asking.exchange() {
///         let failure = TransportFailure::new(format!("no server is at {}", exchange.url()));
///         asking.answered(Err(failure));
///     }
///     asking.finish()
/// }
/// ```
#[must_use = "it waits for answers"]
#[derive(Debug)]
pub struct Asking {
    browsers: Browsers,
    question: Question,
    at: Duration,
    /// The URL whose host the cookie belongs to.
    home: Option<Url>,
    answers: Answers,
    /// For each answer, whether the current user agent has had it.
    used: Vec<bool>,
    /// The fetch of the current user agent.
    waiting: Option<Waiting>,
    /// The outcomes in the user agents before.
    outcomes: Vec<FetchOutcome>,
}

impl Asking {
    pub(super) fn start(browsers: Browsers, question: Question, answers: Answers) -> Self {
        let home = question.url(browsers.page());
        let (at, count) = (browsers.now(), browsers.user_agents().len());
        let mut asking = Self {
            browsers,
            question,
            at,
            home,
            answers,
            used: Vec::new(),
            waiting: None,
            outcomes: Vec::with_capacity(count),
        };
        asking.next_user_agent();
        asking.pass_over();
        asking
    }

    /// The exchange to send next; `None` when the question is over.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: &Asking) {
    /// if let Some(exchange) = asking.exchange() {
    ///     println!("{} {}", exchange.method(), exchange.url());
    /// }
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<&Exchange> {
        self.waiting.as_ref().map(Waiting::exchange)
    }

    /// The cookie to send with the exchange. There is one if the question has a cookie, the
    /// exchange includes credentials, and it goes to the host that the cookie belongs to. The
    /// cookie of an https URL never goes to an http URL.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: &Asking) {
    /// let cookie = asking.cookie().map(|value| value.as_bytes());
    /// # }
    /// ```
    pub fn cookie(&self) -> Option<&HeaderValue> {
        let exchange = self.exchange()?;
        let url = exchange.url();
        let is_at_home = self.home.as_ref().is_some_and(|home| {
            home.host() == url.host() && (home.scheme() != "https" || url.scheme() == "https")
        });
        self.question.cookie().filter(|_| exchange.includes_credentials() && is_at_home)
    }

    /// The current user agent. Others may send the same exchange too.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: &Asking) {
    /// let name = asking.user_agent().map(|user_agent| user_agent.profile.to_string());
    /// # }
    /// ```
    pub fn user_agent(&self) -> Option<&UserAgent> {
        self.waiting.as_ref().and_then(|_| self.browsers.user_agents().get(self.outcomes.len()))
    }

    /// The outcomes in the user agents before the current one.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: &Asking) {
    /// println!("{} user agents are done", asking.outcomes().len());
    /// # }
    /// ```
    pub fn outcomes(&self) -> &[FetchOutcome] {
        &self.outcomes
    }

    /// The exchanges of the current user agent before this one, for a server whose answers depend
    /// on earlier requests.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: &Asking) {
    /// let is_redirected = asking.exchanges().iter().any(|exchange| exchange.preflight.is_none());
    /// # }
    /// ```
    pub fn exchanges(&self) -> &[RecordedExchange] {
        self.waiting.as_ref().map_or(&[], Waiting::exchanges)
    }

    /// Continues with the server's answer, or with the reason why there is none. Every user agent
    /// that sends the same exchange gets the same answer.
    ///
    /// ```
    /// # use browser_cors::{compare::Asking, header::HeaderList, response::Response};
    /// # fn f(asking: &mut Asking) {
    /// asking.answered(Ok(Response::new(204, HeaderList::new())));
    /// # }
    /// ```
    pub fn answered(&mut self, answer: Result<Response, TransportFailure>) {
        self.remember(answer.map_err(Unanswered::Transport));
        self.pass_over();
    }

    /// Ends the fetch before the exchange is sent, in each user agent that would send it.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// /// Sends preflights only.
    /// fn skip_requests(asking: &mut Asking) {
    ///     while asking.exchange().is_some_and(|exchange| !exchange.is_preflight()) {
    ///         asking.withhold();
    ///     }
    /// }
    /// ```
    pub fn withhold(&mut self) {
        self.remember(Err(Unanswered::NotSent));
        self.pass_over();
    }

    /// Withholds what the question does not send.
    fn pass_over(&mut self) {
        while self.exchange().is_some_and(|exchange| !self.question.sends(exchange)) {
            self.remember(Err(Unanswered::NotSent));
        }
    }

    /// The results. An exchange that still waits for an answer is withheld.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: Asking) {
    /// for (profile, outcome) in asking.finish().rows() {
    ///     println!("{profile}: {}", outcome.verdict());
    /// }
    /// # }
    /// ```
    pub fn finish(mut self) -> Results {
        while self.waiting.is_some() {
            self.withhold();
        }
        let Self { browsers, question, at, answers, outcomes, .. } = self;
        Results { browsers, question, at, outcomes, answers }
    }

    fn remember(&mut self, answer: Result<Response, Unanswered>) {
        let Some(waiting) = self.waiting.take() else { return };
        self.answers.0.push((Sent::new(waiting.exchange()), answer.clone()));
        self.used.push(true);
        if self.resume(waiting, answer) {
            self.next_user_agent();
        }
    }

    /// Starts the question in the next user agents, until one must send something.
    fn next_user_agent(&mut self) {
        while self.outcomes.len() < self.browsers.user_agents().len() {
            self.used.clear();
            self.used.resize(self.answers.len(), false);
            let (index, page) = (self.outcomes.len(), Arc::clone(self.browsers.page()));
            let known = self
                .browsers
                .with_kept(index, |kept, profile| self.question.look_up(kept, &page, profile));
            if let Some(known) = known.flatten() {
                self.outcomes.push(FetchOutcome::Kept(known));
                continue;
            }
            let profile = self.browsers.user_agents()[index].profile;
            let is_over = match self.question.clone().into_request(&page, &profile) {
                Ok(request) => {
                    let recording = self.browsers.with_context(self.outcomes.len(), |context| {
                        Recording::start(request, context)
                    });
                    self.record(recording)
                }
                Err(error) => {
                    self.outcomes.push(FetchOutcome::NotAsked(error));
                    true
                }
            };
            if !is_over {
                return;
            }
        }
    }

    /// Gives the fetch its answer. Returns whether the fetch is over.
    fn resume(&mut self, waiting: Waiting, answer: Result<Response, Unanswered>) -> bool {
        let answer = match answer {
            Ok(response) => Ok(response),
            Err(Unanswered::Transport(failure)) => Err(failure),
            Err(Unanswered::NotSent) => {
                return self.record(Some(Recording::Over(waiting.withhold())));
            }
        };
        let recording = self.browsers.with_context(self.outcomes.len(), |context| {
            waiting.answered(answer, context.now, context)
        });
        self.record(recording)
    }

    /// Continues with the recorded answers. Returns whether the fetch is over.
    fn record(&mut self, recording: Option<Recording>) -> bool {
        match recording {
            None => true,
            Some(Recording::Over(transcript)) => {
                let (index, page) = (self.outcomes.len(), self.browsers.page());
                let outcome = self.question.outcome(transcript);
                self.browsers.with_kept(index, |kept, profile| {
                    self.question.keep(kept, &outcome, page, profile);
                });
                self.outcomes.push(outcome);
                true
            }
            Some(Recording::Waiting(waiting)) => match self.known_answer(waiting.exchange()) {
                Some(answer) => self.resume(waiting, answer),
                None => {
                    self.waiting = Some(waiting);
                    false
                }
            },
        }
    }

    /// The first recorded answer to such an exchange that the current user agent has not had.
    fn known_answer(&mut self, exchange: &Exchange) -> Option<Result<Response, Unanswered>> {
        if self.answers.is_empty() {
            return None;
        }
        let sent = Sent::new(exchange);
        let mut known = self.answers.0.iter().zip(&mut self.used);
        let ((_, answer), is_used) = known.find(|((known, _), used)| !**used && *known == sent)?;
        *is_used = true;
        Some(answer.clone())
    }
}

/// The results of a question in each user agent.
///
/// ```
/// # use browser_cors::compare::Results;
/// # fn f(results: &Results) {
/// let is_blocked = results.rows().any(|(_, outcome)| outcome.verdict() == "blocked");
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Results {
    /// The question.
    pub question: Question,
    /// When it was asked, on the page's clock.
    pub at: Duration,
    /// The outcomes, in the order of the user agents.
    pub outcomes: Vec<FetchOutcome>,
    /// The requests and their answers.
    pub answers: Answers,
    pub(super) browsers: Browsers,
}

impl Results {
    /// Each user agent's profile and outcome.
    ///
    /// ```
    /// # use browser_cors::compare::Results;
    /// # fn f(results: &Results) {
    /// for (profile, outcome) in results.rows() {
    ///     print!("== {}\n{outcome}", profile);
    /// }
    /// # }
    /// ```
    pub fn rows(&self) -> impl Iterator<Item = (&Profile, &FetchOutcome)> {
        self.browsers.user_agents().iter().map(|it| &it.profile).zip(&self.outcomes)
    }
}

impl Question {
    /// The outcome of a fetch. Ours: the body always fits the element that loads it, because no
    /// driver says what a body is.
    fn outcome(&self, transcript: Transcript) -> FetchOutcome {
        match self.element() {
            Some((load, crossorigin)) => FetchOutcome::Load(Box::new(RecordedLoad::new(
                load,
                crossorigin,
                transcript,
                Decoding::Succeeds,
            ))),
            None => FetchOutcome::Done { api: self.api(), transcript: Box::new(transcript) },
        }
    }
}
