//! What becomes of a combination in each engine, whoever answers.

use std::{collections::VecDeque, mem, sync::Arc, time::Duration};

use browser_cors::{
    compare::{Answers, Asking, Browsers, FetchOutcome, Results},
    engine::Profile,
    explain::Explanation,
    fetch::{Outcome, UserAgent},
    transcript::Transcript,
};

use super::{
    file::{Denied, Kind, Reach},
    plan::Case,
};

/// The outcome of a combination in one engine.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) profile: Profile,
    pub(crate) answered: Answered,
    /// The number of seconds after which the engine sent a second preflight too early.
    pub(crate) preflight_again: Option<u64>,
}

/// The outcome of a fetch.
#[derive(Debug)]
pub(crate) enum Answered {
    /// The fetch ended.
    Over(Transcript),
    /// The last exchange, a request that is no preflight, was not sent, because the row or the run
    /// does not ask for it. If there was a preflight, it let the request pass. With the reason.
    NotSent(Transcript, &'static str),
}

impl Answered {
    pub(crate) const fn transcript(&self) -> &Transcript {
        match self {
            Self::Over(transcript) | Self::NotSent(transcript, _) => transcript,
        }
    }

    /// The explanation of the fetch.
    pub(super) const fn explanation(&self) -> Explanation<'_> {
        match self {
            Self::Over(transcript) => Explanation::new(transcript),
            Self::NotSent(transcript, reason) => Explanation::of_withheld(transcript, reason),
        }
    }

    /// Whether the request itself arrives at a server, whether it was sent or withheld.
    pub(super) fn arrives(&self) -> bool {
        matches!(self, Self::NotSent(..)) || self.transcript().arrived().next().is_some()
    }
}

/// The reason not to send a request.
fn why_not_sent(case: &Case) -> &'static str {
    match (case.denied(), case.reach) {
        (Some(Denied::Send), _) => "whether it would be sent is the question",
        (_, Reach::Preflight) => "the row asks for the preflight only",
        _ => "it could change something, and nothing says `send`",
    }
}

/// The seconds for which one preflight must suffice, if the row says so and there was a preflight.
/// A server cannot exceed the limit of the engine.
fn preflight_every(case: &Case, user_agent: &UserAgent, transcript: &Transcript) -> Option<u64> {
    let Kind::Allow(demands) = &case.row.kind else { return None };
    let seconds = demands.preflight_every?.min(user_agent.profile.max_age_limit().as_secs());
    let comes_through =
        transcript.is_withheld() || matches!(transcript.outcome, Outcome::Response { .. });
    (comes_through && has_preflight(transcript)).then_some(seconds)
}

pub(super) fn has_preflight(transcript: &Transcript) -> bool {
    transcript.exchanges.iter().any(|exchange| exchange.preflight.is_some())
}

/// The questions of a case, one after another: the request in each engine, and for those in which one
/// preflight must suffice for some time, the request again just before that time is over.
///
/// A page of the server's own origin asks nothing, as there is no CORS. An engine in which a page
/// cannot make the request has no outcome; the plan has excluded such cases.
#[derive(Debug)]
pub(crate) struct CaseRun {
    user_agents: Arc<[UserAgent]>,
    answers: Answers,
    attempts: Vec<Attempt>,
    /// The requests to repeat; `None` before the first question is done.
    repeats: Option<VecDeque<Repeat>>,
}

/// A request that is made twice in one engine.
#[derive(Debug)]
struct Repeat {
    /// Which attempt learns from it.
    attempt: usize,
    seconds: u64,
    browsers: Browsers,
    is_second: bool,
}

impl CaseRun {
    pub(super) fn new(user_agents: Arc<[UserAgent]>) -> Self {
        let answers = Answers::default();
        Self { user_agents, answers, attempts: Vec::new(), repeats: None }
    }

    /// The next question, whose results are then [`done`](Self::done).
    pub(super) fn next(&mut self, case: &Case) -> Option<Asking> {
        match &self.repeats {
            None if case.is_same_origin() => None,
            None => {
                let browsers = Browsers::new(case.page(), self.user_agents.iter().cloned());
                Some(browsers.ask(case.question()))
            }
            Some(repeats) => {
                let browsers = &repeats.front()?.browsers;
                Some(browsers.ask_with(case.question(), mem::take(&mut self.answers)))
            }
        }
    }

    pub(super) fn done(&mut self, case: &Case, results: Results) {
        let Results { outcomes, answers, .. } = results;
        self.answers = answers;
        let Some(repeats) = &mut self.repeats else {
            self.repeats = Some(self.attempts_of(case, outcomes));
            return;
        };
        let Some(repeat) = repeats.front_mut() else { return };
        let Repeat { attempt, seconds, browsers, is_second } = repeat;
        if !*is_second {
            browsers
                .advance(Duration::from_secs(*seconds).saturating_sub(Duration::from_millis(1)));
            *is_second = true;
            return;
        }
        let mut transcripts = outcomes.iter().filter_map(FetchOutcome::transcript);
        if transcripts.next().is_some_and(has_preflight) {
            self.attempts[*attempt].preflight_again = Some(*seconds);
        }
        repeats.pop_front();
    }

    pub(super) fn finish(self) -> Vec<Attempt> {
        self.attempts
    }

    /// Takes the outcomes of the first question. Returns what must be repeated.
    fn attempts_of(&mut self, case: &Case, outcomes: Vec<FetchOutcome>) -> VecDeque<Repeat> {
        let mut repeats = VecDeque::new();
        for (user_agent, outcome) in self.user_agents.iter().zip(outcomes) {
            let FetchOutcome::Done { transcript, .. } = outcome else { continue };
            repeats.extend(preflight_every(case, user_agent, &transcript).map(|seconds| Repeat {
                attempt: self.attempts.len(),
                seconds,
                browsers: Browsers::new(case.page(), [user_agent.clone()]),
                is_second: false,
            }));
            let answered = match transcript.is_withheld() {
                true => Answered::NotSent(*transcript, why_not_sent(case)),
                false => Answered::Over(*transcript),
            };
            let profile = user_agent.profile;
            self.attempts.push(Attempt { profile, answered, preflight_again: None });
        }
        repeats
    }
}
