//! `browser-cors explain`: explains a line of a browser's console.

use std::{
    fmt,
    io::{self, Read},
    process::ExitCode,
};

use browser_cors::{
    console::{Field, Message, meaning, recognize, remedy},
    explain::Remedy,
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    args::{ExplainArgs, Format},
    json,
    output::{self, unjudged},
};

pub(crate) fn run(args: &ExplainArgs) -> ExitCode {
    let text = match text(&args.message) {
        Ok(text) => text,
        Err(error) => return unjudged(format_args!("standard input: cannot be read: {error}")),
    };
    match recognize(&text) {
        Ok(message) => match print(&message, args.format) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => unjudged(format_args!("cannot write the explanation: {error}")),
        },
        Err(error) => unjudged(error),
    }
}

/// The argument, or the first MiB of standard input.
fn text(message: &str) -> io::Result<String> {
    const READ_LIMIT: u64 = 1 << 20;
    if message != "-" {
        return Ok(message.to_owned());
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(READ_LIMIT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn print(message: &Message, format: Format) -> io::Result<()> {
    let explained = Explained { message, remedy: remedy(message) };
    output::print(format, |output| match format {
        Format::Text => write!(output, "{explained}"),
        Format::Json => json::write_line(output, &explained),
    })
}

struct Explained<'a> {
    message: &'a Message,
    remedy: Remedy,
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, remedy } = self;
        let mut line = |label: &str, text: &dyn fmt::Display| writeln!(f, "{label:>7}: {text}");
        line("engine", &message.engine)?;
        line("reason", &message.code())?;
        for (field, value) in shown(message) {
            line(field.as_str(), &value)?;
        }
        line("meaning", &meaning(message))?;
        if let Some(step) = message.complaint.step() {
            line("at", &format_args!("{} step {}", step.url(), step.path()))?;
        }
        line("fix", &remedy)?;
        line("where", &remedy.place)?;
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
        let Self { message, remedy } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("engine", message.engine.as_str())?;
        map.serialize_entry("reason", message.code().as_str())?;
        if let Some(is_preflight) = message.is_preflight {
            map.serialize_entry("preflight", &is_preflight)?;
        }
        map.serialize_entry("values", &Shown(message))?;
        map.serialize_entry("meaning", &meaning(message))?;
        if let Some(step) = message.complaint.step() {
            map.serialize_entry("step", &format_args!("{step}"))?;
            map.serialize_entry("standard", &step.url())?;
        }
        map.serialize_entry("fix", &remedy.to_string())?;
        let answer = remedy.answers.first();
        if let Some(status) = answer.and_then(|answer| answer.status) {
            map.serialize_entry("status", &status)?;
        }
        map.serialize_entry("headers", answer.map_or(&[][..], |answer| &answer.headers))?;
        map.serialize_entry("remedy", remedy)?;
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
