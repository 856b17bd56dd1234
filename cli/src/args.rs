//! The command-line arguments.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use browser_cors::{
    explain::tongue::Tongue,
    http::HeaderValue,
    origin::Origin,
    request::{CredentialsMode, Mode, RedirectMode},
    spec::UnknownKeyword,
    url::Host,
};
use browser_cors_audit::survey::Severity;
use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
    value_parser,
};
use clap_complete::Shell;

use crate::{
    engine::{EngineArg, EngineParser},
    engines::At,
    manual,
    output::Reader,
    tongue::{self, For},
};

/// Say exactly what a browser does about CORS: which requests it sends, what the page may see of the
/// answers, and why
#[derive(Debug, Parser)]
#[command(
    name = "browser-cors",
    version,
    propagate_version = true,
    max_term_width = 80,
    after_long_help = "\
Examples:
  browser-cors check https://api.example/items --origin https://app.example
  browser-cors expect cors.toml
  browser-cors simulate scenarios.jsonl
  browser-cors help check

Exit status:
  0  all is well; check: the page may read the response
  1  check: the page may not read the response; expect: an expectation fails;
     diff: a page can tell the deployments apart; har: something is blocked
  2  something could not be read or judged; standard error says what"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) color: colorchoice_clap::Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what happens in scenarios that files describe
    ///
    /// A scenario says what a page asks for and what the servers would answer. The outcome says
    /// what goes over the wire, what the page sees, and why.
    Simulate(SimulateArgs),
    /// Send the requests of a page to a live server, and judge the answers
    ///
    /// Does what `fetch(URL)` does in a page of ORIGIN. Sends preflights and follows redirects as a
    /// browser does, and judges each answer by the Fetch Standard, or as an engine does. The bodies
    /// of answers are not read.
    Check(CheckArgs),
    /// Check a live server against a file of expectations
    ///
    /// The file names pages, what each must be able to do (`[[allow]]`), and what must stay
    /// impossible (`[[deny]]`). Each row is checked as the standard and each engine would ask. If
    /// an expectation fails, the report explains why and how to fix it.
    Expect(ExpectArgs),
    /// Find out who may read what on a live server
    ///
    /// Asks as your pages, as any website, as `null`, and as look-alikes, extensions and apps, each
    /// with and without the user's cookies. Sends GET and preflights alone, which change nothing. A
    /// finding is what the model proves in an engine, with the evidence and the fix.
    Audit(AuditArgs),
    /// Compare the answers of two deployments
    ///
    /// Sends the requests of a file of expectations to both. Compares the statuses, the headers
    /// that CORS reads, and what a page gets.
    Diff(DiffArgs),
    /// Explain the messages of a browser's console
    ///
    /// Reads what browsers of any age print when CORS blocks something, and what people take for
    /// that, such as mixed content. Says which step of the standard refused, what that means, and
    /// what to change where.
    Explain(ExplainArgs),
    /// Judge recorded traffic, which browsers export as HAR
    ///
    /// Judges each exchange of a page with another origin, using the recorded answers. A preflight
    /// is judged with its request, and a redirect with the request that it leads to. An exchange is
    /// fragile if it works now, but not in every browser, or not after another answer went into an
    /// HTTP cache. What may be secret in the recording is not shown: `...` stands for it.
    ///
    /// The exit status is 2 if the recording or an entry cannot be read; otherwise 1 if an exchange
    /// is blocked or, with --strict, fragile; otherwise 2 if the origin of a request is unknown.
    Har(HarArgs),
    /// List how the engines depart from the standard
    ///
    /// Recordings of the engines confirm each departure, except those marked "read in the source".
    Engines(EnginesArgs),
    /// Write the JSON Schema of an input or output format
    ///
    /// Each line of JSON that a command writes contains the version of its format: `"format": 1`.
    /// Within a version, lines may gain members. A program that reads them must ignore members that
    /// it does not know.
    Schema(SchemaArgs),
    /// Write the completions for a shell to standard output
    Completions(CompletionsArgs),
    /// Write the manual pages, as roff
    Man(ManArgs),
}

/// The arguments of `simulate`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors simulate fixtures/documents/preflighted-post.json
  browser-cors simulate --format json scenarios.jsonl > outcomes.jsonl
  generate-scenarios | browser-cors simulate -

Exit status:
  0  every scenario was answered
  2  some input could not be read; the other scenarios were answered")]
pub(crate) struct SimulateArgs {
    /// Files of scenarios: JSON (an object or an array) or JSON Lines; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The engine to imitate: a name, or a release such as chromium@156; several engines,
    /// separated by commas, are shown side by side
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "standard")]
    pub(crate) engine: Vec<EngineArg>,
    /// The server in whose words to write the fix: its name, `guess` (from `Server` and the like),
    /// or `none`
    #[arg(long = "for", value_name = "SERVER", value_parser = tongue::parser(), hide_possible_values = true, default_value = "none")]
    pub(crate) tongue: For,
    /// The format of the outcomes
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// A verdict that can be asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum OnlyVerdict {
    /// The page does not get what it asks for
    Blocked,
    /// It works, but not in every browser or not always
    Fragile,
    /// There is no answer to judge
    Unanswered,
    /// It works in every engine
    Fine,
}

/// The format of a command's output.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON object a line
    Json,
}

impl From<ReportFormat> for Reader {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Person,
            ReportFormat::Json | ReportFormat::Markdown => Self::Program,
        }
    }
}

impl From<Format> for Reader {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Person,
            Format::Json => Self::Program,
        }
    }
}

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors check https://api.example/items --origin https://app.example
  browser-cors check https://api.example/items --origin https://app.example \\
      -X PATCH -H 'Content-Type: application/json' -d '{}' --credentials include
  browser-cors check http://api.test:8080/ --origin http://app.test \\
      --resolve api.test:8080:127.0.0.1 --format json

Exit status:
  0  the page may read the response; with --preflight-only: the preflight passes
  1  the page may not read it: it is blocked (also as mixed content), or opaque
  2  no verdict: an argument is wrong, or the server did not answer

Environment:
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY
      proxies, as for other programs; not used with --resolve, --connect-to
      or --unix-socket
  SSL_CERT_FILE, SSL_CERT_DIR
      root certificates, in place of the system's")]
pub(crate) struct CheckArgs {
    /// The absolute URL to fetch
    pub(crate) url: String,
    /// The origin of the page; `null` means a sandboxed page
    #[arg(long)]
    pub(crate) origin: Origin,
    /// The request method [default: GET, or POST with --data]
    #[arg(short = 'X', long)]
    pub(crate) method: Option<String>,
    /// Set a request header, as the page does; repeat for more headers
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<HeaderArg>,
    /// The request body; `@FILE` reads it from a file, `@-` from standard input; its type is
    /// text/plain, unless a header sets another Content-Type
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) data: Option<String>,
    /// The request body, taken literally even if it begins with `@`
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "data")]
    pub(crate) data_raw: Option<String>,
    /// Send the preflight alone, and judge it; the request itself is never sent
    #[arg(long)]
    pub(crate) preflight_only: bool,
    /// The credentials mode of the request
    #[arg(
        long,
        value_name = "MODE",
        default_value = "same-origin",
        value_parser = one_of::<CredentialsMode>(CredentialsMode::NAMES),
    )]
    pub(crate) credentials: CredentialsMode,
    /// The mode of the request
    #[arg(
        long,
        default_value = "cors",
        value_parser = one_of::<Mode>(&["cors", "no-cors", "same-origin"]),
    )]
    pub(crate) mode: Mode,
    /// The redirect mode of the request
    #[arg(
        long,
        value_name = "MODE",
        default_value = "follow",
        value_parser = one_of::<RedirectMode>(RedirectMode::NAMES),
    )]
    pub(crate) redirect: RedirectMode,
    /// The user's cookie for the host of URL; sent only there, only with credentials, and never
    /// from https to http
    #[arg(long, value_name = "NAME=VALUE", value_parser = cookie)]
    pub(crate) cookie: Option<HeaderValue>,
    /// The engine to imitate: a name, or a release such as chromium@156; several engines,
    /// separated by commas, are shown side by side
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "standard")]
    pub(crate) engine: Vec<EngineArg>,
    /// The server in whose words to write the fix: its name, `guess` (from `Server` and the like),
    /// or `none`
    #[arg(long = "for", value_name = "SERVER", value_parser = tongue::parser(), hide_possible_values = true, default_value = "guess")]
    pub(crate) tongue: For,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    /// The format of the outcome
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Parses one of the standard's names for a value.
fn one_of<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownKeyword> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names.iter().copied()).try_map(|name| name.parse())
}

fn cookie(text: &str) -> Result<HeaderValue, &'static str> {
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "a cookie has no control characters")
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|timeout| (Duration::from_millis(1)..Duration::from_secs(86_400)).contains(timeout))
        .ok_or("a number of seconds was expected, from 0.001 to 86400")
}

/// A header on the command line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct HeaderArg {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// Parses `Name: value`. Each character is one byte, as in a page.
impl FromStr for HeaderArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) =
            text.split_once(':').ok_or("there is no colon: `Name: value` was expected")?;
        let bytes = |part: &str| {
            part.chars()
                .map(|character| {
                    u8::try_from(character).map_err(|_| {
                        format!("`{character}` does not fit in a byte: a page cannot send it")
                    })
                })
                .collect::<Result<Vec<u8>, _>>()
        };
        Ok(Self { name: bytes(name)?, value: bytes(value)? })
    }
}

/// The address to connect to for a host and a port.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Resolve {
    pub(crate) host: String,
    pub(crate) address: SocketAddr,
}

/// Parses `host:port:address`. An IPv6 address may be in brackets.
impl FromStr for Resolve {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "`host:port:address` was expected, as in `api.test:8080:127.0.0.1`";
        // The host may be an IPv6 address in brackets.
        let host_end = if text.starts_with('[') { text.find(']').map(|end| end + 1) } else { None };
        let host_end = host_end.or_else(|| text.find(':')).ok_or(EXPECTED)?;
        let (host, rest) = text.split_at(host_end);
        let (port, address) =
            rest.strip_prefix(':').and_then(|rest| rest.split_once(':')).ok_or(EXPECTED)?;
        let address = address
            .strip_prefix('[')
            .and_then(|address| address.strip_suffix(']'))
            .unwrap_or(address);
        let address: IpAddr = address.parse().map_err(|_| EXPECTED)?;
        let port: u16 = port.parse().map_err(|_| EXPECTED)?;
        let host = Host::parse(host).map_err(|_| EXPECTED)?.to_string();
        Ok(Self { host, address: SocketAddr::new(address, port) })
    }
}

/// The arguments of `expect`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors expect --init https://api.example/items \\
      --origin https://app.example > cors.toml
  browser-cors expect cors.toml --base http://localhost:8080
  browser-cors expect cors.toml --junit cors.xml --sarif cors.sarif --github
  browser-cors expect cors.toml --only items --send-requests
  browser-cors expect cors.toml --validate
  browser-cors expect --schema > cors.schema.json

Only preflights, GET and HEAD are sent, unless a row or --send-requests says otherwise.

Exit status:
  0  every expectation holds; with --validate: the file is valid
  1  an expectation fails
  2  no verdict: the file is wrong, the server did not answer, or what could be asked
     proves nothing

Environment:
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY
      proxies, as for other programs; not used with --resolve, --connect-to
      or --unix-socket
  SSL_CERT_FILE, SSL_CERT_DIR
      root certificates, in place of the system's
  GITHUB_STEP_SUMMARY
      the file for the summary, with --github
  any NAME
      if the file of expectations contains ${NAME}; its value is never printed")]
pub(crate) struct ExpectArgs {
    /// The file of expectations; `-` reads standard input
    #[arg(default_value = "cors.toml", conflicts_with_all = ["schema", "init"])]
    pub(crate) file: PathBuf,
    /// The URL of the server, in place of the file's `base`
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,
    /// Say whether the file is valid, and send nothing
    ///
    /// What contains a variable that the environment does not have is not checked; a note names the
    /// variable.
    #[arg(long, conflicts_with_all = ["init", "schema"])]
    pub(crate) validate: bool,
    /// Write the JSON Schema of such files to standard output, for editors
    #[arg(long, conflicts_with = "init")]
    pub(crate) schema: bool,
    /// Write a first file to standard output: what the server grants today for URL
    ///
    /// Sends a GET for URL, and preflights for everything else. Needs the origin of a page, with
    /// --origin. What other websites can read today goes to standard error.
    #[arg(long, value_name = "URL", conflicts_with = "base")]
    pub(crate) init: Option<String>,
    /// The origin of a page, with --init; repeat for more pages
    #[arg(long, requires = "init")]
    pub(crate) origin: Vec<Origin>,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// If an `[[allow]]` row fails, write the configuration that grants what all such rows demand
    /// together, in the words of this server
    #[arg(long = "for", value_name = "SERVER", value_parser = tongue::server_parser(), hide_possible_values = true)]
    pub(crate) tongue: Option<Tongue>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// Say less: the rows that are not as expected, without explanations
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: every combination, and an explanation of each that is not as expected
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// End after this many combinations have failed
    #[arg(long, value_name = "NUMBER", value_parser = value_parser!(u32).range(1..))]
    pub(crate) max_failures: Option<u32>,
    /// End after the first combination that fails
    #[arg(long, conflicts_with = "max_failures")]
    pub(crate) fail_fast: bool,
    /// Write a report as JUnit XML to FILE; `-` writes to standard output, in place of the text
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write a report as SARIF 2.1.0 to FILE, or `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Write a report as GitLab's Code Quality JSON to FILE, or `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) gitlab: Option<PathBuf>,
    /// Write GitHub's annotations of the file to standard error, and the job's summary
    #[arg(long)]
    pub(crate) github: bool,
}

/// The arguments of `audit`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors audit https://api.example/me
  browser-cors audit https://api.example/me --origin https://app.example \\
      --cookie session=1
  browser-cors audit http://localhost:8080/ --format json

Exit status:
  0  nothing was found that is as grave as --fail-on says
  1  something was found
  2  no verdict: an argument is wrong, or the server did not answer")]
pub(crate) struct AuditArgs {
    /// The absolute URLs to ask for
    #[arg(required = true, value_name = "URL")]
    pub(crate) urls: Vec<String>,
    /// The origin of a page of yours, which should be able to read; repeat for more pages
    #[arg(long)]
    pub(crate) origin: Vec<Origin>,
    /// The user's cookie for the host of URL; sent only there, and only with credentials
    #[arg(long, value_name = "NAME=VALUE", value_parser = cookie)]
    pub(crate) cookie: Option<HeaderValue>,
    /// The engines to imitate, separated by commas: names, or releases such as chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<EngineArg>,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    /// The least severity with which the exit status is 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    pub(crate) fail_on: FailOn,
    /// The format of the findings
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Write the findings as SARIF 2.1.0 to FILE
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
}

/// The least severity that counts as a failure.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum FailOn {
    /// Also what may be meant so
    Note,
    /// What does not work in some case, and graver
    #[default]
    Low,
    /// What fails for your pages or needs some luck of an attacker, and graver
    Medium,
    /// What anybody on the web can do
    High,
    /// Nothing
    Never,
}

impl FailOn {
    pub(crate) fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Note => true,
            Self::Low => severity >= Severity::Low,
            Self::Medium => severity >= Severity::Medium,
            Self::High => severity >= Severity::High,
            Self::Never => false,
        }
    }
}

/// The arguments of `diff`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors diff https://staging.example https://api.example cors.toml
  browser-cors diff --format json https://origin.example https://cdn.example

Exit status:
  0  no page can tell the two deployments apart
  1  a page can tell them apart
  2  no verdict: the file is wrong, a server did not answer, or something could not be
     compared")]
pub(crate) struct DiffArgs {
    /// The URL of the first deployment
    pub(crate) base_a: String,
    /// The URL of the second deployment
    pub(crate) base_b: String,
    /// The file of expectations with the requests to send; `-` reads standard input
    #[arg(default_value = "cors.toml")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// The format of the differences
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Say less: the counts alone
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: each difference, even those that are alike
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// The arguments of commands that send many requests to live servers.
#[derive(Debug, clap::Args)]
pub(crate) struct AskingArgs {
    /// The engines to imitate, separated by commas: names, or releases such as chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<EngineArg>,
    /// The number of combinations to check at the same time, 1 to 64
    #[arg(long, value_name = "NUMBER", default_value = "8", value_parser = value_parser!(u8).range(1..=64))]
    pub(crate) jobs: u8,
    /// The number of times to repeat an exchange without an answer, 0 to 10
    ///
    /// An exchange with any answer is not repeated, nor a request that may have arrived, unless its
    /// method is idempotent.
    #[arg(long, value_name = "NUMBER", default_value = "2", value_parser = value_parser!(u8).range(..=10))]
    pub(crate) retries: u8,
    /// Ask for this row only: its name, or its number in the file; repeat for more
    #[arg(long, value_name = "ROW")]
    pub(crate) only: Vec<String>,
    /// Send requests of every method
    ///
    /// Without it, only preflights, GET and HEAD are sent, so that nothing changes on a server. A
    /// request of another method is judged by its preflight. A row of the file that says `send` is
    /// asked as it says.
    #[arg(long)]
    pub(crate) send_requests: bool,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// The arguments of all commands that ask live servers: how to reach them, and as whom.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// The longest time for an exchange, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// The longest time for a fetch with its preflights and redirects, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) max_time: Duration,
    /// Wait up to SECONDS for a server that starts
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) wait: Option<Duration>,
    /// Connect to ADDRESS for this host and port, of a URL or of a redirect; repeat for more
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<Resolve>,
    /// Connect to HOST2:PORT2 in place of HOST:PORT; a part may be empty; repeat for more
    #[arg(long, value_name = "HOST:PORT:HOST2:PORT2")]
    pub(crate) connect_to: Vec<String>,
    /// Connect to the Unix socket PATH, for every host
    #[cfg(unix)]
    #[arg(long, value_name = "PATH")]
    pub(crate) unix_socket: Option<PathBuf>,
    /// Use this proxy: http, https, socks4, socks4a, socks5 or socks5h; hosts of NO_PROXY are
    /// asked without it
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Trust the root certificates in FILE (PEM) as well
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// Trust every certificate
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,
    /// The user's certificate (PEM), for servers that ask for one; shown only with credentials, so
    /// not with preflights
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key (PEM) of --cert
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// The name and password that the browser has for the server; sent only with credentials, so
    /// not with preflights
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = user)]
    pub(crate) user: Option<User>,
    /// The User-Agent, in place of the browser's
    #[arg(long, value_name = "TEXT", value_parser = header_value)]
    pub(crate) user_agent: Option<HeaderValue>,
    /// Refuse redirects to loopback, link-local and private addresses that no argument names
    #[arg(long)]
    pub(crate) deny_private: bool,
    /// Offer only HTTP/1.1 to https servers
    #[arg(long = "http1.1", conflicts_with = "http2")]
    pub(crate) http1: bool,
    /// Offer only HTTP/2 to https servers
    #[arg(long)]
    pub(crate) http2: bool,
}

/// A name and a password.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// Without the password.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

fn user(text: &str) -> Result<User, &'static str> {
    let (name, password) =
        text.split_once(':').ok_or("there is no colon: `name:password` was expected")?;
    Ok(User { name: name.to_owned(), password: password.to_owned() })
}

fn header_value(text: &str) -> Result<HeaderValue, &'static str> {
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "a header has no control characters")
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: what fails, with the exchanges and the fix
    #[default]
    Text,
    /// For programs: one JSON object a line for each combination
    Json,
    /// For a comment or a web page
    Markdown,
}

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors explain \\
      'Method PATCH is not allowed by Access-Control-Allow-Methods.'
  wl-paste | browser-cors explain -
  browser-cors explain --format json - < console.txt

Every message is explained, in order; one that is there several times is
explained once. Other text is passed over.

Exit status:
  0  at least one message was explained
  2  the text has no message that is known")]
pub(crate) struct ExplainArgs {
    /// The text from the console, which contains the message; `-` reads standard input
    pub(crate) message: String,
    /// The server in whose words to write the fix, such as nginx, as far as the message tells
    #[arg(long = "for", value_name = "SERVER", value_parser = tongue::parser(), hide_possible_values = true, default_value = "none")]
    pub(crate) tongue: For,
    /// The format of the explanation
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The arguments of `har`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors har recording.har
  browser-cors har --origin https://app.example --strict recording.har
  browser-cors har --format json - < recording.har

Verdicts on an exchange:
  fine        the page gets what it asks for, by the standard and in each engine
  fragile     the page gets it, but not in every browser or not always
  blocked     the page does not get it
  unanswered  unknown: the recording has no answer, or one from a cache

Assumptions:
  Without a recorded Cookie, the credentials mode is that of --credentials.
  If a preflight was not recorded but its request was answered, it was granted.
  The page set the headers that no browser adds.

The values of cookies and of Authorization are not printed.

Exit status:
  0  nothing is blocked; with --strict: nothing is blocked or fragile
  1  something is blocked; with --strict: something is blocked or fragile
  2  the recording could not be read to its end, or does not show the origin of
     a request")]
pub(crate) struct HarArgs {
    /// The recording, a HAR file; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The origin of the page, for requests that do not show theirs
    #[arg(long)]
    pub(crate) origin: Option<Origin>,
    /// The credentials mode to assume for requests without a recorded Cookie
    #[arg(
        long,
        value_name = "MODE",
        default_value = "same-origin",
        value_parser = one_of::<CredentialsMode>(CredentialsMode::NAMES),
    )]
    pub(crate) credentials: CredentialsMode,
    /// The engines to imitate, separated by commas: names, or releases such as chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<EngineArg>,
    /// Show only exchanges with these verdicts, separated by commas; the summary counts all
    #[arg(long, value_enum, value_name = "VERDICT", value_delimiter = ',')]
    pub(crate) only: Vec<OnlyVerdict>,
    /// Fail on fragile exchanges too
    #[arg(long)]
    pub(crate) strict: bool,
    /// The server in whose words to write the fix: its name, `guess` (from `Server` and the like),
    /// or `none`
    #[arg(long = "for", value_name = "SERVER", value_parser = tongue::parser(), hide_possible_values = true, default_value = "none")]
    pub(crate) tongue: For,
    /// The format of the verdicts
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The arguments of `engines`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors engines
  browser-cors engines --engine firefox
  browser-cors engines --at '#cors-preflight-fetch-0 step 7.8'
  browser-cors engines --diff chromium firefox
  browser-cors engines --format json")]
pub(crate) struct EnginesArgs {
    /// List the departures of these engines, separated by commas: names, or releases such as
    /// chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<EngineArg>,
    /// List the departures at STEP: `#cors-preflight-fetch-0 step 7.8`, an anchor, or a number
    #[arg(long, value_name = "STEP")]
    pub(crate) at: Option<At>,
    /// List the departures that only one of two releases has
    #[arg(
        long,
        num_args = 2,
        value_names = ["RELEASE", "RELEASE"],
        value_parser = EngineParser,
        conflicts_with = "engine",
    )]
    pub(crate) diff: Vec<EngineArg>,
    /// The format of the list
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

impl EnginesArgs {
    /// Whether to list the whole catalogue, including departures of older releases.
    pub(crate) fn asks_for_all(&self) -> bool {
        self.engine.contains(&EngineArg::All)
    }
}

/// The arguments of `schema`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors schema
  browser-cors schema scenario > scenario.schema.json")]
pub(crate) struct SchemaArgs {
    /// The format; without it, all formats are listed
    #[arg(value_enum)]
    pub(crate) name: Option<SchemaName>,
}

/// The formats that have a schema.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SchemaName {
    /// What `simulate` reads
    Scenario,
    /// What `simulate --format json` writes
    Outcome,
    /// What `simulate --engine all --format json` writes
    SideBySide,
    /// What `check --format json` writes
    Check,
    /// The TOML file that `expect` and `diff` read
    Expectations,
    /// What `expect --format json` writes
    Expect,
    /// What `audit --format json` writes
    Audit,
    /// What `diff --format json` writes
    Diff,
    /// What `har --format json` writes
    Har,
    /// What `explain --format json` writes
    Explain,
    /// What `engines --format json` writes
    Engines,
}

/// The arguments of `man`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors man check | man -l -
  browser-cors man --folder ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The command whose page to write; without it, all pages are written
    #[arg(value_parser = known_command)]
    pub(crate) command: Option<String>,
    /// Write a file for each page into FOLDER, in place of standard output
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) folder: Option<PathBuf>,
}

fn known_command(text: &str) -> Result<String, String> {
    let commands = manual::commands();
    match commands.iter().find(|command| *command == text) {
        Some(command) => Ok(command.clone()),
        None => Err(format!("expected one of {}", commands.join(", "))),
    }
}

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors completions bash \\
      > ~/.local/share/bash-completion/completions/browser-cors
  browser-cors completions fish \\
      > ~/.config/fish/completions/browser-cors.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}
