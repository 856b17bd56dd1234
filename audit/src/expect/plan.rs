//! Expands the rows of a file to combinations.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use browser_cors::{
    compare::{Browsers, FetchOutcome, Question},
    engine::Profile,
    environment::Environment,
    fetch::UserAgent,
    origin::{Origin, PublicSuffixList},
    page::{body::BodyInit, fetch_api::RequestInit},
    request::CredentialsMode,
    url::Url,
};

use super::file::{
    Demands, Denial, Denied, Expectations, HeaderSet, InvalidExpectations, Kind, KnownPage,
    Problem, Reach, Row, Stranger,
};
use crate::look_alike::{FOREIGN, look_alikes};

/// The most combinations that a file may expand to.
const CASES_LIMIT: usize = 100_000;

/// In which engines a file is asked for, and how much is sent.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) profiles: Vec<Profile>,
    /// Whether requests that could change something are sent.
    pub(crate) sends_requests: bool,
}

/// One combination of a row: a page that makes one request.
///
/// `Display` writes the request, as in `PUT /items from app, credentials include, with x-token`.
///
/// ```
/// # use browser_cors_audit::expect::Report;
/// # fn f(report: &Report) {
/// for judged in report.judged() {
///     println!("{}: {}", judged.case().row().name(), judged.case());
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Case {
    pub(super) row: Arc<Row>,
    pub(super) asker: CasePage,
    pub(super) method: String,
    /// The path, without secrets.
    pub(super) path: String,
    pub(super) url: Url,
    pub(super) headers: HeaderSet,
    pub(super) credentials: CredentialsMode,
    /// How much of the fetch is sent.
    pub(super) reach: Reach,
}

/// Shows no secrets.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("row", &self.row)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("from", &self.asker.name)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// The page that makes a request.
#[derive(Clone, Debug)]
pub(super) struct CasePage {
    pub(super) origin: Origin,
    /// The page's name in the file, or the origin that it looks like.
    pub(super) name: String,
    /// Whether it is a sample of a pattern.
    pub(super) is_sample: bool,
}

impl CasePage {
    fn of(page: &KnownPage) -> Self {
        let KnownPage { name, origin, pattern } = page;
        Self { origin: origin.clone(), name: name.clone(), is_sample: pattern.is_some() }
    }
}

/// The name of the page if the row itself gives its origin.
const NAMED: &str = "named";

/// Expands the rows for a server.
pub(crate) fn plan(
    expectations: &Expectations,
    base: &Url,
    scope: &Scope,
) -> Result<Vec<Case>, InvalidExpectations> {
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    // Each row, and where its combinations begin.
    let mut begins: Vec<(&Row, usize)> = Vec::new();
    let prefix = base.as_str().trim_end_matches('/');
    let known = KnownOrigins::of(expectations);
    for row in &expectations.rows {
        let mut problem = |text| problems.push(Problem { place: row.place, text, variable: None });
        let askers = askers(expectations, &known, row, base);
        if askers.iter().all(|asker| asker.origin.is_same_origin_with_url(base)) {
            problem(
                "no page is left to ask: origins other than the server's own were expected"
                    .to_owned(),
            );
            continue;
        }
        let count = [&askers.len(), &row.paths.len(), &row.methods.len(), &row.headers.len()];
        let count = count.into_iter().fold(row.credentials.len(), |a, b| a.saturating_mul(*b));
        if cases.len().saturating_add(count) > CASES_LIMIT {
            problem(format!(
                "there are too many combinations: at most {CASES_LIMIT} were expected"
            ));
            break;
        }
        let mut urls = Vec::with_capacity(row.paths.len());
        for path in &row.paths {
            let shown = expectations.secrets.redact(path).into_owned();
            match Url::parse(&format!("{prefix}{path}")) {
                Ok(url) => urls.push((shown, url)),
                Err(error) => problem(format!("`{shown}` makes no URL: {error}")),
            }
        }
        begins.push((row, cases.len()));
        for asker in &askers {
            for (path, url) in &urls {
                for method in &row.methods {
                    for headers in &row.headers {
                        for credentials in &row.credentials {
                            cases.push(Case {
                                row: Arc::clone(row),
                                asker: asker.clone(),
                                method: method.clone(),
                                path: path.clone(),
                                url: url.clone(),
                                headers: headers.clone(),
                                credentials: *credentials,
                                reach: row.reach_in(scope),
                            });
                        }
                    }
                }
            }
        }
    }
    let mut seen = Known::new();
    let nexts = begins.iter().skip(1).map(|(_, begin)| *begin).chain([cases.len()]);
    for ((row, begin), end) in begins.iter().zip(nexts) {
        let text = wrong(row, &cases[*begin..end], scope, &mut seen);
        problems.extend(text.map(|text| Problem { place: row.place, text, variable: None }));
    }
    problems.sort_by_key(|problem| problem.place);
    if problems.is_empty() {
        Ok(cases)
    } else {
        Err(InvalidExpectations { name: expectations.name.clone(), problems })
    }
}

/// What decides whether a page can make a request, and whether it has a preflight: not the path,
/// and of the page only whether it is of the server's origin.
#[derive(Eq, Hash, PartialEq)]
struct Shape<'a> {
    method: &'a str,
    headers: &'a [(String, Vec<u8>)],
    has_text: bool,
    credentials: &'static str,
    is_same_origin: bool,
    is_preflight_alone: bool,
}

impl<'a> Shape<'a> {
    fn of(case: &'a Case) -> Self {
        Self {
            method: &case.method,
            headers: &case.headers.0,
            has_text: matches!(case.row.body, Some(BodyInit::Text(_))),
            credentials: case.credentials.as_str(),
            is_same_origin: case.is_same_origin(),
            is_preflight_alone: case.row.reach == Reach::Preflight,
        }
    }
}

/// Whether requests have a preflight in some engine, by their shapes.
type Known<'a> = HashMap<Shape<'a>, bool>;

/// What is wrong with the requests of a row.
fn wrong<'a>(row: &Row, cases: &'a [Case], scope: &Scope, known: &mut Known<'a>) -> Option<String> {
    let mut has_preflight = false;
    for case in cases {
        let shape = Shape::of(case);
        if let Some(is_preflight) = known.get(&shape) {
            has_preflight |= is_preflight;
            continue;
        }
        let mut is_preflight = false;
        for profile in &scope.profiles {
            match case.first_is_preflight(profile) {
                Ok(first) => is_preflight |= first,
                Err(text) => return Some(text),
            }
        }
        has_preflight |= is_preflight;
        known.insert(shape, is_preflight);
    }
    let wants_preflights =
        matches!(&row.kind, Kind::Allow(Demands { preflight_every: Some(_), .. }));
    (wants_preflights && !has_preflight).then(|| {
        "`preflight-every`, but no request of the row has a preflight: a method or a header that \
         needs one was expected, or no `preflight-every`"
            .to_owned()
    })
}

/// The origins of a file's pages.
struct KnownOrigins<'a> {
    origins: HashSet<&'a str>,
    patterns: HashMap<&'a str, &'a super::pattern::Pattern>,
}

impl<'a> KnownOrigins<'a> {
    fn of(file: &'a Expectations) -> Self {
        let pages = || file.pages.iter();
        let patterns = pages().filter_map(|page| page.pattern.as_deref());
        Self {
            // Opaque origins are never the same.
            origins: pages()
                .map(|page| page.origin.serialized())
                .filter(|it| *it != "null")
                .collect(),
            patterns: patterns.map(|pattern| (pattern.as_str(), pattern)).collect(),
        }
    }

    fn contains(&self, origin: &Origin) -> bool {
        self.origins.contains(origin.serialized())
            || self.patterns.values().any(|pattern| pattern.matches(origin))
    }
}

/// The pages that make the requests of a row. Made-up origins that are those of the file's pages
/// are left out, and so is the server's own origin among them, because nothing can be denied to it.
fn askers(file: &Expectations, known: &KnownOrigins<'_>, row: &Row, base: &Url) -> Vec<CasePage> {
    let pages = || row.pages.iter().filter_map(|index| file.pages.get(*index));
    let Kind::Deny(Denial { from, .. }) = &row.kind else {
        return pages().map(CasePage::of).collect();
    };
    let mut askers: Vec<CasePage> = Vec::new();
    let mut taken = HashSet::new();
    let mut add = |origin: Origin, name: String| {
        let is_left_out =
            name != NAMED && (origin.is_same_origin_with_url(base) || known.contains(&origin));
        if !is_left_out
            && askers.len() <= CASES_LIMIT
            && taken.insert(origin.serialized().to_owned())
        {
            askers.push(CasePage { origin, name, is_sample: false });
        }
    };
    for from in from {
        match from {
            Stranger::Foreign => {
                if let Ok(origin) = format!("https://{FOREIGN}").parse() {
                    add(origin, "foreign".to_owned());
                }
            }
            Stranger::Null => add(Origin::opaque(), "null".to_owned()),
            Stranger::LookAlike => {
                let mut patterns = HashSet::new();
                for page in pages() {
                    for (how, origin) in look_alikes(&page.origin) {
                        add(origin, format!("looks like {}: {how}", page.name));
                    }
                    let Some(pattern) = &page.pattern else { continue };
                    if patterns.insert(pattern.as_str()) {
                        for (how, origin) in pattern.look_alikes() {
                            add(origin, format!("looks like {}: {how}", page.name));
                        }
                    }
                }
            }
            Stranger::Origin(origin) => add(origin.clone(), NAMED.to_owned()),
        }
    }
    askers
}

impl Row {
    /// How much of the row's fetches is sent.
    const fn reach_in(&self, scope: &Scope) -> Reach {
        match (&self.kind, self.reach) {
            // What decides is whether it would be sent.
            (Kind::Deny(Denial { what: Denied::Send, .. }), _) => Reach::Preflight,
            (_, Reach::Safe) if scope.sends_requests => Reach::Request,
            (_, reach) => reach,
        }
    }
}

impl Case {
    /// The row that the combination belongs to.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Case;
    /// # fn f(case: &Case) {
    /// println!("line {}", case.row().place().line);
    /// # }
    /// ```
    pub fn row(&self) -> &Row {
        &self.row
    }

    /// Whether the page must be able to do it. If not, it must not be able to.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Case;
    /// # fn f(case: &Case) {
    /// let table = if case.is_allowed() { "allow" } else { "deny" };
    /// # }
    /// ```
    pub fn is_allowed(&self) -> bool {
        matches!(self.row.kind, Kind::Allow(_))
    }

    /// The origin of the page.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Case;
    /// # fn f(case: &Case) {
    /// println!("from {}", case.origin().serialized());
    /// # }
    /// ```
    pub const fn origin(&self) -> &Origin {
        &self.asker.origin
    }

    /// The URL of the request.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Case;
    /// # fn f(case: &Case) {
    /// println!("{} {}", case.method(), case.url());
    /// # }
    /// ```
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// The method, as the file writes it.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Case;
    /// # fn f(case: &Case) {
    /// println!("{} {}", case.method(), case.url());
    /// # }
    /// ```
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The credentials mode.
    ///
    /// ```
    /// # use {browser_cors::request::CredentialsMode, browser_cors_audit::expect::Case};
    /// # fn f(case: &Case) {
    /// let has_cookies = case.credentials_mode() == CredentialsMode::Include;
    /// # }
    /// ```
    pub const fn credentials_mode(&self) -> CredentialsMode {
        self.credentials
    }

    /// The same request, made by a page of the file.
    pub(super) fn as_page(&self, page: &KnownPage) -> Self {
        Self { asker: CasePage::of(page), ..self.clone() }
    }

    /// Whether the page is of the server's own origin, where there is no CORS.
    pub(super) fn is_same_origin(&self) -> bool {
        self.asker.origin.is_same_origin_with_url(&self.url)
    }

    /// What is denied; `None` if the page must be able to do it.
    pub(super) fn denied(&self) -> Option<Denied> {
        match &self.row.kind {
            Kind::Allow(_) => None,
            Kind::Deny(denial) => Some(denial.what),
        }
    }

    /// The environment of the page.
    pub(super) fn page(&self) -> Environment {
        Environment::of_origin(&self.asker.origin, &PublicSuffixList)
    }

    /// The question that the page asks.
    pub(super) fn question(&self) -> Question {
        let has_body = !matches!(self.method.to_ascii_uppercase().as_str(), "GET" | "HEAD");
        let body = self.row.body.clone().filter(|_| has_body);
        let headers = self.headers.0.iter();
        let mut init = RequestInit::new()
            .method(&self.method)
            .headers(headers.map(|(name, value)| (name, value)))
            .credentials(self.credentials);
        init.body = body;
        let question = Question::fetch(self.url.as_str(), init);
        match &self.row.cookie {
            Some(cookie) => question.with_cookie(cookie.clone()),
            None => question,
        }
    }

    /// Whether an engine sends a preflight first. Fails if a page cannot make the request, or if the
    /// row asks for a preflight and there is none.
    fn first_is_preflight(&self, profile: &Profile) -> Result<bool, String> {
        let browsers = Browsers::new(self.page(), [UserAgent::for_profile(*profile)]);
        let asking = browsers.ask(self.question());
        let Some(first) = asking.exchange() else {
            return match asking.finish().outcomes.pop() {
                Some(FetchOutcome::NotAsked(error)) => {
                    Err(format!("a page cannot make this request: {error}"))
                }
                _ => Ok(false),
            };
        };
        if self.row.reach == Reach::Preflight && !first.is_preflight() && !self.is_same_origin() {
            return Err(format!(
                "`send = \"preflight\"`, but {} {} has no preflight ({}): a method or a header \
                 that needs one was expected, or `send = \"request\"`",
                self.method, self.path, profile
            ));
        }
        Ok(first.is_preflight())
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CasePage { origin, name, is_sample } = &self.asker;
        write!(f, "{} {} from ", self.method, self.path)?;
        match name.as_str() {
            name if *is_sample => write!(f, "{name} ({})", origin.serialized())?,
            _ if self.is_allowed() => write!(f, "{name}")?,
            "foreign" | "null" | NAMED => write!(f, "{}", origin.serialized())?,
            name => write!(f, "{} ({name})", origin.serialized())?,
        }
        if self.credentials != CredentialsMode::SameOrigin {
            write!(f, ", credentials {}", self.credentials)?;
        }
        for (index, (name, _)) in self.headers.0.iter().enumerate() {
            write!(
                f,
                "{}{}",
                if index == 0 { ", with " } else { ", " },
                name.to_ascii_lowercase()
            )?;
        }
        Ok(())
    }
}
