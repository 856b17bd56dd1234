//! The matrix that the rows of a file expand to.

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

use super::{
    file::{Expectations, HeaderSet, InvalidExpectations, Kind, Problem, Reach, Row, Stranger},
    look_alike::{FOREIGN, look_alikes},
};

/// How many combinations a file may expand to.
const CASES_LIMIT: usize = 100_000;

/// One combination of a row: a page that asks for one thing.
///
/// Its `Display` is what it asks for, as in `PUT /items from app, credentials include, with x-token`.
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
    pub(super) asker: Asker,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) url: Url,
    pub(super) headers: HeaderSet,
    pub(super) credentials: CredentialsMode,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) origin: Origin,
    /// A name of the file, or what the origin looks like.
    pub(super) name: String,
}

/// The name of an origin that a row itself names.
const NAMED: &str = "named";

/// Expands the rows against a server.
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
                "nobody is left to ask: origins other than the server's own were expected"
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

/// Who asks for a row. Of the origins that are made up, those of the file's pages are left out, and
/// of all, the server's own, to which nothing can be denied.
fn askers(file: &Expectations, row: &Row, base: &Url) -> Vec<Asker> {
    let pages = || row.pages.iter().filter_map(|index| file.pages.get(*index));
    let Kind::Deny(from) = &row.kind else {
        return pages()
            .map(|page| Asker { origin: page.origin.clone(), name: page.name.clone() })
            .collect();
    };
    let mut askers: Vec<Asker> = Vec::new();
    let mut add = |origin: Origin, name: String| {
        let is_page = name != NAMED && file.pages.iter().any(|page| page.origin == origin);
        let is_known = askers.iter().any(|asker| asker.origin == origin);
        if !origin.is_same_origin_with_url(base) && !is_page && !is_known {
            askers.push(Asker { origin, name });
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
    /// The row that it is of.
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

    /// Whether the page must be able to do it; otherwise it must not.
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

    /// Who asks.
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

    /// What is asked for.
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

    /// The method, as the file has it.
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

    /// Who asks.
    pub(super) fn page(&self) -> Environment {
        Environment::of_origin(&self.asker.origin, &PublicSuffixList)
    }

    /// What a page asks.
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

    /// Why this cannot be asked.
    fn problem(&self, profile: &Profile) -> Option<String> {
        let browsers = Browsers::new(self.page(), [UserAgent::for_profile(*profile)]);
        let asking = browsers.ask(self.question());
        let Some(first) = asking.exchange() else {
            return match asking.finish().outcomes.pop() {
                Some(FetchOutcome::NotAsked(error)) => {
                    Some(format!("a page cannot ask this: {error}"))
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
        let Asker { origin, name } = &self.asker;
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
