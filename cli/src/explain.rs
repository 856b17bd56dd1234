//! `browser-cors explain`: explains the messages of a browser's console.

use std::{
    collections::HashMap,
    fmt,
    io::{self, Read},
    ops::Range,
    process::ExitCode,
};

use browser_cors::{
    console::{Complaint, Field, Message, Occurrence, Unrecognized, find_all, meaning, remedy},
    explain::{Remedy, Where},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    args::{ExplainArgs, Format},
    json,
    output::{self, report, unjudged},
    tongue::translate_message,
};

/// The most bytes that are read from standard input.
const READ_LIMIT: u64 = 16 << 20;

pub(crate) fn run(args: &ExplainArgs) -> ExitCode {
    let text = match text(&args.message) {
        Ok(text) => text,
        Err(error) => return unjudged(format_args!("standard input: cannot be read: {error}")),
    };
    let messages = counted(&text);
    if messages.is_empty() {
        return unjudged(Unrecognized::default());
    }
    if let Err(error) = print(&messages, &text, args) {
        return unjudged(format_args!("cannot write the explanation: {error}"));
    }
    match passed_over(&text, &messages)[..] {
        [] => {}
        [line] => report(format_args!(
            "line {line} looks like a message about CORS, but its words are not known: it was passed \
             over"
        )),
        [first, .., last] => report(format_args!(
            "some lines look like messages about CORS, but their words are not known: they were \
             passed over; the first is line {first}, the last line {last}"
        )),
    }
    ExitCode::SUCCESS
}

/// The argument, or standard input.
fn text(message: &str) -> io::Result<String> {
    if message != "-" {
        return Ok(message.to_owned());
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(READ_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > READ_LIMIT {
        return Err(io::Error::other("it is longer than 16 MiB; pass a part of it"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A message, and where the text has it.
struct Counted {
    message: Message,
    /// The bytes of the text, each time.
    ranges: Vec<Range<usize>>,
    /// The lines on which it begins, from 1 on.
    lines: Vec<usize>,
}

/// The messages of a text in their order, each once.
fn counted(text: &str) -> Vec<Counted> {
    let mut counted: Vec<Counted> = Vec::new();
    let mut known: HashMap<Message, usize> = HashMap::new();
    let (mut line, mut counted_to) = (1, 0);
    for Occurrence { message, range, .. } in find_all(text) {
        line += text[counted_to..range.start].matches('\n').count();
        counted_to = range.start;
        let index = *known.entry(message.clone()).or_insert(counted.len());
        if index == counted.len() {
            counted.push(Counted { message, ranges: Vec::new(), lines: Vec::new() });
        }
        counted[index].ranges.push(range);
        counted[index].lines.push(line);
    }
    counted
}

/// The lines that belong to no message, although they look like one that is about CORS.
fn passed_over(text: &str, messages: &[Counted]) -> Vec<usize> {
    const ABOUT: [&str; 4] =
        ["access-control-", "cors policy", "cross-origin re", "cross origin re"];
    const FAULT: [&str; 5] = ["blocked", "denied", "not allowed", "disallow", "refused"];
    let mut ranges: Vec<_> = messages.iter().flat_map(|message| &message.ranges).collect();
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

fn print(messages: &[Counted], text: &str, args: &ExplainArgs) -> io::Result<()> {
    output::print(args.format, |output| {
        for (index, counted) in messages.iter().enumerate() {
            let explained = Explained {
                counted,
                text: &text[counted.ranges[0].clone()],
                remedy: remedy(&counted.message),
                is_alone: messages.len() == 1,
            };
            match args.format {
                Format::Text => {
                    let gap = if index > 0 { "\n" } else { "" };
                    write!(output, "{gap}{explained}")?;
                    if let Some(translation) = translate_message(&counted.message, args.tongue) {
                        translation.write(output)?;
                    }
                }
                Format::Json => json::write_line(output, &explained)?,
            }
        }
        Ok(())
    })
}

struct Explained<'a> {
    counted: &'a Counted,
    /// What the console printed.
    text: &'a str,
    remedy: Remedy,
    /// Whether the input has no other message.
    is_alone: bool,
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { counted: Counted { message, lines, .. }, remedy, .. } = self;
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
                &"The line is not in English: this is inferred from its URLs, header names, values and status.",
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
        line("fix", &remedy)?;
        if says_where(message.complaint) {
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

/// Whether the message tells where the fault is.
const fn says_where(complaint: Complaint) -> bool {
    !matches!(
        complaint,
        Complaint::NoReason
            | Complaint::NoResponse
            | Complaint::Withheld
            | Complaint::FetchFailed
            | Complaint::ConnectionFailed
    )
}

impl Serialize for Explained<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { counted: Counted { message, ranges, lines }, text, remedy, .. } = self;
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
