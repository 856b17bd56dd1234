//! `browser-cors expect`: whether a live server keeps what a file expects of it.

pub(crate) mod ask;
pub(crate) mod file;
mod grant;
mod init;
pub(crate) mod judge;
mod look_alike;
pub(crate) mod plan;
mod report;
pub(crate) mod secret;

use std::{
    collections::BTreeSet,
    env, fmt,
    fs::File as Document,
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use browser_cors::url::{Position, Url};

use crate::{args::ExpectArgs, check::mixed_content, engine};

use ask::{Asked, ask};
use file::{File, Problem};
use judge::{Verdict, judge};
use plan::plan;
use report::Report;
use secret::Secrets;

/// The JSON Schema of files of expectations.
const SCHEMA: &str = include_str!("expect/schema.json");

pub(crate) fn run(args: &ExpectArgs) -> ExitCode {
    if args.schema {
        return printed(SCHEMA.as_bytes());
    }
    if let Some(url) = &args.init {
        return match init::file(url, args) {
            Ok(text) => printed(text.as_bytes()),
            Err(problem) => unjudged(format_args!("{problem}")),
        };
    }
    let name = args.file.display().to_string();
    let result = read(&args.file).and_then(|file| {
        let base = base(&file, args.base.as_deref(), &name)?;
        report(args, &name, &file, &base)
    });
    match result {
        Ok(verdict) => ExitCode::from(match verdict {
            Verdict::Passed => PASSED,
            Verdict::Failed => FAILED,
            Verdict::Unjudged => UNJUDGED,
        }),
        Err(problem) => unjudged(format_args!("{problem}")),
    }
}

/// Asks, and writes what came of it.
fn report(args: &ExpectArgs, name: &str, file: &File, base: &Url) -> Result<Verdict, String> {
    let profiles = engine::profiles(&args.asking.engine);
    let cases = plan(file, base, &profiles).map_err(|problems| listed(name, &problems))?;
    let hosts = Mutex::new(BTreeSet::new());
    let judged = ask(&cases, &args.asking, &profiles, |case, asked| {
        let unsafe_hosts = unsafe_hosts(&asked, &file.secrets);
        hosts.lock().unwrap_or_else(PoisonError::into_inner).extend(unsafe_hosts);
        judge(case, &asked, &file.secrets)
    });
    let report = Report { file: name, base, profiles: &profiles, judged: &judged };
    let cannot =
        |what: &str, error: &dyn fmt::Display| format!("{what}: cannot be written: {error}");
    match report.print(args.format) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(cannot("the report", &error));
        }
        _ => {}
    }
    for host in hosts.into_inner().unwrap_or_else(PoisonError::into_inner) {
        eprintln!("note: a browser does not ask {host} in a page of https (mixed content)");
    }
    if let Some(path) = &args.junit {
        let text = report.junit().map_err(|error| cannot("the JUnit report", &error))?;
        write_file(path, text.as_bytes()).map_err(|e| cannot(&path.display().to_string(), &e))?;
    }
    if let Some(path) = &args.sarif {
        let text = report.sarif().map_err(|error| cannot("the SARIF report", &error))?;
        write_file(path, text.as_bytes()).map_err(|e| cannot(&path.display().to_string(), &e))?;
    }
    if args.github {
        let summary = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
        report.github(summary.as_deref().map(Path::new)).map_err(|e| cannot("the summary", &e))?;
    }
    Ok(report.verdict())
}

/// What a browser would not ask in a page of https.
fn unsafe_hosts(asked: &[Asked], secrets: &Secrets) -> BTreeSet<String> {
    let urls = asked.iter().flat_map(|asked| mixed_content(&asked.transcript));
    urls.map(|url| secrets.redact(&url[..Position::BeforePath]).into_owned()).collect()
}

/// Reads a file of expectations.
pub(crate) fn read(path: &Path) -> Result<File, String> {
    let name = path.display();
    let mut text = String::new();
    let document =
        Document::open(path).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    document
        .take(file::SIZE_LIMIT + 1)
        .read_to_string(&mut text)
        .map_err(|error| format!("{name}: cannot be read: {error}"))?;
    if text.len() as u64 > file::SIZE_LIMIT {
        return Err(format!("{name}: is larger than {} KiB", file::SIZE_LIMIT >> 10));
    }
    file::read(&text, &|name| env::var(name).ok())
        .map_err(|problems| listed(&name.to_string(), &problems))
}

/// The server to ask.
fn base(file: &File, given: Option<&str>, name: &str) -> Result<Url, String> {
    match (given, &file.base) {
        (Some(text), _) => file::base(text),
        (None, Some(url)) => Ok(url.clone()),
        (None, None) => {
            Err(format!("{name}: has no `base`, so `--base` and the URL of a server were expected"))
        }
    }
}

/// The problems of a file, each with its place.
pub(crate) fn listed(name: &str, problems: &[Problem]) -> String {
    let lines = problems.iter().map(|Problem { place, text }| format!("{name}:{place}: {text}"));
    lines.collect::<Vec<_>>().join("\nbrowser-cors: ")
}

/// Writes a file to the end, or not at all.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        // A pipe or a device: there is nothing to keep whole.
        return std::fs::write(path, bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let result = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path));
    if result.is_err() {
        // It may not even exist.
        let _ = std::fs::remove_file(&part);
    }
    result
}

fn printed(text: &[u8]) -> ExitCode {
    let mut output = io::stdout().lock();
    match output.write_all(text).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            unjudged(format_args!("cannot write: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

fn unjudged(problem: fmt::Arguments<'_>) -> ExitCode {
    eprintln!("browser-cors: {problem}");
    ExitCode::from(UNJUDGED)
}

const PASSED: u8 = 0;
const FAILED: u8 = 1;
const UNJUDGED: u8 = 2;
