//! `browser-cors audit`: finds out who may read what on a live server.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
    sync::atomic::Ordering,
};

use browser_cors::{fetch::TransportFailure, url::Url};
use browser_cors_audit::survey::{Access, Survey, Surveying, Visit, Who, write_sarif};

use crate::{
    args::{AuditArgs, Format},
    engine, json,
    live::{client, interruption, is_absolute},
    output::{self, AMISS, Reader, UNJUDGED, is_standard, report, unjudged, write_file},
    side_by_side::new_table,
};

pub(crate) fn run(args: &AuditArgs) -> ExitCode {
    let urls: Result<Vec<Url>, String> = args.urls.iter().map(|text| parsed(text)).collect();
    let urls = match urls {
        Ok(urls) => urls,
        Err(problem) => return unjudged(problem),
    };
    engine::note_stand_ins(&args.engine);
    let profiles = engine::profiles(&args.engine);
    let client = match client(&args.connection) {
        Ok(client) => client.imitating(&profiles),
        Err(problem) => return unjudged(problem),
    };
    let user_agents = profiles.into_iter().map(|profile| client.user_agent(profile));
    let mut surveying = Surveying::new().as_user_agents(user_agents);
    for origin in &args.origin {
        surveying = surveying.page(origin.clone());
    }
    if let Some(cookie) = &args.cookie {
        surveying = surveying.cookie(cookie.clone());
    }
    let (bar, is_interrupted) = (output::counter(), interruption());
    let surveys: Vec<Survey> = urls
        .iter()
        .map(|url| {
            surveying.survey(url, &mut |asking| {
                let mut fetching = client.fetching(asking);
                while fetching.exchange().is_some() {
                    let answer = if is_interrupted.load(Ordering::Relaxed) {
                        Err(TransportFailure::new("interrupted"))
                    } else {
                        bar.inc(1);
                        fetching.send().map_err(Into::into)
                    };
                    fetching.answered(answer);
                }
                fetching.finish()
            })
        })
        .collect();
    bar.finish_and_clear();
    let is_sarif_printed = args.sarif.as_deref().is_some_and(is_standard);
    if !is_sarif_printed && let Err(error) = print(&surveys, args.format) {
        return unjudged(format_args!("cannot write the survey: {error}"));
    }
    if let Some(path) = &args.sarif
        && let Err(error) = write_sarif_to(path, &surveys)
    {
        return unjudged(format_args!("{}: cannot be written: {error}", path.display()));
    }
    exit_code(args, &surveys)
}

/// What was found, and whether anything is unknown.
fn exit_code(args: &AuditArgs, surveys: &[Survey]) -> ExitCode {
    let mut code = 0;
    for survey in surveys {
        if survey.findings.iter().any(|finding| args.fail_on.is_reached_by(finding.severity)) {
            code = code.max(AMISS);
        }
        if let Some(failure) = survey.unanswered() {
            report(format_args!("{}: no answer: {failure}", survey.url));
            code = UNJUDGED;
        } else if let Some(reason) = survey.proves_nothing() {
            report(format_args!("{}: {reason}", survey.url));
            code = UNJUDGED;
        }
    }
    ExitCode::from(code)
}

fn parsed(text: &str) -> Result<Url, String> {
    is_absolute(text)?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err(format!("`{text}` names no server: an http or https URL was expected")),
        Err(error) => Err(format!("`{text}` is not a URL: {error}")),
    }
}

fn print(surveys: &[Survey], format: Format) -> io::Result<()> {
    output::print(format, |output| {
        for survey in surveys {
            match format {
                Format::Text => write(output, survey)?,
                Format::Json => json::write_line(output, survey)?,
            }
        }
        Ok(())
    })
}

/// A table of who may what, and the findings below it.
fn write(output: &mut dyn Write, survey: &Survey) -> io::Result<()> {
    writeln!(output, "== {}", survey.url)?;
    if survey.unanswered().is_some() && survey.visits.len() < 2 {
        return writeln!(output, "unanswered");
    }
    let mut table = new_table(["who", "reads", "with cookies", "preflights grant"]);
    // Visitors of a kind that get the same share a row.
    let mut rows: Vec<(Who, Vec<String>, [String; 3])> = Vec::new();
    for Visit { visitor, without_cookies, with_cookies, .. } in &survey.visits {
        let gets =
            [reads(without_cookies), reads(with_cookies), grants(with_cookies, without_cookies)];
        let name = match (visitor.who, visitor.how) {
            (Who::Foreign | Who::Null, _) => String::new(),
            (_, "") => visitor.origin.serialized().to_owned(),
            (_, how) => how.to_owned(),
        };
        match rows.iter_mut().find(|(who, _, other)| *who == visitor.who && *other == gets) {
            Some((_, names, _)) if names.contains(&name) => {}
            Some((_, names, _)) => names.push(name),
            None => rows.push((visitor.who, vec![name], gets)),
        }
    }
    for (who, names, [reads, with_cookies, grants]) in rows {
        let who = match names.join(", ") {
            names if names.is_empty() => who.to_string(),
            names => format!("{who}: {names}"),
        };
        table.add_row([who, reads, with_cookies, grants]);
    }
    writeln!(output, "{}", table.trim_fmt())?;
    for visit in &survey.visits {
        let lasts = [&visit.with_cookies, &visit.without_cookies];
        if let Some(lasts) = lasts.into_iter().map(|a| &a.preflight_lasts).find(|l| !l.is_empty()) {
            let engines: Vec<_> =
                lasts.iter().map(|(engine, seconds)| format!("{engine} {seconds} s")).collect();
            writeln!(output, "a preflight lasts: {}", engines.join(", "))?;
            break;
        }
    }
    writeln!(output)?;
    if let Some(reason) = survey.proves_nothing() {
        return writeln!(output, "proves nothing: {reason}");
    }
    match survey.findings.as_slice() {
        [] if survey.unanswered().is_some() => {
            writeln!(output, "unanswered: the rest is not known")
        }
        [] => writeln!(output, "ok: nothing was found"),
        findings => findings.iter().try_for_each(|finding| writeln!(output, "{finding}")),
    }
}

/// `yes`, `no`, or the engines in which it can be read.
fn reads(access: &Access) -> String {
    match (access.readable.as_slice(), access.blocked.as_slice()) {
        ([], _) => "no".to_owned(),
        (_, []) => "yes".to_owned(),
        (engines, _) => format!("in {}", engines.join(", ")),
    }
}

/// The methods and headers that preflights grant with credentials, or else without.
fn grants(with_cookies: &Access, without_cookies: &Access) -> String {
    let listed = |access: &Access| [access.methods.as_slice(), &access.headers].concat().join(", ");
    let (with, without) = (listed(with_cookies), listed(without_cookies));
    match (with.is_empty(), without == with) {
        (true, true) => String::new(),
        (false, true) => with,
        (true, false) => format!("without cookies: {without}"),
        (false, false) => format!("{with}; without cookies: {without}"),
    }
}

/// Writes SARIF to a file, or to standard output if it is `-`.
fn write_sarif_to(path: &Path, surveys: &[Survey]) -> io::Result<()> {
    let mut bytes = Vec::new();
    write_sarif(surveys, &mut bytes)?;
    if is_standard(path) {
        return output::print(Reader::Program, |output| output.write_all(&bytes));
    }
    write_file(path, &bytes)
}
