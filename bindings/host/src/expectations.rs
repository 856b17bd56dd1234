//! Files of expectations, whose rows a host asks its server for.

use std::collections::HashMap;

use browser_cors::fetch::TransportFailure;
use browser_cors_audit::expect::{self, Detail, InProcess, Judged, RowRun, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Answer, InvalidInput,
    call::{body_of, exchange_json, response},
    object,
    page::profiles,
    read, write,
};

/// A file of expectations for the host's server.
///
/// ```
/// use browser_cors_host::{Answer, Expectations};
///
/// let text = r#"
///     [pages]
///     app = "https://app.example"
///
///     [[allow]]
///     paths = ["/items"]
/// "#;
/// let file = Expectations::new("cors.toml", text, r#"{ "engines": ["standard"] }"#)?;
/// let mut row = file.start(0)?;
/// while row.exchange().is_some() {
///     row.answer(Answer { status: 200, status_text: b"", headers: "[]" })?;
/// }
/// assert!(row.finish().starts_with(r#"{"verdict":"failed","text":"FAILED allow 1: "#));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[derive(Debug)]
pub struct Expectations {
    file: InProcess,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    engines: Option<Vec<String>>,
    /// The server, in place of that of the file.
    base: Option<String>,
    /// Whether requests that could change something are sent.
    #[serde(default)]
    send_requests: bool,
    /// The values of `${NAME}`.
    #[serde(default)]
    environment: HashMap<String, String>,
}

/// The server of a file that names none. It is asked in process, so its name only stands in URLs.
const SERVER: &str = "https://server.test";

impl Expectations {
    /// Reads the text of a file with this `name`. `options` may have `engines`, `base`,
    /// `sendRequests` and `environment`. If nobody names a server, it is `https://server.test`.
    ///
    /// # Errors
    ///
    /// If the text has problems, each in a line with its place, or an option is unknown.
    ///
    /// ```
    /// # use browser_cors_host::Expectations;
    /// let error = Expectations::new("cors.toml", "base = 5", "{}").unwrap_err();
    /// assert!(error.to_string().starts_with("cors.toml:1:1: there is no page: "));
    /// ```
    pub fn new(name: &str, text: &str, options: &str) -> Result<Self, InvalidInput> {
        let Options { engines, base, send_requests, environment } = read("options", options)?;
        let profiles = profiles(engines)?.1;
        let known = |name: &str| environment.get(name).cloned();
        let mut file =
            expect::Expectations::parse(name, text, &known).map_err(InvalidInput::new)?;
        let base = base.as_deref().or_else(|| file.base().is_none().then_some(SERVER));
        if let Some(base) = base {
            file = file.at(base).map_err(InvalidInput::new)?;
        }
        let file = file.in_process(profiles, send_requests).map_err(InvalidInput::new)?;
        Ok(Self { file })
    }

    /// The rows as JSON: a list of `index`, `name`, `line`, `expect` (`allow` or `deny`), and the number
    /// of `combinations`.
    ///
    /// ```
    /// # use browser_cors_host::Expectations;
    /// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
    /// let file = Expectations::new("cors.toml", text, "{}")?;
    /// assert_eq!(
    ///     file.rows(),
    ///     r#"[{"index":0,"name":"allow 1","line":3,"expect":"allow","combinations":1}]"#
    /// );
    /// # Ok::<(), browser_cors_host::InvalidInput>(())
    /// ```
    pub fn rows(&self) -> String {
        #[derive(Serialize)]
        struct Listed<'a> {
            index: usize,
            name: &'a str,
            line: usize,
            expect: &'static str,
            combinations: usize,
        }
        let rows = self.file.rows().enumerate().map(|(index, row)| {
            let cases = self.file.cases(index);
            let is_allowed = cases.first().is_some_and(expect::Case::is_allowed);
            Listed {
                index,
                name: row.name(),
                line: row.place().line,
                expect: if is_allowed { "allow" } else { "deny" },
                combinations: cases.len(),
            }
        });
        write(&rows.collect::<Vec<_>>())
    }

    /// Starts to ask for the combinations of a row.
    ///
    /// # Errors
    ///
    /// If there is no such row.
    ///
    /// ```
    /// # use browser_cors_host::Expectations;
    /// # fn f(file: &Expectations) {
    /// assert!(file.start(1_000).is_err());
    /// # }
    /// ```
    pub fn start(&self, index: usize) -> Result<Row, InvalidInput> {
        match self.file.start(index) {
            Some(run) => Ok(Row(run)),
            None => Err(InvalidInput(format!(
                "there is no row {index}: a number below {} was expected",
                self.file.rows().count()
            ))),
        }
    }
}

/// A row that is under way. It names one exchange after another, and the host answers.
#[derive(Debug)]
pub struct Row(pub(crate) RowRun);

impl Row {
    /// The exchange to carry out next, as JSON; `None` when the row is done.
    ///
    /// ```
    /// # use browser_cors_host::Row;
    /// # fn f(row: &Row) {
    /// let is_done = row.exchange().is_none();
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<String> {
        Some(exchange_json(self.0.exchange()?, self.0.cookie(), None))
    }

    /// The body of the exchange to carry out next, if it has one.
    ///
    /// ```
    /// # use browser_cors_host::Row;
    /// # fn f(row: &Row) {
    /// let length = row.body().map_or(0, <[u8]>::len);
    /// # }
    /// ```
    pub fn body(&self) -> Option<&[u8]> {
        body_of(self.0.exchange()?)
    }

    /// Continues with the answer of the server.
    ///
    /// # Errors
    ///
    /// If the answer is none of HTTP. The exchange still waits for one.
    ///
    /// ```
    /// # use browser_cors_host::{Answer, Row};
    /// # fn f(row: &mut Row) -> Result<(), browser_cors_host::InvalidInput> {
    /// row.answer(Answer { status: 204, status_text: b"", headers: "[]" })
    /// # }
    /// ```
    pub fn answer(&mut self, answer: Answer<'_>) -> Result<(), InvalidInput> {
        self.0.answered(Ok(response(answer)?));
        Ok(())
    }

    /// Continues without an answer, for this reason.
    ///
    /// ```
    /// # use browser_cors_host::Row;
    /// # fn f(row: &mut Row) {
    /// row.fail("the connection was refused");
    /// # }
    /// ```
    pub fn fail(&mut self, reason: &str) {
        self.0.answered(Err(TransportFailure::new(reason)));
    }

    /// The report as JSON: `verdict` (`passed`, `failed` or `unjudged`), `text` for people, and `judged`,
    /// each combination as `browser-cors expect --format json` writes it.
    ///
    /// ```
    /// # use browser_cors_host::Row;
    /// # fn f(row: Row) {
    /// println!("{}", row.finish());
    /// # }
    /// ```
    pub fn finish(self) -> String {
        #[derive(Serialize)]
        struct Reported {
            verdict: Verdict,
            text: String,
            judged: Vec<Map<String, Value>>,
        }
        let report = self.0.finish();
        write(&Reported {
            verdict: report.verdict(),
            text: report.text(Detail::Usual).to_string(),
            judged: report.judged().iter().map(|judged: &Judged| object(judged)).collect(),
        })
    }
}
