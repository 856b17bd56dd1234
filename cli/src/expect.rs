//! `browser-cors expect`: checks a live server against a file of expectations.

use std::{
    env, fmt,
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use browser_cors_audit::expect::{
    Expectations, InitError, ReadError, Report, SCHEMA, Verdict, init,
};

use crate::{
    args::{ExpectArgs, ReportFormat},
    live::{listed, not_asked, with_asking},
    output::{self, AMISS, UNJUDGED, unjudged},
};

pub(crate) fn run(args: &ExpectArgs) -> ExitCode {
    if args.schema {
        return printed(SCHEMA);
    }
    if let Some(url) = &args.init {
        return match with_asking(&args.asking, |asking| init(url, &args.origin, asking)) {
            Ok(Ok(text)) => printed(&text),
            Ok(Err(InitError::Invalid(invalid))) => unjudged(listed(&invalid)),
            Ok(Err(error)) => unjudged(error),
            Err(problem) => unjudged(problem),
        };
    }
    match judged(args) {
        Ok(report) => match write(args, &report) {
            Ok(()) => ExitCode::from(match report.verdict() {
                Verdict::Passed => 0,
                Verdict::Failed => AMISS,
                Verdict::Unjudged => UNJUDGED,
            }),
            Err(problem) => unjudged(problem),
        },
        Err(problem) => unjudged(problem),
    }
}

/// The report on the file's expectations.
fn judged(args: &ExpectArgs) -> Result<Report, String> {
    let mut expectations = read(&args.file)?;
    if let Some(base) = &args.base {
        expectations = expectations.at(base).map_err(|error| error.to_string())?;
    }
    if expectations.base().is_none() {
        return Err(format!(
            "{}: has no `base`, so `--base` and the URL of a server were expected",
            args.file.display()
        ));
    }
    let report = with_asking(&args.asking, |asking| expectations.ask(asking))?;
    report.map_err(|error| not_asked(&error))
}

/// Reads a file of expectations.
pub(crate) fn read(path: &Path) -> Result<Expectations, String> {
    Expectations::read(path).map_err(|error| match error {
        ReadError::Invalid(invalid) => listed(&invalid),
        error => error.to_string(),
    })
}

/// Writes the report in all forms that were asked for.
fn write(args: &ExpectArgs, report: &Report) -> Result<(), String> {
    let cannot =
        |what: &str, error: &dyn fmt::Display| format!("{what}: cannot be written: {error}");
    output::print(|output| match args.format {
        ReportFormat::Text => write!(output, "{report}"),
        ReportFormat::Markdown => output.write_all(report.markdown().as_bytes()),
        ReportFormat::Json => report.write_json(output),
    })
    .map_err(|error| cannot("the report", &error))?;
    for host in report.mixed_content() {
        eprintln!("note: a browser does not request {host} in a page of https (mixed content)");
    }
    let file = |path: &Option<PathBuf>, what: &str, write: ReportWriter<'_>| {
        let Some(path) = path else { return Ok(()) };
        let mut bytes = Vec::new();
        write(&mut bytes).map_err(|error| cannot(what, &error))?;
        write_file(path, &bytes).map_err(|error| cannot(&path.display().to_string(), &error))
    };
    file(&args.junit, "the JUnit report", &|bytes| report.write_junit(bytes))?;
    file(&args.sarif, "the SARIF report", &|bytes| report.write_sarif(bytes))?;
    if args.github {
        github(report).map_err(|error| cannot("the summary", &error))?;
    }
    Ok(())
}

/// A function that writes a report.
type ReportWriter<'a> = &'a dyn Fn(&mut Vec<u8>) -> io::Result<()>;

/// Writes GitHub's annotations to standard error, and appends to the job's summary, if there is
/// one.
fn github(report: &Report) -> io::Result<()> {
    io::stderr().lock().write_all(report.github_annotations().as_bytes())?;
    let summary = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    let Some(path) = summary else { return Ok(()) };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(report.github_summary().as_bytes())
}

/// Writes the whole file, or nothing.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        // It is a pipe or a device, so no old content can be lost.
        return std::fs::write(path, bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let result = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path));
    if result.is_err() {
        // The file may not exist.
        let _ = std::fs::remove_file(&part);
    }
    result
}

fn printed(text: &str) -> ExitCode {
    match output::print(|output| output.write_all(text.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => unjudged(format_args!("cannot write: {error}")),
    }
}
