//! Writes a first file of expectations: what a live server grants today.
//!
//! It asks for the URL itself with GET, and sends preflights, which change nothing, for all else.

use std::{
    fmt::{self, Write},
    sync::Arc,
};

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
    AskError, Report,
    ask::{Asking, Cancelled, Turn, ask},
    attempt::Attempt,
    file::{
        self, Demands, Denial, Denied, Expectations, HeaderSet, InvalidBase, InvalidExpectations,
        Kind, KnownPage, Place, Reach, Row, Stranger,
    },
    judge::{Verdict, judge},
    pattern::is_pattern,
    plan::plan,
    secret::Secrets,
};

/// The methods for which it sends preflights. GET and POST have one with some header only.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The headers for which it sends preflights, in addition to those that the server lists.
const HEADERS: [&str; 3] = ["authorization", "content-type", "x-requested-with"];

/// The most headers of a server's list for which it asks.
const LISTED_LIMIT: usize = 32;

/// A first file of expectations, and what strangers can read today.
///
/// ```no_run
/// use browser_cors_audit::expect::{Asking, init};
///
/// let origins = ["https://app.example".parse()?];
/// let first = init("https://api.example/items", &origins, &Asking::new())?;
/// std::fs::write("cors.toml", &first.text)?;
/// for exposure in &first.exposures {
///     eprintln!("{exposure}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct FirstFile {
    /// The file, as TOML with comments. The server meets every row of it. Rows that it does not meet,
    /// and should, are comments.
    pub text: String,
    /// What strangers can read today: any other website, pages without an origin, and those that
    /// look like the given pages, each without and with the user's cookies.
    pub exposures: Vec<Exposure>,
}

/// What strangers of one kind can read today.
///
/// ```
/// # use browser_cors_audit::expect::Exposure;
/// # fn f(exposures: &[Exposure]) -> bool {
/// exposures.iter().any(|exposure| exposure.with_cookies && !exposure.readers.is_empty())
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exposure {
    /// Who asks, as the file names it: `foreign`, `null` or `look-alike`.
    pub who: &'static str,
    /// Whether credentials are included.
    pub with_cookies: bool,
    /// How many origins asked.
    pub asked: usize,
    /// Those that can read the answer.
    pub readers: Vec<Origin>,
    /// The engines in which they can.
    pub engines: Vec<String>,
    /// Why it is not known whether others can.
    pub unknown: Option<String>,
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = match self.who {
            "foreign" => "any other website",
            "null" => "a page without an origin (`null`, as in a sandbox)",
            _ => "a page that looks like one of yours",
        };
        let how = if self.with_cookies { "with" } else { "without" };
        match (&self.readers[..], &self.unknown) {
            ([], None) if self.asked == 0 => write!(f, "{who}: there is none to ask"),
            ([], None) => write!(f, "{who} cannot read the answer {how} the user's cookies"),
            ([], Some(why)) => {
                write!(f, "{who}: unknown {how} the user's cookies, because {why}")
            }
            (readers, _) => {
                write!(f, "{who} CAN read the answer {how} the user's cookies")?;
                if self.who == "look-alike" {
                    let readers: Vec<_> = readers.iter().map(Origin::serialized).collect();
                    write!(f, ": {}", readers.join(", "))?;
                }
                write!(f, " (in {})", self.engines.join(", "))
            }
        }
    }
}

/// Writes a first file of expectations: what a live server grants today for `url` to the pages of
/// `origins`, and what it must not grant to anybody else. The server meets every row of it; those
/// that it does not meet today are comments.
///
/// It asks for the URL itself with GET, and sends preflights, which change nothing, for all else.
/// The observer of `asking` is called after each probe.
///
/// # Errors
///
/// If `url` names no server, no page is given, a page is a pattern, no server answers, or no answer
/// is the same twice.
///
/// ```no_run
/// use browser_cors_audit::expect::{Asking, init};
///
/// let origins = ["https://app.example".parse()?];
/// let first = init("https://api.example/items", &origins, &Asking::new())?;
/// std::fs::write("cors.toml", first.text)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn init(url: &str, origins: &[Origin], asking: &Asking<'_>) -> Result<FirstFile, InitError> {
    let url = Url::parse(url).map_err(|reason| InitError::Url { text: url.to_owned(), reason })?;
    if origins.is_empty() {
        return Err(InitError::NoPage);
    }
    if let Some(pattern) = origins.iter().find(|origin| is_pattern(origin.serialized())) {
        return Err(InitError::Pattern { text: pattern.serialized().to_owned() });
    }
    if origins.iter().all(|origin| origin.is_same_origin_with_url(&url)) {
        return Err(InitError::OwnOrigin { url });
    }
    let probe = Probe {
        asking,
        base: file::base(&url[..Position::BeforePath])?,
        path: url[Position::BeforePath..Position::AfterQuery].to_owned(),
        pages: pages(origins),
    };
    let mut rows = probe.granted()?;
    let (refused, exposures) = probe.refused()?;
    rows.extend(refused);
    // The server may not grant together, or not again, what it granted in parts.
    loop {
        if rows.is_empty() {
            return Err(InitError::Unsteady { url });
        }
        if let (true, Some(because)) = (
            rows.iter().all(|row| !row.because.is_empty()),
            rows.iter().find_map(|row| row.because.first()),
        ) {
            return Err(InitError::NoProof(because.clone()));
        }
        let text = probe.text(&rows);
        let failed = probe.failed(&text, &rows)?;
        if failed.is_empty() {
            return Ok(FirstFile { text, exposures });
        }
        for (index, message) in failed.into_iter().rev() {
            let row = &mut rows[index];
            if row.table == "deny" {
                row.because.push(message);
            } else if row.preflight_every.take().is_none() {
                // An engine may keep the answer to a preflight for less time than the answer says.
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
    /// No page was given.
    #[error("no page was named: what a server grants is granted to the origin of a page")]
    NoPage,
    /// A page is a pattern.
    #[error("`{text}` is a pattern, and no page has such an origin: an origin was expected")]
    Pattern {
        /// The pattern.
        text: String,
    },
    /// The pages are of the server's own origin.
    #[error("{url} is of the page's own origin, where there is no CORS: another page was expected")]
    OwnOrigin {
        /// The URL.
        url: Url,
    },
    /// The pages cannot make the requests.
    #[error(transparent)]
    Invalid(#[from] InvalidExpectations),
    /// The server did not answer.
    #[error("{0}")]
    NoAnswer(String),
    /// No row could be written that would prove anything.
    #[error("{0}: a URL that the pages can use was expected")]
    NoProof(String),
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
    /// Why the server does not meet the row, which is then a comment.
    because: Vec<String>,
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
            reach: Reach::Safe,
            because: Vec::new(),
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
        let mut modes = vec![Include, SameOrigin];
        for mode in [Include, SameOrigin] {
            let (passes, asked) = self.ask(self.row(page, "GET", &[], mode, Reach::Safe))?;
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
            let writes = self.writes(page, mode)?;
            if !writes.is_empty() {
                lines.extend(writes);
                break;
            }
        }
        Ok(lines)
    }

    /// The rows for what needs a preflight. Methods with which the same headers are granted share a
    /// row. Some servers judge the headers only of a method that they grant, so each header is asked
    /// for with a method of each kind.
    fn writes(&self, page: usize, mode: CredentialsMode) -> Result<Vec<DraftRow>, InitError> {
        let (mut listed, mut ages) = (Vec::new(), Vec::new());
        let mut granted = Vec::new();
        for method in METHODS {
            let needs_header = matches!(method, "GET" | "POST");
            let headers: &[&str] = if needs_header { &["content-type"] } else { &[] };
            let (passes, asked) =
                self.ask(self.row(page, method, headers, mode, Reach::Preflight))?;
            listed.extend(allowed_headers(&asked));
            if passes {
                ages.extend(max_age(&asked));
            }
            if passes || needs_header {
                granted.push(method);
            }
        }
        let mut candidates: Vec<_> = HEADERS.map(str::to_owned).to_vec();
        for name in listed.into_iter().take(LISTED_LIMIT) {
            if !candidates.contains(&name) && self.needs_preflight(&name) {
                candidates.push(name);
            }
        }
        let mut lines: Vec<DraftRow> = Vec::new();
        for method in granted {
            let mut with_same = None;
            for (index, line) in
                lines.iter().enumerate().filter(|(_, line)| !line.headers.is_empty())
            {
                let headers: Vec<_> = line.headers.iter().map(String::as_str).collect();
                if self.ask(self.row(page, method, &headers, mode, Reach::Preflight))?.0 {
                    with_same = Some(index);
                    break;
                }
            }
            let headers = match with_same {
                Some(index) => lines[index].headers.clone(),
                None => {
                    let mut headers = Vec::new();
                    for name in &candidates {
                        let row = self.row(page, method, &[name], mode, Reach::Preflight);
                        if self.ask(row)?.0 {
                            headers.push(name.clone());
                        }
                    }
                    headers
                }
            };
            // Without a header, these have no preflight.
            if headers.is_empty() && matches!(method, "GET" | "POST") {
                continue;
            }
            match lines.iter_mut().find(|line| line.headers == headers) {
                Some(line) => line.methods.push(method),
                None => {
                    let mut line = DraftRow::new("allow", "write");
                    line.pages = vec![page];
                    line.credentials = vec![mode];
                    line.reach = Reach::Preflight;
                    line.methods = vec![method];
                    line.headers = headers;
                    lines.push(line);
                }
            }
        }
        let age = ages.into_iter().min().filter(|age| *age > 0);
        lines.iter_mut().for_each(|line| line.preflight_every = age);
        Ok(lines)
    }

    /// The rows for what other origins must not read, and what they can read.
    fn refused(&self) -> Result<(Vec<DraftRow>, Vec<Exposure>), InitError> {
        let mut lines: Vec<DraftRow> = Vec::new();
        let mut exposures = Vec::new();
        for (who, from) in [
            ("foreign", Stranger::Foreign),
            ("null", Stranger::Null),
            ("look-alike", Stranger::LookAlike),
        ] {
            for mode in [SameOrigin, Include] {
                let exposure = self.exposure(who, from.clone(), mode)?;
                if exposure.asked > 0 {
                    let mut line = DraftRow::new("deny", "others");
                    line.from = vec![who];
                    line.credentials = vec![mode];
                    if !exposure.readers.is_empty() {
                        line.because.push(exposure.to_string());
                    }
                    lines.push(line);
                }
                exposures.push(exposure);
            }
        }
        let lines = joined(lines, |a, b| a.from == b.from);
        let mut lines = joined(lines, |a, b| a.credentials == b.credentials);
        lines.sort_by_key(|line| !line.because.is_empty());
        Ok((lines, exposures))
    }

    /// What strangers of a kind can read.
    fn exposure(
        &self,
        who: &'static str,
        from: Stranger,
        mode: CredentialsMode,
    ) -> Result<Exposure, InitError> {
        let mut row = self.row(0, "GET", &[], mode, Reach::Safe);
        row.pages = (0..self.pages.len()).collect::<Vec<_>>().into();
        row.kind = Kind::Deny(Denial { from: vec![from], what: Denied::Read });
        let mut exposure = Exposure {
            who,
            with_cookies: mode == Include,
            asked: 0,
            readers: Vec::new(),
            engines: Vec::new(),
            unknown: None,
        };
        let judged = match self.report(&self.expectations(row)) {
            Ok(report) => report.judged,
            // All strangers of this kind are among the pages.
            Err(InitError::Invalid(_)) => return Ok(exposure),
            Err(error) => return Err(error),
        };
        exposure.asked = judged.len();
        for judged in judged {
            match judged.verdict {
                Verdict::Passed => {}
                Verdict::Failed => exposure.readers.push(judged.case.origin().clone()),
                Verdict::Unjudged => {
                    exposure.unknown =
                        judged.findings.first().map(|finding| finding.message.clone());
                }
            }
            let failed = judged.findings.iter().filter(|it| it.verdict == Verdict::Failed);
            for engine in failed.flat_map(|finding| &finding.engines) {
                if !exposure.engines.contains(engine) {
                    exposure.engines.push(engine.clone());
                }
            }
        }
        Ok(exposure)
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

    fn expectations(&self, row: Row) -> Expectations {
        Expectations {
            name: NAME.to_owned(),
            base: Some(self.base.clone()),
            pages: self.pages.clone(),
            rows: vec![Arc::new(row)],
            secrets: Secrets::default(),
        }
    }

    /// Asks for a row. Returns whether every engine passes, and the outcomes of its first
    /// combination. Fails if the server does not answer.
    fn ask(&self, row: Row) -> Result<(bool, Vec<Attempt>), InitError> {
        let expectations = self.expectations(row);
        let cases = plan(&expectations, &self.base, &self.asking.scope)?;
        let asked = ask(&cases, self.asking, |_, asked| (Turn::Answered, asked))?;
        let (mut passes, mut first) = (true, None);
        for (case, asked) in cases.iter().zip(asked.results) {
            let asked = asked.ok_or(Cancelled)?;
            let judgement = judge(case, &asked, &self.asking.scope.profiles, &expectations.secrets);
            if judgement.turn(&asked) == Turn::Silent {
                let message = judgement.findings.into_iter().next().map(|it| it.message);
                return Err(InitError::NoAnswer(message.unwrap_or_default()));
            }
            passes &= judgement.verdict == Verdict::Passed;
            first.get_or_insert(asked);
        }
        Ok((passes, first.unwrap_or_default()))
    }

    /// The report on expectations. Fails if the run was cancelled.
    fn report(&self, expectations: &Expectations) -> Result<Report, InitError> {
        match expectations.ask(self.asking) {
            Ok(report) if report.ended.is_some() => Err(Cancelled.into()),
            Ok(report) => Ok(report),
            Err(AskError::Invalid(invalid)) => Err(invalid.into()),
            Err(AskError::Base(base)) => Err(base.into()),
            Err(AskError::NoBase | AskError::NoEngine | AskError::Cancelled(_)) => {
                Err(Cancelled.into())
            }
        }
    }

    /// The indices of the rows that the server does not meet, in order, each with the reason.
    fn failed(&self, text: &str, rows: &[DraftRow]) -> Result<Vec<(usize, String)>, InitError> {
        let active = || rows.iter().enumerate().filter(|(_, row)| row.because.is_empty());
        let expectations = Expectations::parse(NAME, text, &|_| None)?;
        let report = self.report(&expectations)?;
        let mut failed: Vec<(usize, String)> = Vec::new();
        for judged in report.judged.iter().filter(|judged| !judged.is_met()) {
            let place = expectations.rows.iter().position(|row| Arc::ptr_eq(row, &judged.case.row));
            let index = place.and_then(|place| active().nth(place)).map_or(0, |(index, _)| index);
            if failed.iter().all(|(other, _)| *other != index) {
                let message = judged.findings.first().map(|finding| finding.message.clone());
                failed.push((index, message.unwrap_or_default()));
            }
        }
        Ok(failed)
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
                self.asking.scope.profiles.iter().all(unsafe_in)
            })
    }

    /// The text of the file.
    fn text(&self, lines: &[DraftRow]) -> String {
        let base = self.base.as_str().trim_end_matches('/');
        let mut text = format!(
            "# What pages can do with {base}{}, and what nobody else may.\n\
             # `browser-cors expect` asks the server for every row of this file.\n\
             base = {}\n\n\
             # The pages that must be able to use it, by names of your own.\n[pages]\n",
            self.path,
            quoted(base)
        );
        // Writing to a string cannot fail.
        for KnownPage { name, origin, .. } in &self.pages {
            let _ = writeln!(text, "{name} = {}", quoted(origin.serialized()));
        }
        for line in lines {
            let comment = line.comment();
            let _ = write!(text, "\n# {comment}\n");
            let row = self.row_text(line);
            for because in &line.because {
                let because = because.replace(char::is_control, " ");
                let _ = writeln!(text, "# FAILS TODAY: {because}.");
            }
            let mark = if line.because.is_empty() { "" } else { "# " };
            row.lines().for_each(|line| {
                let _ = writeln!(text, "{mark}{line}");
            });
        }
        text
    }

    fn row_text(&self, line: &DraftRow) -> String {
        let mut text = format!("[[{}]]\nname = {}\n", line.table, quoted(&line.name));
        let mut list = |key: &str, items: &[&str]| {
            if !items.is_empty() {
                let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{key} = [{}]", items.join(", "));
            }
        };
        if line.pages.len() < self.pages.len() {
            let pages = line.pages.iter().map(|index| self.pages[*index].name.as_str());
            list("pages", &pages.collect::<Vec<_>>());
        }
        list("from", &line.from);
        list("methods", &line.methods);
        list("paths", &[&escaped(&self.path)]);
        list("credentials", &line.credentials.iter().map(|mode| mode.as_str()).collect::<Vec<_>>());
        list("read", &line.read.iter().map(String::as_str).collect::<Vec<_>>());
        if !line.headers.is_empty() {
            let headers = line.headers.iter();
            let headers: Vec<_> =
                headers.map(|name| format!("{} = {}", quoted(name), quoted(value(name)))).collect();
            let _ = writeln!(text, "headers = {{ {} }}", headers.join(", "));
        }
        if let Some(seconds) = line.preflight_every {
            let _ = writeln!(text, "preflight-every = {seconds}");
        }
        if line.reach == Reach::Preflight {
            text.push_str("send = \"preflight\"\n");
        }
        text
    }
}

impl DraftRow {
    /// What the row says, in a sentence.
    fn comment(&self) -> &'static str {
        let with = self.credentials.contains(&Include);
        match (self.table, self.name.as_str(), with) {
            ("allow", "read", true) => "Pages can read the answer, with the user's cookies.",
            ("allow", "read", false) => "Pages can read the answer, without the user's cookies.",
            ("allow", _, true) => {
                "Pages get past the preflight with these, and may send the user's cookies. Nothing but \
                 the preflight is sent."
            }
            ("allow", _, false) => {
                "Pages get past the preflight with these, without the user's cookies. Nothing but the \
                 preflight is sent."
            }
            _ if !self.because.is_empty() => {
                "If the answer is not for everybody, this must hold. Once it does, take the marks away."
            }
            _ if self.credentials == [Include] => {
                "Nobody else can read the answer with the user's cookies."
            }
            _ if self.credentials == [SameOrigin] => {
                "Nobody else can read the answer without the user's cookies."
            }
            _ => "Nobody else can read the answer.",
        }
    }
}

/// The rows with those together that `is_same` and that the server meets, or fails, alike.
fn joined(rows: Vec<DraftRow>, is_same: fn(&DraftRow, &DraftRow) -> bool) -> Vec<DraftRow> {
    let mut lines: Vec<DraftRow> = Vec::new();
    for row in rows {
        let same = lines.iter_mut().find(|other| {
            other.because.is_empty() == row.because.is_empty() && is_same(other, &row)
        });
        let Some(other) = same else {
            lines.push(row);
            continue;
        };
        for mode in row.credentials {
            if !other.credentials.contains(&mode) {
                other.credentials.push(mode);
            }
        }
        for from in row.from {
            if !other.from.contains(&from) {
                other.from.push(from);
            }
        }
        other.because.extend(row.because);
    }
    lines
}

/// The path as a file has it, where `${` begins a name.
fn escaped(path: &str) -> String {
    path.replace('$', "$$")
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
