//! `browser-cors`: says what a browser does about CORS, in scenarios, with a live server or in
//! recorded traffic, and explains what browsers print.

#![forbid(unsafe_code)]

mod args;
mod audit;
mod check;
mod diff;
mod engine;
mod engines;
mod expect;
mod explain;
mod har;
mod json;
mod live;
mod manual;
mod output;
mod schema;
mod side_by_side;
mod simulate;
mod text;
mod tongue;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    args.color.write_global();
    match args.command {
        Command::Simulate(args) => simulate::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Expect(args) => expect::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Har(args) => har::run(&args),
        Command::Engines(args) => engines::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => manual::completions(args.shell),
        Command::Man(args) => manual::man(&args),
    }
}
