//! Writes a first file of expectations: what a live server grants today.
//!
//! It asks for the URL itself with GET, and sends preflights, which change nothing, for all else.

use std::{fmt::Write, sync::Arc};

use browser_cors::{
    fetch::Outcome,
    header::{
        HeaderList,
        safelist::{cors_unsafe_request_header_names, is_cors_safelisted_response_header_name},
    },
    http::HeaderName,
    origin::Origin,
    page::headers::{Guard, Headers},
    request::CredentialsMode::{self, Include, SameOrigin},
    url::{ParseError, Position, Url},
};
use thiserror::Error;
use toml::Value;

use super::{
    ask::{Asking, Attempt, Cancelled, Turn, ask},
    file::{
        self, Demands, Denial, Denied, Expectations, HeaderSet, InvalidBase, InvalidExpectations,
        Kind, KnownPage, Place, Reach, Row, Stranger,
    },
    judge::{Judgement, Verdict, judge},
    plan::plan,
    secret::Secrets,
};

/// The methods for which it sends preflights.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// The headers for which it sends preflights, in addition to those that the server lists.
const HEADERS: [&str; 3] = ["authorization", "content-type", "x-requested-with"];

/// The most headers of a server's list for which it asks.
const LISTED_LIMIT: usize = 32;

/// Writes a first file of expectations, as text: what a live server grants today for `url` to the
/// pages of `origins`. The server meets every row of it.
///
/// It asks for the URL itself with GET, and sends preflights, which change nothing, for all else.
/// The observer of `asking` is called after each probe.
///
/// # Errors
///
/// If `url` names no server, no server answers, or no answer is the same twice.
///
/// ```no_run
/// use browser_cors_audit::expect::{Asking, init};
///
/// let origins = ["https://app.example".parse()?];
/// std::fs::write("cors.toml", init("https://api.example/items", &origins, &Asking::new())?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn init(url: &str, origins: &[Origin], asking: &Asking<'_>) -> Result<String, InitError> {
    let url = Url::parse(url).map_err(|reason| InitError::Url { text: url.to_owned(), reason })?;
    let probe = Probe {
        asking,
        base: file::base(&url[..Position::BeforePath])?,
        path: url[Position::BeforePath..Position::AfterQuery].to_owned(),
        pages: pages(origins),
    };
    let mut rows = probe.granted()?;
    rows.extend(probe.refused()?);
    // The server may not grant together, or not again, what it granted in parts.
    loop {
        if rows.is_empty() {
            return Err(InitError::Unsteady { url });
        }
        let text = probe.text(&rows);
        let failed = probe.failed(&text)?;
        if failed.is_empty() {
            return Ok(text);
        }
        for index in failed.into_iter().rev() {
            // An engine may keep the answer to a preflight for less time than the answer says.
            if rows[index].preflight_every.take().is_none() {
                rows.remove(index);
            }
        }
    }
}

/// Why there is no first file of expectations.
///
/// ```
/// use browser_cors_audit::expect::{Asking, InitError, init};
///
/// let origins = ["https://app.example".parse()?];
/// let error = init("/items", &origins, &Asking::new()).unwrap_err();
/// assert!(matches!(error, InitError::Url { .. }));
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Error)]
pub enum InitError {
    /// The text is not a URL.
    #[error("`{text}` is not a URL: {reason}")]
    Url {
        /// The text.
        text: String,
        /// What the URL parser says.
        reason: ParseError,
    },
    /// The text names no server.
    #[error(transparent)]
    Base(#[from] InvalidBase),
    /// The pages cannot make the requests.
    #[error(transparent)]
    Invalid(#[from] InvalidExpectations),
    /// The server did not answer.
    #[error("{0}")]
    NoAnswer(String),
    /// No answer was the same twice.
    #[error("{url}: the server never gave the same answer twice")]
    Unsteady {
        /// The URL.
        url: Url,
    },
    /// The observer cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The name of the new file in messages.
const NAME: &str = "the new file";

struct Probe<'a> {
    asking: &'a Asking<'a>,
    base: Url,
    path: String,
    pages: Vec<KnownPage>,
}

/// A row of the new file.
#[derive(Clone, Debug, Eq, PartialEq)]
struct DraftRow {
    table: &'static str,
    name: String,
    pages: Vec<usize>,
    from: Vec<&'static str>,
    methods: Vec<&'static str>,
    headers: Vec<String>,
    credentials: Vec<CredentialsMode>,
    read: Vec<String>,
    preflight_every: Option<u64>,
    reach: Reach,
}

impl DraftRow {
    fn new(table: &'static str, name: &str) -> Self {
        Self {
            table,
            name: name.to_owned(),
            pages: Vec::new(),
            from: Vec::new(),
            methods: Vec::new(),
            headers: Vec::new(),
            credentials: Vec::new(),
            read: Vec::new(),
            preflight_every: None,
            reach: Reach::Request,
        }
    }
}

impl Probe<'_> {
    /// The rows for what the pages may do. Pages that may do the same share a row.
    fn granted(&self) -> Result<Vec<DraftRow>, InitError> {
        let mut lines: Vec<DraftRow> = Vec::new();
        for page in 0..self.pages.len() {
            for line in self.granted_to(page)? {
                let same = lines.iter_mut().find(|other| {
                    DraftRow { pages: line.pages.clone(), ..(*other).clone() } == line
                });
                match same {
                    Some(other) => other.pages.push(page),
                    None => lines.push(line),
                }
            }
        }
        Ok(lines)
    }

    fn granted_to(&self, page: usize) -> Result<Vec<DraftRow>, InitError> {
        let mut lines = Vec::new();
        let mut listed_headers = Vec::new();
        let mut modes = vec![Include, SameOrigin];
        for mode in [Include, SameOrigin] {
            let (passes, asked) = self.ask(self.row(page, "GET", &[], mode, Reach::Request))?;
            if passes {
                let mut line = DraftRow::new("allow", "read");
                line.pages = vec![page];
                line.credentials = vec![mode];
                line.read = exposed(&asked);
                lines.push(line);
                modes = vec![mode];
                break;
            }
        }
        for mode in modes {
            let mut line = DraftRow::new("allow", "write");
            line.pages = vec![page];
            line.credentials = vec![mode];
            line.reach = Reach::Preflight;
            let mut ages = Vec::new();
            for method in METHODS {
                let headers: &[&str] = if method == "POST" { &["content-type"] } else { &[] };
                let (passes, asked) =
                    self.ask(self.row(page, method, headers, mode, Reach::Preflight))?;
                listed_headers.extend(allowed_headers(&asked));
                if passes {
                    line.methods.push(method);
                    ages.extend(max_age(&asked));
                }
            }
            let mut candidates: Vec<_> = HEADERS.map(str::to_owned).to_vec();
            for name in listed_headers.drain(..).take(LISTED_LIMIT) {
                if !candidates.contains(&name) && self.needs_preflight(&name) {
                    candidates.push(name);
                }
            }
            let mut headers = Vec::new();
            for name in candidates {
                let (passes, _) =
                    self.ask(self.row(page, "GET", &[&name], mode, Reach::Preflight))?;
                if passes {
                    headers.push(name);
                }
            }
            line.headers = headers;
            if line.methods.is_empty() && !line.headers.is_empty() {
                line.methods.push("GET");
            }
            // POST by itself has no preflight.
            if line.headers.is_empty() {
                line.methods.retain(|method| *method != "POST");
            }
            if !line.methods.is_empty() {
                line.preflight_every = ages.into_iter().min().filter(|age| *age > 0);
                lines.push(line);
                break;
            }
        }
        Ok(lines)
    }

    /// The rows for what other origins must not read.
    fn refused(&self) -> Result<Vec<DraftRow>, InitError> {
        let mut lines: Vec<DraftRow> = Vec::new();
        for (name, from) in [
            ("foreign", Stranger::Foreign),
            ("null", Stranger::Null),
            ("look-alike", Stranger::LookAlike),
        ] {
            let mut modes = Vec::new();
            for mode in [SameOrigin, Include] {
                let mut row = self.row(0, "GET", &[], mode, Reach::Request);
                row.pages = (0..self.pages.len()).collect::<Vec<_>>().into();
                row.kind = Kind::Deny(Denial { from: vec![from.clone()], what: Denied::Read });
                if self.ask(row).is_ok_and(|(passes, _)| passes) {
                    modes.push(mode);
                }
            }
            match lines.iter_mut().find(|line| line.credentials == modes) {
                _ if modes.is_empty() => {}
                Some(line) => line.from.push(name),
                None => {
                    let mut line = DraftRow::new("deny", "others");
                    line.from = vec![name];
                    line.credentials = modes;
                    lines.push(line);
                }
            }
        }
        Ok(lines)
    }

    fn row(
        &self,
        page: usize,
        method: &str,
        headers: &[&str],
        credentials: CredentialsMode,
        reach: Reach,
    ) -> Row {
        let headers = headers.iter().map(|name| ((*name).to_owned(), value(name).into()));
        Row {
            kind: Kind::Allow(Demands::default()),
            name: String::new(),
            place: Place::START,
            pages: Arc::new([page]),
            paths: vec![self.path.clone()],
            methods: vec![method.to_owned()],
            headers: vec![HeaderSet(headers.collect())],
            body: None,
            credentials: vec![credentials],
            cookie: None,
            reach,
        }
    }

    /// Asks for a row. Returns whether every engine passes, and the outcomes of its first
    /// combination.
    fn ask(&self, row: Row) -> Result<(bool, Vec<Attempt>), InitError> {
        let expectations = Expectations {
            name: NAME.to_owned(),
            base: None,
            pages: self.pages.clone(),
            rows: vec![Arc::new(row)],
            secrets: Secrets::default(),
        };
        let verdicts = self.run(&expectations)?;
        let mut verdicts = verdicts.into_iter();
        let (_, first, asked) = verdicts.next().unwrap_or((0, Verdict::Unjudged, Vec::new()));
        let passes = first == Verdict::Passed && verdicts.all(|(_, v, _)| v == Verdict::Passed);
        Ok((passes, asked))
    }

    /// The indices of the rows of the finished text that do not pass, in order.
    fn failed(&self, text: &str) -> Result<Vec<usize>, InitError> {
        let verdicts = self.run(&Expectations::parse(NAME, text, &|_| None)?)?;
        let failed = verdicts.into_iter().filter(|(_, verdict, _)| *verdict != Verdict::Passed);
        let mut failed: Vec<_> = failed.map(|(index, ..)| index).collect();
        failed.dedup();
        Ok(failed)
    }

    /// Asks for each combination. Returns its row, verdict and outcomes. Fails if the server does
    /// not answer.
    fn run(
        &self,
        expectations: &Expectations,
    ) -> Result<Vec<(usize, Verdict, Vec<Attempt>)>, InitError> {
        let cases = plan(expectations, &self.base, self.asking)?;
        let asked = ask(&cases, self.asking, |_, asked| (Turn::Answered, asked))?;
        let judged = cases.iter().zip(asked.results.into_iter().map(Option::unwrap_or_default));
        let judged = judged.map(|(case, asked)| {
            let Judgement { verdict, findings, .. } =
                judge(case, &asked, &self.asking.profiles, &expectations.secrets);
            let silent = findings.into_iter().find(|finding| finding.verdict == Verdict::Unjudged);
            if let Some(finding) = silent {
                return Err(InitError::NoAnswer(finding.message));
            }
            let index = expectations.rows.iter().position(|row| Arc::ptr_eq(row, &case.row));
            Ok((index.unwrap_or_default(), verdict, asked))
        });
        judged.collect()
    }

    /// Whether a page can set a header and, in every engine, the header by itself needs a
    /// preflight.
    fn needs_preflight(&self, name: &str) -> bool {
        let mut headers = Headers::new(Guard::Request);
        let value = value(name);
        HeaderName::try_from(name).is_ok()
            && headers.append(name, value) == Ok(true)
            && HeaderList::try_from([(name, value)]).is_ok_and(|list| {
                let unsafe_in = |p| !cors_unsafe_request_header_names(&list, p).is_empty();
                self.asking.profiles.iter().all(unsafe_in)
            })
    }

    /// The text of the file.
    fn text(&self, lines: &[DraftRow]) -> String {
        let base = self.base.as_str().trim_end_matches('/');
        let mut text = format!("base = {}\n\n[pages]\n", quoted(base));
        // Writing to a string cannot fail.
        for KnownPage { name, origin, .. } in &self.pages {
            let _ = writeln!(text, "{name} = {}", quoted(origin.serialized()));
        }
        for line in lines {
            let _ = write!(text, "\n[[{}]]\nname = {}\n", line.table, quoted(&line.name));
            let mut list = |key: &str, items: &[&str]| {
                if !items.is_empty() {
                    let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
                    let _ = writeln!(text, "{key} = [{}]", items.join(", "));
                }
            };
            if line.pages.len() < self.pages.len() {
                let pages = line.pages.iter().map(|index| self.pages[*index].name.as_str());
                list("pages", &pages.collect::<Vec<_>>());
            }
            list("from", &line.from);
            list("methods", &line.methods);
            list("paths", &[&self.path]);
            list(
                "credentials",
                &line.credentials.iter().map(|mode| mode.as_str()).collect::<Vec<_>>(),
            );
            list("read", &line.read.iter().map(String::as_str).collect::<Vec<_>>());
            if !line.headers.is_empty() {
                let headers = line.headers.iter();
                let headers: Vec<_> = headers
                    .map(|name| format!("{} = {}", quoted(name), quoted(value(name))))
                    .collect();
                let _ = writeln!(text, "headers = {{ {} }}", headers.join(", "));
            }
            if let Some(seconds) = line.preflight_every {
                let _ = writeln!(text, "preflight-every = {seconds}");
            }
            if line.reach == Reach::Preflight {
                text.push_str("send = \"preflight\"\n");
            }
        }
        text
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The pages. Their names are made from their hosts.
fn pages(origins: &[Origin]) -> Vec<KnownPage> {
    let mut pages: Vec<KnownPage> = Vec::new();
    for origin in origins {
        if pages.iter().any(|page| page.origin.serialized() == origin.serialized()) {
            continue;
        }
        let host = origin.serialized().split("://").last().unwrap_or_default();
        let host: String =
            host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let is_taken = |name: &str| pages.iter().any(|page| page.name == name);
        let name = if is_taken(&host) { format!("{host}-{}", pages.len() + 1) } else { host };
        pages.push(KnownPage { name, origin: origin.clone(), pattern: None });
    }
    pages
}

/// A value that needs a preflight.
fn value(name: &str) -> &'static str {
    match name {
        "content-type" => "application/json",
        "authorization" => "Bearer x",
        "range" => "items=0-1",
        _ => "x",
    }
}

/// The response headers that a page may read because the server exposes them.
fn exposed(asked: &[Attempt]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if let Some(asked) = asked.first()
        && let Outcome::Response { response, .. } = &asked.answered.transcript().outcome
    {
        for (name, _) in response.headers() {
            let name = name.to_ascii_lowercase();
            if !is_cors_safelisted_response_header_name(&name, &[])
                && !name.starts_with("access-control-")
                && !["date", "server", "connection", "keep-alive", "vary"].contains(&name.as_str())
                && HeaderName::try_from(name.as_str()).is_ok()
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
    }
    names
}

/// The headers that the answers to preflights list.
fn allowed_headers(asked: &[Attempt]) -> Vec<String> {
    let exchanges = asked.iter().take(1).flat_map(|asked| &asked.answered.transcript().exchanges);
    let answers = exchanges.filter_map(|exchange| exchange.answer.as_ref().ok());
    let lists = answers.filter_map(|answer| {
        answer.header_list.get_decode_and_split("Access-Control-Allow-Headers")
    });
    lists.flatten().map(|name| name.to_ascii_lowercase()).collect()
}

/// The seconds for which the answer to a preflight may be kept; zero if it does not say.
fn max_age(asked: &[Attempt]) -> Option<u64> {
    let exchange = asked.first()?.answered.transcript().exchanges.first()?;
    let value = exchange.answer.as_ref().ok()?.header_list.get("Access-Control-Max-Age");
    let seconds: u64 = value.and_then(|v| std::str::from_utf8(&v).ok()?.parse().ok()).unwrap_or(0);
    Some(seconds.min(86_400))
}
