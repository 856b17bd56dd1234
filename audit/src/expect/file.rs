//! Parses the file of expectations to its end, and reports each problem with its place.

use std::{
    collections::HashSet,
    env, fmt,
    fs::File,
    io::{self, Read},
    ops::Range,
    path::Path,
    sync::Arc,
};

use browser_cors::{
    header::safelist::is_forbidden_response_header_name,
    http::{HeaderName, HeaderValue},
    method,
    origin::{Origin, has_http_scheme, includes_credentials},
    page::headers::{Guard, Headers},
    request::CredentialsMode,
    url::{ParseError, Url},
};
use thiserror::Error;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::secret::Secrets;

/// The most bytes that a file may have.
const SIZE_LIMIT: u64 = 1 << 20;

/// The most problems that are reported.
const PROBLEMS_LIMIT: usize = 50;

/// What a file expects of a server.
///
/// The file is TOML; [`SCHEMA`](super::SCHEMA) describes its members. Values that the file takes
/// from the environment are never shown, not even by `Debug`.
///
/// ```
/// use browser_cors_audit::expect::Expectations;
///
/// let text = r#"
///     [pages]
///     app = "https://app.example"
///
///     [[allow]]
///     paths = ["/items"]
///     headers = { Authorization = "Bearer ${API_TOKEN}" }
/// "#;
/// let environment = |name: &str| (name == "API_TOKEN").then(|| "t0p-secret".to_owned());
/// let expectations = Expectations::parse("cors.toml", text, &environment)?;
/// assert_eq!(expectations.rows().map(|row| row.name()).collect::<Vec<_>>(), ["allow 1"]);
/// assert!(!format!("{expectations:?}").contains("t0p-secret"));
/// # Ok::<(), browser_cors_audit::expect::InvalidExpectations>(())
/// ```
pub struct Expectations {
    pub(super) name: String,
    pub(super) base: Option<Url>,
    pub(super) pages: Vec<KnownPage>,
    pub(super) rows: Vec<Arc<Row>>,
    pub(super) secrets: Secrets,
}

impl Expectations {
    /// Reads a file. `${NAME}` in it stands for a variable of the process's environment.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is larger than 1 MiB, or has problems. Each problem has its line
    /// and column.
    ///
    /// ```
    /// use browser_cors_audit::expect::Expectations;
    ///
    /// let error = Expectations::read("no-such/cors.toml").unwrap_err();
    /// assert!(error.to_string().starts_with("no-such/cors.toml: cannot be read: "));
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let name = path.as_ref().display().to_string();
        let mut text = String::new();
        let read =
            File::open(path).and_then(|file| file.take(SIZE_LIMIT + 1).read_to_string(&mut text));
        match read {
            Err(reason) => Err(ReadError::Unreadable { name, reason }),
            Ok(_) if text.len() as u64 > SIZE_LIMIT => Err(ReadError::TooLarge { name }),
            Ok(_) => Ok(Self::parse(&name, &text, &|name| env::var(name).ok())?),
        }
    }

    /// Reads the text of a file with this `name`. `${NAME}` in it stands for a value of
    /// `environment`.
    ///
    /// # Errors
    ///
    /// If the text has problems. Each has its line and column.
    ///
    /// ```
    /// use browser_cors_audit::expect::Expectations;
    ///
    /// let text = "[pages]\napp = \"https://app.example/\"\n\n[[allow]]\npath = 5\n";
    /// let error = Expectations::parse("cors.toml", text, &|_| None).unwrap_err();
    /// let places: Vec<_> =
    ///     error.problems.iter().map(|problem| (problem.place.line, problem.place.column)).collect();
    /// assert_eq!(places, [(2, 7), (4, 1), (5, 1)]);
    /// ```
    pub fn parse(
        name: &str,
        text: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, InvalidExpectations> {
        let (document, errors) = DeTable::parse_recoverable(text);
        let mut reader =
            Reader { text, environment, problems: Vec::new(), secrets: Secrets::default() };
        for error in errors {
            reader.problem(&error.span().unwrap_or(0..0), error.message());
        }
        // The parser guessed the parts that it recovered.
        let file = if reader.problems.is_empty() { reader.file(document.get_ref()) } else { None };
        match file {
            Some((base, pages, rows)) if reader.problems.is_empty() => {
                let (name, secrets) = (name.to_owned(), reader.secrets);
                Ok(Self {
                    name,
                    base,
                    pages,
                    rows: rows.into_iter().map(Arc::new).collect(),
                    secrets,
                })
            }
            _ => {
                let mut problems = reader.problems;
                problems.sort_by_key(|problem| problem.place);
                problems.truncate(PROBLEMS_LIMIT);
                Err(InvalidExpectations { name: name.to_owned(), problems })
            }
        }
    }

    /// Sets the server, in place of the file's `base`. So one file serves for every deployment.
    ///
    /// # Errors
    ///
    /// If `base` is not an http or https URL, or has a query, a fragment, a user name or a
    /// password.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Expectations;
    /// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
    /// # let expectations = Expectations::parse("cors.toml", text, &|_| None).unwrap();
    /// let expectations = expectations.at("http://localhost:8080/v1")?;
    /// assert_eq!(expectations.base().unwrap().path(), "/v1");
    /// # Ok::<(), browser_cors_audit::expect::InvalidBase>(())
    /// ```
    pub fn at(self, base: &str) -> Result<Self, InvalidBase> {
        Ok(Self { base: Some(self::base(base)?), ..self })
    }

    /// The server, if the file or [`at`](Self::at) names one.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Expectations;
    /// # fn f(expectations: &Expectations) {
    /// let is_for_staging =
    ///     expectations.base().is_some_and(|base| base.host_str() == Some("staging.example"));
    /// # }
    /// ```
    pub const fn base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// The rows: first those that allow, then those that deny.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Expectations;
    /// # fn f(expectations: &Expectations) {
    /// for row in expectations.rows() {
    ///     println!("{}: {}", row.place(), row.name());
    /// }
    /// # }
    /// ```
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().map(|row| &**row)
    }
}

impl Expectations {
    pub(crate) const fn secrets(&self) -> &Secrets {
        &self.secrets
    }
}

/// Hides what came from the environment.
impl fmt::Debug for Expectations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectations")
            .field("name", &self.name)
            .field("base", &self.base)
            .field("pages", &self.pages)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// Why a file of expectations cannot be used.
///
/// ```
/// # use browser_cors_audit::expect::{Expectations, ReadError};
/// match Expectations::read("no-such/cors.toml") {
///     Err(ReadError::Invalid(invalid)) => println!("{} problems", invalid.problems.len()),
///     Err(error) => println!("{error}"),
///     Ok(_) => {}
/// }
/// ```
#[non_exhaustive]
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("{name}: cannot be read: {reason}")]
    Unreadable {
        /// The file.
        name: String,
        /// The error of the system.
        reason: io::Error,
    },
    /// The file is larger than 1 MiB.
    #[error("{name}: is larger than {} KiB", SIZE_LIMIT >> 10)]
    TooLarge {
        /// The file.
        name: String,
    },
    /// The file has problems.
    #[error(transparent)]
    Invalid(#[from] InvalidExpectations),
}

/// The problems of a file, each with its place. `Display` writes one a line.
///
/// ```
/// # use browser_cors_audit::expect::Expectations;
/// let error = Expectations::parse("cors.toml", "base = 5", &|_| None).unwrap_err();
/// assert!(error.to_string().contains("cors.toml:1:8: a server, as in "));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{}", self.lines().collect::<Vec<_>>().join("\n"))]
pub struct InvalidExpectations {
    /// What the file is called.
    pub name: String,
    /// The problems, in the order of their places: at least one, at most 50.
    pub problems: Vec<Problem>,
}

impl InvalidExpectations {
    /// Each problem, after the file's name.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Expectations;
    /// let error = Expectations::parse("cors.toml", "", &|_| None).unwrap_err();
    /// assert!(error.lines().next().unwrap().starts_with("cors.toml:1:1: there is no page: "));
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.problems.iter().map(|problem| format!("{}:{problem}", self.name))
    }
}

/// A problem of a file.
///
/// ```
/// # use browser_cors_audit::expect::Expectations;
/// let error = Expectations::parse("cors.toml", "", &|_| None).unwrap_err();
/// assert!(error.problems[0].to_string().starts_with("1:1: there is no page: "));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The place of the problem.
    pub place: Place,
    /// The problem, and what was expected.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// A place in a file.
///
/// ```
/// # use browser_cors_audit::expect::Expectations;
/// let error = Expectations::parse("cors.toml", "pages = 1", &|_| None).unwrap_err();
/// assert_eq!(error.problems[0].place.to_string(), "1:9");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
}

impl Place {
    /// The beginning of a file.
    pub(super) const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A page that the server knows.
#[derive(Clone, Debug)]
pub(super) struct KnownPage {
    pub(super) name: String,
    pub(super) origin: Origin,
}

/// A row of a file: what pages must be able to do (`[[allow]]`), or what others must not
/// (`[[deny]]`).
///
/// ```
/// # use browser_cors_audit::expect::Expectations;
/// # let text = "[pages]\napp = \"https://app.example\"\n[[deny]]\npaths = [\"/\"]\n";
/// let expectations = Expectations::parse("cors.toml", text, &|_| None)?;
/// let row = expectations.rows().next().unwrap();
/// assert_eq!((row.name(), row.place().line), ("deny 1", 3));
/// # Ok::<(), browser_cors_audit::expect::InvalidExpectations>(())
/// ```
pub struct Row {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) place: Place,
    /// Indices into the pages.
    pub(super) pages: Vec<usize>,
    pub(super) paths: Vec<String>,
    pub(super) methods: Vec<String>,
    pub(super) headers: Vec<HeaderSet>,
    pub(super) body: Option<String>,
    pub(super) credentials: Vec<CredentialsMode>,
    pub(super) cookie: Option<HeaderValue>,
    pub(super) reach: Reach,
}

impl Row {
    /// The row's `name`, or its table and number.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Row;
    /// # fn f(row: &Row) {
    /// println!("{}", row.name());
    /// # }
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The place where the row begins.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Row;
    /// # fn f(row: &Row) {
    /// println!("cors.toml:{}", row.place());
    /// # }
    /// ```
    pub const fn place(&self) -> Place {
        self.place
    }
}

/// Hides headers, body and cookie, which may be secret.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("name", &self.name)
            .field("place", &self.place)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Headers that a page sets.
#[derive(Clone)]
pub(super) struct HeaderSet(pub(super) Arc<[(String, Vec<u8>)]>);

/// Shows the names only.
impl fmt::Debug for HeaderSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[derive(Debug)]
pub(super) enum Kind {
    /// The pages must be able to make the request and read the answer.
    Allow(Demands),
    /// These must not be able to read the answer.
    Deny(Vec<Stranger>),
}

/// What a page needs from an answer.
#[derive(Debug, Default)]
pub(super) struct Demands {
    pub(super) status: Option<u16>,
    pub(super) read: Vec<String>,
    /// The seconds for which one preflight must suffice.
    pub(super) preflight_every: Option<u64>,
}

/// An origin that must not be able to read the answer.
#[derive(Clone, Debug)]
pub(super) enum Stranger {
    Foreign,
    Null,
    LookAlike,
    Origin(Origin),
}

/// How much of a row's fetch is sent.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Reach {
    #[default]
    Request,
    /// Only the preflight is sent; what it grants decides.
    Preflight,
}

/// Parses the base of a server: an http or https URL. Paths are appended to it.
pub(crate) fn base(text: &str) -> Result<Url, InvalidBase> {
    let url =
        Url::parse(text).map_err(|reason| InvalidBase::Url { text: text.to_owned(), reason })?;
    if includes_credentials(&url) {
        return Err(InvalidBase::Credentials);
    }
    if !has_http_scheme(&url) || url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidBase::NoServer { text: text.to_owned() });
    }
    Ok(url)
}

/// Why a text does not name a server.
///
/// ```
/// # use browser_cors_audit::expect::Expectations;
/// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
/// # let expectations = Expectations::parse("cors.toml", text, &|_| None).unwrap();
/// assert_eq!(
///     expectations.at("localhost:8080").unwrap_err().to_string(),
///     "`localhost:8080` is no server: a server was expected, as in `https://api.example`"
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidBase {
    /// It cannot be parsed.
    #[error("`{text}` is no URL ({reason}): {SERVER_EXPECTED}")]
    Url {
        /// The text.
        text: String,
        /// What the URL parser says.
        reason: ParseError,
    },
    /// It has a user name or a password. The error does not show them.
    #[error("a base has no user name or password: {SERVER_EXPECTED}")]
    Credentials,
    /// It has another scheme, a query or a fragment.
    #[error("`{text}` is no server: {SERVER_EXPECTED}")]
    NoServer {
        /// The text.
        text: String,
    },
}

const SERVER_EXPECTED: &str = "a server was expected, as in `https://api.example`";

type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'a> {
    text: &'a str,
    environment: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
    secrets: Secrets,
}

const FILE_KEYS: [&str; 4] = ["base", "pages", "allow", "deny"];
const ALLOW_KEYS: [&str; 12] = [
    "name",
    "pages",
    "methods",
    "paths",
    "headers",
    "body",
    "credentials",
    "cookie",
    "send",
    "status",
    "read",
    "preflight-every",
];
const DENY_KEYS: [&str; 10] = [
    "name",
    "pages",
    "methods",
    "paths",
    "headers",
    "body",
    "credentials",
    "cookie",
    "send",
    "from",
];

impl Reader<'_> {
    fn problem(&mut self, span: &Range<usize>, text: impl Into<String>) {
        let place = place(self.text, span.start);
        self.problems.push(Problem { place, text: text.into() });
    }

    fn file(&mut self, table: &DeTable<'_>) -> Option<(Option<Url>, Vec<KnownPage>, Vec<Row>)> {
        self.keys(table, &FILE_KEYS);
        let server = table.get("base").and_then(|value| {
            let text = self.string(value, "a server, as in \"https://api.example\"")?;
            self.checked(value, base(&text).map_err(|error| error.to_string()))
        });
        let pages = self.pages(table)?;
        let mut rows = Vec::new();
        for (key, keys) in [("allow", &ALLOW_KEYS[..]), ("deny", &DENY_KEYS[..])] {
            let Some(value) = table.get(key) else { continue };
            let expected = format!("rows were expected, as `[[{key}]]`");
            let Some(list) = value.get_ref().as_array() else {
                self.problem(&value.span(), expected);
                continue;
            };
            for (index, row) in list.iter().enumerate() {
                match row.get_ref().as_table() {
                    Some(table) => {
                        self.keys(table, keys);
                        let default_name = format!("{key} {}", index + 1);
                        rows.extend(self.row(
                            row.span(),
                            table,
                            default_name,
                            key == "allow",
                            &pages,
                        ));
                    }
                    None => self.problem(&row.span(), &*expected),
                }
            }
        }
        if rows.is_empty() && self.problems.is_empty() {
            self.problem(&(0..0), "there is no row: `[[allow]]` or `[[deny]]` was expected");
        }
        Some((server, pages, rows))
    }

    /// Reports keys that the table must not have.
    fn keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let known = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>();
                let text = format!(
                    "`{}` is not known here: one of {} was expected",
                    key.get_ref(),
                    known.join(", ")
                );
                self.problem(&key.span(), text);
            }
        }
    }

    fn pages(&mut self, table: &DeTable<'_>) -> Option<Vec<KnownPage>> {
        const EXPECTED: &str =
            "pages were expected, as `[pages]` and `app = \"https://app.example\"`";
        let Some(value) = table.get("pages") else {
            self.problem(&(0..0), format!("there is no page: {EXPECTED}"));
            return None;
        };
        let Some(table) = value.get_ref().as_table().filter(|table| !table.is_empty()) else {
            self.problem(&value.span(), EXPECTED);
            return None;
        };
        let mut pages = Vec::new();
        for (key, value) in table {
            let name = key.get_ref();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            if name.is_empty() || !name.chars().all(is_name) {
                self.problem(
                    &key.span(),
                    format!(
                        "`{}` is no name of a page: letters, digits, `-`, `_` and `.` were expected",
                        name.escape_debug()
                    ),
                );
            }
            let origin = self
                .string(value, "an origin, as in \"https://app.example\"")
                .and_then(|text| self.origin(value, &text));
            if let Some(origin) = origin {
                pages.push(KnownPage { name: name.to_string(), origin });
            }
        }
        Some(pages)
    }

    fn origin(&mut self, value: &Value<'_>, text: &str) -> Option<Origin> {
        let origin: Result<Origin, _> = text.parse();
        self.checked(value, origin.map_err(|error| error.to_string()))
    }

    fn row(
        &mut self,
        span: Range<usize>,
        table: &DeTable<'_>,
        default_name: String,
        is_allowed: bool,
        pages: &[KnownPage],
    ) -> Option<Row> {
        let before = self.problems.len();
        let name = match table.get("name") {
            Some(value) => self.named(value),
            None => Some(default_name),
        };
        let indices = self.page_indices(table, pages);
        let paths = match table.get("paths") {
            Some(value) => self.strings(value, "a list of paths, as in [\"/items\"]", |_, path| {
                if path.starts_with('/')
                    && !path.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control())
                {
                    Ok(path.to_owned())
                } else {
                    Err(format!(
                        "`{}` is no path: one that begins with `/` was expected, without `#` and \
                         spaces",
                        path.escape_debug()
                    ))
                }
            }),
            None => {
                self.problem(&span, "there is no path: `paths = [\"/items\"]` was expected");
                None
            }
        };
        let methods = match table.get("methods") {
            Some(value) => self.strings(value, "a list of methods, as in [\"GET\"]", |_, text| {
                method::parse(text.as_bytes())
                    .map(|_| text.to_owned())
                    .map_err(|error| format!("{error}: a method of a page was expected"))
            }),
            None => Some(vec!["GET".to_owned()]),
        };
        let headers = table
            .get("headers")
            .map_or_else(|| Some(vec![HeaderSet(Arc::new([]))]), |v| self.headers(v));
        let body = table.get("body").map(|value| self.template(value, "a text"));
        let cookie = table.get("cookie").map(|value| {
            let text = self.template(value, "a cookie, as in \"id=${COOKIE}\"")?;
            let cookie = HeaderValue::from_bytes(text.as_bytes());
            self.checked(value, cookie.map_err(|_| "a cookie has no control characters".to_owned()))
        });
        let credentials = match table.get("credentials") {
            Some(value) => self.credentials(value),
            None if is_allowed => Some(vec![CredentialsMode::SameOrigin]),
            None => Some(vec![CredentialsMode::SameOrigin, CredentialsMode::Include]),
        };
        let reach = match table.get("send") {
            None => Reach::default(),
            Some(value) => match value.get_ref().as_str() {
                Some("request") => Reach::Request,
                Some("preflight") => Reach::Preflight,
                _ => {
                    self.problem(&value.span(), "\"request\" or \"preflight\" was expected");
                    Reach::default()
                }
            },
        };
        let kind = if is_allowed {
            Kind::Allow(self.demands(table, reach))
        } else {
            Kind::Deny(self.from(table)?)
        };
        let row = Row {
            kind,
            name: name?,
            place: place(self.text, span.start),
            pages: indices?,
            paths: paths?,
            methods: methods?,
            headers: headers?,
            body: body.map_or(Some(None), |body| body.map(Some))?,
            credentials: credentials?,
            cookie: cookie.map_or(Some(None), |cookie| cookie.map(Some))?,
            reach,
        };
        (self.problems.len() == before).then_some(row)
    }

    /// A row's name, which must be on one line.
    fn named(&mut self, value: &Value<'_>) -> Option<String> {
        let name = self.string(value, "a name")?;
        if name.is_empty() || name.contains(char::is_control) {
            self.problem(&value.span(), "a name was expected, on one line");
            return None;
        }
        Some(name)
    }

    fn page_indices(&mut self, table: &DeTable<'_>, pages: &[KnownPage]) -> Option<Vec<usize>> {
        let Some(value) = table.get("pages") else { return Some((0..pages.len()).collect()) };
        self.strings(value, "a list of names of pages", |_, name| {
            pages.iter().position(|page| page.name == name).ok_or_else(|| {
                let names: Vec<_> = pages.iter().map(|page| format!("`{}`", page.name)).collect();
                format!(
                    "`{}` is no page: one of {} was expected",
                    name.escape_debug(),
                    names.join(", ")
                )
            })
        })
    }

    fn demands(&mut self, table: &DeTable<'_>, reach: Reach) -> Demands {
        for key in ["status", "read"] {
            if let (Some(value), Reach::Preflight) = (table.get(key), reach) {
                self.problem(
                    &value.span(),
                    format!(
                        "`{key}` needs the answer, which does not come with `send = \"preflight\"`: \
                         no `{key}` was expected"
                    ),
                );
            }
        }
        let status = table.get("status").and_then(|value| self.integer(value, 200, 599));
        let read = table.get("read").and_then(|value| {
            self.strings(value, "a list of header names, as in [\"ETag\"]", |_, name| {
                if HeaderName::try_from(name).is_err() {
                    return Err(format!("`{}` is no header name", name.escape_debug()));
                }
                if is_forbidden_response_header_name(name) {
                    return Err(format!("no page can read `{name}`: another was expected"));
                }
                Ok(name.to_owned())
            })
        });
        let preflight_every =
            table.get("preflight-every").and_then(|value| self.integer(value, 1, 86_400));
        Demands {
            status: status.and_then(|status| u16::try_from(status).ok()),
            read: read.unwrap_or_default(),
            preflight_every,
        }
    }

    fn from(&mut self, table: &DeTable<'_>) -> Option<Vec<Stranger>> {
        let Some(value) = table.get("from") else {
            return Some(vec![Stranger::Foreign, Stranger::Null, Stranger::LookAlike]);
        };
        let expected = "a list of \"foreign\", \"null\", \"look-alike\" and origins";
        self.strings(value, expected, |_, text| match text {
            "foreign" => Ok(Stranger::Foreign),
            "null" => Ok(Stranger::Null),
            "look-alike" => Ok(Stranger::LookAlike),
            origin => origin.parse().map(Stranger::Origin).map_err(
                |error: browser_cors::origin::InvalidOrigin| {
                    format!("{error}, \"foreign\" or \"look-alike\"")
                },
            ),
        })
    }

    /// Reads one credentials mode, or a list of them.
    fn credentials(&mut self, value: &Value<'_>) -> Option<Vec<CredentialsMode>> {
        const EXPECTED: &str = "\"omit\", \"same-origin\" or \"include\"";
        let parse = |text: &str| -> Result<CredentialsMode, String> {
            text.parse().map_err(|_| {
                format!("`{}` is no credentials mode: {EXPECTED} was expected", text.escape_debug())
            })
        };
        if let Some(text) = value.get_ref().as_str() {
            let mode = self.checked(value, parse(text))?;
            return Some(vec![mode]);
        }
        self.strings(value, &format!("{EXPECTED}, or a list of these"), |_, text| parse(text))
    }

    /// Reads a table of headers, or a list of tables. The row is asked with each table.
    fn headers(&mut self, value: &Value<'_>) -> Option<Vec<HeaderSet>> {
        const EXPECTED: &str =
            "headers were expected, as in { \"X-Token\" = \"1\" }, or a list of such tables";
        match value.get_ref() {
            DeValue::Table(table) => Some(vec![self.header_table(table)?]),
            DeValue::Array(list) if !list.is_empty() => {
                let mut tables = Vec::with_capacity(list.len());
                for value in list {
                    match value.get_ref().as_table() {
                        Some(table) => tables.push(self.header_table(table)?),
                        None => {
                            self.problem(&value.span(), EXPECTED);
                            return None;
                        }
                    }
                }
                Some(tables)
            }
            _ => {
                self.problem(&value.span(), EXPECTED);
                None
            }
        }
    }

    fn header_table(&mut self, table: &DeTable<'_>) -> Option<HeaderSet> {
        let mut headers = Vec::with_capacity(table.len());
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let Some(text) = self.template(value, "the header's value") else { continue };
            let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
            let Ok(bytes) = bytes else {
                self.problem(
                    &value.span(),
                    format!(
                        "the value of `{}` has a character that is no byte",
                        name.escape_debug()
                    ),
                );
                continue;
            };
            // The error does not show the value, which may be a secret.
            match Headers::new(Guard::Request).append(&name, &bytes) {
                Ok(true) => headers.push((name, bytes)),
                Ok(false) if name.eq_ignore_ascii_case("cookie") => {
                    self.problem(&key.span(), "a page cannot set `Cookie`: `cookie` was expected, beside `headers`");
                }
                Ok(false) => {
                    self.problem(&key.span(), format!("a page cannot set `{name}`: another header was expected"));
                }
                Err(_) if HeaderName::try_from(name.as_str()).is_err() => self.problem(
                    &key.span(),
                    format!("`{}` is no header name: a token was expected", name.escape_debug()),
                ),
                Err(_) => self.problem(
                    &value.span(),
                    format!("the value of `{name}` has a NUL or a line break within: a header's value was expected"),
                ),
            }
        }
        Some(HeaderSet(headers.into()))
    }

    fn string(&mut self, value: &Value<'_>, expected: &str) -> Option<String> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            let found = value.get_ref().type_str();
            self.problem(&value.span(), format!("{expected} was expected, not a TOML {found}"));
        }
        text.map(str::to_owned)
    }

    /// Reads a text, with values from the environment.
    fn template(&mut self, value: &Value<'_>, expected: &str) -> Option<String> {
        let template = self.string(value, expected)?;
        let text = self.secrets.expand(&template, self.environment);
        self.checked(value, text)
    }

    fn integer(&mut self, value: &Value<'_>, least: u64, most: u64) -> Option<u64> {
        let number = value.get_ref().as_integer().and_then(|number| {
            u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
        });
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.problem(&value.span(), format!("an integer from {least} to {most} was expected"));
        }
        number
    }

    /// Reads a list of distinct strings, which must not be empty.
    fn strings<T>(
        &mut self,
        value: &Value<'_>,
        expected: &str,
        parse: impl Fn(&Self, &str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let Some(list) = value.get_ref().as_array().filter(|list| !list.is_empty()) else {
            self.problem(&value.span(), format!("{expected} was expected"));
            return None;
        };
        let before = self.problems.len();
        let (mut seen, mut items) = (HashSet::new(), Vec::new());
        for item in list {
            let Some(text) = item.get_ref().as_str() else {
                self.problem(&item.span(), format!("{expected} was expected"));
                continue;
            };
            if !seen.insert(text) {
                self.problem(
                    &item.span(),
                    format!("`{}` stands twice: once was expected", text.escape_debug()),
                );
            }
            let parsed = parse(self, text);
            items.extend(self.checked(item, parsed));
        }
        (self.problems.len() == before).then_some(items)
    }

    fn checked<T>(&mut self, value: &Value<'_>, result: Result<T, String>) -> Option<T> {
        result.map_err(|text| self.problem(&value.span(), text)).ok()
    }
}

/// The line and column of the byte at `index`. The column counts characters.
fn place(text: &str, index: usize) -> Place {
    let before = text.get(..index).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Place {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}
