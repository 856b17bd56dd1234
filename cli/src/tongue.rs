//! `--for`: a fix in the tongue of a server.

use std::io::{self, Write};

use browser_cors::{
    compare::{FetchOutcome, SideBySide},
    console::Message,
    explain::tongue::{Guess, Policy, Snippet, Tongue, guess},
    transcript::Transcript,
};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

/// In whose tongue a fix is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum For {
    /// In that of this server.
    Server(Tongue),
    /// In that of the server which answered, as far as its headers tell.
    Guessed,
    /// In none.
    Nobody,
}

/// Parses the value of `--for`.
pub(crate) fn parser() -> impl TypedValueParser<Value = For> {
    let names = Tongue::NAMES.iter().copied().chain([GUESS, NONE]);
    PossibleValuesParser::new(names).map(|name| match name.as_str() {
        GUESS => For::Guessed,
        name => name.parse().map_or(For::Nobody, For::Server),
    })
}

/// Parses the name of a server.
pub(crate) fn server_parser() -> impl TypedValueParser<Value = Tongue> {
    PossibleValuesParser::new(Tongue::NAMES.iter().copied()).try_map(|name| name.parse::<Tongue>())
}

const GUESS: &str = "guess";
const NONE: &str = "none";

/// A fix in the tongue of a server.
#[derive(Debug)]
pub(crate) struct Translation {
    snippet: Snippet,
    guess: Option<Guess>,
}

/// The fix for what was refused, if an answer of a server mends it and the server is known.
pub(crate) fn translate(transcript: &Transcript, wanted: For) -> Option<Translation> {
    let (tongue, guess) = match wanted {
        For::Server(tongue) => (tongue, None),
        For::Guessed => guess(transcript).map(|guess| (guess.tongue, Some(guess)))?,
        For::Nobody => return None,
    };
    Some(Translation { snippet: tongue.snippet(&Policy::of(transcript)?), guess })
}

/// The fix for what a console line complains about, if its server is named.
pub(crate) fn translate_message(message: &Message, wanted: For) -> Option<Translation> {
    let For::Server(tongue) = wanted else { return None };
    Some(Translation { snippet: tongue.snippet(&Policy::of_message(message)?), guess: None })
}

/// The fix that grants what a policy says.
pub(crate) fn granting(policy: &Policy, tongue: Tongue) -> Translation {
    Translation { snippet: tongue.snippet(policy), guess: None }
}

/// Writes the fix for the first engine in which a fetch is refused.
pub(crate) fn write_translation(
    output: &mut impl Write,
    side_by_side: &SideBySide,
    wanted: For,
) -> io::Result<()> {
    let outcomes = side_by_side.rows.iter().flat_map(|row| &row.outcomes);
    let mut transcripts = outcomes.filter_map(FetchOutcome::transcript);
    match transcripts.find_map(|transcript| translate(transcript, wanted)) {
        Some(translation) => translation.write(output),
        None => Ok(()),
    }
}

impl Translation {
    /// Writes it as text. Lines of code are indented by [`INDENT`], by which they are known.
    pub(crate) fn write(&self, output: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let Self { snippet, guess } = self;
        let guessed = guess.as_ref().map(|guess| format!("guessed from `{}`, ", guess.from));
        let (tongue, proof) = (snippet.tongue, snippet.tongue.proof());
        writeln!(output, "    for: {tongue} ({}{proof})", guessed.unwrap_or_default())?;
        for part in &snippet.parts {
            writeln!(output, "     in: {}", part.place)?;
            for line in part.text.lines() {
                writeln!(output, "{INDENT}{line}")?;
            }
        }
        Ok(())
    }
}

/// The indent of lines of code.
pub(crate) const INDENT: &str = "           ";

impl Serialize for Translation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            #[serde(rename = "for")]
            tongue: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            guessed_from: Option<&'a str>,
            proof: String,
            parts: Vec<Part<'a>>,
        }
        #[derive(Serialize)]
        struct Part<'a> {
            place: &'a str,
            text: &'a str,
        }
        let Snippet { tongue, parts, .. } = &self.snippet;
        let parts = parts.iter().map(|part| Part { place: &part.place, text: &part.text });
        Line {
            tongue: tongue.as_str(),
            guessed_from: self.guess.as_ref().map(|guess| &*guess.from),
            proof: tongue.proof().to_string(),
            parts: parts.collect(),
        }
        .serialize(serializer)
    }
}
