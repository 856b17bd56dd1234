//! Checks a live server against a file of expectations: what pages must be able to do, and what
//! others must not.
//!
//! The file names pages, what each must be able to do (`[[allow]]`), and what must stay impossible
//! (`[[deny]]`). Each row is a matrix of pages, paths, methods and headers. [`Expectations::ask`]
//! sends the request of every combination to a server, as the standard and each engine would. The
//! [`Report`] has a verdict for each, with the exchanges, the reason and the answers that would fix
//! it. [`SCHEMA`] describes the file, and [`init`] writes a first one.
//!
//! ```
//! use std::{io::{Read, Write}, net::TcpListener, thread};
//!
//! use browser_cors_audit::expect::{Asking, Expectations};
//!
//! let text = r#"
//!     [pages]
//!     app = "https://app.example"
//!
//!     [[allow]]
//!     name = "items"
//!     paths = ["/items"]
//!     read = ["ETag"]
//!
//!     [[deny]]
//!     name = "anybody else"
//!     paths = ["/items"]
//!     from = ["foreign", "null"]
//! "#;
//! // Your server, which runs.
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let base = format!("http://{}", listener.local_addr()?);
//! thread::spawn(move || -> std::io::Result<()> {
//!     for stream in listener.incoming() {
//!         let mut stream = stream?;
//!         stream.read(&mut [0; 4096])?;
//!         // This answer lets any page read it; the deny row says that this is wrong.
//!         stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
//!             Access-Control-Expose-Headers: ETag\r\nETag: \"1\"\r\n\r\n")?;
//!     }
//!     Ok(())
//! });
//!
//! let expectations = Expectations::parse("cors.toml", text, &|_| None)?.at(&base)?;
//! let report = expectations.ask(&Asking::new())?;
//! assert!(!report.is_met());
//! assert_eq!(report.counts().to_string(), "3 passed, 2 failed");
//!
//! let unmet = report.judged().iter().find(|judged| !judged.is_met()).unwrap();
//! assert_eq!(unmet.title(), "anybody else: GET /items from https://foreign.example");
//! let finding = &unmet.findings()[0];
//! assert_eq!(finding.engines, ["standard", "chromium", "firefox", "webkit"]);
//! assert_eq!(finding.reason, "readable");
//! assert!(finding.remedy.to_string().contains("`*` lets every page read it"));
//! assert!(finding.explanation.contains("because: any origin may read it without credentials"));
//!
//! let mut xml = Vec::new();
//! report.write_junit(&mut xml)?;
//! # assert!(xml.starts_with(b"<?xml"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ask;
mod file;
mod init;
mod judge;
mod pattern;
mod places;
mod plan;
mod policy;
mod reader;
mod report;
mod secret;

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
    sync::Arc,
};

use browser_cors::{compare::Browsers, fetch::UserAgent, http::Method, url::Url};
use thiserror::Error;

pub use ask::{Asking, Cancelled, Progress};
pub use file::{
    Expectations, InvalidBase, InvalidExpectations, Place, Problem, ReadError, Row, UnknownRow,
};
pub use init::{Exposure, FirstFile, InitError, init};
pub use judge::{Extent, Finding, Judged, Verdict};
pub use plan::Case;
pub use report::{Counts, Detail, Report};

pub(crate) use ask::{Answered, Attempt, Ended, Turn, ask};
pub(crate) use file::base;
pub(crate) use plan::plan;
pub(crate) use secret::Secrets;

use ask::Asked;
use file::Reach;
use judge::{Judgement, judge, shows_cors};

/// The JSON Schema of files of expectations, for editors.
///
/// ```
/// use browser_cors_audit::expect::SCHEMA;
///
/// let schema: serde_json::Value = serde_json::from_str(SCHEMA)?;
/// assert!(schema["properties"]["pages"].is_object());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const SCHEMA: &str = include_str!("schema.json");

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
        let cases = self.cases(base, asking)?;
        let profiles = &asking.profiles;
        let Asked { results, ended } = ask(&cases, asking, |case, asked| {
            let judgement = judge(case, &asked, profiles, &self.secrets);
            (judgement.turn(&asked), judgement)
        })?;
        let because = ended.as_ref().map_or_else(String::new, ToString::to_string);
        let judgements = results.into_iter();
        let judgements = judgements
            .map(|judgement| {
                judgement.unwrap_or_else(|| Judgement::left_out(&asking.profiles, &because))
            })
            .collect();
        let judgements = match ended {
            None => self.compared_with_pages(&cases, judgements, asking)?,
            Some(_) => judgements,
        };
        let judged = cases.into_iter().zip(judgements);
        Ok(Report {
            file: self.name.clone(),
            base: self.secrets.redact(base.as_str()).into_owned(),
            profiles: asking.profiles.clone(),
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
        Ok(self.cases(base, asking)?.len())
    }

    /// Asks as the pages of the file where what was denied was refused without a sign of CORS, and
    /// nobody else of the row has seen one. If no page sees one either, the refusal proves nothing.
    fn compared_with_pages(
        &self,
        cases: &[Case],
        mut judgements: Vec<Judgement>,
        asking: &Asking<'_>,
    ) -> Result<Vec<Judgement>, AskError> {
        let mut controls: Vec<Case> = Vec::new();
        let mut places: HashMap<ControlKey<'_>, std::ops::Range<usize>> = HashMap::new();
        let seen = cases.iter().zip(&judgements).filter(|(_, judgement)| judgement.shows_cors);
        let seen: HashSet<_> = seen.map(|(case, _)| control_key(case)).collect();
        let silent: Vec<usize> = (0..cases.len())
            .filter(|index| judgements[*index].findings.is_empty())
            .filter(|index| judgements[*index].refusal.is_some())
            .filter(|index| !seen.contains(&control_key(&cases[*index])))
            .collect();
        for index in &silent {
            let case = &cases[*index];
            places.entry(control_key(case)).or_insert_with(|| {
                let first = controls.len();
                controls.extend(self.controls(case, asking));
                first..controls.len()
            });
        }
        if silent.is_empty() {
            return Ok(judgements);
        }
        let go_on = |_| ControlFlow::Continue(());
        let asking = asking.clone().in_engines(asking.profiles.first()).observed_by(&go_on);
        let asked =
            ask(&controls, &asking, |_, asked| (Turn::Answered, asked.iter().any(shows_cors)))?;
        for index in silent {
            let case = &cases[index];
            let controls = places.get(&control_key(case)).cloned().unwrap_or_default();
            if !asked.results[controls].contains(&Some(true)) {
                let judgement = &mut judgements[index];
                judgement.findings.extend(judgement.refusal.take());
                judgement.verdict = Verdict::Unjudged;
            }
        }
        Ok(judgements)
    }

    /// The same request as each page of the row makes it, if it changes nothing; else a GET.
    fn controls(&self, case: &Case, asking: &Asking<'_>) -> Vec<Case> {
        let pages = case.row.pages.iter().filter_map(|index| self.pages.get(*index));
        let pages = pages.filter(|page| !page.origin.is_same_origin_with_url(&case.url));
        let controls = pages.map(|page| {
            let mut control = case.as_page(page);
            control.reach = Reach::Safe;
            let is_harmless = control.reach.sends(&control.method)
                || asking.profiles.first().is_some_and(|profile| {
                    let browsers =
                        Browsers::new(control.page(), [UserAgent::for_profile(*profile)]);
                    browsers.ask(control.question()).exchange().is_some_and(|it| it.is_preflight())
                });
            if !is_harmless {
                control.method = Method::GET.to_string();
            }
            control
        });
        controls.collect()
    }

    /// The combinations to ask the server at `base` for.
    pub(crate) fn cases(&self, base: &Url, asking: &Asking<'_>) -> Result<Vec<Case>, AskError> {
        if asking.profiles.is_empty() {
            return Err(AskError::NoEngine);
        }
        Ok(plan(self, base, asking)?)
    }
}

/// What requests of a row have in common that differ only in who asks, with credentials or not.
type ControlKey<'a> = (*const Row, &'a str, &'a str, *const u8);

fn control_key(case: &Case) -> ControlKey<'_> {
    let headers = Arc::as_ptr(&case.headers.0).cast::<u8>();
    (Arc::as_ptr(&case.row), &case.path, &case.method, headers)
}

/// Why not all combinations were asked for.
///
/// ```
/// # use browser_cors_audit::expect::{AskError, Asking, Expectations};
/// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
/// let expectations = Expectations::parse("cors.toml", text, &|_| None)?;
/// assert!(matches!(expectations.ask(&Asking::new()), Err(AskError::NoBase)));
/// # Ok::<(), browser_cors_audit::expect::InvalidExpectations>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Error)]
pub enum AskError {
    /// Neither the file nor the caller names the server.
    #[error("there is no `base`: the URL of a server was expected")]
    NoBase,
    /// A text names no server.
    #[error(transparent)]
    Base(#[from] InvalidBase),
    /// No engine was named, so there is nothing to ask.
    #[error("no engine was named, so nothing would be asked")]
    NoEngine,
    /// A page cannot make the request of a row.
    #[error(transparent)]
    Invalid(#[from] InvalidExpectations),
    /// The observer cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
