//! `--for`: a fix in the tongue of a server.

use std::io::{self, Write};

use browser_cors::{
    compare::{FetchOutcome, SideBySide},
    console::Message,
    explain::tongue::Tongue,
    transcript::Transcript,
};
use browser_cors_audit::translation::Translation;
use clap::builder::{PossibleValuesParser, TypedValueParser};

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

/// The fix for what was refused, if an answer of a server mends it and the server is known.
pub(crate) fn translate(transcript: &Transcript, wanted: For) -> Option<Translation> {
    match wanted {
        For::Server(tongue) => Translation::of_refusal(transcript, Some(tongue)),
        For::Guessed => Translation::of_refusal(transcript, None),
        For::Nobody => None,
    }
}

/// The fix for what a console line complains about, if its server is named.
pub(crate) fn translate_message(message: &Message, wanted: For) -> Option<Translation> {
    let For::Server(tongue) = wanted else { return None };
    Translation::of_message(message, tongue)
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
        Some(translation) => write_fix(&translation, output),
        None => Ok(()),
    }
}

/// Writes a fix as text. Lines of code are indented by [`INDENT`], by which they are known.
pub(crate) fn write_fix(
    translation: &Translation,
    output: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    let Translation { snippet, guess, .. } = translation;
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

/// The indent of lines of code.
pub(crate) const INDENT: &str = "           ";
