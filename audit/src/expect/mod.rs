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

#[cfg(feature = "live")]
mod ask;
mod attempt;
mod file;
mod in_process;
#[cfg(feature = "live")]
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
    ops::Range,
    sync::Arc,
};

use browser_cors::{compare::Browsers, fetch::UserAgent, http::Method, url::Url};
use thiserror::Error;

#[cfg(feature = "live")]
pub use ask::{Asking, Cancelled, Progress};
pub use file::{
    Expectations, InvalidBase, InvalidExpectations, Place, Problem, ReadError, Row, UnknownRow,
};
pub use in_process::{InProcess, RowRun};
#[cfg(feature = "live")]
pub use init::{Exposure, FirstFile, InitError, init};
pub use judge::{Extent, Finding, Judged, Verdict};
pub use plan::Case;
pub use report::{Counts, Detail, Report};

#[cfg(feature = "live")]
pub(crate) use ask::{Turn, ask};
#[cfg(feature = "live")]
pub(crate) use attempt::{Answered, Attempt};
#[cfg(feature = "live")]
pub(crate) use file::base;
#[cfg(feature = "live")]
pub(crate) use secret::Secrets;

use file::Reach;
use judge::Judgement;
use plan::Scope;

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
    /// The same request as each page of the row makes it, if it changes nothing; else a GET.
    fn controls(&self, case: &Case, scope: &Scope) -> Vec<Case> {
        let pages = case.row.pages.iter().filter_map(|index| self.pages.get(*index));
        let pages = pages.filter(|page| !page.origin.is_same_origin_with_url(&case.url));
        let controls = pages.map(|page| {
            let mut control = case.as_page(page);
            control.reach = Reach::Safe;
            let is_harmless = control.reach.sends(&control.method)
                || scope.profiles.first().is_some_and(|profile| {
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
    pub(crate) fn cases(&self, base: &Url, scope: &Scope) -> Result<Vec<Case>, AskError> {
        if scope.profiles.is_empty() {
            return Err(AskError::NoEngine);
        }
        Ok(plan::plan(self, base, scope)?)
    }
}

/// What the pages of the file ask for where what was denied was refused without a sign of CORS, and
/// nobody else of the row has seen one. If no page sees one either, the refusal proves nothing.
#[derive(Debug)]
struct Controls {
    cases: Vec<Case>,
    /// Each refusal without such a sign, and its controls.
    silent: Vec<(usize, Range<usize>)>,
}

impl Controls {
    fn of(
        expectations: &Expectations,
        cases: &[Case],
        judgements: &[Judgement],
        scope: &Scope,
    ) -> Self {
        let mut controls: Vec<Case> = Vec::new();
        let mut places: HashMap<ControlKey<'_>, Range<usize>> = HashMap::new();
        let seen = cases.iter().zip(judgements).filter(|(_, judgement)| judgement.shows_cors);
        let seen: HashSet<_> = seen.map(|(case, _)| control_key(case)).collect();
        let silent = cases.iter().zip(judgements).enumerate().filter(|(_, (case, judgement))| {
            judgement.findings.is_empty()
                && judgement.refusal.is_some()
                && !seen.contains(&control_key(case))
        });
        let silent = silent.map(|(index, (case, _))| {
            let place = places.entry(control_key(case)).or_insert_with(|| {
                let first = controls.len();
                controls.extend(expectations.controls(case, scope));
                first..controls.len()
            });
            (index, place.clone())
        });
        let silent = silent.collect();
        Self { cases: controls, silent }
    }

    /// Takes back what proves nothing. `asked` says of each control whether it shows CORS.
    fn apply(self, asked: &[Option<bool>], judgements: &mut [Judgement]) {
        for (index, place) in self.silent {
            if !asked[place].contains(&Some(true)) {
                let judgement = &mut judgements[index];
                judgement.findings.extend(judgement.refusal.take());
                judgement.verdict = Verdict::Unjudged;
            }
        }
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
    #[cfg(feature = "live")]
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
