//! Runs web-platform-tests, unmodified, in a small user agent that leaves every decision about CORS to
//! browser-cors.

#![deny(unsafe_code)]

mod agent;
mod browsers;
mod delivered;
mod expectations;
mod js;
mod net;
mod page;
mod results;
mod server;
mod table;
mod tree;

use std::{
    collections::{BTreeMap, VecDeque},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use browser_cors::Profile;
use serde::de::DeserializeOwned;
use tokio::runtime::Builder;

use crate::{
    agent::Agent,
    browsers::{Browsers, Reasons},
    expectations::Expectations,
    results::Report,
    server::Server,
    tree::{LeftOut, Test},
};

const HELP: &str = "\
Runs web-platform-tests in a small user agent on browser-cors.

Usage: browser-cors-wpt [OPTIONS] TREE [FILE]...

TREE is a checkout of web-platform-tests. A FILE is the path of a test, a page or a folder in it.
Without any, the standard runs all folders with tests of CORS and Fetch, and an engine the pages on
which its browser was measured.

Options:
  --engine NAME    standard (default), chromium, firefox, webkit, or a release such as firefox@140
  --update         Expect what happens from now on
  --output FILE    Write the result of each subtest as JSON
  --patience N     Give each test N times its time (default: 2)
  --jobs NUMBER    How many pages run at once (default: one for each processor)
  --running        `wpt serve` is running already
  --verbose        Say what scripts log and why subtests fail

The exit code is 1 if a result is not as it is expected in the folder `expectations`.
";

struct Options {
    tree: PathBuf,
    names: Vec<String>,
    profile: Profile,
    updates: bool,
    output: Option<PathBuf>,
    jobs: usize,
    patience: u32,
    is_running: bool,
    is_verbose: bool,
    /// The one page to run, in a process that this program started.
    page: Option<Page>,
}

struct Page {
    url: String,
    seconds: u64,
}

fn main() -> ExitCode {
    let result = match options() {
        Ok(Some(options)) => match &options.page {
            Some(page) => run_page(&options, page).map(|()| true),
            None => run(&options),
        },
        Ok(None) => {
            print!("{HELP}");
            Ok(true)
        }
        Err(error) => Err(error.to_string()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    use lexopt::{Arg, ValueExt};
    let mut parser = lexopt::Parser::from_env();
    let mut options = Options {
        tree: PathBuf::new(),
        names: Vec::new(),
        profile: Profile::STANDARD,
        updates: false,
        output: None,
        patience: 2,
        jobs: thread::available_parallelism().map_or(2, Into::into),
        is_running: false,
        is_verbose: false,
        page: None,
    };
    let (mut url, mut seconds) = (None, 15);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("engine") => options.profile = parser.value()?.parse()?,
            Arg::Long("update") => options.updates = true,
            Arg::Long("output") => options.output = Some(parser.value()?.into()),
            Arg::Long("jobs") => options.jobs = parser.value()?.parse()?,
            Arg::Long("patience") => options.patience = parser.value()?.parse()?,
            Arg::Long("running") => options.is_running = true,
            Arg::Long("verbose") => options.is_verbose = true,
            Arg::Long("page") => url = Some(parser.value()?.string()?),
            Arg::Long("seconds") => seconds = parser.value()?.parse()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Value(value) if options.tree.as_os_str().is_empty() => options.tree = value.into(),
            Arg::Value(value) => options.names.push(value.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    if options.tree.as_os_str().is_empty() {
        return Err("name the folder of a checkout of web-platform-tests".into());
    }
    options.page = url.map(|url| Page { url, seconds });
    Ok(Some(options))
}

/// Runs the tests; whether all results are as they were expected.
fn run(options: &Options) -> Result<bool, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("expectations");
    let browsers: Browsers = read(&folder.join("browsers.json"))?;
    let mut names = options.names.clone();
    if names.is_empty() {
        names = match options.profile.engine() {
            None => tree::FOLDERS.iter().map(|name| (*name).to_owned()).collect(),
            // As an engine, the pages on which its browser was measured.
            Some(_) => browsers.pages().map(str::to_owned).collect(),
        };
        names.retain(|name| tree::has(&options.tree, name));
    }
    let mut tests = tree::find(&options.tree, &names)?;
    if options.names.is_empty() {
        let left_out: LeftOut = read(&folder.join("left-out.json"))?;
        tests.retain(|test| !left_out.contains(test));
    }
    let engine = options.profile.engine().map_or("standard".to_owned(), |it| it.to_string());
    let file = folder.join(format!("{engine}.json"));
    let mut expectations: Expectations = read(&file)?;
    let reports = {
        let _server = (!options.is_running).then(|| Server::start(&options.tree)).transpose()?;
        run_all(options, tests)?
    };
    let mut differences = expectations.compare(&reports);
    if options.updates {
        expectations.update(&reports);
        differences.clear();
        write(&file, &expectations)?;
    }
    if let Some(output) = &options.output {
        write(output, &reports)?;
    }
    print!("{}", table::of_reports(&reports, &differences));
    let mut is_as_expected = differences.is_empty();
    if let Some(engine) = options.profile.engine() {
        let reasons: Reasons = read(&folder.join("differences.json"))?;
        let comparison = browsers.compare(&engine.to_string(), &reports, &reasons);
        println!(
            "beside the browser: {} subtests end alike, {} do not for a known reason, and {} others do not",
            comparison.alike,
            comparison.argued,
            comparison.others.len()
        );
        comparison.others.iter().for_each(|other| println!("{other}"));
        is_as_expected &= comparison.others.is_empty();
    }
    for difference in &differences {
        println!("{}: {}", difference.page, difference.what);
    }
    Ok(is_as_expected)
}

/// Runs each page in a process of its own, so that a page that breaks the engine ends alone.
fn run_all(options: &Options, tests: Vec<Test>) -> Result<BTreeMap<String, Report>, String> {
    let queue = Mutex::new(VecDeque::from(tests));
    let reports = Mutex::new(BTreeMap::new());
    let program = env::current_exe().map_err(|error| format!("no program to run: {error}"))?;
    thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                while let Some(test) = next(&queue) {
                    let report = run_one(&program, options, &test);
                    say(options, &test, &report);
                    lock(&reports).insert(test.name, report);
                }
            });
        }
    });
    Ok(reports.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn next(queue: &Mutex<VecDeque<Test>>) -> Option<Test> {
    lock(queue).pop_front()
}

/// Runs a page in another process, [`run_page`].
fn run_one(program: &Path, options: &Options, test: &Test) -> Report {
    let mut command = Command::new(program);
    let seconds = test.seconds() * u64::from(options.patience);
    command.arg("--page").arg(test.url()).arg("--seconds").arg(seconds.to_string());
    command.arg("--patience").arg(options.patience.to_string());
    command.arg("--engine").arg(options.profile.to_string()).arg(&options.tree);
    if options.is_verbose {
        command.arg("--verbose");
    }
    match command.stdin(Stdio::null()).stderr(Stdio::inherit()).output() {
        Ok(output) => serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| Report::broken(format!("the page ended with {}", output.status))),
        Err(error) => Report::broken(format!("no process: {error}")),
    }
}

/// Runs a page in this process, and prints its report.
fn run_page(options: &Options, page: &Page) -> Result<(), String> {
    /// Some helpers call themselves deeply.
    const STACK: usize = 16 << 20;
    let network = Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let network = network.map_err(|error| format!("no connection is possible: {error}"))?;
    let agent = Agent::new(options.profile, &options.tree);
    let agent = Arc::new(agent.map_err(|error| format!("the tree's certificate: {error}"))?);
    let (url, time) = (page.url.clone(), Duration::from_secs(page.seconds));
    let (patience, is_verbose) = (options.patience, options.is_verbose);
    let handle = network.handle().clone();
    let work = move || js::run(agent, handle, &url, time, patience, is_verbose);
    let thread = thread::Builder::new().stack_size(STACK).spawn(work);
    let report = thread.map_err(|error| format!("no thread: {error}"))?.join();
    let report = report.unwrap_or_else(|_| Report::broken("the user agent panicked".to_owned()));
    println!("{}", serde_json::to_string(&report).map_err(|error| error.to_string())?);
    network.shutdown_background();
    Ok(())
}

fn say(options: &Options, test: &Test, report: &Report) {
    if !options.is_verbose {
        return;
    }
    let (passes, all) = (report.passes(), report.subtests.len());
    let message = report.message.as_deref().unwrap_or_default();
    eprintln!("{} {passes}/{all} {} {message}", test.name, report.status_name());
    for subtest in report.subtests.iter().filter(|subtest| subtest.status != 0) {
        let message = subtest.message.as_deref().unwrap_or_default();
        eprintln!("  {} {}: {message}", subtest.status_name(), subtest.name);
    }
}

fn read<T: Default + DeserializeOwned>(file: &Path) -> Result<T, String> {
    if !file.exists() {
        return Ok(T::default());
    }
    let text = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", file.display()))
}

fn write(file: &Path, value: &impl serde::Serialize) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder
        .and_then(|()| fs::write(file, text + "\n"))
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
