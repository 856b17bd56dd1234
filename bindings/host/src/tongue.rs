//! A fix in the words of a server.

use browser_cors::{
    explain::tongue::{Policy, Snippet, Tongue, guess},
    transcript::Transcript,
};
use serde::Serialize;

use crate::InvalidInput;

/// A fix in the words of a server, with the members that the command writes.
#[derive(Serialize)]
pub(crate) struct Translation {
    r#for: &'static str,
    /// The header from which the server was guessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    guessed_from: Option<String>,
    proof: String,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    place: String,
    text: String,
}

impl Translation {
    /// What this server writes to grant that.
    pub(crate) fn of(tongue: Tongue, policy: &Policy) -> Self {
        let Snippet { parts, .. } = tongue.snippet(policy);
        let parts = parts.into_iter().map(|part| Part { place: part.place, text: part.text });
        Self {
            r#for: tongue.as_str(),
            guessed_from: None,
            proof: tongue.proof().to_string(),
            parts: parts.collect(),
        }
    }

    /// What the server with this name writes to mend what was refused. With `guess`, it is the one that
    /// answered. `None`, if no server mends it, or none was recognized.
    pub(crate) fn of_transcript(
        transcript: &Transcript,
        server: &str,
    ) -> Result<Option<Self>, InvalidInput> {
        let (tongue, from) = match server {
            "guess" => match guess(transcript) {
                Some(guess) => (guess.tongue, Some(guess.from)),
                None => return Ok(None),
            },
            name => (name.parse().map_err(InvalidInput::new)?, None),
        };
        Ok(Policy::of(transcript)
            .map(|policy| Self { guessed_from: from, ..Self::of(tongue, &policy) }))
    }
}
