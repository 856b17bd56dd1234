//! `browser-cors diff`: where two deployments answer differently, and whether a page could tell.

use std::{
    fmt::{self, Write as _},
    io::{self, Write},
    process::ExitCode,
};

use browser_cors::{fetch::Outcome, response::Response, transcript::RecordedExchange};
use serde::Serialize;

use crate::{
    args::{DiffArgs, Format},
    check::transport_failure,
    engine,
    expect::{
        ask::{Asked, ask},
        file::{self, File},
        listed,
        plan::{Case, plan},
        read,
        secret::Secrets,
    },
};

pub(crate) fn run(args: &DiffArgs) -> ExitCode {
    let compared = match compare(args) {
        Ok(compared) => compared,
        Err(problem) => return unjudged(format_args!("{problem}")),
    };
    match print(&compared, args.format) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return unjudged(format_args!("cannot write the differences: {error}"));
        }
        _ => {}
    }
    let differences = &compared.differences;
    ExitCode::from(if differences.iter().any(|difference| difference.is_silent) {
        UNJUDGED
    } else {
        u8::from(differences.iter().any(|difference| difference.page_can_tell))
    })
}

/// What was compared, and what differs.
struct Compared {
    count: usize,
    differences: Vec<Difference>,
}

/// Where the answers to one combination differ. Nothing in it is secret.
#[derive(Debug, Serialize)]
struct Difference {
    title: String,
    /// Whether one of the servers gave no answer.
    #[serde(skip)]
    is_silent: bool,
    page_can_tell: bool,
    answers: Vec<Pair>,
    page: Vec<Pair>,
}

/// Something of both deployments, in the engines that see it so.
#[derive(Debug, Eq, PartialEq, Serialize)]
struct Pair {
    engines: Vec<String>,
    what: String,
    a: Vec<String>,
    b: Vec<String>,
}

fn compare(args: &DiffArgs) -> Result<Compared, String> {
    let name = args.file.display().to_string();
    let file = read(&args.file)?;
    let (base_a, base_b) = (file::base(&args.base_a)?, file::base(&args.base_b)?);
    let profiles = engine::profiles(&args.asking.engine);
    let plan =
        |file, base| plan(file, base, &profiles).map_err(|problems| listed(&name, &problems));
    let (mut cases_a, mut cases_b) = (plan(&file, &base_a)?, plan(&file, &base_b)?);
    // A made-up origin may be that of one of the servers.
    let titles =
        |cases: &[Case<'_>]| cases.iter().map(title).collect::<std::collections::HashSet<_>>();
    let (titles_a, titles_b) = (titles(&cases_a), titles(&cases_b));
    cases_a.retain(|case| titles_b.contains(&title(case)));
    cases_b.retain(|case| titles_a.contains(&title(case)));
    let asked_a = ask(&cases_a, &args.asking, &profiles, views);
    let asked_b = ask(&cases_b, &args.asking, &profiles, views);
    let pairs = cases_a.iter().zip(asked_a.iter().zip(&asked_b));
    let differences =
        pairs.filter_map(|(case, (a, b))| difference(case, a, b, &file)).collect::<Vec<_>>();
    Ok(Compared { count: cases_a.len(), differences })
}

fn title(case: &Case<'_>) -> String {
    format!("{}: {case}", case.row.name)
}

/// What is compared of what one engine made of a case.
struct View {
    engine: String,
    /// The exchanges that were made.
    exchanges: Vec<Sent>,
    /// What the page gets.
    page: String,
    is_silent: bool,
}

/// What is compared of an exchange.
struct Sent {
    method: String,
    outcome: String,
    /// The lines of each of `HEADERS`, if there was an answer.
    headers: Option<Vec<Vec<String>>>,
}

fn views(_case: &Case<'_>, asked: Vec<Asked>) -> Vec<View> {
    asked.iter().map(View::of).collect()
}

impl View {
    fn of(asked: &Asked) -> Self {
        let exchanges = match asked.transcript.exchanges.as_slice() {
            [sent @ .., _] if asked.stopped => sent,
            sent => sent,
        };
        Self {
            engine: asked.profile.to_string(),
            exchanges: exchanges.iter().map(Sent::of).collect(),
            page: seen(asked),
            is_silent: !asked.stopped && is_silent(asked),
        }
    }
}

impl Sent {
    fn of(exchange: &RecordedExchange) -> Self {
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

fn difference(case: &Case<'_>, a: &[View], b: &[View], file: &File) -> Option<Difference> {
    let (mut answers, mut page) = (Vec::new(), Vec::new());
    for (a, b) in a.iter().zip(b) {
        let engine = &a.engine;
        for index in 0..a.exchanges.len().max(b.exchanges.len()) {
            for (what, a, b) in unequal(a.exchanges.get(index), b.exchanges.get(index)) {
                add(&mut answers, engine, what, a, b, &file.secrets);
            }
        }
        if a.page != b.page {
            let (seen_a, seen_b) = (vec![a.page.clone()], vec![b.page.clone()]);
            add(&mut page, engine, "the page".to_owned(), seen_a, seen_b, &file.secrets);
        }
    }
    let is_silent = a.iter().chain(b).any(|view| view.is_silent);
    let is_some = is_silent || !answers.is_empty() || !page.is_empty();
    is_some.then(|| Difference {
        title: file.secrets.redact(title(case)).into_owned(),
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

/// The headers that CORS reads, or that say which answer it is.
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

/// Where two exchanges differ.
fn unequal(a: Option<&Sent>, b: Option<&Sent>) -> Vec<(String, Vec<String>, Vec<String>)> {
    let method = a.or(b).map_or("", |sent| &sent.method);
    let outcome = |sent: Option<&Sent>| {
        vec![sent.map_or_else(|| "not sent".to_owned(), |sent| sent.outcome.clone())]
    };
    let (outcome_a, outcome_b) = (outcome(a), outcome(b));
    let mut unequal = Vec::new();
    if outcome_a != outcome_b {
        unequal.push((format!("{method}: the status"), outcome_a, outcome_b));
    }
    let headers = |sent: Option<&Sent>| sent.and_then(|sent| sent.headers.clone());
    if let (Some(a), Some(b)) = (headers(a), headers(b)) {
        for (name, (a, b)) in HEADERS.iter().zip(a.into_iter().zip(b)) {
            if a != b {
                unequal.push((format!("{method}: {name}"), a, b));
            }
        }
    }
    unequal
}

/// What a page learns: of a network error, only that there is one.
fn seen(asked: &Asked) -> String {
    match &asked.transcript.outcome {
        _ if asked.stopped => "gets past the preflight".to_owned(),
        Outcome::NetworkError(_) => "gets a network error".to_owned(),
        Outcome::Response(response) => {
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
const fn is_silent(asked: &Asked) -> bool {
    match &asked.transcript.outcome {
        Outcome::NetworkError(error) => transport_failure(error).is_some(),
        Outcome::Response(_) => false,
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            let Difference { title, is_silent, page_can_tell, answers, page } = difference;
            let verdict = match (is_silent, page_can_tell) {
                (true, _) => "there was no answer",
                (false, true) => "a page can tell",
                (false, false) => "no page can tell",
            };
            writeln!(f, "{title}: {verdict}")?;
            for Pair { engines, what, a, b } in answers.iter().chain(page) {
                writeln!(f, "  {what} (in {})", engines.join(", "))?;
                for (mark, lines) in [('-', a), ('+', b)] {
                    match lines.as_slice() {
                        [] => writeln!(f, "  {mark} none")?,
                        lines => {
                            lines.iter().try_for_each(|line| writeln!(f, "  {mark} {line}"))?;
                        }
                    }
                }
            }
        }
        let tell = self.differences.iter().filter(|difference| difference.page_can_tell).count();
        writeln!(
            f,
            "{} combinations: {} are answered differently, {tell} so that a page can tell",
            self.count,
            self.differences.len()
        )
    }
}

fn print(compared: &Compared, format: Format) -> io::Result<()> {
    let mut text = String::new();
    match format {
        // Writing to a string cannot fail.
        Format::Text => {
            let _ = write!(text, "{compared}");
        }
        Format::Json => {
            for difference in &compared.differences {
                text.push_str(&serde_json::to_string(difference)?);
                text.push('\n');
            }
        }
    }
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

fn unjudged(problem: fmt::Arguments<'_>) -> ExitCode {
    eprintln!("browser-cors: {problem}");
    ExitCode::from(UNJUDGED)
}

const UNJUDGED: u8 = 2;
