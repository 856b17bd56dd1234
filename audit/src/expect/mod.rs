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
mod plan;
mod report;
mod secret;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use browser_cors::url::{Position, Url};
use thiserror::Error;

pub use ask::{Asking, Cancelled, Progress};
pub use file::{Expectations, InvalidBase, InvalidExpectations, Place, Problem, ReadError, Row};
pub use init::{InitError, init};
pub use judge::{Finding, Judged, Verdict};
pub use plan::Case;
pub use report::{Counts, Report};

pub(crate) use ask::{Answered, Attempt, ask};
pub(crate) use file::base;
pub(crate) use plan::plan;
pub(crate) use secret::Secrets;

use crate::mixed_content;
use judge::judge;

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
        let hosts = Mutex::new(BTreeSet::new());
        let judged = ask(&cases, asking, |case, asked| {
            let unsafe_hosts = unsafe_hosts(&asked, &self.secrets);
            hosts.lock().unwrap_or_else(PoisonError::into_inner).extend(unsafe_hosts);
            judge(case, &asked, &self.secrets)
        })?;
        let judged = cases.into_iter().zip(judged);
        Ok(Report {
            file: self.name.clone(),
            base: base.clone(),
            profiles: asking.profiles.clone(),
            judged: judged.map(|(case, judged)| Judged::new(case, judged, &self.secrets)).collect(),
            mixed_content: hosts.into_inner().unwrap_or_else(PoisonError::into_inner),
        })
    }

    /// The combinations to ask the server at `base` for.
    pub(crate) fn cases(&self, base: &Url, asking: &Asking<'_>) -> Result<Vec<Case>, AskError> {
        if asking.profiles.is_empty() {
            return Err(AskError::NoEngine);
        }
        Ok(plan(self, base, &asking.profiles)?)
    }
}

/// The hosts that a browser would not ask in a page of https.
fn unsafe_hosts(asked: &[Attempt], secrets: &Secrets) -> BTreeSet<String> {
    let urls = asked.iter().flat_map(|asked| mixed_content(asked.answered.transcript()));
    urls.map(|url| secrets.redact(&url[..Position::BeforePath]).into_owned()).collect()
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
