//! Sends the request of each combination to the server, as each engine would.

use std::{
    borrow::Borrow,
    fmt,
    ops::ControlFlow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use browser_cors::{
    compare::{self, Results},
    engine::Profile,
    http::Method,
    response::Response,
};
use thiserror::Error;

use crate::client::{Client, SendFailure};

use super::{
    AskError, Controls, Expectations, Judged, Report,
    attempt::{Attempt, CaseRun},
    judge::{Judgement, judge, shows_cors},
    plan::{Case, Scope},
    report::Ended,
};

/// How to ask a live server: in which engines, with which [`Client`], and how many combinations at
/// a time.
///
/// ```
/// use std::{ops::ControlFlow, time::Duration};
///
/// use browser_cors::engine::Profile;
/// use browser_cors_audit::{client::Client, expect::Asking};
///
/// let asking = Asking::new()
///     .in_engines([Profile::CHROMIUM, Profile::FIREFOX])
///     .over(Client::new().timeout(Duration::from_secs(5)))
///     .retries(0)
///     .observed_by(&|progress| {
///         eprintln!("{} of {}", progress.done, progress.all);
///         ControlFlow::Continue(())
///     });
/// ```
#[must_use]
#[derive(Clone)]
pub struct Asking<'a> {
    pub(crate) scope: Scope,
    client: Client,
    jobs: usize,
    retries: u8,
    max_failures: usize,
    interrupted: Option<&'a AtomicBool>,
    observer: &'a Observer<'a>,
}

/// Receives the progress, and says whether to go on.
type Observer<'a> = dyn Fn(Progress) -> ControlFlow<()> + Sync + 'a;

impl<'a> Asking<'a> {
    /// Asks as the standard and every engine do: eight combinations at a time, with two more
    /// attempts at an exchange without an answer.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Asking;
    /// let asking = Asking::new();
    /// ```
    pub fn new() -> Self {
        Self {
            scope: Scope { profiles: Profile::ALL.to_vec(), sends_requests: false },
            client: Client::new(),
            jobs: 8,
            retries: 2,
            max_failures: usize::MAX,
            interrupted: None,
            observer: &|_| ControlFlow::Continue(()),
        }
    }

    /// Sets the engines. Default: the standard and all engines.
    ///
    /// ```
    /// # use {browser_cors::engine::Profile, browser_cors_audit::expect::Asking};
    /// let asking = Asking::new().in_engines([Profile::STANDARD]);
    /// ```
    pub fn in_engines(mut self, profiles: impl IntoIterator<Item = impl Borrow<Profile>>) -> Self {
        self.scope.profiles = profiles.into_iter().map(|profile| *profile.borrow()).collect();
        self
    }

    /// Sets the client. Each thread uses a clone of it.
    ///
    /// ```
    /// # use browser_cors_audit::{client::Client, expect::Asking};
    /// let client = Client::new().resolve("api.test", "127.0.0.1:8080".parse()?);
    /// let asking = Asking::new().over(client);
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    pub fn over(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// Sets how many combinations are asked at the same time; 0 means one.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Asking;
    /// let asking = Asking::new().jobs(1);
    /// ```
    pub const fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// Sets how many more times an exchange without an answer is sent. Any answer counts, even an
    /// error status. A request that may have arrived is not sent again, unless its method is
    /// idempotent.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Asking;
    /// let asking = Asking::new().retries(0);
    /// ```
    pub const fn retries(mut self, retries: u8) -> Self {
        self.retries = retries;
        self
    }

    /// Sends requests of every method. Default: only GET and HEAD are sent, besides preflights, so
    /// that nothing changes on a server; another request is judged by its preflight. A row that says
    /// `send` is asked as it says.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Asking;
    /// let asking = Asking::new().send_requests(true);
    /// ```
    pub const fn send_requests(mut self, yes: bool) -> Self {
        self.scope.sends_requests = yes;
        self
    }

    /// Asks for no further combination after this many have failed; 0 means after the first. The
    /// others are not judged, and the report says so. Default: all are asked for.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Asking;
    /// let asking = Asking::new().max_failures(1);
    /// ```
    pub const fn max_failures(mut self, count: usize) -> Self {
        self.max_failures = if count == 0 { 1 } else { count };
        self
    }

    /// Sets a flag, such as that of a signal. Once it is true, no further request is sent. What is
    /// not known yet is not judged, and the report says so.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Asking;
    /// use std::sync::atomic::AtomicBool;
    ///
    /// let interrupted = AtomicBool::new(false);
    /// let asking = Asking::new().interrupted_by(&interrupted);
    /// ```
    pub const fn interrupted_by(mut self, flag: &'a AtomicBool) -> Self {
        self.interrupted = Some(flag);
        self
    }

    /// Sets an observer, which is called after each combination, from any thread. If it breaks, no
    /// further request is sent, and the result is [`Cancelled`].
    ///
    /// ```
    /// # use {browser_cors_audit::expect::Asking, std::ops::ControlFlow};
    /// use std::time::{Duration, Instant};
    ///
    /// let end = Instant::now() + Duration::from_secs(60);
    /// let is_in_time = |_| match Instant::now() < end {
    ///     true => ControlFlow::Continue(()),
    ///     false => ControlFlow::Break(()),
    /// };
    /// let asking = Asking::new().observed_by(&is_in_time);
    /// ```
    pub fn observed_by(self, observer: &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync)) -> Self {
        Self { observer, ..self }
    }
}

impl Default for Asking<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking")
            .field("profiles", &self.scope.profiles)
            .field("client", &self.client)
            .field("jobs", &self.jobs)
            .field("retries", &self.retries)
            .field("sends_requests", &self.scope.sends_requests)
            .finish_non_exhaustive()
    }
}

impl Expectations {
    /// Asks the server for every combination, and judges the outcomes.
    ///
    /// # Errors
    ///
    /// If neither the file nor [`at`](Self::at) names a server, a page cannot make the request of a
    /// row, no engine is named, or the observer cancels. If the server does not answer, that is a
    /// [`Verdict`] and no error.
    ///
    /// ```no_run
    /// use browser_cors_audit::expect::{Asking, Expectations};
    ///
    /// let report = Expectations::read("cors.toml")?.ask(&Asking::new())?;
    /// assert!(report.is_met(), "{report}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ask(&self, asking: &Asking<'_>) -> Result<Report, AskError> {
        let base = self.base.as_ref().ok_or(AskError::NoBase)?;
        let cases = self.cases(base, &asking.scope)?;
        let profiles = &asking.scope.profiles;
        let Asked { results, ended } = ask(&cases, asking, |case, asked| {
            let judgement = judge(case, &asked, profiles, &self.secrets);
            (judgement.turn(&asked), judgement)
        })?;
        let because = ended.as_ref().map_or_else(String::new, ToString::to_string);
        let judgements = results.into_iter();
        let mut judgements: Vec<_> = judgements
            .map(|judgement| {
                judgement.unwrap_or_else(|| Judgement::left_out(&asking.scope.profiles, &because))
            })
            .collect();
        if ended.is_none() {
            let controls = Controls::of(self, &cases, &judgements, &asking.scope);
            let go_on = |_| ControlFlow::Continue(());
            let first = asking.scope.profiles.first();
            let asking = asking.clone().in_engines(first).observed_by(&go_on);
            let asked = ask(&controls.cases, &asking, |_, asked| {
                (Turn::Answered, asked.iter().any(shows_cors))
            })?;
            controls.apply(&asked.results, &mut judgements);
        }
        let judged = cases.into_iter().zip(judgements);
        Ok(Report {
            file: self.name.clone(),
            base: self.secrets.redact(base.as_str()).into_owned(),
            profiles: asking.scope.profiles.clone(),
            judged: judged.map(|(case, judged)| Judged::new(case, judged, &self.secrets)).collect(),
            ended,
        })
    }

    /// The number of combinations that [`ask`](Self::ask) would ask for. Sends nothing.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask): what it would refuse to begin with.
    ///
    /// ```
    /// # use browser_cors_audit::expect::{Asking, Expectations};
    /// let text = "base = \"https://api.example\"\n[pages]\napp = \"https://app.example\"\n\
    ///             [[allow]]\npaths = [\"/items\", \"/missing\"]\nmethods = [\"GET\", \"PUT\"]\n";
    /// let expectations = Expectations::parse("cors.toml", text, &|_| None)?;
    /// assert_eq!(expectations.count(&Asking::new())?, 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self, asking: &Asking<'_>) -> Result<usize, AskError> {
        let base = self.base.as_ref().ok_or(AskError::NoBase)?;
        Ok(self.cases(base, &asking.scope)?.len())
    }
}

/// The progress of asking a server.
///
/// ```
/// # use browser_cors_audit::expect::Progress;
/// # fn f(progress: Progress) {
/// eprintln!("{} %", 100 * progress.done / progress.all);
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// The number of combinations that are done.
    pub done: usize,
    /// The number of all combinations; at least one.
    pub all: usize,
}

/// The observer cancelled.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use browser_cors_audit::expect::{AskError, Asking, Expectations};
///
/// # let text = "base = \"http://127.0.0.1:9\"\n[pages]\napp = \"https://app.example\"\n\
/// #             [[allow]]\npaths = [\"/1\", \"/2\"]";
/// let expectations = Expectations::parse("cors.toml", text, &|_| None)?;
/// let never = |_| ControlFlow::Break(());
/// let asking = Asking::new().jobs(1).retries(0).observed_by(&never);
/// assert!(matches!(expectations.ask(&asking), Err(AskError::Cancelled(_))));
/// # Ok::<(), browser_cors_audit::expect::InvalidExpectations>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("it was cancelled")]
pub struct Cancelled;

/// What came of a combination, as far as it concerns the run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Turn {
    /// A server answered, as expected or not to be judged.
    Answered,
    /// It failed.
    Failed,
    /// No server answered.
    Silent,
}

/// The combinations in a row without an answer after which the server is taken for dead, if it has
/// not answered before.
const SILENCE_LIMIT: usize = 8;

/// The same, if it has.
const LATER_SILENCE_LIMIT: usize = 64;

/// When to end a run.
struct Patience<'a> {
    max_failures: usize,
    interrupted: Option<&'a AtomicBool>,
    failures: usize,
    silent: usize,
    has_answered: bool,
    ended: Option<Ended>,
}

impl Patience<'_> {
    fn after(&mut self, turn: Turn) {
        match turn {
            Turn::Silent => self.silent += 1,
            Turn::Answered | Turn::Failed => {
                self.silent = 0;
                self.has_answered = true;
                self.failures += usize::from(turn == Turn::Failed);
            }
        }
        let limit = if self.has_answered { LATER_SILENCE_LIMIT } else { SILENCE_LIMIT };
        if self.ended.is_none() {
            self.ended = if self.is_interrupted() {
                Some(Ended::Interrupted)
            } else if self.failures >= self.max_failures {
                Some(Ended::Failures(self.failures))
            } else if self.silent >= limit {
                Some(Ended::Silence(self.silent))
            } else {
                None
            };
        }
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

/// The results of a run, and why it ended early.
pub(crate) struct Asked<T> {
    /// In the order of the cases; `None` if a case was not asked.
    pub(crate) results: Vec<Option<T>>,
    pub(crate) ended: Option<Ended>,
}

/// Asks for each case, several at a time, and calls `finish` with the outcomes of each.
pub(crate) fn ask<T: Send>(
    cases: &[Case],
    asking: &Asking<'_>,
    finish: impl Fn(&Case, Vec<Attempt>) -> (Turn, T) + Sync,
) -> Result<Asked<T>, Cancelled> {
    let Asking { scope: Scope { profiles, .. }, client, jobs, retries, observer, .. } = asking;
    let client = client.clone().imitating(profiles);
    let user_agents: Arc<[_]> = profiles.iter().map(|it| client.user_agent(*it)).collect();
    let (next, is_cancelled) = (AtomicUsize::new(0), AtomicBool::new(false));
    let patience = Patience {
        max_failures: asking.max_failures,
        interrupted: asking.interrupted,
        failures: 0,
        silent: 0,
        has_answered: false,
        ended: None,
    };
    let mut results = Vec::new();
    results.resize_with(cases.len(), || None);
    let shared = Mutex::new((patience, results, 0));
    let work = |client: Client| {
        while !is_cancelled.load(Ordering::Relaxed) {
            {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                if shared.0.ended.is_none() && shared.0.is_interrupted() {
                    shared.0.ended = Some(Ended::Interrupted);
                }
                if shared.0.ended.is_some() {
                    return;
                }
            }
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(index) else { return };
            let server = Server { client: &client, retries: *retries, case };
            let mut run = CaseRun::new(Arc::clone(&user_agents));
            while let Some(question) = run.next(case) {
                run.done(case, server.answer(question));
            }
            let (turn, finished) = finish(case, run.finish());
            let count = {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let (patience, results, count) = &mut *shared;
                patience.after(turn);
                results[index] = Some(finished);
                *count += 1;
                *count
            };
            if observer(Progress { done: count, all: cases.len() }).is_break() {
                is_cancelled.store(true, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..(*jobs).clamp(1, cases.len().max(1)) {
            let client = client.clone();
            scope.spawn(|| work(client));
        }
    });
    let (patience, results, _) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    let is_whole = results.iter().all(Option::is_some);
    if is_cancelled.into_inner() && !is_whole {
        return Err(Cancelled);
    }
    Ok(Asked { results, ended: patience.ended.filter(|_| !is_whole) })
}

/// The server, for one case.
struct Server<'a> {
    client: &'a Client,
    retries: u8,
    case: &'a Case,
}

impl Server<'_> {
    /// Sends the exchanges to the server, except those that nobody asked for.
    fn answer(&self, asking: compare::Asking) -> Results {
        let mut fetching = self.client.fetching(asking);
        while let Some(exchange) = fetching.exchange() {
            let method = exchange.method().clone();
            if exchange.is_preflight() || self.case.reach.sends(method.as_str()) {
                let answer = self.send(&method, || fetching.send());
                fetching.answered(answer.map_err(Into::into));
            } else {
                fetching.withhold();
            }
        }
        fetching.finish()
    }

    /// Sends a request of this method, and again if there is no answer.
    fn send(
        &self,
        method: &Method,
        mut send: impl FnMut() -> Result<Response, SendFailure>,
    ) -> Result<Response, SendFailure> {
        /// The pause before the first repetition. Each further pause is twice as long.
        const PAUSE: Duration = Duration::from_millis(100);
        const LONGEST_PAUSE: Duration = Duration::from_secs(2);
        let mut pause = PAUSE;
        for _ in 0..self.retries {
            match send() {
                Err(failure)
                    if failure.is_temporary
                        && (!failure.may_have_arrived || method.is_idempotent()) =>
                {
                    thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                result => return result,
            }
        }
        send()
    }
}
