//! Writes the outcomes of several engines in one table.

use std::io::{self, Write};

use crate::output;
use browser_cors::{
    compare::{FetchOutcome, Row, SideBySide},
    engine::Departure,
    explain::{Remedy, further_faults},
    fetch::Outcome,
    origin::url_as_sent,
    transcript::RecordedExchange,
};
use comfy_table::{ContentArrangement, Table, TableComponent, presets::NOTHING};

/// Writes a table for each fetch. Below it are the causes of differences and the fixes.
pub(crate) fn write(
    output: &mut impl Write,
    id: &str,
    side_by_side: &SideBySide,
) -> io::Result<()> {
    let Some(standard) = side_by_side.rows.first() else { return Ok(()) };
    let count = standard.outcomes.len();
    let id = id.replace('\n', "\\n");
    for (index, outcome) in standard.outcomes.iter().enumerate() {
        match count {
            1 => writeln!(output, "== {id}")?,
            _ => writeln!(output, "== {id}, fetch {} of {count}", index + 1)?,
        }
        let asked = outcome.to_string();
        writeln!(output, "{}", asked.lines().next().unwrap_or_default())?;
        writeln!(output, "{}", table(side_by_side, index).trim_fmt())?;
        writeln!(output, "{}", summary(side_by_side, index))?;
        write_causes(output, side_by_side, index)?;
        write_fixes(output, side_by_side, index)?;
    }
    Ok(())
}

/// A row for each engine. A `*` marks what differs from the standard.
fn table(side_by_side: &SideBySide, index: usize) -> Table {
    let mut table = new_table(["", "on the wire", "the page gets"]);
    for row in &side_by_side.rows {
        let mark = |differs: bool| if differs { " *" } else { "" };
        let difference = row.differences[index].as_ref();
        let outcome = &row.outcomes[index];
        let exchanges = outcome.transcript().map_or(&[][..], |transcript| &transcript.exchanges);
        let wire = match exchanges {
            [] => "nothing".to_owned(),
            exchanges => exchanges.iter().map(exchange).collect::<Vec<_>>().join("\n"),
        };
        table.add_row([
            row.profile.to_string(),
            wire + mark(difference.is_some_and(|difference| difference.exchanges)),
            verdict(outcome) + mark(difference.is_some_and(|difference| difference.result)),
        ]);
    }
    table
}

/// An empty table, as wide as the terminal, or 80 columns without one.
pub(crate) fn new_table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_style(TableComponent::HeaderLines, '-')
        .set_style(TableComponent::MiddleHeaderIntersections, ' ')
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    table.set_width(output::table_width());
    table
}

/// An exchange in a line. For a preflight, it includes what the preflight asks for.
fn exchange(exchange: &RecordedExchange) -> String {
    let mut line = format!("{} {}", exchange.method, url_as_sent(&exchange.url));
    if exchange.preflight.is_some() {
        for name in ["Access-Control-Request-Method", "Access-Control-Request-Headers"] {
            if let Some(value) = exchange.header_list.get(name) {
                line += &format!(" {}", value.escape_ascii());
            }
        }
    }
    if let Ok(answer) = &exchange.answer {
        line += &format!(" => {}", answer.status);
    }
    line
}

fn verdict(outcome: &FetchOutcome) -> String {
    let verdict = outcome.verdict();
    match outcome.transcript().map(|transcript| &transcript.outcome) {
        Some(Outcome::NetworkError(error)) => {
            let further = outcome.transcript().map(further_faults).unwrap_or_default();
            let also: String = further.iter().map(|fault| format!("\nalso: {fault}")).collect();
            format!("{verdict}: {error}{also}")
        }
        Some(Outcome::Response { response, .. })
            if matches!(outcome, FetchOutcome::Done { .. }) =>
        {
            format!("{verdict} {}", response.status())
        }
        Some(Outcome::Response { .. }) | None => verdict.to_owned(),
    }
}

/// In which engines it works, in which not, and which departures cause that.
fn summary(side_by_side: &SideBySide, index: usize) -> String {
    let names = |blocked: bool| {
        let rows = side_by_side.rows.iter();
        let rows = rows.filter(|row| (row.outcomes[index].verdict() == "blocked") == blocked);
        rows.map(|row| row.profile.to_string()).collect::<Vec<_>>().join(", ")
    };
    let mut causes: Vec<&str> = Vec::new();
    for difference in side_by_side.rows.iter().filter_map(|row| row.differences[index].as_ref()) {
        for cause in difference.causes_of_result.iter().map(|cause| cause.as_str()) {
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
    }
    let because = match causes.as_slice() {
        [] => String::new(),
        causes => format!(", because of {}", causes.join(", ")),
    };
    match (names(false).as_str(), names(true).as_str()) {
        (_, "") => "works in all".to_owned(),
        ("", _) => "blocked in all".to_owned(),
        (works, blocked) => format!("works in {works}; blocked in {blocked}{because}"),
    }
}

/// Each departure that causes a difference, once, with its engines.
fn write_causes(
    output: &mut impl Write,
    side_by_side: &SideBySide,
    index: usize,
) -> io::Result<()> {
    let mut causes: Vec<(Departure, Vec<&Row>)> = Vec::new();
    for row in &side_by_side.rows {
        let Some(difference) = &row.differences[index] else { continue };
        if difference.causes.is_empty() {
            writeln!(output, "* several departures together, in {}", row.profile)?;
        }
        for cause in &difference.causes {
            match causes.iter_mut().find(|(known, _)| known == cause) {
                Some((_, rows)) => rows.push(row),
                None => causes.push((*cause, vec![row])),
            }
        }
    }
    for (cause, rows) in causes {
        let names: Vec<_> = rows.iter().map(|row| row.profile.to_string()).collect();
        writeln!(output, "* {}, in {}", cause.as_str(), names.join(", "))?;
        let (standard, instead) = (cause.standard(), cause.instead());
        writeln!(output, "    the standard: {standard}")?;
        writeln!(output, "    instead: {instead}")?;
        writeln!(output, "    at: {} step {}", cause.step().url(), cause.step().path())?;
    }
    Ok(())
}

/// What the server must send, for each reason why it is blocked.
fn write_fixes(output: &mut impl Write, side_by_side: &SideBySide, index: usize) -> io::Result<()> {
    let mut fixes: Vec<(Remedy, Vec<String>)> = Vec::new();
    for row in &side_by_side.rows {
        let Some(transcript) = row.outcomes[index].transcript() else { continue };
        let Some(remedy) = Remedy::of(transcript) else { continue };
        match fixes.iter_mut().find(|(known, _)| known.to_string() == remedy.to_string()) {
            Some((_, names)) => names.push(row.profile.to_string()),
            None => fixes.push((remedy, vec![row.profile.to_string()])),
        }
    }
    for (remedy, names) in fixes {
        writeln!(output, "fix for {} ({}): {remedy}", names.join(", "), remedy.place)?;
    }
    Ok(())
}
