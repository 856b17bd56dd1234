//! Writes verdicts on recorded traffic as text.

use std::io::{self, Write};

use browser_cors::{
    console::{meaning, recognize, remedy},
    explain::Explanation,
    fetch::NetworkError,
    origin::url_as_sent,
    request::Mode,
};
use browser_cors_audit::{
    client::transport_failure,
    har::{Judged, Risk, Summary, Verdict},
};

/// Writes the number of entries of each kind.
pub(super) fn write_summary(output: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let Summary { entries, fine, fragile, blocked, unanswered, .. } = summary;
    let plural = if *entries == 1 { "entry" } else { "entries" };
    write!(output, "{entries} {plural}: {fine} fine, {fragile} fragile, {blocked} blocked")?;
    for (count, text) in [
        (*unanswered, "unanswered"),
        (summary.without_origin, "of an unknown origin"),
        (summary.same_origin, "of the page's own origin"),
        (summary.navigations, if summary.navigations == 1 { "navigation" } else { "navigations" }),
        (summary.others, "not of HTTP"),
    ] {
        if count > 0 {
            write!(output, ", {count} {text}")?;
        }
    }
    writeln!(output)
}

/// Writes a verdict.
pub(super) fn write(output: &mut impl Write, judged: &Judged) -> io::Result<()> {
    let numbers: Vec<_> = judged.entries().iter().map(u64::to_string).collect();
    let plural = if numbers.len() == 1 { "entry" } else { "entries" };
    let verdict = match judged.verdict() {
        Verdict::Fragile => "fragile",
        verdict => verdict.as_str(),
    };
    writeln!(output, "== {plural} {}: {verdict}", numbers.join(", "))?;
    let Some(engine) = judged.engines().first() else { return Ok(()) };
    // It is unknown what blocked it: the browser gave the page nothing, and the recording has no
    // answer.
    let is_unexplained =
        engine.error().is_some_and(|error: &NetworkError| transport_failure(error).is_some());
    match (judged.verdict(), engine.error()) {
        (Verdict::Blocked, Some(_)) if !is_unexplained => {
            write!(output, "{}", Explanation::new(engine.transcript()))?;
        }
        (verdict, error) => {
            write_request(output, judged)?;
            match (verdict, error) {
                (Verdict::Blocked, _) => {
                    let (meaning, fix) = unrecorded(judged);
                    if let Some(error) = judged.browser_error() {
                        writeln!(output, "  error: {error}")?;
                    }
                    writeln!(output, "blocked: {meaning}\n    fix: {fix}")?;
                }
                (Verdict::Unanswered, Some(error)) => writeln!(output, "    why: {error}")?,
                (Verdict::Unanswered, None) => writeln!(
                    output,
                    "    why: the browser gave the page nothing ({}), but not because of CORS, as far \
                     as the recording says",
                    judged.browser_error().unwrap_or_default()
                )?,
                _ => {}
            }
        }
    }
    for Risk { kind, text, remedy, .. } in judged.risks() {
        writeln!(output, "fragile: {kind}: {text}\n    fix: {remedy}")?;
    }
    match judged.credentials_from() {
        None if judged.verdict() == Verdict::Blocked && !is_unexplained => writeln!(
            output,
            "   note: no Cookie was recorded; assuming the credentials mode {}",
            judged.request().credentials_mode
        )?,
        Some("_error") => writeln!(
            output,
            "   note: no Cookie was recorded, but the browser blocked this; assuming the credentials \
             mode include"
        )?,
        _ => {}
    }
    if judged.preflight_is_assumed() {
        writeln!(
            output,
            "   note: no preflight was recorded, maybe because it was cached; assuming that it was granted"
        )?;
    }
    writeln!(output)
}

/// Writes the page's request, in a line.
fn write_request(output: &mut impl Write, judged: &Judged) -> io::Result<()> {
    let request = judged.request();
    let origin = match &request.origin {
        origin if origin.is_opaque() => "an opaque origin",
        origin => origin.serialized(),
    };
    write!(output, "{} {} from {origin}", request.method, url_as_sent(request.url()))?;
    if request.mode != Mode::Cors {
        write!(output, ", mode {}", request.mode)?;
    }
    write!(output, ", credentials {}", request.credentials_mode)?;
    if let Some(status) = judged.status() {
        write!(output, " => {status}")?;
    }
    writeln!(output)
}

/// What blocked an exchange whose answer was not recorded, as far as the browser says, and what to
/// do.
fn unrecorded(judged: &Judged) -> (String, String) {
    let request = judged.request();
    if let Some(message) = judged.browser_error().and_then(|error| recognize(error).ok()) {
        return (meaning(&message).to_string(), remedy(&message).to_string());
    }
    let check = format!(
        "Ask the server what it answers: `browser-cors check {} --origin {} -X {}`.",
        url_as_sent(request.url()),
        request.origin.serialized(),
        request.method,
    );
    ("The browser gave the page no answer, and none was recorded.".to_owned(), check)
}
