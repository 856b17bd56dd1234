//! A page for each reason.

use std::fmt::Write;

use browser_cors::{
    Profile,
    code::Code,
    compare::{FetchOutcome, SideBySide},
    console::{self, Console, Message, find_all, meaning},
    engine::{Departure, Release},
    explain::{
        Remedy, Where,
        tongue::{Policy, Tongue},
    },
};

use crate::{
    examples::{Example, Examples, WITHOUT, code_of, of_code},
    markdown::{self, Page, block, cell, details, prose},
    servers,
};

/// What a reason is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Group {
    Preflight,
    Answer,
    Redirect,
    Load,
    Console,
    Other,
}

impl Group {
    pub(crate) const ALL: [Self; 6] =
        [Self::Answer, Self::Preflight, Self::Redirect, Self::Load, Self::Other, Self::Console];

    fn of(code: Code, example: Option<&Example>) -> Self {
        let name = code.as_str();
        if matches!(example, Some(Example::Words(..))) {
            Self::Console
        } else if name.starts_with("preflight-") {
            Self::Preflight
        } else if name.starts_with("allow-") {
            Self::Answer
        } else if name.starts_with("redirect-") || code == Code::Location {
            Self::Redirect
        } else if name.starts_with("load-")
            || matches!(
                code,
                Code::CorsCrossOrigin
                    | Code::OpaqueResponseBlocking
                    | Code::CrossOriginResourcePolicy
                    | Code::MimeType
                    | Code::Nosniff
            )
        {
            Self::Load
        } else {
            Self::Other
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Preflight => "The answer to a preflight",
            Self::Answer => "The answer to a request",
            Self::Redirect => "Redirects",
            Self::Load => "Images, scripts and other loads",
            Self::Console => "Only on consoles",
            Self::Other => "Requests and the network",
        }
    }
}

/// The pages of all reasons, each with what it is about, and the page that lists them.
pub(crate) fn pages(examples: &Examples) -> (Page, Vec<(Group, Page)>) {
    let pages: Vec<_> = examples
        .iter()
        .map(|(code, example)| (Group::of(code, example), page(code, example)))
        .collect();
    let mut body =
        "# Reasons\n\nThe code of each reason for which a page does not get what it asked \
                    for. The command prints it, JSON has it as `reason`, and assertions take it. \
                    [`browser-cors explain`](/manual/console.md) finds the code of a console's \
                    message.\n"
            .to_owned();
    for group in Group::ALL {
        let rows = pages.iter().filter(|(of, _)| *of == group).map(|(_, page)| {
            vec![format!("[`{}`]({})", page.title, page.link()), cell(&page.about)]
        });
        let rows: Vec<_> = rows.collect();
        // Writing to a string cannot fail.
        let _ = write!(
            body,
            "\n## {}\n\n{}",
            group.title(),
            markdown::table(&["reason", "what happened"], &rows)
        );
    }
    let index = Page {
        path: "reasons/index.md".to_owned(),
        title: "Reasons".to_owned(),
        about: "Every reason for which a page does not get what it asked for".to_owned(),
        source: None,
        body,
    };
    (index, pages)
}

fn page(code: Code, example: Option<&Example>) -> Page {
    let mut body = format!("# {code}\n\n{}\n", prose(code.summary()));
    for other in Code::ALL.iter().filter(|other| **other != code) {
        if code.in_preflight() == *other {
            body.push_str(&format!(
                "\nThe same in the answer to a preflight: [{other}]({other}.md).\n"
            ));
        } else if other.in_preflight() == code {
            body.push_str(&format!(
                "\nThe same in the answer to a request: [{other}]({other}.md).\n"
            ));
        }
    }
    match example {
        Some(Example::Fetch { shown: (profile, outcome), side_by_side }) => {
            of_fetch(&mut body, code, *profile, outcome, side_by_side);
        }
        Some(Example::Words(text, message)) => of_words(&mut body, code, text, message),
        None => {
            let why = WITHOUT.iter().find(|(without, _)| *without == code);
            body.extend(why.iter().map(|(_, why)| format!("\nThis page has no example. {why}\n")));
            if let Some(mdn) = code.mdn() {
                body.push_str(&more(None, Some(mdn)));
            }
        }
    }
    Page {
        path: format!("reasons/{code}.md"),
        title: code.to_string(),
        about: code.summary().to_owned(),
        source: None,
        body,
    }
}

fn of_fetch(
    body: &mut String,
    code: Code,
    shown_in: Profile,
    outcome: &FetchOutcome,
    side_by_side: &SideBySide,
) {
    let outcomes = side_by_side.rows.iter().filter_map(|row| row.outcomes.last());
    let lines = outcomes.flat_map(FetchOutcome::console);
    let message = lines.flat_map(|line| messages(&line)).find(|message| message.code() == code);

    body.push_str("\n## What happened\n\n");
    if let Some(message) = &message {
        body.extend([prose(&meaning(message)).as_str(), "\n\n"]);
    }
    if let Some(release) = shown_in.release() {
        body.push_str(&format!("The standard does not say so; {} does.\n\n", name_of(release)));
    }
    // What these lines say has sections of its own.
    const ELSEWHERE: [&str; 5] = ["     at:", "    see:", "  guide:", "  where:", "    fix:"];
    let text = outcome.to_string();
    let lines = text.lines().filter(|line| !ELSEWHERE.iter().any(|label| line.starts_with(label)));
    body.push_str(&block("text", &lines.collect::<Vec<_>>().join("\n")));

    let json = serde_json::to_value(outcome).unwrap_or_default();
    let fix = labelled(&text, "fix").or_else(|| json["result"]["fix"].as_str());
    let remedy = remedy(outcome);
    what_to_change(body, remedy.as_ref().map(|remedy| &remedy.place), fix.unwrap_or_default());
    if let Some(policy) = outcome.transcript().and_then(Policy::of) {
        tongues(body, &policy);
    }
    body.push_str("\n## On the console\n");
    for seen in seen(side_by_side) {
        of_releases(body, code, &seen);
    }
    all_words(body, code);
    let mdn = code.mdn().or_else(|| message.as_ref().and_then(Message::mdn));
    body.push_str(&more(labelled(&text, "at"), mdn));
}

fn messages(line: &str) -> Vec<Message> {
    find_all(line).map(|occurrence| occurrence.message).collect()
}

fn of_words(body: &mut String, code: Code, text: &str, message: &Message) {
    let remedy = console::remedy(message);
    body.extend(["\n## What happened\n\n", &prose(&meaning(message)), "\n"]);
    let place = message.complaint.tells_where().then_some(&remedy.place);
    what_to_change(body, place, &remedy.to_string());
    if let Some(policy) = Policy::of_message(message) {
        tongues(body, &policy);
    }
    body.push_str("\n## On the console\n");
    body.push_str(&console_lines(&[text]));
    all_words(body, code);
    let step = message.complaint.step();
    let step = step.map(|step| format!("{} step {}", step.url(), step.path()));
    body.push_str(&more(step.as_deref(), code.mdn().or_else(|| message.mdn())));
}

fn what_to_change(body: &mut String, place: Option<&Where>, fix: &str) {
    body.push_str("\n## What to change\n\n");
    body.extend(place.map(|place| format!("**Where:** {}\n\n", prose(&place.to_string()))));
    body.extend([prose(fix).as_str(), "\n"]);
}

/// What would mend it, if something was sent.
fn remedy(outcome: &FetchOutcome) -> Option<Remedy> {
    match outcome {
        FetchOutcome::Done { transcript, .. } => {
            Remedy::of(transcript).or_else(|| Remedy::of_opaque(transcript))
        }
        FetchOutcome::Load(load) => Remedy::of_load(load),
        _ => None,
    }
}

/// What follows a label of an explanation.
fn labelled<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.trim_start().strip_prefix(label)?.strip_prefix(": "))
}

/// A policy in the words of each server.
fn tongues(body: &mut String, policy: &Policy) {
    body.push_str(
        "\n## In the words of a server\n\nEach of these grants pages of `https://app.example` what \
         this request needs, and grants nothing to others. `browser-cors check --for nginx` and its \
         like write one for your own request; [Fixes](/manual/fixes.md) says more.\n\n",
    );
    // The search has these words once, on the page of the servers.
    body.push_str("<!-- unsearched -->\n\n");
    for tongue in Tongue::ALL {
        let title = format!("{tongue} ({})", tongue.proof());
        body.push_str(&details(&title, &servers::snippet(*tongue, policy)));
    }
    body.push_str("<!-- searched -->\n");
}

/// What releases make of the fetch.
fn of_releases(body: &mut String, code: Code, seen: &Seen<'_>) {
    let Seen { releases, outcome, causes } = seen;
    body.push_str(&format!("\n### {}\n\n", and(&spans(releases))));
    let own = code_of(outcome);
    if own != Some(code) {
        let ends = match own {
            Some(own) => format!("[{own}]({own}.md)"),
            None => markdown::code(outcome.verdict()),
        };
        let because: Vec<_> = causes.iter().map(|cause| link_of(*cause)).collect();
        let because = if because.is_empty() {
            String::new()
        } else {
            format!(", because of {}", and(&because))
        };
        body.push_str(&format!("Here the outcome is {ends}{because}.\n\n"));
    }
    let lines = outcome.console();
    if lines.is_empty() {
        body.push_str("The console says nothing about CORS.\n");
    } else {
        body.push_str(&console_lines(&lines));
    }
}

fn console_lines(lines: &[impl AsRef<str>]) -> String {
    let lines: Vec<_> = lines.iter().map(AsRef::as_ref).collect();
    format!("\n<div class=\"console\">\n\n{}\n</div>\n", block("text", &lines.join("\n")))
}

/// Releases that make the same of a fetch.
#[derive(Debug)]
struct Seen<'a> {
    releases: Vec<Release>,
    outcome: &'a FetchOutcome,
    causes: &'a [Departure],
}

/// What each release makes of the last fetch, the standard left out.
fn seen(side_by_side: &SideBySide) -> Vec<Seen<'_>> {
    let mut found: Vec<Seen<'_>> = Vec::new();
    for row in &side_by_side.rows {
        let (Some(release), Some(outcome)) = (row.profile.release(), row.outcomes.last()) else {
            continue;
        };
        let difference = row.differences.last().and_then(Option::as_ref);
        let causes = difference.map_or(&[][..], |difference| &difference.causes);
        let alike = |other: &&mut Seen<'_>| {
            other.causes == causes
                && other.outcome.verdict() == outcome.verdict()
                && code_of(other.outcome) == code_of(outcome)
                && other.outcome.console() == outcome.console()
        };
        match found.iter_mut().find(alike) {
            Some(other) => other.releases.push(release),
            None => found.push(Seen { releases: vec![release], outcome, causes }),
        }
    }
    found
}

/// All words that consoles have for a reason, those of older releases too.
fn all_words(body: &mut String, code: Code) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for wording in of_code(code) {
        let row = vec![whose(wording.console).to_owned(), markdown::code(wording.text)];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    if !rows.is_empty() {
        rows.sort();
        let table = markdown::table(&["of", "words"], &rows);
        body.extend(["\n", &details("All wordings, of older releases too", &format!("\n{table}"))]);
    }
}

const fn whose(console: Console) -> &'static str {
    match console {
        Console::Chromium => "Chromium",
        Console::Firefox => "Firefox",
        Console::Webkit => "WebKit",
        Console::InternetExplorer => "Internet Explorer",
        _ => "several",
    }
}

/// Where to read on.
fn more(step: Option<&str>, mdn: Option<&str>) -> String {
    let mut text = String::new();
    if step.is_some() || mdn.is_some() {
        text.push_str("\n## Read on\n\n");
    }
    if let Some(step) = step {
        let (address, path) = match step.split_once(" step ") {
            Some((address, path)) => (address, format!(", step {path}")),
            None => (step, String::new()),
        };
        text.push_str(&format!("- The standard: <{address}>{path}\n"));
    }
    if let Some(mdn) = mdn {
        text.push_str(&format!("- MDN: <{mdn}>\n"));
    }
    text
}

/// The names of releases, which stand in the order of the recorded ones. Four or more of an engine that
/// follow one another are a span, as in `Chromium 137 to 156`.
pub(crate) fn spans(releases: &[Release]) -> Vec<String> {
    let recorded: Vec<_> = Release::recorded().collect();
    let place = |release: &Release| recorded.iter().position(|known| known == release);
    let runs = releases.chunk_by(|one, next| {
        one.engine == next.engine && place(next) == place(one).map(|place| place + 1)
    });
    let mut names = Vec::new();
    for run in runs {
        match run {
            [first, _, _, .., last] => {
                names.push(format!("{} to {}", name_of(*first), last.version));
            }
            run => names.extend(run.iter().map(|release| name_of(*release))),
        }
    }
    names
}

fn name_of(release: Release) -> String {
    release.product().map_or_else(|| release.to_string(), str::to_owned)
}

pub(crate) fn link_of(departure: Departure) -> String {
    format!("[{departure}](/departures.md#{departure})")
}

/// `a, b and c`
fn and(parts: &[String]) -> String {
    match parts {
        [parts @ .., last] if !parts.is_empty() => format!("{} and {last}", parts.join(", ")),
        parts => parts.concat(),
    }
}
