//! Expands the rows of a file to combinations.

use std::{fmt, sync::Arc};

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
    Expectations, HeaderSet, InvalidExpectations, Kind, Problem, Reach, Row, Stranger,
};
use crate::look_alike::{FOREIGN, look_alikes};

/// The most combinations that a file may expand to.
const CASES_LIMIT: usize = 100_000;

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
#[derive(Clone, Debug)]
pub struct Case {
    pub(super) row: Arc<Row>,
    pub(super) asker: CasePage,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) url: Url,
    pub(super) headers: HeaderSet,
    pub(super) credentials: CredentialsMode,
}

/// The page that makes a request.
#[derive(Clone, Debug)]
pub(super) struct CasePage {
    pub(super) origin: Origin,
    /// The page's name in the file, or the origin that it looks like.
    pub(super) name: String,
}

/// The name of the page if the row itself gives its origin.
const NAMED: &str = "named";

/// Expands the rows for a server.
pub(crate) fn plan(
    expectations: &Expectations,
    base: &Url,
    profiles: &[Profile],
) -> Result<Vec<Case>, InvalidExpectations> {
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    let prefix = base.as_str().trim_end_matches('/');
    for row in &expectations.rows {
        let mut problem = |text| problems.push(Problem { place: row.place, text });
        let askers = askers(expectations, row, base);
        if askers.is_empty() {
            problem(
                "no page is left to ask: origins other than the server's own were expected"
                    .to_owned(),
            );
        }
        let count = [&askers.len(), &row.paths.len(), &row.methods.len(), &row.headers.len()];
        let count = count.into_iter().fold(row.credentials.len(), |a, b| a.saturating_mul(*b));
        if cases.len().saturating_add(count) > CASES_LIMIT {
            problem(format!(
                "there are too many combinations: at most {CASES_LIMIT} were expected"
            ));
            break;
        }
        let before = cases.len();
        for asker in &askers {
            for path in &row.paths {
                for method in &row.methods {
                    for headers in &row.headers {
                        for credentials in &row.credentials {
                            let url = match Url::parse(&format!("{prefix}{path}")) {
                                Ok(url) => url,
                                Err(error) => {
                                    problem(format!("`{path}` makes no URL: {error}"));
                                    continue;
                                }
                            };
                            cases.push(Case {
                                row: Arc::clone(row),
                                asker: asker.clone(),
                                method: method.clone(),
                                path: path.clone(),
                                url,
                                headers: headers.clone(),
                                credentials: *credentials,
                            });
                        }
                    }
                }
            }
        }
        for case in &cases[before..] {
            let wrong = profiles.iter().find_map(|profile| case.problem(profile));
            if let Some(text) = wrong {
                problem(text);
                break;
            }
        }
    }
    if problems.is_empty() {
        Ok(cases)
    } else {
        Err(InvalidExpectations { name: expectations.name.clone(), problems })
    }
}

/// The pages that make the requests of a row. Made-up origins that are those of the file's pages
/// are left out, and so is the server's own origin, because nothing can be denied to it.
fn askers(file: &Expectations, row: &Row, base: &Url) -> Vec<CasePage> {
    let pages = || row.pages.iter().filter_map(|index| file.pages.get(*index));
    let Kind::Deny(from) = &row.kind else {
        return pages()
            .map(|page| CasePage { origin: page.origin.clone(), name: page.name.clone() })
            .collect();
    };
    let mut askers: Vec<CasePage> = Vec::new();
    let mut add = |origin: Origin, name: String| {
        let is_page = name != NAMED && file.pages.iter().any(|page| page.origin == origin);
        let is_known = askers.iter().any(|asker| asker.origin == origin);
        if !origin.is_same_origin_with_url(base) && !is_page && !is_known {
            askers.push(CasePage { origin, name });
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
                for page in pages() {
                    for (how, origin) in look_alikes(&page.origin) {
                        add(origin, format!("looks like {}: {how}", page.name));
                    }
                }
            }
            Stranger::Origin(origin) => add(origin.clone(), NAMED.to_owned()),
        }
    }
    askers
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

    /// The environment of the page.
    pub(super) fn page(&self) -> Environment {
        Environment::of_origin(&self.asker.origin, &PublicSuffixList)
    }

    /// The question that the page asks.
    pub(super) fn question(&self) -> Question {
        let has_body = !matches!(self.method.to_ascii_uppercase().as_str(), "GET" | "HEAD");
        let body = self.row.body.clone().filter(|_| has_body).map(BodyInit::Text);
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

    /// Why a page cannot make the request.
    fn problem(&self, profile: &Profile) -> Option<String> {
        let browsers = Browsers::new(self.page(), [UserAgent::for_profile(*profile)]);
        let asking = browsers.ask(self.question());
        let Some(first) = asking.exchange() else {
            return match asking.finish().outcomes.pop() {
                Some(FetchOutcome::NotAsked(error)) => {
                    Some(format!("a page cannot make this request: {error}"))
                }
                _ => None,
            };
        };
        let has_none = self.row.reach == Reach::Preflight && !first.is_preflight();
        has_none.then(|| {
            format!(
                "`send = \"preflight\"`, but {} {} has no preflight ({}): a method or a header \
                 that needs one was expected, or `send = \"request\"`",
                self.method, self.path, profile
            )
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CasePage { origin, name } = &self.asker;
        write!(f, "{} {} from ", self.method, self.path)?;
        match name.as_str() {
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
