//! Writes verdicts on recorded traffic as text.

use std::io::{self, Write};

use browser_cors::{
    console::{meaning, recognize, remedy},
    explain::Explanation,
    fetch::NetworkError,
    origin::url_as_sent,
    request::Mode,
};
use browser_cors_audit::har::{Judged, LEFT_OUT, Risk, Summary, Verdict};
use clap::ValueEnum;

use crate::{
    args::OnlyVerdict,
    tongue::{For, translate, write_fix},
};

/// The kind of the note that an HTTP cache answered.
const HTTP_CACHE: &str = "http-cache";

/// Writes how many exchanges have each verdict, and how many entries are not judged and why.
pub(super) fn write_summary(
    output: &mut impl Write,
    summary: &Summary,
    only: &[OnlyVerdict],
) -> io::Result<()> {
    let Summary { entries, judged, exchanges, blocked, fragile, fine, unanswered, .. } = summary;
    writeln!(
        output,
        "{exchanges} {} with another origin, in {judged} of {entries} {}: {blocked} blocked, \
         {fragile} fragile, {fine} fine, {unanswered} unanswered",
        if *exchanges == 1 { "exchange" } else { "exchanges" },
        if *entries == 1 { "entry" } else { "entries" },
    )?;
    let others: Vec<_> = [
        (summary.without_origin, "of an unknown origin"),
        (summary.same_origin, "of the page's own origin"),
        (summary.navigations, if summary.navigations == 1 { "navigation" } else { "navigations" }),
        (summary.others, "that no page fetched by HTTP"),
        (summary.unreadable, "that cannot be read"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, text)| format!("{count} {text}"))
    .collect();
    if !others.is_empty() {
        writeln!(output, "entries that are not judged: {}", others.join(", "))?;
    }
    if !only.is_empty() {
        let names = OnlyVerdict::value_variants().iter().filter(|verdict| only.contains(verdict));
        let names: Vec<_> = names.filter_map(OnlyVerdict::to_possible_value).collect();
        let names: Vec<_> = names.iter().map(|name| name.get_name()).collect();
        writeln!(output, "shown: only {}", names.join(", "))?;
    }
    Ok(())
}

/// Writes a verdict.
pub(super) fn write(output: &mut impl Write, judged: &Judged, tongue: For) -> io::Result<()> {
    let numbers: Vec<_> = judged.entries().iter().map(u64::to_string).collect();
    let plural = if numbers.len() == 1 { "entry" } else { "entries" };
    writeln!(output, "\n== {plural} {}: {}", numbers.join(", "), judged.verdict().as_str())?;
    let Some(engine) = judged.engines().first() else { return Ok(()) };
    // It is unknown what blocked it: the browser gave the page nothing, and the recording has no
    // answer.
    let is_unexplained =
        engine.error().is_some_and(|error: &NetworkError| error.transport_failure().is_some());
    // An answer from a cache explains what happened; what the server should answer does not.
    let by_cache = judged.notes().iter().find(|note| note.kind == HTTP_CACHE);
    let by_cache = by_cache.filter(|_| judged.verdict() == Verdict::Blocked);
    match (judged.verdict(), engine.error()) {
        (Verdict::Blocked, Some(_)) if !is_unexplained && by_cache.is_none() => {
            write!(output, "{}", Explanation::new(engine.transcript()))?;
            if let Some(translation) = translate(engine.transcript(), tongue) {
                write_fix(&translation, output)?;
            }
        }
        (verdict, error) => {
            write_request(output, judged)?;
            match (verdict, error) {
                (Verdict::Blocked, _) => {
                    if let Some(error) = judged.browser_error() {
                        writeln!(output, "  error: {error}")?;
                    }
                    if let Some(Risk { kind, text, remedy, .. }) = by_cache {
                        writeln!(output, "blocked: {kind}: {text}\n    fix: {remedy}")?;
                    }
                    if is_unexplained {
                        let (meaning, fix) = unrecorded(judged);
                        match by_cache {
                            None => writeln!(output, "blocked: {meaning}\n    fix: {fix}")?,
                            Some(_) => writeln!(output, "     or: {fix}")?,
                        }
                    }
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
    let notes = judged.notes().iter();
    for Risk { kind, text, remedy, .. } in notes.filter(|note| by_cache != Some(*note)) {
        writeln!(output, "   note: {kind}: {text}\n    fix: {remedy}")?;
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
    Ok(())
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
    let error = judged.browser_error().unwrap_or_default();
    if let Ok(message) = recognize(error) {
        return (meaning(&message).to_string(), remedy(&message).to_string());
    }
    let command = judged.check_command();
    let left_out = match command.contains(LEFT_OUT) {
        true => " Put what the page sent for `...`.",
        false => "",
    };
    (
        "The browser gave the page no answer, and none was recorded.".to_owned(),
        format!("Ask the server what it answers: `{command}`.{left_out}"),
    )
}
