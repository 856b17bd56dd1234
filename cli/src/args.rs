//! What the command line says.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use browser_cors::{
    http::HeaderValue,
    origin::Origin,
    request::{CredentialsMode, Mode, RedirectMode},
    spec::UnknownKeyword,
    url::Host,
};
use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
    value_parser,
};
use clap_complete::Shell;

use crate::{
    engine::{Asked, EngineParser},
    engines::At,
};

/// What a browser does about CORS: which requests it puts on the wire, what the page may then see,
/// and why. No browser is started.
#[derive(Debug, Parser)]
#[command(
    name = "browser-cors",
    version,
    propagate_version = true,
    after_long_help = "\
Examples:
  browser-cors check https://api.example/items --origin https://app.example
  browser-cors expect cors.toml
  browser-cors simulate scenarios.jsonl
  browser-cors help check

Exit status:
  0  all is well; with check: the page may read the response
  1  with check: the page may not read the response; with expect and diff: it is not as expected;
     with har: something is blocked
  2  something could not be read or judged; standard error says what"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer scenarios: what a page asks for and what the servers would say.
    Simulate(SimulateArgs),
    /// Ask a live server as a browser would for a page.
    ///
    /// What `fetch(URL)` does in a page of ORIGIN is done here: preflights and redirects go out as
    /// a browser sends them, and each answer is judged by the Fetch Standard, or as an engine does. Of the bodies of the
    /// answers, nothing is read.
    Check(CheckArgs),
    /// Ask a live server whether it keeps what a file expects of it.
    ///
    /// The file names pages, what each must be able to do (`[[allow]]`), and what must stay
    /// impossible (`[[deny]]`). Each row is asked as the standard and each engine ask, and what
    /// fails is explained, with the fix.
    Expect(ExpectArgs),
    /// Where two deployments answer differently, and whether a page could tell.
    ///
    /// What a file asks for is asked of both. Of the answers, the statuses and the headers that
    /// CORS reads are compared, and what a page gets of them.
    Diff(DiffArgs),
    /// Explain a line of a browser's console.
    ///
    /// What Chromium, Firefox and WebKit print in English when CORS blocks something is read back:
    /// which step of the standard refused, what that means, and what the server must send instead.
    Explain(ExplainArgs),
    /// Judge recorded traffic: a HAR, as browsers export it.
    ///
    /// Each exchange of a page with another origin is judged with the answers that were recorded:
    /// preflights are taken with their requests, and redirects with where they led.
    Har(HarArgs),
    /// List how the engines depart from the standard.
    ///
    /// Recordings of the engines confirm each departure, but for those that were read in a source.
    Engines(EnginesArgs),
    /// Write the JSON Schema of what is read or written, or list the schemas.
    ///
    /// Each line of JSON that a command writes says the version of its format: `"format": 1`. Within a
    /// version, lines may gain members, and a program that reads them must pass over those that it does
    /// not know.
    Schema(SchemaArgs),
    /// Write the completions for a shell to standard output.
    Completions(CompletionsArgs),
    /// Write the manual page to standard output, as roff.
    #[command(after_long_help = "\
Examples:
  browser-cors man > ~/.local/share/man/man1/browser-cors.1
  browser-cors man | man -l -")]
    Man,
}

/// Answer scenarios: what a page asks for and what the servers would say.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors simulate fixtures/documents/preflighted-post.json
  browser-cors simulate --format json scenarios.jsonl > outcomes.jsonl
  generate-scenarios | browser-cors simulate -

Exit status:
  0  every scenario was answered
  2  something could not be read; the rest was answered")]
pub(crate) struct SimulateArgs {
    /// Files of scenarios, as JSON (one object, or an array) or as JSON Lines; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The engines to imitate: names, or releases such as chromium@156; several stand side by side
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "standard")]
    pub(crate) engine: Vec<Asked>,
    /// How the outcomes are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// How outcomes are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the exchanges, the reasons and the remedy
    #[default]
    Text,
    /// For programs: one JSON object a line
    Json,
}

/// What `check` is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors check https://api.example/items --origin https://app.example
  browser-cors check https://api.example/items --origin https://app.example \\
      -X PATCH -H 'Content-Type: application/json' --data '{}' --credentials include
  browser-cors check http://api.test:8080/ --origin http://app.test \\
      --resolve api.test:8080:127.0.0.1 --format json

Exit status:
  0  the page may read the response
  1  it may not: the response is blocked, or opaque
  2  that could not be judged: a wrong argument, or a server that did not answer

Environment:
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY  as elsewhere; not used with --resolve
  SSL_CERT_FILE, SSL_CERT_DIR                   root certificates, in place of the system's")]
pub(crate) struct CheckArgs {
    /// What is asked for: an absolute URL
    pub(crate) url: String,
    /// The origin of the page that asks; `null` is a sandboxed page, or one of no server
    #[arg(long)]
    pub(crate) origin: Origin,
    /// The method; without it GET, or POST where there is data
    #[arg(short = 'X', long)]
    pub(crate) method: Option<String>,
    /// A header that the page sets; may be given several times
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<HeaderArg>,
    /// The body: a string, so a text/plain one where no Content-Type is set
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) data: Option<String>,
    /// The credentials mode
    #[arg(
        long,
        value_name = "MODE",
        default_value = "same-origin",
        value_parser = one_of::<CredentialsMode>(CredentialsMode::NAMES),
    )]
    pub(crate) credentials: CredentialsMode,
    /// The mode
    #[arg(
        long,
        default_value = "cors",
        value_parser = one_of::<Mode>(&["cors", "no-cors", "same-origin"]),
    )]
    pub(crate) mode: Mode,
    /// The redirect mode
    #[arg(
        long,
        value_name = "MODE",
        default_value = "follow",
        value_parser = one_of::<RedirectMode>(RedirectMode::NAMES),
    )]
    pub(crate) redirect: RedirectMode,
    /// The user's cookie for the host of URL: sent there, where credentials are included
    #[arg(long, value_name = "NAME=VALUE", value_parser = cookie)]
    pub(crate) cookie: Option<HeaderValue>,
    /// An address to connect to, for a host and port of URL or of a redirect
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<Resolve>,
    /// The engines to imitate: names, or releases such as chromium@156; several stand side by side
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "standard")]
    pub(crate) engine: Vec<Asked>,
    /// How long each exchange may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// How the outcome is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// One of the standard's names for a value.
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

/// A header as it stands on the command line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct HeaderArg {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// Reads `Name: value`; each character is one byte, as in a page.
impl FromStr for HeaderArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) =
            text.split_once(':').ok_or("there is no colon: `Name: value` was expected")?;
        let bytes = |part: &str| {
            part.chars()
                .map(|character| {
                    u8::try_from(character)
                        .map_err(|_| format!("`{character}` is no byte: a page cannot send it"))
                })
                .collect::<Result<Vec<u8>, _>>()
        };
        Ok(Self { name: bytes(name)?, value: bytes(value)? })
    }
}

/// Where to connect to for a host and a port.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Resolve {
    pub(crate) host: String,
    pub(crate) address: SocketAddr,
}

/// Reads `host:port:address`; an IPv6 address may stand in brackets.
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

/// What `expect` is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors expect --init https://api.example/items --origin https://app.example > cors.toml
  browser-cors expect cors.toml --base http://localhost:8080
  browser-cors expect cors.toml --junit cors.xml --sarif cors.sarif --github
  browser-cors expect --schema > cors.schema.json

Exit status:
  0  every expectation holds
  1  some do not
  2  some could not be read or judged: a wrong file, or a server that did not answer

Environment:
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY  as elsewhere; not used with --resolve
  SSL_CERT_FILE, SSL_CERT_DIR                   root certificates, in place of the system's
  GITHUB_STEP_SUMMARY                           with --github, the file for the summary
  and what the file names as ${NAME}, which is never printed")]
pub(crate) struct ExpectArgs {
    /// The file of expectations
    #[arg(default_value = "cors.toml", conflicts_with_all = ["schema", "init"])]
    pub(crate) file: PathBuf,
    /// The server, in place of the file's `base`
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,
    /// Write the JSON Schema of such files, for editors, to standard output
    #[arg(long, conflicts_with = "init")]
    pub(crate) schema: bool,
    /// Write a first file to standard output: what the server grants today for URL
    ///
    /// URL is asked with GET, everything else by preflights alone.
    #[arg(long, value_name = "URL", requires = "origin", conflicts_with = "base")]
    pub(crate) init: Option<String>,
    /// With --init, the origin of a page; may be given several times
    #[arg(long, requires = "init")]
    pub(crate) origin: Vec<Origin>,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// How the report is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// A file for a report as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// A file for a report as SARIF 2.1.0
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Annotate the file on GitHub, on standard error, and write the job's summary
    #[arg(long)]
    pub(crate) github: bool,
}

/// What `diff` is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors diff https://staging.example https://api.example cors.toml
  browser-cors diff https://origin.example https://cdn.example cors.toml --format json

Exit status:
  0  no page could tell the two deployments apart
  1  some page could
  2  something could not be read or judged")]
pub(crate) struct DiffArgs {
    /// The one deployment
    pub(crate) base_a: String,
    /// The other
    pub(crate) base_b: String,
    /// The file of expectations that says what to ask
    #[arg(default_value = "cors.toml")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    /// How the differences are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// How live servers are asked for many things.
#[derive(Debug, clap::Args)]
pub(crate) struct AskingArgs {
    /// The engines to imitate: names, or releases such as chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<Asked>,
    /// How many rows are asked at the same time
    #[arg(long, value_name = "NUMBER", default_value = "8", value_parser = value_parser!(u8).range(1..=64))]
    pub(crate) jobs: u8,
    /// How long each exchange may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// How often an exchange is tried again if there is no answer
    ///
    /// An answer is an answer, whatever it says. What may have arrived is not sent again, unless
    /// its method is idempotent.
    #[arg(long, value_name = "NUMBER", default_value = "2", value_parser = value_parser!(u8).range(..=10))]
    pub(crate) retries: u8,
    /// An address to connect to, for a host and port
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<Resolve>,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: what fails, with the exchanges and the remedy
    #[default]
    Text,
    /// For programs: one JSON object a line, for each combination of a row
    Json,
    /// For a comment or a page
    Markdown,
}

/// Explain a line of a browser's console.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors explain 'Method PATCH is not allowed by Access-Control-Allow-Methods.'
  wl-paste | browser-cors explain -
  browser-cors explain --format json - < console.txt

Exit status:
  0  the message was explained
  2  there is no message about CORS in it")]
pub(crate) struct ExplainArgs {
    /// The message, with whatever was copied along; `-` is standard input
    pub(crate) message: String,
    /// How the explanation is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What `har` is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors har recording.har
  browser-cors har --origin https://app.example --strict recording.har
  browser-cors har --format json - < recording.har

An exchange is
  fine        the page gets what it asked for, by the standard and in each engine
  luck        it does, but not everywhere or always
  blocked     it does not
  unanswered  nobody knows: the recording has no answer, or a stored one

What is assumed: without a Cookie, the credentials mode is that of --credentials; a preflight that
was not recorded was granted, if its request was answered; what no browser sets was set by the page.
The values of cookies and of Authorization are not printed.

Exit status:
  0  nothing is blocked; with --strict: everything is fine
  1  something is blocked; with --strict: or works by luck
  2  the recording could not be read to its end, or does not say whose a request is")]
pub(crate) struct HarArgs {
    /// The recording; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The origin of the page, for requests that have neither Origin nor Referer, nor a page
    #[arg(long)]
    pub(crate) origin: Option<Origin>,
    /// The credentials mode of requests without a recorded Cookie
    #[arg(
        long,
        value_name = "MODE",
        default_value = "same-origin",
        value_parser = one_of::<CredentialsMode>(CredentialsMode::NAMES),
    )]
    pub(crate) credentials: CredentialsMode,
    /// The engines to imitate: names, or releases such as chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<Asked>,
    /// Also fail for what works by luck
    #[arg(long)]
    pub(crate) strict: bool,
    /// How the verdicts are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// List how the engines depart from the standard.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors engines
  browser-cors engines --engine firefox
  browser-cors engines --at '#cors-preflight-fetch-0 step 7.8'
  browser-cors engines --diff chromium firefox
  browser-cors engines --format json")]
pub(crate) struct EnginesArgs {
    /// Only the departures of these engines, or of releases such as chromium@156
    #[arg(long, value_name = "ENGINE", value_parser = EngineParser, value_delimiter = ',', default_value = "all")]
    pub(crate) engine: Vec<Asked>,
    /// Only the departures at a step: `#cors-preflight-fetch-0 step 7.8`, an anchor, or a number
    #[arg(long, value_name = "STEP")]
    pub(crate) at: Option<At>,
    /// Only the departures of one of two releases that the other does not have
    #[arg(
        long,
        num_args = 2,
        value_names = ["RELEASE", "RELEASE"],
        value_parser = EngineParser,
        conflicts_with = "engine",
    )]
    pub(crate) diff: Vec<Asked>,
    /// How they are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

impl EnginesArgs {
    /// Whether the whole catalogue is asked for, what older releases did included.
    pub(crate) fn asks_for_all(&self) -> bool {
        self.engine.contains(&Asked::All)
    }
}

/// Whose schema is written.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors schema
  browser-cors schema scenario > scenario.schema.json")]
pub(crate) struct SchemaArgs {
    /// What the schema describes; without it, all of them are listed
    #[arg(value_enum)]
    pub(crate) name: Option<SchemaName>,
}

/// What there is a schema of.
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
    /// What `diff --format json` writes
    Diff,
    /// What `har --format json` writes
    Har,
    /// What `explain --format json` writes
    Explain,
    /// What `engines --format json` writes
    Engines,
}

/// Write the completions for a shell to standard output.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  browser-cors completions bash > ~/.local/share/bash-completion/completions/browser-cors
  browser-cors completions fish > ~/.config/fish/completions/browser-cors.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}
