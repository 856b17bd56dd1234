//! Compares two deployments that should answer alike: where do they differ, and can a page tell?

use std::collections::{HashMap, HashSet};

use browser_cors::{
    fetch::Outcome,
    response::Response,
    transcript::{RecordedExchange, Transcript},
};
use serde::Serialize;

use crate::expect::{
    Answered, AskError, Asking, Attempt, Case, Expectations, Secrets, Turn, ask, base,
};

/// The result of comparing two deployments.
///
/// ```no_run
/// use browser_cors_audit::{compare::compare, expect::{Asking, Expectations}};
///
/// let expectations = Expectations::read("cors.toml")?;
/// let bases = ["https://staging.example", "https://api.example"];
/// let comparison = compare(&expectations, bases, &Asking::new())?;
/// assert!(!comparison.differences.iter().any(|difference| difference.page_can_tell));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comparison {
    /// The number of combinations that both were asked.
    pub count: usize,
    /// How many of them were asked by their preflight alone, because the request itself could
    /// change something.
    pub by_preflight: usize,
    /// The combinations that could not be compared, each with the reason.
    pub unasked: Vec<Unasked>,
    /// The differences, in the order of the rows.
    pub differences: Vec<Difference>,
}

/// A combination that was not compared.
///
/// ```
/// # use browser_cors_audit::compare::Comparison;
/// # fn f(comparison: &Comparison) {
/// for unasked in &comparison.unasked {
///     eprintln!("{}: {}", unasked.title, unasked.reason);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unasked {
    /// The row's name and its request.
    pub title: String,
    /// Why it was not compared.
    pub reason: String,
}

impl Comparison {
    /// The differences, those together that are equal but for the method, the path and the page.
    ///
    /// ```
    /// # use browser_cors_audit::compare::Comparison;
    /// # fn f(comparison: &Comparison) {
    /// for group in comparison.alike() {
    ///     println!("{}, and {} more like it", group[0].title, group.len() - 1);
    /// }
    /// # }
    /// ```
    pub fn alike(&self) -> Vec<Vec<&Difference>> {
        let mut groups: Vec<Vec<&Difference>> = Vec::new();
        let mut places = HashMap::new();
        for difference in &self.differences {
            let place = *places.entry(difference.kind()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(difference),
                None => groups.push(vec![difference]),
            }
        }
        groups
    }
}

/// How the answers to one combination differ. It contains no secret.
///
/// Its JSON is a line of `browser-cors diff --format json`.
///
/// ```
/// # use browser_cors_audit::compare::Difference;
/// # fn f(difference: &Difference) {
/// for pair in &difference.page {
///     println!("in {}: {:?}, but {:?}", pair.engines.join(", "), pair.a, pair.b);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Difference {
    /// The row's name and its request, as in `items: PUT /items from app`.
    pub title: String,
    /// The method of the request.
    pub method: String,
    /// The origin of the page.
    pub origin: String,
    /// Whether a server gave no answer.
    #[serde(skip)]
    pub is_silent: bool,
    /// Whether the page gets something else.
    pub page_can_tell: bool,
    /// The differences in the answers.
    pub answers: Vec<Pair>,
    /// The differences in what the page gets.
    pub page: Vec<Pair>,
}

/// A pair, without what differs from one combination to the next.
type Kind<'a> = (&'a [String], String, Vec<&'a str>, Vec<&'a str>);

impl Difference {
    /// What two differences have in common that say the same of different requests.
    fn kind<'a>(&'a self) -> (bool, bool, Vec<Kind<'a>>) {
        let text = |text: &'a String| match *text == self.origin {
            true => "the page's origin",
            false => text.as_str(),
        };
        let pair = |pair: &'a Pair| {
            let what = match pair.what.strip_prefix(&format!("{}: ", self.method)) {
                Some(what) => format!("the request: {what}"),
                None => pair.what.clone(),
            };
            let (a, b) = (pair.a.iter().map(text), pair.b.iter().map(text));
            (pair.engines.as_slice(), what, a.collect(), b.collect())
        };
        let pairs = self.answers.iter().chain(&self.page).map(pair);
        (self.is_silent, self.page_can_tell, pairs.collect())
    }
}

/// One property of both deployments, in the engines that see it alike.
///
/// ```
/// # use browser_cors_audit::compare::Pair;
/// # fn f(pair: &Pair) {
/// pair.a.iter().for_each(|line| println!("- {line}"));
/// pair.b.iter().for_each(|line| println!("+ {line}"));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Pair {
    /// The names of the engines.
    pub engines: Vec<String>,
    /// The property: the status or a header of the answer to a method, or what the page gets.
    pub what: String,
    /// Its lines in the first deployment.
    pub a: Vec<String>,
    /// Its lines in the second deployment.
    pub b: Vec<String>,
}

/// Sends the requests of a file of expectations to two deployments, at these bases, and compares
/// the statuses, the headers that CORS reads, and what the page gets. It does not judge what the
/// file expects. As in [`Expectations::ask`], requests that could change something are not sent,
/// unless the row or [`Asking::send_requests`] says so.
///
/// # Errors
///
/// If a base names no server, a page cannot make the request of a row, no engine is named, or the
/// observer cancels. If a server does not answer, that is a [`Difference`] and no error.
///
/// ```
/// use std::{io::{Read, Write}, net::TcpListener, thread};
///
/// use browser_cors_audit::{compare::compare, expect::{Asking, Expectations}};
///
/// fn serve(answer: &'static str) -> std::io::Result<String> {
///     let listener = TcpListener::bind("127.0.0.1:0")?;
///     let base = format!("http://{}", listener.local_addr()?);
///     thread::spawn(move || {
///         for mut stream in listener.incoming().map_while(Result::ok) {
///             let _ = stream.read(&mut [0; 4096]);
///             let _ = stream.write_all(answer.as_bytes());
///         }
///     });
///     Ok(base)
/// }
///
/// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/items\"]\n";
/// let expectations = Expectations::parse("cors.toml", text, &|_| None)?;
/// let a = serve("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n")?;
/// let b = serve("HTTP/1.1 200 OK\r\n\r\n")?;
/// let comparison = compare(&expectations, [&a, &b], &Asking::new())?;
/// let difference = &comparison.differences[0];
/// assert_eq!(difference.title, "allow 1: GET /items from app");
/// assert!(difference.page_can_tell);
/// assert_eq!(difference.answers[0].what, "GET: Access-Control-Allow-Origin");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(
    expectations: &Expectations,
    bases: [&str; 2],
    asking: &Asking<'_>,
) -> Result<Comparison, AskError> {
    let [base_a, base_b] = bases;
    let (base_a, base_b) = (base(base_a)?, base(base_b)?);
    let mut cases_a = expectations.cases(&base_a, &asking.scope)?;
    let mut cases_b = expectations.cases(&base_b, &asking.scope)?;
    // A made-up origin may equal that of one of the servers.
    let titles = |cases: &[Case]| cases.iter().map(title).collect::<HashSet<_>>();
    let (titles_a, titles_b) = (titles(&cases_a), titles(&cases_b));
    cases_a.retain(|case| titles_b.contains(&title(case)));
    cases_b.retain(|case| titles_a.contains(&title(case)));
    let asked_a = ask(&cases_a, asking, views)?;
    let asked_b = ask(&cases_b, asking, views)?;
    let ended = asked_a.ended.as_ref().or(asked_b.ended.as_ref());
    let secrets = expectations.secrets();
    let mut comparison =
        Comparison { count: 0, by_preflight: 0, unasked: Vec::new(), differences: Vec::new() };
    let pairs = cases_a.iter().zip(asked_a.results.iter().zip(&asked_b.results));
    for (case, (a, b)) in pairs {
        let views = a.as_deref().zip(b.as_deref());
        let reason = match (views, ended) {
            (Some((a, b)), _) if a.iter().chain(b).any(|view| !view.is_unsent) => None,
            (Some(([], _) | (_, [])), _) => {
                Some("a server has the page's own origin, so there is no CORS".to_owned())
            }
            (Some(_), _) => Some(format!(
                "the {} has no preflight, and it could change something, so nothing was sent: \
                 `send = \"request\"` in the row, or `--send-requests`, sends it",
                case.method()
            )),
            (None, Some(ended)) => Some(ended.to_string()),
            (None, None) => Some("it was not asked".to_owned()),
        };
        let title = || secrets.redact(title(case)).into_owned();
        match (views, reason) {
            (Some((a, b)), None) => {
                comparison.count += 1;
                let is_unsent = |view: &CaseView| view.is_by_preflight;
                comparison.by_preflight += usize::from(a.iter().chain(b).all(is_unsent));
                comparison.differences.extend(difference(case, a, b, secrets));
            }
            (_, reason) => comparison
                .unasked
                .push(Unasked { title: title(), reason: reason.unwrap_or_default() }),
        }
    }
    Ok(comparison)
}

fn title(case: &Case) -> String {
    format!("{}: {case}", case.row().name())
}

/// The parts of a case's outcome in one engine that are compared.
struct CaseView {
    engine: String,
    /// The exchanges.
    exchanges: Vec<ComparedExchange>,
    /// What the page gets.
    page: String,
    is_silent: bool,
    /// Whether nothing was sent, because the request could change something.
    is_unsent: bool,
    /// Whether the request itself was not sent, for that reason.
    is_by_preflight: bool,
}

/// The parts of an exchange that are compared.
struct ComparedExchange {
    method: String,
    outcome: String,
    /// The lines of each of `HEADERS`; `None` without an answer.
    headers: Option<Vec<Vec<String>>>,
}

fn views(_case: &Case, asked: Vec<Attempt>) -> (Turn, Vec<CaseView>) {
    let views: Vec<_> = asked.iter().map(CaseView::new).collect();
    let is_silent = views.iter().any(|view| view.is_silent);
    (if is_silent { Turn::Silent } else { Turn::Answered }, views)
}

impl CaseView {
    fn new(asked: &Attempt) -> Self {
        let exchanges = match (&asked.answered, &*asked.answered.transcript().exchanges) {
            (Answered::NotSent(..), [sent @ .., _]) => sent,
            (_, sent) => sent,
        };
        let is_by_preflight = matches!(asked.answered, Answered::NotSent(..));
        Self {
            engine: asked.profile.to_string(),
            exchanges: exchanges.iter().map(ComparedExchange::new).collect(),
            page: seen(asked),
            is_silent: is_silent(asked),
            is_unsent: is_by_preflight && exchanges.is_empty(),
            is_by_preflight,
        }
    }
}

impl ComparedExchange {
    fn new(exchange: &RecordedExchange) -> Self {
        let answer = exchange.answer.as_ref();
        let lines = |answer: &Response, name: &str| {
            let values = answer.header_list.values(name);
            values.map(|value| value.escape_ascii().to_string()).collect()
        };
        Self {
            method: exchange.method.to_string(),
            outcome: match answer {
                Ok(answer) => format!("{} {}", exchange.method, answer.status),
                Err(failure) => format!("{} {failure}", exchange.method),
            },
            headers: answer.ok().map(|answer| HEADERS.map(|name| lines(answer, name)).to_vec()),
        }
    }
}

fn difference(
    case: &Case,
    a: &[CaseView],
    b: &[CaseView],
    secrets: &Secrets,
) -> Option<Difference> {
    let (mut answers, mut page) = (Vec::new(), Vec::new());
    for (a, b) in a.iter().zip(b) {
        let engine = &a.engine;
        for index in 0..a.exchanges.len().max(b.exchanges.len()) {
            for (what, a, b) in unequal(a.exchanges.get(index), b.exchanges.get(index)) {
                add(&mut answers, engine, what, a, b, secrets);
            }
        }
        if a.page != b.page {
            let (seen_a, seen_b) = (vec![a.page.clone()], vec![b.page.clone()]);
            add(&mut page, engine, "the page".to_owned(), seen_a, seen_b, secrets);
        }
    }
    let is_silent = a.iter().chain(b).any(|view| view.is_silent);
    let is_some = is_silent || !answers.is_empty() || !page.is_empty();
    is_some.then(|| Difference {
        title: secrets.redact(title(case)).into_owned(),
        method: case.method().to_owned(),
        origin: secrets.redact(case.origin().serialized()).into_owned(),
        is_silent,
        page_can_tell: !page.is_empty(),
        answers,
        page,
    })
}

fn add(
    pairs: &mut Vec<Pair>,
    engine: &str,
    what: String,
    a: Vec<String>,
    b: Vec<String>,
    secrets: &Secrets,
) {
    let clean = |texts: Vec<String>| {
        texts.into_iter().map(|text| secrets.redact(text).into_owned()).collect::<Vec<_>>()
    };
    let pair = Pair { engines: Vec::new(), what, a: clean(a), b: clean(b) };
    let other = pairs
        .iter_mut()
        .find(|other| (&other.what, &other.a, &other.b) == (&pair.what, &pair.a, &pair.b));
    match other {
        Some(other) if other.engines.iter().any(|known| known == engine) => {}
        Some(other) => other.engines.push(engine.to_owned()),
        None => pairs.push(Pair { engines: vec![engine.to_owned()], ..pair }),
    }
}

/// The headers that CORS reads, or that say which answer this is.
const HEADERS: [&str; 10] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
    "Cross-Origin-Resource-Policy",
    "Timing-Allow-Origin",
    "Location",
    "Vary",
];

/// The differences of two exchanges.
fn unequal(
    a: Option<&ComparedExchange>,
    b: Option<&ComparedExchange>,
) -> Vec<(String, Vec<String>, Vec<String>)> {
    let method = a.or(b).map_or("", |sent| &sent.method);
    let outcome = |sent: Option<&ComparedExchange>| {
        vec![sent.map_or_else(|| "not sent".to_owned(), |sent| sent.outcome.clone())]
    };
    let (outcome_a, outcome_b) = (outcome(a), outcome(b));
    let mut unequal = Vec::new();
    if outcome_a != outcome_b {
        unequal.push((format!("{method}: the status"), outcome_a, outcome_b));
    }
    let headers = |sent: Option<&ComparedExchange>| sent.and_then(|sent| sent.headers.clone());
    if let (Some(a), Some(b)) = (headers(a), headers(b)) {
        for (name, (a, b)) in HEADERS.iter().zip(a.into_iter().zip(b)) {
            if a != b {
                unequal.push((format!("{method}: {name}"), a, b));
            }
        }
    }
    unequal
}

/// What the page learns. Of a network error it learns only that there is one.
fn seen(asked: &Attempt) -> String {
    let transcript = match &asked.answered {
        Answered::Over(transcript) => transcript,
        Answered::NotSent(..) => return "gets past the preflight".to_owned(),
    };
    match &transcript.outcome {
        Outcome::NetworkError(_) => "gets a network error".to_owned(),
        Outcome::Response { response, .. } => {
            let mut names: Vec<_> =
                response.headers().map(|(name, _)| name.to_ascii_lowercase()).collect();
            names.sort_unstable();
            names.dedup();
            format!(
                "reads a {} response, status {}{}, headers: {}",
                response.kind().as_str(),
                response.status(),
                if response.redirected() { ", redirected" } else { "" },
                names.join(", ")
            )
        }
    }
}

/// Whether there was no answer.
const fn is_silent(asked: &Attempt) -> bool {
    match &asked.answered {
        Answered::Over(Transcript { outcome: Outcome::NetworkError(error), .. }) => {
            error.transport_failure().is_some()
        }
        Answered::Over(_) | Answered::NotSent(..) => false,
    }
}
