//! `browser-cors explain`: explains the messages of a browser's console.

use std::{
    io::{self, Read},
    process::ExitCode,
};

use browser_cors::console::Unrecognized;
use browser_cors_audit::messages::{Explained, explain, passed_over};

use crate::{
    args::{ExplainArgs, Format},
    json,
    output::{self, report, unjudged},
    tongue::{translate_message, write_fix},
};

/// The most bytes that are read from standard input.
const READ_LIMIT: u64 = 16 << 20;

pub(crate) fn run(args: &ExplainArgs) -> ExitCode {
    let text = match text(&args.message) {
        Ok(text) => text,
        Err(error) => return unjudged(format_args!("standard input: cannot be read: {error}")),
    };
    let messages = explain(&text);
    if messages.is_empty() {
        return unjudged(Unrecognized::default());
    }
    if let Err(error) = print(&messages, args) {
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

fn print(messages: &[Explained<'_>], args: &ExplainArgs) -> io::Result<()> {
    output::print(args.format, |output| {
        for (index, explained) in messages.iter().enumerate() {
            match args.format {
                Format::Text => {
                    let gap = if index > 0 { "\n" } else { "" };
                    write!(output, "{gap}{explained}")?;
                    if let Some(translation) = translate_message(&explained.message, args.tongue) {
                        write_fix(&translation, output)?;
                    }
                }
                Format::Json => json::write_line(output, explained)?,
            }
        }
        Ok(())
    })
}
