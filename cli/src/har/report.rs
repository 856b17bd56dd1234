//! Verdicts, as text for people and as JSON.

use std::fmt;

use browser_cors::{
    console::{meaning, recognize, remedy},
    explain::{Explanation, fix},
    fetch::{PreflightFailure, Refusal},
    origin::url_as_sent,
    request::Mode,
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    archive::Entry,
    asked::Asked,
    pairs::Hop,
    verdict::{Judged, Luck, Row, Verdict},
};

/// How many entries there were of each kind.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) entries: u64,
    pub(super) fine: u64,
    pub(super) luck: u64,
    pub(super) blocked: u64,
    pub(super) unanswered: u64,
    pub(super) same_origin: u64,
    pub(super) navigations: u64,
    /// WebSockets, and what is no URL of HTTP.
    pub(super) others: u64,
    pub(super) without_origin: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries, fine, luck, blocked, unanswered, .. } = self;
        let plural = if *entries == 1 { "entry" } else { "entries" };
        write!(f, "{entries} {plural}: {fine} fine, {luck} by luck, {blocked} blocked")?;
        for (count, text) in [
            (*unanswered, "unanswered"),
            (self.without_origin, "of an unknown origin"),
            (self.same_origin, "of the page's own origin"),
            (self.navigations, if self.navigations == 1 { "navigation" } else { "navigations" }),
            (self.others, "not of HTTP"),
        ] {
            if count > 0 {
                write!(f, ", {count} {text}")?;
            }
        }
        Ok(())
    }
}

/// What is said of an exchange.
pub(super) struct Report<'a> {
    pub(super) asked: &'a Asked,
    pub(super) hops: &'a [Hop],
    pub(super) orphan: Option<&'a Entry>,
    pub(super) judged: &'a Judged,
}

impl Report<'_> {
    /// The numbers of its entries, in the order of the exchanges.
    fn entries(&self) -> Vec<u64> {
        let hops = self.hops.iter().flat_map(|hop| {
            hop.preflight.iter().map(|preflight| preflight.number).chain([hop.entry.number])
        });
        self.orphan.iter().map(|entry| entry.number).chain(hops).collect()
    }

    /// The last status that was recorded.
    fn status(&self) -> Option<u16> {
        let status = self.hops.last()?.entry.status;
        (status != 0).then_some(status)
    }

    /// Whether nobody knows what blocked it: the browser gave the page nothing, and the
    /// recording has no answer.
    fn is_unexplained(row: &Row) -> bool {
        row.error().is_some_and(|error| {
            matches!(
                error.refusal,
                Refusal::Transport(_) | Refusal::Preflight(PreflightFailure::Transport(_))
            )
        })
    }

    /// What blocked an exchange whose answer was not recorded, as far as the browser says it, and
    /// what to do.
    fn unrecorded(&self) -> (String, String) {
        let request = &self.asked.request;
        if let Some(message) = self.error().and_then(|error| recognize(error).ok()) {
            return (meaning(&message).to_string(), remedy(&message).advice);
        }
        let check = format!(
            "Ask the server what it answers: `browser-cors check {} --origin {} -X {}`.",
            url_as_sent(request.url()),
            request.origin.serialized(),
            request.method,
        );
        ("The browser gave the page no answer, and none was recorded.".to_owned(), check)
    }

    /// What the browser says went wrong.
    fn error(&self) -> Option<&str> {
        let error = self.hops.last()?.entry.error.as_deref();
        error.filter(|error| !error.is_empty())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asked, judged, .. } = self;
        let numbers: Vec<_> = self.entries().iter().map(u64::to_string).collect();
        let plural = if numbers.len() == 1 { "entry" } else { "entries" };
        let verdict = match judged.verdict {
            Verdict::Luck => "works by luck",
            verdict => verdict.as_str(),
        };
        writeln!(f, "== {plural} {}: {verdict}", numbers.join(", "))?;
        let Some(row) = judged.rows.first() else { return Ok(()) };
        match (judged.verdict, row.error()) {
            (Verdict::Blocked, Some(_)) if !Self::is_unexplained(row) => {
                Explanation::new(&row.transcript).fmt(f)?;
            }
            (_, error) => {
                let request = &asked.request;
                let origin = if request.origin.is_opaque() {
                    "an opaque origin"
                } else {
                    request.origin.serialized()
                };
                write!(f, "{} {} from {origin}", request.method, url_as_sent(request.url()))?;
                if request.mode != Mode::Cors {
                    write!(f, ", mode {}", request.mode)?;
                }
                write!(f, ", credentials {}", request.credentials_mode)?;
                if let Some(status) = self.status() {
                    write!(f, " => {status}")?;
                }
                writeln!(f)?;
                match (judged.verdict, error) {
                    (Verdict::Blocked, _) => {
                        let (meaning, fix) = self.unrecorded();
                        self.error().map_or(Ok(()), |error| writeln!(f, "  error: {error}"))?;
                        writeln!(f, "blocked: {meaning}")?;
                        writeln!(f, "    fix: {fix}")?;
                    }
                    (Verdict::Unanswered, Some(error)) => writeln!(f, "    why: {error}")?,
                    (Verdict::Unanswered, None) => writeln!(
                        f,
                        "    why: the browser gave the page nothing ({}), but not because of CORS, as \
                         far as the recording says",
                        self.error().unwrap_or_default()
                    )?,
                    _ => {}
                }
            }
        }
        for Luck { kind, text, fix } in &judged.luck {
            writeln!(f, "   luck: {kind}: {text}")?;
            writeln!(f, "    fix: {fix}")?;
        }
        match asked.credentials_from {
            None if judged.verdict == Verdict::Blocked && !Self::is_unexplained(row) => writeln!(
                f,
                "   note: no Cookie was recorded: the credentials mode is taken to be {}",
                asked.request.credentials_mode
            )?,
            Some("_error") => writeln!(
                f,
                "   note: no Cookie was recorded, but the browser blocked this: the credentials mode \
                 is taken to be include"
            )?,
            _ => {}
        }
        if judged.preflight_is_assumed {
            writeln!(
                f,
                "   note: the preflight was not recorded, or cached: it is taken to be granted"
            )?;
        }
        writeln!(f)
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { asked, judged, .. } = self;
        let request = &asked.request;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("entries", &self.entries())?;
        map.serialize_entry("verdict", judged.verdict.as_str())?;
        map.serialize_entry("method", request.method.as_str())?;
        map.serialize_entry("url", &url_as_sent(request.url()))?;
        map.serialize_entry("origin", request.origin.serialized())?;
        map.serialize_entry("origin_from", asked.origin_from.as_str())?;
        map.serialize_entry("mode", request.mode.as_str())?;
        map.serialize_entry("credentials", request.credentials_mode.as_str())?;
        if let Some(from) = asked.credentials_from {
            map.serialize_entry("credentials_from", from)?;
        }
        if judged.preflight_is_assumed {
            map.serialize_entry("preflight", "assumed")?;
        }
        map.serialize_entry("status", &self.status())?;
        if let Some(error) = self.error() {
            map.serialize_entry("error", error)?;
        }
        map.serialize_entry("engines", &Engines(&judged.rows))?;
        map.serialize_entry("luck", &judged.luck)?;
        map.serialize_entry("hidden", &judged.hidden)?;
        map.end()
    }
}

impl Serialize for Luck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("kind", self.kind)?;
        map.serialize_entry("text", &self.text)?;
        map.serialize_entry("fix", &self.fix)?;
        map.end()
    }
}

/// What each user agent makes of it.
struct Engines<'a>(&'a [Row]);

impl Serialize for Engines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|row| (row.profile.to_string(), row)))
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("blocked", &self.is_blocked())?;
        if let Some(error) = self.error() {
            map.serialize_entry("reason", error.refusal.code())?;
            map.serialize_entry("why", &error.to_string())?;
            map.serialize_entry("step", &error.refusal.step().to_string())?;
            map.serialize_entry("fix", &fix(error, self.transcript.exchanges.last()))?;
        }
        if !self.because.is_empty() {
            let because: Vec<_> = self.because.iter().map(|cause| cause.as_str()).collect();
            map.serialize_entry("because", &because)?;
        }
        map.end()
    }
}
