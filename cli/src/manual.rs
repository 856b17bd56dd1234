//! `browser-cors completions` and `browser-cors man`: texts made from the arguments.

use std::{fs, io, process::ExitCode};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{
    args::{Args, ManArgs},
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
pub(crate) fn man(args: &ManArgs) -> ExitCode {
    let pages = match pages() {
        Ok(pages) => pages,
        Err(error) => return failed(&error),
    };
    if let Some(folder) = &args.folder {
        for (name, page) in pages {
            let path = folder.join(format!("{name}.1"));
            if let Err(error) = fs::write(&path, page) {
                return unjudged(format_args!("{}: cannot be written: {error}", path.display()));
            }
        }
        return ExitCode::SUCCESS;
    }
    let is_wanted = |name: &str| {
        args.command.as_ref().is_none_or(|wanted| name == format!("browser-cors-{wanted}"))
    };
    let wanted: Vec<u8> =
        pages.into_iter().filter(|(name, _)| is_wanted(name)).flat_map(|(_, page)| page).collect();
    print(&wanted)
}

/// Each page with its name.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let subcommands = command.get_subcommands().cloned().collect::<Vec<_>>();
    let pages = [command].into_iter().chain(subcommands).map(|command| {
        let man = Man::new(command).source(SOURCE);
        let (name, mut page) = (man.get_filename(), Vec::new());
        man.render(&mut page)?;
        Ok((name.trim_end_matches(".1").to_owned(), page))
    });
    pages.collect()
}

/// The names of the commands that have a page.
pub(crate) fn commands() -> Vec<String> {
    Args::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
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
