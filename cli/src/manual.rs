//! `browser-cors completions` and `browser-cors man`: texts made from the arguments.

use std::{io, process::ExitCode};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{
    args::Args,
    output::{self, Reader, unjudged},
};

/// Writes the completions for `shell`.
pub(crate) fn completions(shell: Shell) -> ExitCode {
    let mut command = Args::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut text);
    print(&text)
}

/// Writes the manual: a page for the program and one for each command.
pub(crate) fn man() -> ExitCode {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let mut text = Vec::new();
    let subcommands = command.get_subcommands().cloned().collect::<Vec<_>>();
    for command in [command].into_iter().chain(subcommands) {
        if let Err(error) = Man::new(command).source(SOURCE).render(&mut text) {
            return failed(&error);
        }
    }
    print(&text)
}

fn print(text: &[u8]) -> ExitCode {
    match output::print(Reader::Program, |output| output.write_all(text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &io::Error) -> ExitCode {
    unjudged(format_args!("cannot write: {error}"))
}

const SOURCE: &str = concat!("browser-cors ", env!("CARGO_PKG_VERSION"));
