//! The file of expectations: what it says, and what can be wrong with it.

use std::{
    env, fmt,
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use browser_cors::{
    http::HeaderValue,
    origin::{Origin, has_http_scheme, includes_credentials},
    page::body::BodyInit,
    request::CredentialsMode,
    url::{ParseError, Url},
};
use thiserror::Error;

use super::{pattern::Pattern, reader, secret::Secrets};

/// The most bytes that a file may have.
const SIZE_LIMIT: u64 = 1 << 20;

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
        match File::open(path) {
            Ok(file) => Self::read_from(&name, file),
            Err(reason) => Err(ReadError::Unreadable { name, reason }),
        }
    }

    /// Reads a file with this `name` from an input, such as standard input. `${NAME}` in it stands
    /// for a variable of the process's environment.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    ///
    /// ```
    /// use browser_cors_audit::expect::Expectations;
    ///
    /// let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
    /// let expectations = Expectations::read_from("standard input", text.as_bytes())?;
    /// assert_eq!(expectations.rows().count(), 1);
    /// # Ok::<(), browser_cors_audit::expect::ReadError>(())
    /// ```
    pub fn read_from(name: &str, input: impl Read) -> Result<Self, ReadError> {
        let mut text = String::new();
        match input.take(SIZE_LIMIT + 1).read_to_string(&mut text) {
            Err(reason) => Err(ReadError::Unreadable { name: name.to_owned(), reason }),
            Ok(_) if text.len() as u64 > SIZE_LIMIT => {
                Err(ReadError::TooLarge { name: name.to_owned() })
            }
            Ok(_) => Ok(Self::parse(name, &text, &|name| env::var(name).ok())?),
        }
    }

    /// Reads the text of a file with this `name`. `${NAME}` in it stands for a value of
    /// `environment`. A `body-file` is read from the folder of `name`.
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
        reader::parse(name, text, environment)
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

    /// Keeps the rows with these names or numbers, counted from 1 in the order of
    /// [`rows`](Self::rows).
    ///
    /// # Errors
    ///
    /// If no row has such a name or number.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Expectations;
    /// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n\
    /// #             [[deny]]\nname = \"others\"\npaths = [\"/\"]\n";
    /// let expectations = Expectations::parse("cors.toml", text, &|_| None).unwrap();
    /// let expectations = expectations.only(["others"])?;
    /// assert_eq!(expectations.rows().count(), 1);
    /// assert!(expectations.only(["2"]).is_err());
    /// # Ok::<(), browser_cors_audit::expect::UnknownRow>(())
    /// ```
    pub fn only(self, rows: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, UnknownRow> {
        let mut kept = vec![false; self.rows.len()];
        for wanted in rows {
            let wanted = wanted.as_ref();
            let number = wanted.parse().ok().and_then(|number: usize| number.checked_sub(1));
            let is_named = self.rows.iter().any(|row| row.name == wanted);
            let mut is_known = false;
            for (index, row) in self.rows.iter().enumerate() {
                if row.name == wanted || (!is_named && number == Some(index)) {
                    kept[index] = true;
                    is_known = true;
                }
            }
            if !is_known {
                return Err(UnknownRow {
                    name: self.name,
                    wanted: wanted.to_owned(),
                    rows: self.rows.iter().map(|row| row.name.clone()).collect(),
                });
            }
        }
        let rows = self.rows.into_iter().zip(kept).filter(|(_, is_kept)| *is_kept);
        Ok(Self { rows: rows.map(|(row, _)| row).collect(), ..self })
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

#[cfg(feature = "live")]
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
            .field("base", &self.base.as_ref().map(|base| self.secrets.redact(base.as_str())))
            .field("pages", &self.pages.iter().map(|page| &page.name).collect::<Vec<_>>())
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

/// No row has the wanted name or number.
///
/// ```
/// # use browser_cors_audit::expect::Expectations;
/// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\n";
/// let expectations = Expectations::parse("cors.toml", text, &|_| None).unwrap();
/// assert_eq!(
///     expectations.only(["items"]).unwrap_err().to_string(),
///     "cors.toml: no row is called `items`: one of `allow 1` was expected, or its number"
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{name}: no row is called `{wanted}`: one of {} was expected, or its number", self.listed())]
pub struct UnknownRow {
    /// The file.
    pub name: String,
    /// The wanted name or number.
    pub wanted: String,
    /// The names of the rows.
    pub rows: Vec<String>,
}

impl UnknownRow {
    fn listed(&self) -> String {
        let names = self.rows.iter().take(12).map(|name| format!("`{name}`"));
        names.collect::<Vec<_>>().join(", ")
    }
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
    /// The variable that the environment does not have, if that is the problem. The file may be
    /// right all the same.
    pub variable: Option<String>,
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
    #[cfg(feature = "live")]
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
    /// The pattern that the origin is a sample of.
    pub(super) pattern: Option<Arc<Pattern>>,
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
    pub(super) pages: Arc<[usize]>,
    pub(super) paths: Vec<String>,
    pub(super) methods: Vec<String>,
    pub(super) headers: Vec<HeaderSet>,
    pub(super) body: Option<BodyInit>,
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
    /// These must not be able to do it.
    Deny(Denial),
}

/// What others must not be able to do.
#[derive(Clone, Debug)]
pub(super) struct Denial {
    pub(super) from: Vec<Stranger>,
    pub(super) what: Denied,
}

/// What is denied.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Denied {
    /// Reading the answer.
    #[default]
    Read,
    /// Sending the request.
    Send,
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

/// How much of a fetch is sent.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Reach {
    /// Preflights, and requests that change nothing: GET and HEAD.
    #[default]
    Safe,
    /// Everything.
    Request,
    /// Only the preflight is sent; what it grants decides.
    Preflight,
}

impl Reach {
    /// Whether a request with this method, which is no preflight, is sent.
    pub(super) fn sends(self, method: &str) -> bool {
        match self {
            Self::Safe => ["GET", "HEAD"].iter().any(|safe| method.eq_ignore_ascii_case(safe)),
            Self::Request => true,
            Self::Preflight => false,
        }
    }
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
