//! What the command line says.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// What a browser does about CORS: which requests it puts on the wire, what the page may then see,
/// and why. No browser is started.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer scenarios: what a page asks for and what the servers would say.
    Simulate(SimulateArgs),
    /// Ask a live server as a browser would for a page.
    Check(CheckArgs),
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
    /// Who answers
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Engine,
    /// How the outcomes are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Who answers a scenario.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Engine {
    /// The Fetch Standard, step by step
    #[default]
    Standard,
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

/// Ask a live server as a browser would for a page.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {}
