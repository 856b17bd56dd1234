//! Asks for the rows of a file where the caller brings the answers: a server in process, or a client
//! in another language.

use std::{borrow::Borrow, sync::Arc};

use browser_cors::{
    compare::Asking,
    engine::Profile,
    fetch::{Exchange, TransportFailure, UserAgent},
    http::HeaderValue,
    response::Response,
};

use super::{
    AskError, Controls, Expectations, Judged, Report, Row,
    attempt::{Attempt, CaseRun},
    judge::{Judgement, judge, shows_cors},
    plan::{Case, Scope},
    report::Ended,
};
use crate::browser::user_agents;

/// A file of expectations for a server that the caller asks itself, row by row.
///
/// The server's URL is that of the file or of [`Expectations::at`]; redirects to other hosts are the
/// caller's to answer, too.
///
/// ```
/// use browser_cors::{engine::Profile, header::HeaderList, response::Response};
/// use browser_cors_audit::expect::Expectations;
///
/// let text = r#"
///     base = "https://api.example"
///     [pages]
///     app = "https://app.example"
///     [[allow]]
///     name = "items"
///     paths = ["/items"]
/// "#;
/// let file = Expectations::parse("cors.toml", text, &|_| None)?;
/// let file = file.in_process([Profile::STANDARD], false)?;
/// assert_eq!(file.rows().map(|row| row.name()).collect::<Vec<_>>(), ["items"]);
///
/// let mut run = file.start(0).unwrap();
/// while let Some(exchange) = run.exchange() {
///     // Your server.
///     assert_eq!(exchange.url().as_str(), "https://api.example/items");
///     let headers = HeaderList::try_from([("Access-Control-Allow-Origin", "*")])?;
///     run.answered(Ok(Response::new(200, headers)));
/// }
/// let report = run.finish();
/// assert!(report.is_met(), "{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct InProcess {
    plan: Arc<Plan>,
}

#[derive(Debug)]
struct Plan {
    expectations: Expectations,
    base: String,
    scope: Scope,
    user_agents: Arc<[UserAgent]>,
    /// The cases of each row.
    cases: Vec<Vec<Case>>,
}

impl Expectations {
    /// Plans what to ask a server that the caller asks itself. Unless `sends_requests`, only GET and
    /// HEAD are sent, besides preflights; a row that says `send` is asked as it says.
    ///
    /// # Errors
    ///
    /// If neither the file nor [`at`](Self::at) names a server, a page cannot make the request of a
    /// row, or no engine is named.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// # use browser_cors_audit::expect::{AskError, Expectations};
    /// let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
    /// let file = Expectations::parse("cors.toml", text, &|_| None)?;
    /// assert!(matches!(file.in_process([Profile::STANDARD], false), Err(AskError::NoBase)));
    /// # Ok::<(), browser_cors_audit::expect::InvalidExpectations>(())
    /// ```
    pub fn in_process(
        self,
        profiles: impl IntoIterator<Item = impl Borrow<Profile>>,
        sends_requests: bool,
    ) -> Result<InProcess, AskError> {
        let profiles: Vec<_> = profiles.into_iter().map(|profile| *profile.borrow()).collect();
        let user_agents = user_agents(&profiles).collect();
        let scope = Scope { profiles, sends_requests };
        let base = self.base.clone().ok_or(AskError::NoBase)?;
        let mut cases: Vec<Vec<Case>> = vec![Vec::new(); self.rows.len()];
        let mut row = 0;
        for case in self.cases(&base, &scope)? {
            while !Arc::ptr_eq(&self.rows[row], &case.row) {
                row += 1;
            }
            cases[row].push(case);
        }
        let base = self.secrets.redact(base.as_str()).into_owned();
        Ok(InProcess {
            plan: Arc::new(Plan { expectations: self, base, scope, user_agents, cases }),
        })
    }
}

impl InProcess {
    /// The rows: first those that allow, then those that deny.
    ///
    /// ```
    /// # use browser_cors_audit::expect::InProcess;
    /// # fn f(file: &InProcess) {
    /// for (index, row) in file.rows().enumerate() {
    ///     println!("{index}: {}", row.name());
    /// }
    /// # }
    /// ```
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.plan.expectations.rows()
    }

    /// The combinations of a row; empty if there is no such row.
    ///
    /// ```
    /// # use browser_cors_audit::expect::InProcess;
    /// # fn f(file: &InProcess) {
    /// println!("{} combinations", file.cases(0).len());
    /// # }
    /// ```
    pub fn cases(&self, row: usize) -> &[Case] {
        self.plan.cases.get(row).map_or(&[], Vec::as_slice)
    }

    /// Starts to ask for the combinations of a row; `None` if there is no such row.
    ///
    /// ```
    /// # use browser_cors_audit::expect::InProcess;
    /// # fn f(file: &InProcess) {
    /// assert!(file.start(file.rows().count()).is_none());
    /// # }
    /// ```
    pub fn start(&self, row: usize) -> Option<RowRun> {
        self.plan.cases.get(row)?;
        let plan = Arc::clone(&self.plan);
        let stage = Stage::Cases { row };
        let mut run = RowRun { plan, stage, row, judgements: Vec::new(), running: None };
        run.go_on();
        Some(run)
    }
}

/// The combinations of a row that are under way. It names one exchange after another.
///
/// ```
/// # use browser_cors::fetch::TransportFailure;
/// # use browser_cors_audit::expect::{Report, RowRun};
/// fn nobody_answers(mut run: RowRun) -> Report {
///     while let Some(exchange) = run.exchange() {
///         let failure = TransportFailure::new(format!("no server is at {}", exchange.url()));
///         run.answered(Err(failure));
///     }
///     run.finish()
/// }
/// ```
#[must_use = "it waits for answers"]
#[derive(Debug)]
pub struct RowRun {
    plan: Arc<Plan>,
    row: usize,
    stage: Stage,
    judgements: Vec<Judgement>,
    running: Option<Running>,
}

/// What is asked for.
#[derive(Debug)]
enum Stage {
    /// The row's cases.
    Cases { row: usize },
    /// The same as the file's pages ask, where a refusal alone proves nothing.
    Controls { controls: Controls, asked: Vec<Option<bool>> },
    /// Nothing more.
    Over,
}

/// The case that is under way.
#[derive(Debug)]
struct Running {
    run: CaseRun,
    asking: Asking,
}

impl RowRun {
    /// The exchange to answer next; `None` when the row is done.
    ///
    /// ```
    /// # use browser_cors_audit::expect::RowRun;
    /// # fn f(run: &RowRun) {
    /// if let Some(exchange) = run.exchange() {
    ///     println!("{} {}", exchange.method(), exchange.url());
    /// }
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<&Exchange> {
        self.running.as_ref()?.asking.exchange()
    }

    /// The cookie that goes along with the exchange.
    ///
    /// ```
    /// # use browser_cors_audit::expect::RowRun;
    /// # fn f(run: &RowRun) {
    /// let has_cookie = run.cookie().is_some();
    /// # }
    /// ```
    pub fn cookie(&self) -> Option<&HeaderValue> {
        self.running.as_ref()?.asking.cookie()
    }

    /// Continues with the server's answer, or with the reason why there is none.
    ///
    /// ```
    /// # use browser_cors::fetch::TransportFailure;
    /// # use browser_cors_audit::expect::RowRun;
    /// # fn f(run: &mut RowRun) {
    /// run.answered(Err(TransportFailure::new("the connection was refused")));
    /// # }
    /// ```
    pub fn answered(&mut self, answer: Result<Response, TransportFailure>) {
        if let Some(running) = &mut self.running {
            running.asking.answered(answer);
        }
        self.go_on();
    }

    /// The report on the row. What was not asked for yet is not judged.
    ///
    /// ```
    /// # use browser_cors_audit::expect::RowRun;
    /// # fn f(run: RowRun) {
    /// let report = run.finish();
    /// assert!(report.is_met(), "{report}");
    /// # }
    /// ```
    pub fn finish(self) -> Report {
        let Self { plan, row, stage, mut judgements, .. } = self;
        let (cases, profiles) = (&plan.cases[row], &plan.scope.profiles);
        let ended = (!matches!(stage, Stage::Over)).then_some(Ended::Interrupted);
        let because = ended.as_ref().map_or_else(String::new, ToString::to_string);
        judgements.resize_with(cases.len(), || Judgement::left_out(profiles, &because));
        let judged = cases.iter().cloned().zip(judgements);
        let secrets = &plan.expectations.secrets;
        Report {
            file: plan.expectations.name.clone(),
            base: plan.base.clone(),
            profiles: profiles.clone(),
            judged: judged.map(|(case, judged)| Judged::new(case, judged, secrets)).collect(),
            ended,
        }
    }

    /// Goes on until an exchange must be answered, or the row is done.
    fn go_on(&mut self) {
        loop {
            let case = match &self.stage {
                Stage::Cases { row } => self.plan.cases[*row].get(self.judgements.len()),
                Stage::Controls { controls, asked } => controls.cases.get(asked.len()),
                Stage::Over => return,
            };
            let Some(case) = case else {
                self.next_stage();
                continue;
            };
            let mut run = match self.running.take() {
                None => CaseRun::new(Arc::clone(&self.plan.user_agents)),
                Some(Running { run, mut asking }) => {
                    while asking.exchange().is_some_and(|exchange| {
                        !exchange.is_preflight() && !case.reach.sends(exchange.method().as_str())
                    }) {
                        asking.withhold();
                    }
                    if asking.exchange().is_some() {
                        self.running = Some(Running { run, asking });
                        return;
                    }
                    let mut run = run;
                    run.done(case, asking.finish());
                    run
                }
            };
            match run.next(case) {
                Some(asking) => self.running = Some(Running { run, asking }),
                None => {
                    let attempts = run.finish();
                    let judgement = match self.stage {
                        Stage::Cases { .. } => Some(self.judged(case, &attempts)),
                        _ => None,
                    };
                    self.take(judgement, &attempts);
                }
            }
        }
    }

    fn judged(&self, case: &Case, attempts: &[Attempt]) -> Judgement {
        judge(case, attempts, &self.plan.scope.profiles, &self.plan.expectations.secrets)
    }

    fn take(&mut self, judgement: Option<Judgement>, attempts: &[Attempt]) {
        self.judgements.extend(judgement);
        if let Stage::Controls { asked, .. } = &mut self.stage {
            asked.push(Some(attempts.iter().any(shows_cors)));
        }
    }

    fn next_stage(&mut self) {
        let Plan { expectations, scope, cases, .. } = &*self.plan;
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Cases { row } => {
                let controls = Controls::of(expectations, &cases[row], &self.judgements, scope);
                Stage::Controls { controls, asked: Vec::new() }
            }
            Stage::Controls { controls, asked } => {
                controls.apply(&asked, &mut self.judgements);
                Stage::Over
            }
            Stage::Over => Stage::Over,
        };
    }
}
