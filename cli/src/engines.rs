//! `browser-cors engines`: how the engines depart from the standard.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use browser_cors::engine::{Certainty, Departure, Sighting};
use serde::Serialize;

use crate::{
    args::{EnginesArgs, Format},
    side_by_side::new_table,
};

pub(crate) fn run(args: &EnginesArgs) -> ExitCode {
    let departures: Vec<Departure> = Departure::ALL
        .iter()
        .copied()
        .filter(|departure| args.engine.profile().is_none_or(|profile| profile.departs(*departure)))
        .collect();
    match print(&departures, args.format) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("browser-cors: cannot write the table: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn print(departures: &[Departure], format: Format) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match format {
        Format::Text => {
            let mut table = new_table(["departure", "seen in", "the standard", "instead"]);
            for departure in departures {
                let seen_in: Vec<_> = departure.seen_in().iter().map(seen).collect();
                table.add_row([
                    departure.as_str().to_owned(),
                    seen_in.join("\n"),
                    format!("{}\n{}", departure.standard(), departure.step()),
                    departure.instead().to_owned(),
                ]);
            }
            writeln!(output, "{}", table.trim_fmt())?;
        }
        Format::Json => {
            for departure in departures {
                serde_json::to_writer(&mut output, &Line::of(*departure))?;
                output.write_all(b"\n")?;
            }
        }
    }
    output.flush()
}

fn seen(sighting: &Sighting) -> String {
    format!("{} ({})", sighting.engine.version(), certainty(sighting.certainty))
}

const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Once => "once",
        Certainty::Several => "several times",
        Certainty::Often => "often",
    }
}

#[derive(Serialize)]
struct Line {
    departure: &'static str,
    step: String,
    url: String,
    standard: &'static str,
    instead: &'static str,
    seen_in: Vec<Seen>,
}

#[derive(Serialize)]
struct Seen {
    engine: &'static str,
    version: &'static str,
    certainty: &'static str,
}

impl Line {
    fn of(departure: Departure) -> Self {
        let step = departure.step();
        let seen_in = departure.seen_in().iter().map(|sighting| Seen {
            engine: sighting.engine.as_str(),
            version: sighting.engine.version(),
            certainty: certainty(sighting.certainty),
        });
        Self {
            departure: departure.as_str(),
            step: step.to_string(),
            url: step.url(),
            standard: departure.standard(),
            instead: departure.instead(),
            seen_in: seen_in.collect(),
        }
    }
}
