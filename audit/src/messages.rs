//! Explains what a browser's console printed.
//!
//! ```
//! use browser_cors_audit::messages::explain;
//!
//! let text = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been \
//!             blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the \
//!             requested resource.";
//! let explained = explain(text);
//! assert_eq!(explained[0].message.code().as_str(), "allow-origin-missing");
//! assert!(explained[0].remedy.to_string().contains("`Access-Control-Allow-Origin: https://app.example`"));
//! ```

use std::{collections::HashMap, fmt, ops::Range};

use browser_cors::{
    console::{Field, Message, Occurrence, find_all, meaning, remedy},
    explain::{Remedy, Where},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// A message of a console, what it means, and what to change. `Display` writes that for people.
///
/// ```
/// # use browser_cors_audit::messages::Explained;
/// # fn f(explained: &Explained<'_>) {
/// print!("{explained}");
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Explained<'a> {
    /// The message.
    pub message: Message,
    /// What the console printed, the first time.
    pub text: &'a str,
    /// The bytes of the text, each time.
    pub ranges: Vec<Range<usize>>,
    /// The lines on which it begins, from 1 on.
    pub lines: Vec<usize>,
    /// What to change, and where.
    pub remedy: Remedy,
    /// Whether the text has no other message.
    is_alone: bool,
}

/// Explains the messages of a text in their order, each once.
///
/// ```
/// # use browser_cors_audit::messages::explain;
/// assert!(explain("nothing about it").is_empty());
/// ```
pub fn explain(text: &str) -> Vec<Explained<'_>> {
    let mut explained: Vec<Explained<'_>> = Vec::new();
    let mut known: HashMap<Message, usize> = HashMap::new();
    let (mut line, mut counted_to) = (1, 0);
    for Occurrence { message, range, .. } in find_all(text) {
        line += text[counted_to..range.start].matches('\n').count();
        counted_to = range.start;
        let index = *known.entry(message.clone()).or_insert(explained.len());
        if index == explained.len() {
            explained.push(Explained {
                remedy: remedy(&message),
                message,
                text: &text[range.clone()],
                ranges: Vec::new(),
                lines: Vec::new(),
                is_alone: true,
            });
        }
        explained[index].ranges.push(range);
        explained[index].lines.push(line);
    }
    let is_alone = explained.len() == 1;
    explained.iter_mut().for_each(|one| one.is_alone = is_alone);
    explained
}

/// The lines that belong to no message, although they look like one that is about CORS. They count
/// from 1.
///
/// ```
/// use browser_cors_audit::messages::{explain, passed_over};
///
/// let text = "Request blocked: Access-Control-Allow-Origin is not what we like";
/// assert_eq!(passed_over(text, &explain(text)), [1]);
/// ```
pub fn passed_over(text: &str, explained: &[Explained<'_>]) -> Vec<usize> {
    const ABOUT: [&str; 4] =
        ["access-control-", "cors policy", "cross-origin re", "cross origin re"];
    const FAULT: [&str; 5] = ["blocked", "denied", "not allowed", "disallow", "refused"];
    let mut ranges: Vec<_> = explained.iter().flat_map(|one| &one.ranges).collect();
    ranges.sort_by_key(|range| range.start);
    let mut ranges = ranges.into_iter().peekable();
    let (mut start, mut lines) = (0, Vec::new());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        while ranges.next_if(|range| range.end <= start).is_some() {}
        let is_known = ranges.peek().is_some_and(|range| range.start < end);
        start = end;
        if !is_known {
            let line = line.to_ascii_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
            if has(&ABOUT) && has(&FAULT) {
                lines.push(index + 1);
            }
        }
    }
    lines
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, lines, remedy, .. } = self;
        let mut line = |label: &str, text: &dyn fmt::Display| writeln!(f, "{label:>7}: {text}");
        match lines[..] {
            [first] if !self.is_alone => line("line", &first)?,
            [first, .., last] => line(
                "line",
                &format_args!("{first}; {} times, the last time on line {last}", lines.len()),
            )?,
            _ => {}
        }
        line("engine", &message.console)?;
        line("reason", &message.code())?;
        for (field, value) in shown(message) {
            line(field.as_str(), &value)?;
        }
        if message.is_inferred {
            line(
                "note",
                &"The line is a translation: this is inferred from its URLs, header names, values and status.",
            )?;
        }
        if message.is_cut {
            line("note", &"The line was cut: it may have said more.")?;
        }
        line("meaning", &meaning(message))?;
        if let Some(step) = message.complaint.step() {
            line("at", &format_args!("{} step {}", step.url(), step.path()))?;
        }
        if let Some(mdn) = message.mdn() {
            line("see", &mdn)?;
        }
        line("guide", &message.code().guide())?;
        line("fix", &remedy)?;
        if message.complaint.tells_where() {
            let otherwise = match remedy.place {
                Where::Server { .. } => ", not the page's code",
                Where::Page => ", not the server",
                _ => "",
            };
            line("where", &format_args!("{}{otherwise}", remedy.place))?;
        }
        for answer in &remedy.answers {
            if let Some(status) = answer.status {
                line("answer", &status)?;
            }
            for (name, value) in &answer.headers {
                line("answer", &format_args!("{name}: {value}"))?;
            }
        }
        Ok(())
    }
}

impl Serialize for Explained<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { message, ranges, lines, text, remedy, .. } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("engine", message.console.as_str())?;
        map.serialize_entry("reason", message.code().as_str())?;
        if let Some(is_preflight) = message.is_preflight {
            map.serialize_entry("preflight", &is_preflight)?;
        }
        map.serialize_entry("cors", &message.complaint.is_about_cors())?;
        if message.is_inferred {
            map.serialize_entry("inferred", &true)?;
        }
        if message.is_cut {
            map.serialize_entry("cut", &true)?;
        }
        map.serialize_entry("values", &Shown(message))?;
        map.serialize_entry("meaning", &meaning(message))?;
        if let Some(step) = message.complaint.step() {
            map.serialize_entry("step", &format_args!("{step}"))?;
            map.serialize_entry("standard", &step.url())?;
        }
        if let Some(mdn) = message.mdn() {
            map.serialize_entry("see", mdn)?;
        }
        map.serialize_entry("guide", message.code().guide())?;
        map.serialize_entry("fix", &remedy.to_string())?;
        let answer = remedy.answers.first();
        if let Some(status) = answer.and_then(|answer| answer.status) {
            map.serialize_entry("status", &status)?;
        }
        map.serialize_entry("headers", answer.map_or(&[][..], |answer| &answer.headers))?;
        map.serialize_entry("remedy", remedy)?;
        map.serialize_entry("count", &ranges.len())?;
        map.serialize_entry("lines", lines)?;
        map.serialize_entry("text", text)?;
        map.end()
    }
}

struct Shown<'a>(&'a Message);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(shown(self.0).map(|(field, value)| (field.as_str(), value)))
    }
}

/// The values of a message that are not empty.
fn shown(message: &Message) -> impl Iterator<Item = (Field, &str)> {
    message.values().filter(|(field, value)| *field == Field::Value || !value.is_empty())
}
