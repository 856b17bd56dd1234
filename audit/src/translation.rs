//! A fix in the words of a server.

use browser_cors::{
    console::Message,
    explain::tongue::{Guess, Policy, Snippet, Tongue, guess},
    transcript::Transcript,
};
use serde::Serialize;

/// A fix in the words of a server. Its JSON is the member `snippet` of what the command writes.
///
/// ```
/// use browser_cors::{console::recognize, explain::tongue::Tongue};
/// use browser_cors_audit::translation::Translation;
///
/// let message = recognize(
///     "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked \
///      by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
/// )?;
/// let translation = Translation::of_message(&message, Tongue::Nginx).unwrap();
/// assert!(translation.snippet.parts[0].text.contains("https://app.example"));
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Translation {
    /// What the server's configuration or code says.
    pub snippet: Snippet,
    /// How the server was guessed, if nobody named it.
    pub guess: Option<Guess>,
}

impl Translation {
    /// The fix for what was refused; `None` if no answer of a server mends it. Without a `tongue`, it
    /// is that of the server which answered; `None` if its headers do not tell.
    ///
    /// ```
    /// # use {browser_cors::transcript::Transcript, browser_cors_audit::translation::Translation};
    /// # fn f(transcript: &Transcript) {
    /// if let Some(translation) = Translation::of_refusal(transcript, None) {
    ///     println!("for {}", translation.snippet.tongue);
    /// }
    /// # }
    /// ```
    pub fn of_refusal(transcript: &Transcript, tongue: Option<Tongue>) -> Option<Self> {
        let (tongue, guess) = match tongue {
            Some(tongue) => (tongue, None),
            None => guess(transcript).map(|guess| (guess.tongue, Some(guess)))?,
        };
        Some(Self { snippet: tongue.snippet(&Policy::of(transcript)?), guess })
    }

    /// The fix for what a console line complains about; `None` if no answer of a server mends it.
    ///
    /// ```
    /// # use browser_cors::{console::Message, explain::tongue::Tongue};
    /// # use browser_cors_audit::translation::Translation;
    /// # fn f(message: &Message) {
    /// let is_mended = Translation::of_message(message, Tongue::Nginx).is_some();
    /// # }
    /// ```
    pub fn of_message(message: &Message, tongue: Tongue) -> Option<Self> {
        Some(Self::granting(&Policy::of_message(message)?, tongue))
    }

    /// What grants a policy.
    ///
    /// ```
    /// # use browser_cors::explain::tongue::{Policy, Tongue};
    /// # use browser_cors_audit::translation::Translation;
    /// # fn f(policy: &Policy) {
    /// let translation = Translation::granting(policy, Tongue::Nginx);
    /// # }
    /// ```
    pub fn granting(policy: &Policy, tongue: Tongue) -> Self {
        Self { snippet: tongue.snippet(policy), guess: None }
    }
}

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
