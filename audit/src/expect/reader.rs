//! Reads a file of expectations to its end, and reports each problem with its place.

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    io::Read,
    ops::Range,
    path::Path,
    sync::Arc,
};

use browser_cors::{
    header::safelist::is_forbidden_response_header_name,
    http::{HeaderName, HeaderValue},
    method,
    origin::Origin,
    page::{
        body::BodyInit,
        headers::{Guard, Headers},
    },
    request::CredentialsMode,
    url::Url,
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    file::{
        Demands, Denial, Denied, Expectations, HeaderSet, InvalidExpectations, Kind, KnownPage,
        Problem, Reach, Row, Stranger, base,
    },
    pattern::{Pattern, is_pattern},
    places::Places,
    secret::Secrets,
};

/// The most problems that are reported.
const PROBLEMS_LIMIT: usize = 50;

/// The most bytes that a `body-file` may have.
const BODY_LIMIT: u64 = 1 << 20;

/// The most patterns that a file may have.
const PATTERNS_LIMIT: usize = 100;

/// The most names that a problem lists.
const LISTED_LIMIT: usize = 12;

/// Reads the text of a file.
pub(super) fn parse(
    name: &str,
    text: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Expectations, InvalidExpectations> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        folder: Path::new(name).parent().unwrap_or_else(|| Path::new("")),
        places: Places::of(text),
        environment,
        problems: Vec::new(),
        secrets: Secrets::default(),
    };
    for error in errors {
        reader.problem(&error.span().unwrap_or(0..0), error.message());
    }
    // The parser guessed the parts that it recovered.
    let file = if reader.problems.is_empty() { reader.file(document.get_ref()) } else { None };
    match file {
        Some((base, pages, rows)) if reader.problems.is_empty() => {
            let rows = rows.into_iter().map(Arc::new).collect();
            Ok(Expectations { name: name.to_owned(), base, pages, rows, secrets: reader.secrets })
        }
        _ => {
            let mut problems = reader.problems;
            // What is wrong in every environment is never cut off.
            problems.sort_by_key(|(start, fault)| (fault.variable.is_some(), *start));
            problems.truncate(PROBLEMS_LIMIT);
            problems.sort_by_key(|(start, _)| *start);
            let problems = problems.into_iter();
            let problems = problems
                .map(|(start, Fault { text, variable })| Problem {
                    place: reader.places.of_index(start),
                    text,
                    variable,
                })
                .collect();
            Err(InvalidExpectations { name: name.to_owned(), problems })
        }
    }
}

type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'a> {
    /// Where the file is.
    folder: &'a Path,
    places: Places<'a>,
    environment: &'a dyn Fn(&str) -> Option<String>,
    /// Each problem, after the index at which it begins.
    problems: Vec<(usize, Fault)>,
    secrets: Secrets,
}

/// A problem without its place.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) text: String,
    /// The variable that the environment does not have.
    pub(super) variable: Option<String>,
}

impl<T: Into<String>> From<T> for Fault {
    fn from(text: T) -> Self {
        Self { text: text.into(), variable: None }
    }
}

const FILE_KEYS: [&str; 5] = ["base", "secrets", "pages", "allow", "deny"];
/// The keys that rows of both kinds have.
const ROW_KEYS: [&str; 10] = [
    "name",
    "pages",
    "methods",
    "paths",
    "headers",
    "body",
    "body-file",
    "credentials",
    "cookie",
    "send",
];
const ALLOW_KEYS: [&str; 3] = ["status", "read", "preflight-every"];
const DENY_KEYS: [&str; 2] = ["from", "what"];

/// The pages of a file: all of them, and the indices of each name.
struct Pages {
    pages: Vec<KnownPage>,
    all: Arc<[usize]>,
    by_name: BTreeMap<String, Vec<usize>>,
}

impl Reader<'_> {
    fn problem(&mut self, span: &Range<usize>, fault: impl Into<Fault>) {
        self.problems.push((span.start, fault.into()));
    }

    fn file(&mut self, table: &DeTable<'_>) -> Option<(Option<Url>, Vec<KnownPage>, Vec<Row>)> {
        self.keys(table, &[&FILE_KEYS]);
        self.short_secrets(table);
        let server = table.get("base").and_then(|value| {
            let text = self.template(value, "a server, as in \"https://api.example\"")?;
            let server =
                base(&text).map_err(|error| self.secrets.redact(error.to_string()).into_owned());
            self.checked(value, server)
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
                        self.keys(table, &[&ROW_KEYS, keys]);
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
        Some((server, pages.pages, rows))
    }

    /// Reads which short values from the environment may be shown.
    fn short_secrets(&mut self, table: &DeTable<'_>) {
        const EXPECTED: &str =
            "`[secrets]` and `NAME = { allow-short = true }` were expected, for `${NAME}`";
        let Some(value) = table.get("secrets") else { return };
        let Some(table) = value.get_ref().as_table() else {
            self.problem(&value.span(), EXPECTED);
            return;
        };
        for (name, value) in table {
            match value.get_ref().as_table() {
                Some(members) => {
                    self.keys(members, &[&["allow-short"]]);
                    match members.get("allow-short").map(|flag| flag.get_ref().as_bool()) {
                        Some(Some(true)) => self.secrets.allow_short(name.get_ref()),
                        Some(Some(false)) => {}
                        _ => self.problem(&value.span(), EXPECTED),
                    }
                }
                None => self.problem(&value.span(), EXPECTED),
            }
        }
    }

    /// Reports keys that the table must not have.
    fn keys(&mut self, table: &DeTable<'_>, known: &[&[&str]]) {
        let known = || known.iter().copied().flatten();
        let listed = known().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        for key in table.keys() {
            let name = key.get_ref();
            if !known().any(|known| known == name) {
                let name = name.escape_debug();
                let text = format!("`{name}` is not known here: one of {listed} was expected");
                self.problem(&key.span(), text);
            }
        }
    }

    fn pages(&mut self, table: &DeTable<'_>) -> Option<Pages> {
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
        let is_pattern = |value: &&Value<'_>| value.get_ref().is_table();
        if let Some(value) = table.values().filter(is_pattern).nth(PATTERNS_LIMIT) {
            let text =
                format!("there are too many patterns: at most {PATTERNS_LIMIT} were expected");
            self.problem(&value.span(), text);
            return None;
        }
        let mut pages = Vec::new();
        let mut by_name = BTreeMap::new();
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
            let first = pages.len();
            if let Some(table) = value.get_ref().as_table() {
                let samples = self.samples(value, table).unwrap_or_default().into_iter();
                pages.extend(samples.map(|(pattern, origin)| KnownPage {
                    name: name.to_string(),
                    origin,
                    pattern: Some(pattern),
                }));
            } else if let Some(origin) = self.origin_of_page(value) {
                pages.push(KnownPage { name: name.to_string(), origin, pattern: None });
            }
            by_name.insert(name.to_string(), (first..pages.len()).collect());
        }
        Some(Pages { all: (0..pages.len()).collect(), pages, by_name })
    }

    fn origin_of_page(&mut self, value: &Value<'_>) -> Option<Origin> {
        let text = self.template(value, "an origin, as in \"https://app.example\"")?;
        let origin = origin(&text).map_err(|problem| self.secrets.redact(problem).into_owned());
        self.checked(value, origin)
    }

    /// Reads a pattern of origins, and the samples of it that are asked.
    fn samples(
        &mut self,
        value: &Value<'_>,
        table: &DeTable<'_>,
    ) -> Option<Vec<(Arc<Pattern>, Origin)>> {
        const EXPECTED: &str = "a pattern and samples were expected, as in \
            { pattern = \"https://*.preview.example\", samples = [\"https://a.preview.example\"] }";
        self.keys(table, &[&["pattern", "samples"]]);
        let (Some(pattern), Some(samples)) = (table.get("pattern"), table.get("samples")) else {
            self.problem(&value.span(), EXPECTED);
            return None;
        };
        let text = self.template(pattern, "a pattern of origins")?;
        let parsed =
            Pattern::parse(&text).map_err(|problem| self.secrets.redact(problem).into_owned());
        let parsed = Arc::new(self.checked(pattern, parsed)?);
        let origins =
            self.strings(samples, "a list of origins, which are samples", |reader, text| {
                let text = reader.expanded(text)?;
                let origin =
                    origin(&text).map_err(|problem| reader.secrets.redact(problem).into_owned())?;
                if parsed.matches(&origin) {
                    return Ok(origin);
                }
                let problem = format!(
                    "`{text}` is no sample of `{}`: an origin that the pattern covers was expected",
                    parsed.as_str()
                );
                Err(reader.secrets.redact(problem).into_owned().into())
            })?;
        Some(origins.into_iter().map(|origin| (Arc::clone(&parsed), origin)).collect())
    }

    fn row(
        &mut self,
        span: Range<usize>,
        table: &DeTable<'_>,
        default_name: String,
        is_allowed: bool,
        pages: &Pages,
    ) -> Option<Row> {
        let before = self.problems.len();
        let name = match table.get("name") {
            Some(value) => self.named(value),
            None => Some(default_name),
        };
        let indices = self.page_indices(table, pages);
        let paths = match table.get("paths") {
            Some(value) => {
                let expected = "a list of paths, as in [\"/items\"]";
                self.strings(value, expected, |reader, path| {
                    let expanded = reader.expanded(&with_plain_signs(path))?;
                    let is_strange = |c: char| c == '#' || c.is_whitespace() || c.is_control();
                    if expanded.starts_with('/') && !expanded.contains(is_strange) {
                        return Ok(expanded);
                    }
                    let problem = format!(
                        "`{}` is no path: one that begins with `/` was expected, without `#` and \
                         spaces",
                        path.escape_debug()
                    );
                    Err(problem.into())
                })
            }
            None => {
                self.problem(&span, "there is no path: `paths = [\"/items\"]` was expected");
                None
            }
        };
        let methods = match table.get("methods") {
            Some(value) => self.strings(value, "a list of methods, as in [\"GET\"]", |_, text| {
                method::parse(text.as_bytes())
                    .map(|_| text.to_owned())
                    .map_err(|error| format!("{error}: a method of a page was expected").into())
            }),
            None => Some(vec!["GET".to_owned()]),
        };
        let headers = table
            .get("headers")
            .map_or_else(|| Some(vec![HeaderSet(Arc::new([]))]), |v| self.headers(v));
        let body = self.body(table, methods.as_deref());
        let credentials = match table.get("credentials") {
            Some(value) => self.credentials(value),
            None if is_allowed => Some(vec![CredentialsMode::SameOrigin]),
            None => Some(vec![CredentialsMode::SameOrigin, CredentialsMode::Include]),
        };
        let cookie = table.get("cookie").map(|value| {
            let text = self.template(value, "a cookie, as in \"id=${COOKIE}\"")?;
            if credentials.as_ref().is_some_and(|modes| !modes.contains(&CredentialsMode::Include))
            {
                self.problem(
                    &value.span(),
                    "no browser sends the cookie without `credentials = \"include\"`: that was \
                     expected, or no `cookie`",
                );
            }
            let cookie = HeaderValue::from_bytes(text.as_bytes());
            self.checked(value, cookie.map_err(|_| "a cookie has no control characters".to_owned()))
        });
        let denied = if is_allowed { Denied::Read } else { self.what(table) };
        let reach = match table.get("send") {
            None => Reach::default(),
            Some(value) => match value.get_ref().as_str() {
                Some("request" | "preflight") if denied == Denied::Send => {
                    self.problem(
                        &value.span(),
                        "with `what = \"send\"` the request itself is never sent: no `send` was \
                         expected",
                    );
                    Reach::default()
                }
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
            Kind::Deny(Denial { from: self.from(table)?, what: denied })
        };
        let row = Row {
            kind,
            name: name?,
            place: self.places.of_index(span.start),
            pages: indices?,
            paths: paths?,
            methods: methods?,
            headers: headers?,
            body,
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
        if name.contains("${") {
            self.problem(&value.span(), "a name was expected, without values of the environment");
            return None;
        }
        Some(name)
    }

    /// What a row denies.
    fn what(&mut self, table: &DeTable<'_>) -> Denied {
        let Some(value) = table.get("what") else { return Denied::default() };
        match value.get_ref().as_str() {
            Some("read") => Denied::Read,
            Some("send") => Denied::Send,
            _ => {
                self.problem(&value.span(), "\"read\" or \"send\" was expected");
                Denied::default()
            }
        }
    }

    /// Reads the body of a row, or the file that has it.
    fn body(&mut self, table: &DeTable<'_>, methods: Option<&[String]>) -> Option<BodyInit> {
        let (key, value) = match (table.get("body"), table.get("body-file")) {
            (None, None) => return None,
            (Some(value), None) => ("body", value),
            (None, Some(value)) => ("body-file", value),
            (Some(_), Some(value)) => {
                self.problem(&value.span(), "there is a `body` too: one of the two was expected");
                return None;
            }
        };
        let has_none =
            |method: &String| ["GET", "HEAD"].iter().any(|it| method.eq_ignore_ascii_case(it));
        if methods.is_some_and(|methods| methods.iter().all(has_none)) {
            self.problem(
                &value.span(),
                format!(
                    "GET and HEAD have no body, and the row has no other method: no `{key}` was \
                     expected"
                ),
            );
        }
        if key == "body" {
            return self.template(value, "a text").map(BodyInit::Text);
        }
        let name = self.template(value, "the name of a file")?;
        let bytes = bytes_of(&self.folder.join(&name)).map_err(|problem| {
            self.secrets.redact(format!("`{}` {problem}", name.escape_debug())).into_owned()
        });
        let bytes = self.checked(value, bytes)?;
        Some(match String::from_utf8(bytes) {
            Ok(text) => BodyInit::Text(text),
            Err(error) => BodyInit::BufferSource(error.into_bytes()),
        })
    }

    fn page_indices(&mut self, table: &DeTable<'_>, pages: &Pages) -> Option<Arc<[usize]>> {
        let Some(value) = table.get("pages") else { return Some(Arc::clone(&pages.all)) };
        let lists = self.strings(value, "a list of names of pages", |_, name| {
            pages.by_name.get(name).cloned().ok_or_else(|| {
                let names = pages.by_name.keys().take(LISTED_LIMIT);
                let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                format!(
                    "`{}` is no page: one of {} was expected",
                    name.escape_debug(),
                    names.join(", ")
                )
                .into()
            })
        })?;
        Some(lists.concat().into())
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
                    return Err(format!("`{}` is no header name", name.escape_debug()).into());
                }
                if is_forbidden_response_header_name(name) {
                    return Err(format!("no page can read `{name}`: another was expected").into());
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
        self.strings(value, expected, |reader, text| match text {
            "foreign" => Ok(Stranger::Foreign),
            "null" => Ok(Stranger::Null),
            "look-alike" => Ok(Stranger::LookAlike),
            text if is_pattern(text) => Err(format!(
                "`{}` is a pattern, and no page has such an origin: origins were expected",
                text.escape_debug()
            )
            .into()),
            text => reader.expanded(text)?.parse().map(Stranger::Origin).map_err(
                |error: browser_cors::origin::InvalidOrigin| {
                    let problem = format!("{error}, \"foreign\" or \"look-alike\"");
                    reader.secrets.redact(problem).into_owned().into()
                },
            ),
        })
    }

    /// Reads one credentials mode, or a list of them.
    fn credentials(&mut self, value: &Value<'_>) -> Option<Vec<CredentialsMode>> {
        const EXPECTED: &str = "\"omit\", \"same-origin\" or \"include\"";
        let parse = |text: &str| -> Result<CredentialsMode, Fault> {
            text.parse().map_err(|_| {
                format!("`{}` is no credentials mode: {EXPECTED} was expected", text.escape_debug())
                    .into()
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
        let text = self.expanded(&template);
        self.checked(value, text)
    }

    /// The text with values from the environment.
    fn expanded(&mut self, template: &str) -> Result<String, Fault> {
        self.secrets.expand(template, self.environment)
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
        parse: impl Fn(&mut Self, &str) -> Result<T, Fault>,
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

    fn checked<T>(&mut self, value: &Value<'_>, result: Result<T, impl Into<Fault>>) -> Option<T> {
        result.map_err(|fault| self.problem(&value.span(), fault)).ok()
    }
}

/// The template of a path, where a `$` that begins no name stands for itself, as in `?$filter=`.
fn with_plain_signs(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        text.push(character);
        if character == '$' && !matches!(characters.peek(), Some('{')) {
            text.push('$');
            characters.next_if_eq(&'$');
        }
    }
    text
}

/// Reads the origin of a page. A pattern is none.
fn origin(text: &str) -> Result<Origin, String> {
    if is_pattern(text) {
        return Err(format!(
            "`{0}` is a pattern, and no page has such an origin: samples that are asked were \
             expected, as in {{ pattern = \"{0}\", samples = [\"https://a.preview.example\"] }}",
            text.escape_debug()
        ));
    }
    text.parse().map_err(|error: browser_cors::origin::InvalidOrigin| error.to_string())
}

/// The bytes of the file with a body.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BODY_LIMIT + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(format!("cannot be read: {error}")),
        Ok(_) if bytes.len() as u64 > BODY_LIMIT => {
            Err(format!("is larger than {} KiB", BODY_LIMIT >> 10))
        }
        Ok(_) => Ok(bytes),
    }
}
