//! `browser-cors expect`: checks a live server against a file of expectations.

use std::{
    collections::BTreeSet,
    env,
    fmt::Display,
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use browser_cors::explain::tongue::Policy;
use browser_cors_audit::{
    expect::{
        AskError, Asking, Detail, Expectations, FirstFile, InitError, ReadError, Report, SCHEMA,
        Verdict, init,
    },
    translation::Translation,
};

use crate::{
    args::{ExpectArgs, ReportFormat},
    engine,
    live::{is_absolute, listed, not_asked, with_asking},
    output::{
        self, AMISS, Reader, UNJUDGED, is_standard, note, report as problem, unjudged, write_file,
    },
    tongue::write_fix,
};

pub(crate) fn run(args: &ExpectArgs) -> ExitCode {
    if args.schema {
        return printed(SCHEMA);
    }
    if let Some(url) = &args.init {
        return first_file(args, url);
    }
    if args.validate {
        return validated(args);
    }
    let outputs = [&args.junit, &args.sarif, &args.gitlab];
    if outputs.iter().filter(|path| path.as_deref().is_some_and(is_standard)).count() > 1 {
        return unjudged("two reports would go to standard output: one `-` was expected");
    }
    match judged(args) {
        Ok((report, policy)) => {
            let problems = write(args, &report, policy.as_ref());
            problems.iter().for_each(problem);
            ExitCode::from(match report.verdict() {
                _ if !problems.is_empty() => UNJUDGED,
                Verdict::Passed => 0,
                Verdict::Failed => AMISS,
                Verdict::Unjudged => UNJUDGED,
            })
        }
        Err(problem) => unjudged(problem),
    }
}

/// Writes a first file, and says what strangers can read today.
fn first_file(args: &ExpectArgs, url: &str) -> ExitCode {
    let asked = is_absolute(url)
        .and_then(|()| with_asking(&args.asking, |asking| init(url, &args.origin, asking)));
    let asked = match asked {
        Ok(asked) => asked,
        Err(problem) => return unjudged(problem),
    };
    match asked {
        Ok(FirstFile { text, exposures, .. }) => {
            let status = printed(&text);
            exposures.iter().for_each(note);
            if text.contains("FAILS TODAY") {
                note("the file has rows that fail today, as comments");
            }
            status
        }
        Err(InitError::NoPage) => unjudged(format_args!(
            "--init asks what a server grants to your pages: name their origins with `--origin`, as \
             in `browser-cors expect --init {url} --origin https://app.example`"
        )),
        Err(InitError::Invalid(invalid)) => unjudged(listed(&invalid)),
        Err(error) => unjudged(error),
    }
}

/// Says whether the file is valid, in this environment and in others.
fn validated(args: &ExpectArgs) -> ExitCode {
    let expectations = match opened(&args.file) {
        Ok(expectations) => expectations,
        Err(ReadError::Invalid(mut invalid)) => {
            let unset = invalid.problems.iter().filter_map(|problem| problem.variable.clone());
            let unset: BTreeSet<_> = unset.collect();
            invalid.problems.retain(|problem| problem.variable.is_none());
            if !invalid.problems.is_empty() {
                return unjudged(listed(&invalid));
            }
            for name in unset {
                note(format_args!(
                    "the environment has no `{name}`: what contains it is not checked"
                ));
            }
            return ExitCode::SUCCESS;
        }
        Err(error) => return unjudged(error),
    };
    match at_base(args, expectations) {
        Err(problem) => unjudged(problem),
        // What remains depends on the server, which nothing names yet.
        Ok(expectations) if expectations.base().is_none() => ExitCode::SUCCESS,
        Ok(expectations) => {
            let asking = Asking::new()
                .in_engines(engine::profiles(&args.asking.engine))
                .send_requests(args.asking.send_requests);
            match expectations.count(&asking) {
                Ok(_) => ExitCode::SUCCESS,
                Err(error) => unjudged(not_asked(&error)),
            }
        }
    }
}

/// The expectations at the URL that the arguments name, or that the file names.
fn at_base(args: &ExpectArgs, expectations: Expectations) -> Result<Expectations, String> {
    let Some(base) = &args.base else { return Ok(expectations) };
    is_absolute(base)?;
    expectations.at(base).map_err(|error| error.to_string())
}

/// The report on the file's expectations, and what the server must grant.
fn judged(args: &ExpectArgs) -> Result<(Report, Option<Policy>), String> {
    let expectations = at_base(args, read(&args.file, &args.asking.only)?)?;
    if expectations.base().is_none() {
        return Err(format!(
            "{}: has no `base`, so `--base` and the URL of a server were expected",
            args.file.display()
        ));
    }
    let most = if args.fail_fast { Some(1) } else { args.max_failures };
    let ask = |asking: &Asking<'_>| -> Result<Report, AskError> {
        match most {
            Some(most) => expectations.ask(&asking.clone().max_failures(most as usize)),
            None => expectations.ask(asking),
        }
    };
    let report = with_asking(&args.asking, ask)?.map_err(|error| not_asked(&error))?;
    Ok((report, expectations.policy()))
}

/// Reads a file of expectations.
fn opened(path: &Path) -> Result<Expectations, ReadError> {
    match is_standard(path) {
        true => Expectations::read_from("standard input", io::stdin().lock()),
        false => Expectations::read(path),
    }
}

/// Reads a file of expectations, and keeps the rows of `only`, if there are any.
pub(crate) fn read(path: &Path, only: &[String]) -> Result<Expectations, String> {
    let expectations = opened(path).map_err(|error| match error {
        ReadError::Invalid(invalid) => listed(&invalid),
        error => error.to_string(),
    })?;
    match only {
        [] => Ok(expectations),
        only => expectations.only(only).map_err(|error| error.to_string()),
    }
}

/// Writes the report in all forms that were asked for, each as far as it can. Returns the problems.
fn write(args: &ExpectArgs, report: &Report, policy: Option<&Policy>) -> Vec<String> {
    let files: [(&Option<PathBuf>, &str, ReportWriter<'_>); 3] = [
        (&args.junit, "the JUnit report", &|bytes| report.write_junit(bytes)),
        (&args.sarif, "the SARIF report", &|bytes| report.write_sarif(bytes)),
        (&args.gitlab, "the report for GitLab", &|bytes| report.write_gitlab(bytes)),
    ];
    let mut problems = Vec::new();
    let mut check = |what: &dyn Display, result: io::Result<()>| {
        if let Err(error) = result {
            problems.push(format!("{what}: cannot be written: {error}"));
        }
    };
    if !files.iter().any(|(path, ..)| path.as_deref().is_some_and(is_standard)) {
        check(&"the report", print(args, report, policy));
    }
    for (path, what, write) in files {
        let Some(path) = path else { continue };
        let mut bytes = Vec::new();
        match write(&mut bytes) {
            Err(error) => check(&what, Err(error)),
            Ok(()) if is_standard(path) => {
                let result = output::print(Reader::Program, |output| output.write_all(&bytes));
                check(&what, result);
            }
            Ok(()) => check(&path.display(), write_file(path, &bytes)),
        }
    }
    if args.github {
        let annotations = report.github_annotations();
        check(&"the annotations", io::stderr().lock().write_all(annotations.as_bytes()));
        check(&"the summary", write_summary(report));
    }
    problems
}

/// A function that writes a report.
type ReportWriter<'a> = &'a dyn Fn(&mut Vec<u8>) -> io::Result<()>;

/// Writes the report to standard output, and the configuration that grants what is missing.
fn print(args: &ExpectArgs, report: &Report, policy: Option<&Policy>) -> io::Result<()> {
    let detail = match (args.quiet, args.verbose) {
        (true, _) => Detail::Least,
        (false, true) => Detail::Most,
        (false, false) => Detail::Usual,
    };
    output::print(args.format, |output| match args.format {
        ReportFormat::Text => {
            write!(output, "{}", report.text(detail))?;
            let is_refused =
                report.judged().iter().any(|judged| judged.case().is_allowed() && !judged.is_met());
            match (args.tongue, policy) {
                (Some(tongue), Some(policy)) if is_refused => {
                    write_fix(&Translation::granting(policy, tongue), output)
                }
                _ => Ok(()),
            }
        }
        ReportFormat::Markdown => output.write_all(report.markdown().as_bytes()),
        ReportFormat::Json => report.write_json(output),
    })
}

/// Appends to the summary of GitHub's job, if there is one.
fn write_summary(report: &Report) -> io::Result<()> {
    let summary = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    let Some(path) = summary else { return Ok(()) };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(report.github_summary().as_bytes())
}

fn printed(text: &str) -> ExitCode {
    match output::print(Reader::Program, |output| output.write_all(text.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => unjudged(format_args!("cannot write: {error}")),
    }
}
