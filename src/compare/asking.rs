//! A question that is under way in one user agent after another.

use std::time::Duration;

use http::HeaderValue;
use url::Host;

use super::{Browsers, FetchOutcome, Question};
use crate::{
    engine::Profile,
    fetch::{Exchange, TransportFailure, UserAgent},
    page::loads::RecordedLoad,
    recording::{Recording, Waiting},
    response::Response,
    transcript::{RecordedExchange, Sent, Transcript, Unanswered},
};

/// What was sent and what came, in the order in which it went out. When a user agent sends what is
/// [equal](Sent), it gets the answer: the n-th time, the n-th answer to what is equal.
///
/// ```
/// # use browser_cors::compare::Answers;
/// assert!(Answers::default().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<(Sent, Result<Response, Unanswered>)>);

impl Answers {
    /// How many exchanges went out, or were withheld.
    ///
    /// ```
    /// # use browser_cors::compare::Answers;
    /// assert_eq!(Answers::default().len(), 0);
    /// ```
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing went out.
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

/// A question that is under way. It names one exchange after another, for one user agent after
/// another, and is over when there is none left.
///
/// ```
/// # use browser_cors::{compare::{Asking, Results}, fetch::TransportFailure};
/// fn nobody_answers(mut asking: Asking) -> Results {
///     while let Some(exchange) = asking.exchange() {
///         let failure = TransportFailure::new(format!("nobody is at {}", exchange.url()));
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
    /// Where the cookie belongs.
    home: Option<Host<String>>,
    answers: Answers,
    /// Which of the answers the user agent at hand has had.
    used: Vec<bool>,
    /// The fetch of the user agent at hand.
    waiting: Option<Waiting>,
    /// What came of the question in those before.
    outcomes: Vec<FetchOutcome>,
}

impl Asking {
    pub(super) fn start(browsers: Browsers, question: Question, answers: Answers) -> Self {
        let home = question.host(browsers.page());
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
        asking
    }

    /// What must be sent, or nothing if the question is over.
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

    /// The cookies that go along with the exchange, if the question has some, credentials are
    /// included, and the exchange goes to the host for which the user has them.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// # fn f(asking: &Asking) {
    /// let cookie = asking.cookie().map(|value| value.as_bytes());
    /// # }
    /// ```
    pub fn cookie(&self) -> Option<&HeaderValue> {
        let exchange = self.exchange()?;
        let is_at_home = exchange.url().host().map(|host| host.to_owned()) == self.home;
        self.question.cookie().filter(|_| exchange.includes_credentials() && is_at_home)
    }

    /// The user agent that sends it. Others may send it as well.
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

    /// What this user agent exchanged before, for the question. Where answers depend on what was
    /// asked before them, this tells.
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

    /// Goes on with what came back, or with why nothing did. Each user agent that sends the same
    /// gets the same.
    ///
    /// ```
    /// # use browser_cors::{compare::Asking, header::HeaderList, response::Response};
    /// # fn f(asking: &mut Asking) {
    /// asking.answered(Ok(Response::new(204, HeaderList::new())));
    /// # }
    /// ```
    pub fn answered(&mut self, answer: Result<Response, TransportFailure>) {
        self.remember(answer.map_err(Unanswered::Transport));
    }

    /// Ends the fetch of each user agent that would send this, before it is sent.
    ///
    /// ```
    /// # use browser_cors::compare::Asking;
    /// /// Sends preflights alone.
    /// fn skip_requests(asking: &mut Asking) {
    ///     while asking.exchange().is_some_and(|exchange| !exchange.is_preflight()) {
    ///         asking.withhold();
    ///     }
    /// }
    /// ```
    pub fn withhold(&mut self) {
        self.remember(Err(Unanswered::NotSent));
    }

    /// What came of it. What still waits for an answer is withheld.
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
        if self.goes_on(waiting, answer) {
            self.next_user_agent();
        }
    }

    /// Starts the question in the user agents that are left, up to one that must send something.
    fn next_user_agent(&mut self) {
        while self.outcomes.len() < self.browsers.user_agents().len() {
            self.used.clear();
            self.used.resize(self.answers.len(), false);
            let is_over = match self.question.clone().into_request(self.browsers.page()) {
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

    /// Gives a fetch its answer. Whether it is over.
    fn goes_on(&mut self, waiting: Waiting, answer: Result<Response, Unanswered>) -> bool {
        let answer = match answer {
            Ok(response) => Ok(response),
            Err(Unanswered::Transport(failure)) => Err(failure),
            Err(Unanswered::NotSent) => {
                return self.record(Some(Recording::Over(waiting.withhold())));
            }
        };
        let recording = self
            .browsers
            .with_context(self.outcomes.len(), |context| waiting.answered(answer, context));
        self.record(recording)
    }

    /// Takes the answers that are there already. Whether the fetch is over.
    fn record(&mut self, recording: Option<Recording>) -> bool {
        match recording {
            None => true,
            Some(Recording::Over(transcript)) => {
                self.outcomes.push(self.question.outcome(transcript));
                true
            }
            Some(Recording::Waiting(waiting)) => match self.known_answer(waiting.exchange()) {
                Some(answer) => self.goes_on(waiting, answer),
                None => {
                    self.waiting = Some(waiting);
                    false
                }
            },
        }
    }

    /// The first answer to such an exchange that the user agent at hand has not had.
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

/// What came of a question in each user agent.
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
    /// What was asked.
    pub question: Question,
    /// When it was asked, on the page's clock.
    pub at: Duration,
    /// What came of it, in the order of the user agents.
    pub outcomes: Vec<FetchOutcome>,
    /// What went out, and what came back.
    pub answers: Answers,
    pub(super) browsers: Browsers,
}

impl Results {
    /// The profile of each user agent, and what it made of the question.
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
    /// What became of a fetch. Ours: no driver says what a body is, so it is taken for what was
    /// asked for.
    fn outcome(&self, transcript: Transcript) -> FetchOutcome {
        match self.element() {
            Some((load, crossorigin)) => {
                FetchOutcome::Load(Box::new(RecordedLoad::new(load, crossorigin, transcript, true)))
            }
            None => FetchOutcome::Done { api: self.api(), transcript: Box::new(transcript) },
        }
    }
}
