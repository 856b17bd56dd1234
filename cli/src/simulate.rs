//! `browser-cors simulate`: writes the outcomes of scenarios, in the order of the input.

mod lines;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::ExitCode,
};

use browser_cors::{
    compare::{FetchOutcome, SideBySide},
    engine::Profile,
    fetch::UserAgent,
    scenario::Scenario,
};
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    args::{Format, SimulateArgs},
    engine, json,
    output::{Standard, bar_of_bytes, report},
    side_by_side,
    tongue::{For, translate, write_fix, write_translation},
};

use lines::{Document, LIMIT, Line, Lines};

pub(crate) fn run(args: &SimulateArgs) -> ExitCode {
    engine::note_stand_ins(&args.engine);
    let mut simulation = Simulation {
        user_agent: engine::only(&args.engine).map(UserAgent::for_profile),
        profiles: engine::profiles(&args.engine),
        tongue: args.tongue,
        format: args.format,
        output: Standard::new(args.format.into()),
        progress: progress(args),
        has_problems: false,
    };
    let result = args.files.iter().try_for_each(|file| simulation.file(file));
    match result.and_then(|()| simulation.output.flush()) {
        Ok(()) => {}
        // Ours: the reader closed the pipe, so stop quietly.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => simulation.problem(format_args!("cannot write the outcomes: {error}")),
    }
    simulation.progress.finish_and_clear();
    ExitCode::from(if simulation.has_problems { 2 } else { 0 })
}

/// A progress bar over all files.
fn progress(args: &SimulateArgs) -> ProgressBar {
    let sizes = args.files.iter().filter_map(|file| Some(file.metadata().ok()?.len()));
    bar_of_bytes(sizes.sum(), true)
}

/// Writes the outcomes of scenarios.
#[derive(Serialize)]
pub(crate) struct Engines<'a> {
    pub(crate) id: &'a str,
    pub(crate) engines: SideBySide,
}

struct Simulation<W> {
    /// The only user agent; `None` if several are shown side by side.
    user_agent: Option<UserAgent>,
    profiles: Vec<Profile>,
    tongue: For,
    format: Format,
    output: W,
    progress: ProgressBar,
    has_problems: bool,
}

impl<W: Write> Simulation<W> {
    /// Answers the scenarios of a file. Returns errors of writing only; reports all others.
    fn file(&mut self, path: &Path) -> io::Result<()> {
        if path.as_os_str() == "-" {
            return self.input("standard input", io::stdin().lock());
        }
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => self.input(&name, BufReader::with_capacity(1 << 16, file)),
            Err(error) => {
                self.problem(format_args!("{name}: cannot be read: {error}"));
                Ok(())
            }
        }
    }

    /// Answers JSON Lines, or JSON documents of several lines.
    fn input(&mut self, name: &str, input: impl BufRead) -> io::Result<()> {
        let (mut lines, mut text) = (Lines::new(input), Vec::new());
        loop {
            let number = match lines.next(&mut text) {
                Ok(Line::Text(number)) => number,
                Ok(Line::TooLong(number)) => {
                    self.too_long(name, number, "the line");
                    continue;
                }
                Ok(Line::End) => return Ok(()),
                Err(error) => return self.unreadable(name, &error),
            };
            let start = Position { line: number, column: 1 };
            match self.json(name, number, &text)? {
                None => {}
                Some(error) if ends_early(&text) => match lines.document(&mut text) {
                    Ok(Document::Whole) => {
                        if let Some(error) = self.json(name, number, &text)? {
                            self.bad(name, start, &error);
                        }
                    }
                    Ok(Document::Broken(error)) => self.bad(name, start, &error),
                    Ok(Document::TooLong) => self.too_long(name, number, "the document"),
                    Ok(Document::Line) => self.bad(name, start, &error),
                    Err(error) => return self.unreadable(name, &error),
                },
                Some(error) => self.bad(name, start, &error),
            }
            self.progress.inc(text.len() as u64);
        }
    }

    fn too_long(&mut self, name: &str, line: usize, what: &str) {
        self.problem(format_args!(
            "{name}:{line}: {what} is longer than {} MiB; write a scenario in each line",
            LIMIT >> 20
        ));
    }

    /// Answers the JSON that begins at line `number`: a scenario, or an array of them. Returns the
    /// error if it is neither.
    fn json(
        &mut self,
        name: &str,
        number: usize,
        text: &[u8],
    ) -> io::Result<Option<serde_json::Error>> {
        // Ours: otherwise, an error at the end would be placed in the next line.
        let text = text.trim_ascii_end();
        match text.trim_ascii_start().first() {
            None => return Ok(None),
            Some(b'[') => {}
            Some(_) => return self.scenario(text),
        }
        let items = match serde_json::from_slice::<Vec<&RawValue>>(text) {
            Ok(items) => items,
            Err(error) => return Ok(Some(error)),
        };
        for item in items {
            if let Some(error) = self.scenario(item.get().as_bytes())? {
                let offset = item.get().as_ptr() as usize - text.as_ptr() as usize;
                let place = Position { line: number, column: 1 }.after(&text[..offset]);
                self.bad(name, place, &error);
            }
        }
        Ok(None)
    }

    /// Answers a scenario. Returns the error if the text is not one.
    fn scenario(&mut self, text: &[u8]) -> io::Result<Option<serde_json::Error>> {
        let scenario = match serde_json::from_slice::<Scenario>(text) {
            Ok(scenario) => scenario,
            Err(error) => return Ok(Some(error)),
        };
        match &self.user_agent {
            Some(user_agent) => {
                let outcome = scenario.run(user_agent);
                match self.format {
                    Format::Json => self.line(&outcome)?,
                    Format::Text => {
                        write!(self.output, "{outcome}")?;
                        let transcripts =
                            outcome.fetches.iter().filter_map(FetchOutcome::transcript);
                        for transcript in transcripts {
                            if let Some(translation) = translate(transcript, self.tongue) {
                                write_fix(&translation, &mut self.output)?;
                            }
                        }
                        writeln!(self.output)?;
                    }
                }
            }
            None => {
                let (id, engines) = (&scenario.id, scenario.side_by_side(&self.profiles));
                match self.format {
                    Format::Json => json::write_line(&mut self.output, &Engines { id, engines })?,
                    Format::Text => {
                        side_by_side::write(&mut self.output, id, &engines)?;
                        write_translation(&mut self.output, &engines, self.tongue)?;
                        writeln!(self.output)?;
                    }
                }
            }
        }
        Ok(None)
    }

    fn line(&mut self, outcome: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.output, outcome)?;
        self.output.write_all(b"\n")
    }

    /// Reports an error of the JSON.
    fn bad(&mut self, name: &str, start: Position, error: &serde_json::Error) {
        let place = start.plus(error.line(), error.column());
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        self.problem(format_args!("{name}:{}:{}: {text}", place.line, place.column));
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) -> io::Result<()> {
        self.problem(format_args!("{name}: cannot be read to its end: {error}"));
        Ok(())
    }

    fn problem(&mut self, problem: std::fmt::Arguments<'_>) {
        self.has_problems = true;
        self.progress.suspend(|| report(problem));
    }
}

/// A place in a file. Both members count from 1.
#[derive(Clone, Copy)]
struct Position {
    line: usize,
    column: usize,
}

impl Position {
    /// The place at the end of `text`, which begins here.
    fn after(self, text: &[u8]) -> Self {
        match text.iter().rposition(|byte| *byte == b'\n') {
            None => Self { line: self.line, column: self.column + text.len() },
            Some(last) => Self {
                line: self.line + text.iter().filter(|byte| **byte == b'\n').count(),
                column: text.len() - last,
            },
        }
    }

    /// The place with this line and column of a text that begins here.
    const fn plus(self, line: usize, column: usize) -> Self {
        if line <= 1 {
            Self { line: self.line, column: self.column + column.saturating_sub(1) }
        } else {
            Self { line: self.line + line - 1, column }
        }
    }
}

/// Whether the JSON of a line is incomplete, so that the line may begin a longer document.
fn ends_early(line: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(line).is_err_and(|error| error.is_eof())
}
