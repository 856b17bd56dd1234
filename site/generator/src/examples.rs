//! For each reason, what shows it: a fetch that ends with it, or words of a console that say it.

use browser_cors::{
    Environment, Profile, RequestInit,
    code::Code,
    compare::{Browsers, FetchOutcome, Question, SideBySide},
    console::{self, Message, Wording, find_all, wordings},
    fetch::{TransportFailure, UserAgent},
    scenario::Scenario,
    url::Url,
};

use crate::repository::{Problem, Repository};

/// A scenario for each reason that has one. Its last fetch ends with the reason, which is its `id`.
const SCENARIOS: &str = "fixtures/reasons.jsonl";

/// Departures whose recorded scenario shows a reason.
const DEPARTURES: [(Code, &str); 1] = [(Code::Keepalive, "beacon-without-limit")];

/// Reasons without an example, and why there is none.
pub(crate) const WITHOUT: [(Code, &str); 10] = [
    (Code::NotLocalUrl, "No page asks so: it is for what browsers load themselves."),
    (Code::IntegrityPolicy, EMBEDDER),
    (
        Code::RangeNotRequested,
        "It needs a service worker that answers with what an earlier request got.",
    ),
    (Code::IntegrityWithoutBody, EMBEDDER),
    (Code::Integrity, EMBEDDER),
    (Code::Embedder, EMBEDDER),
    (Code::Local, "It hangs on what a file or a blob holds, not on what a server answers."),
    (Code::RedirectStream, "It needs a body that is a stream, which a scenario does not have."),
    (Code::Aborted, "The page or the user causes it, not a server."),
    (Code::NotSent, "The program that carries out the fetch causes it, not a server."),
];

const EMBEDDER: &str = "The program that embeds the library decides it, by rules of its own.";

/// What shows a reason.
#[derive(Debug)]
pub(crate) enum Example {
    /// A fetch, and who shows that it ends so: the standard, or the first release that does.
    Fetch {
        shown: (Profile, Box<FetchOutcome>),
        /// The same in the standard and in each recorded release.
        side_by_side: SideBySide,
    },
    /// Words of a console, with values in their gaps.
    Words(String, Box<Message>),
}

/// The examples of all reasons.
#[derive(Debug)]
pub(crate) struct Examples(Vec<(Code, Option<Example>)>);

impl Examples {
    pub(crate) fn of(repository: &Repository) -> Result<Self, Problem> {
        let mut scenarios = Vec::new();
        for (index, line) in repository.read(SCENARIOS)?.lines().enumerate() {
            let scenario: Scenario = serde_json::from_str(line).map_err(|error| Problem::Json {
                path: SCENARIOS.to_owned(),
                line: index + 1,
                error,
            })?;
            scenarios.push((scenario.id.clone(), scenario));
        }
        for (code, departure) in DEPARTURES {
            let path = format!("fixtures/departures/{departure}.json");
            let recorded: Recorded = serde_json::from_str(&repository.read(&path)?)
                .map_err(|error| Problem::Json { path, line: error.line(), error })?;
            scenarios.push((code.to_string(), recorded.scenario));
        }
        let examples = Code::ALL.iter().map(|&code| {
            let scenario = scenarios.iter().find(|(id, _)| code == **id);
            let fetch = match (scenario, code) {
                (Some((_, scenario)), _) => {
                    Example::of_fetch(code, scenario.side_by_side(&profiles()))
                }
                (None, Code::NoResponse) => Example::of_fetch(code, unanswered(b"GET")),
                (None, Code::PreflightNoResponse) => Example::of_fetch(code, unanswered(b"PUT")),
                (None, _) => None,
            };
            (code, fetch.or_else(|| Example::of_words(code)))
        });
        Ok(Self(examples.collect()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Code, Option<&Example>)> {
        self.0.iter().map(|(code, example)| (*code, example.as_ref()))
    }
}

/// A file of `fixtures/departures`, of which only the scenario matters here.
#[derive(serde::Deserialize)]
struct Recorded {
    scenario: Scenario,
}

/// All recorded releases.
fn profiles() -> Vec<Profile> {
    Profile::of_recorded_releases().collect()
}

/// What becomes of a fetch that no server answers.
fn unanswered(method: &[u8]) -> SideBySide {
    let page = Url::parse("https://app.example/").expect("this is a URL");
    let agents = [Profile::STANDARD].into_iter().chain(profiles()).map(UserAgent::for_profile);
    let mut init = RequestInit::default();
    init.method = Some(method.to_vec());
    let question = Question::fetch("https://api.example/items", init);
    let mut asking = Browsers::new(Environment::new(page), agents).ask(question);
    while asking.exchange().is_some() {
        asking.answered(Err(TransportFailure::new("the connection was refused")));
    }
    SideBySide::from_results([asking.finish()])
}

impl Example {
    /// The last fetch of what was compared, if it ends with this reason for anybody.
    fn of_fetch(code: Code, side_by_side: SideBySide) -> Option<Self> {
        // What is newest is shown if it shows the reason.
        let newest = side_by_side.rows.iter().filter(|row| Profile::ALL.contains(&row.profile));
        let shown = newest.chain(&side_by_side.rows).find_map(|row| {
            let outcome = row.outcomes.last().filter(|outcome| code_of(outcome) == Some(code))?;
            Some((row.profile, Box::new(outcome.clone())))
        });
        Some(Self::Fetch { shown: shown?, side_by_side })
    }

    /// The first words that say this reason and nothing else.
    fn of_words(code: Code) -> Option<Self> {
        of_code(code).find_map(|wording| {
            let text = filled(wording.text);
            let message = find_all(&text).next()?.message;
            (message.code() == code).then(|| Self::Words(text, Box::new(message)))
        })
    }
}

/// The code of the reason for which a page does not get all that it asked for.
pub(crate) fn code_of(outcome: &FetchOutcome) -> Option<Code> {
    let outcome = serde_json::to_value(outcome).ok()?;
    outcome["result"]["reason"].as_str()?.parse().ok()
}

/// The words that consoles have for a reason.
pub(crate) fn of_code(code: Code) -> impl Iterator<Item = Wording> {
    wordings().filter(move |wording| {
        let own = wording.complaint.code();
        match wording.is_preflight {
            Some(true) => own.in_preflight() == code,
            Some(false) => own == code,
            None => own == code || own.in_preflight() == code,
        }
    })
}

/// Words with values in place of their gaps.
fn filled(text: &str) -> String {
    let values = [
        (console::Field::Url, "https://api.example/items"),
        (console::Field::From, "https://api.example/items"),
        (console::Field::Location, "https://cdn.example/items"),
        (console::Field::Origin, "https://app.example"),
        (console::Field::Asker, "XMLHttpRequest"),
        (console::Field::Method, "PUT"),
        (console::Field::Header, "x-request-id"),
        (console::Field::Value, "local"),
        (console::Field::Status, "403"),
        (console::Field::Expected, "public"),
        (console::Field::Type, "text/html"),
        (console::Field::Directive, "connect-src 'self'"),
        (console::Field::Page, "https://app.example/"),
        (console::Field::Error, "net::ERR_FAILED"),
    ];
    values
        .iter()
        .fold(text.to_owned(), |text, (field, value)| text.replace(&format!("{{{field}}}"), value))
}
