//! Runs `browser-cors expect` against widely used servers. The right configuration passes, each of
//! the classic mistakes is found, and after the proposed fix is written into the configuration,
//! every row passes.
//!
//! A server that is not on this machine is skipped, and a message says so; with
//! `BROWSER_CORS_SERVERS=required`, the test fails. `.ci/run` installs all servers.

mod express;
mod flask;
mod nginx;
mod server;
mod snippets;

use std::{
    collections::BTreeMap,
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use serde_json::{Map, Value};

use server::Server;

/// What the pages need, as a user would write it.
const FILE: &str = "fixtures/servers/cors.toml";

const TOKEN: &str = "4f6b1c";

/// A configuration of some server.
trait Configuration {
    /// The reason why this machine has no such server.
    fn missing() -> Option<&'static str>;

    fn start(&self) -> Server;

    /// Writes a proposed fix into the configuration.
    fn apply(&mut self, fix: &Fix);
}

/// The answer that the findings propose for a method at a path.
#[derive(Debug)]
struct Fix {
    method: String,
    path: String,
    status: Option<u64>,
    headers: BTreeMap<String, String>,
}

impl Fix {
    fn is_for_preflight(&self) -> bool {
        self.method == "OPTIONS"
    }
}

fn assert_passes<C: Configuration>(configuration: &C) {
    if is_skipped::<C>() {
        return;
    }
    let (code, lines) = expect(&configuration.start());
    assert_eq!((code, found(&lines)), (0, vec![]));
    // Two methods and an error; all other rows deny.
    let allowed = lines.iter().filter(|line| line["expect"] == "allow").count();
    assert_eq!(allowed, 3);
    assert_ne!(lines.len(), allowed);
}

/// Asserts the findings, without repetitions: `row in engines: message`.
fn assert_found_and_fixed<C: Configuration>(mut mistaken: C, expected: &[&str]) {
    let Some(fixes) = assert_found(&mistaken, expected) else { return };
    fixes.iter().for_each(|fix| mistaken.apply(fix));
    let (code, lines) = expect(&mistaken.start());
    assert_eq!((code, found(&lines)), (0, vec![]), "with {fixes:#?}");
}

/// The same, without applying the fixes. Returns the proposed fixes, unless the server is skipped.
fn assert_found<C: Configuration>(mistaken: &C, expected: &[&str]) -> Option<Vec<Fix>> {
    if is_skipped::<C>() {
        return None;
    }
    let server = mistaken.start();
    let (code, lines) = expect(&server);
    let found: Vec<_> =
        found(&lines).iter().map(|one| one.replace(&server.base(), "http://SERVER")).collect();
    let is_unsure = expected.iter().any(|one| one.ends_with("this proves nothing"));
    let expected = expected.iter().map(ToString::to_string).collect();
    assert_eq!((code, found), (if is_unsure { 2 } else { 1 }, expected));
    Some(fixes(&lines))
}

/// Whether the server is missing. Prints the reason.
fn is_skipped<C: Configuration>() -> bool {
    is_missing(C::missing())
}

fn is_missing(why: Option<&str>) -> bool {
    let Some(why) = why else { return false };
    assert_ne!(env::var("BROWSER_CORS_SERVERS").as_deref(), Ok("required"), "{why}");
    let name = thread::current().name().unwrap_or_default().to_owned();
    // `eprintln!` would not do, because the test runner captures its output.
    io::stderr().write_all(format!("skipped {name}: {why}\n").as_bytes()).unwrap();
    true
}

/// Runs `browser-cors expect`. Returns its exit code and the lines of JSON.
fn expect(server: &Server) -> (i32, Vec<Value>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.args(["expect", FILE, "--format=json"]).arg(format!("--base={}", server.base()));
    command.current_dir(root()).env("API_TOKEN", TOKEN).stdin(Stdio::null());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", server.log());
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code().unwrap(), lines.collect())
}

/// The findings, without repetitions.
fn found(lines: &[Value]) -> Vec<String> {
    let mut all = Vec::new();
    for line in lines {
        for finding in line["findings"].as_array().unwrap() {
            let engines = finding["engines"].as_array().unwrap().iter().map(text);
            let engines = match engines.collect::<Vec<_>>()[..] {
                ["standard", "chromium", "firefox", "webkit"] => "all".to_owned(),
                ref engines => engines.join(", "),
            };
            let one = format!("{} in {engines}: {}", text(&line["row"]), text(&finding["message"]));
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// The proposed fixes, as one answer for each method at each path.
fn fixes(lines: &[Value]) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    let findings = lines.iter().flat_map(|line| line["findings"].as_array().unwrap());
    for answer in findings.flat_map(|finding| finding["answers"].as_array().unwrap()) {
        let (method, url) = (text(&answer["method"]).to_owned(), text(&answer["url"]));
        let path = format!("/{}", url.splitn(4, '/').last().unwrap());
        let index = fixes.iter().position(|fix| (&fix.method, &fix.path) == (&method, &path));
        let index = index.unwrap_or_else(|| {
            fixes.push(Fix { method, path, status: None, headers: BTreeMap::new() });
            fixes.len() - 1
        });
        let fix = &mut fixes[index];
        fix.status = fix.status.or_else(|| answer["status"].as_u64());
        for header in answer["headers"].as_array().unwrap() {
            let (name, value) = text(header).split_once(": ").unwrap();
            let known = fix.headers.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            if known != value {
                // One list contains what two pages or two methods need.
                assert!(is_list(name), "{name}: {known} and {value}");
                let missed =
                    value.split(", ").filter(|value| !known.split(", ").any(|k| k == *value));
                *known = [known.as_str()].into_iter().chain(missed).collect::<Vec<_>>().join(", ");
            }
        }
    }
    fixes
}

fn is_list(header: &str) -> bool {
    matches!(
        header,
        "Access-Control-Allow-Methods"
            | "Access-Control-Allow-Headers"
            | "Access-Control-Expose-Headers"
    )
}

/// Writes headers into the options of a package. Each has its option, except `Vary`, which the
/// packages set themselves.
fn set_options(options: &mut Map<String, Value>, names: &[(&str, &str)], fix: &Fix) {
    for (header, value) in &fix.headers {
        if header == "Vary" {
            continue;
        }
        let option = names.iter().find(|(name, _)| name == header);
        let (_, option) = option.unwrap_or_else(|| panic!("{header} has no option"));
        let value = match header.as_str() {
            "Access-Control-Allow-Credentials" => Value::Bool(value == "true"),
            "Access-Control-Max-Age" => Value::from(value.parse::<u64>().unwrap()),
            _ if is_list(header) => value.split(", ").collect(),
            _ => value.as_str().into(),
        };
        options.insert((*option).to_owned(), value);
    }
}

/// Whether a program succeeds.
fn runs(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn fixture(name: &str) -> PathBuf {
    root().join("fixtures/servers").join(name)
}

/// The folder where `.ci/run` installs packages.
fn installed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("servers").join(name)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
