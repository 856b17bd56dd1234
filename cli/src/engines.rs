//! `browser-cors engines`: lists how the engines depart from the standard.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use browser_cors::{
    engine::{Certainty, Departure, Profile, Sighting},
    spec::Step,
};
use serde::Serialize;

use crate::{
    args::{EnginesArgs, Format},
    engine, json,
    output::{self, unjudged},
    side_by_side::new_table,
};

pub(crate) fn run(args: &EnginesArgs) -> ExitCode {
    let compared = match args.diff.as_slice() {
        [engine::EngineArg::One(_, one), engine::EngineArg::One(_, other)] => {
            Some([**one, **other])
        }
        [] => None,
        _ => return unjudged("--diff compares two releases, such as chromium firefox"),
    };
    engine::note_stand_ins(&args.engine);
    engine::note_stand_ins(&args.diff);
    let profiles = engine::profiles(&args.engine);
    let at: Vec<Departure> = Departure::all()
        .filter(|departure| args.at.as_ref().is_none_or(|at| at.holds(departure.step())))
        .collect();
    if at.is_empty() {
        let at = args.at.as_ref().map_or("", |at| &at.text);
        return unjudged(format_args!(
            "no engine departs at `{at}`; a step of the standard was expected, such as \
             `#cors-preflight-fetch-0 step 7.8`, its algorithm or its number"
        ));
    }
    let is_shown = |departure: &Departure| match &compared {
        Some([one, other]) => one.departs(*departure) != other.departs(*departure),
        None => args.asks_for_all() || profiles.iter().any(|profile| profile.departs(*departure)),
    };
    let departures: Vec<Departure> = at.into_iter().filter(is_shown).collect();
    match output::print(args.format, |output| {
        write(output, &departures, compared.as_ref(), args.format)
    }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => unjudged(format_args!("cannot write the table: {error}")),
    }
}

/// A step, or several: an algorithm's anchor, a number, or both.
#[derive(Clone, Debug)]
pub(crate) struct At {
    text: String,
    anchor: Option<String>,
    path: Option<String>,
}

impl From<String> for At {
    fn from(text: String) -> Self {
        let (mut anchor, mut path) = (None, None);
        for word in text.split_whitespace().filter(|word| *word != "step") {
            if word.starts_with(|character: char| character.is_ascii_digit()) {
                path = Some(word.to_owned());
            } else {
                let word = word.rsplit_once('#').map_or(word, |(_, anchor)| anchor);
                anchor = Some(word.to_owned());
            }
        }
        Self { text, anchor, path }
    }
}

impl At {
    /// Whether it names this step, or a step that contains it.
    fn holds(&self, step: Step) -> bool {
        let is_within = |path: &String| {
            let rest = step.path().strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.anchor.as_ref().is_none_or(|anchor| step.anchor() == anchor)
            && self.path.as_ref().is_none_or(is_within)
            && (self.anchor.is_some() || self.path.is_some())
    }
}

fn write(
    output: &mut dyn Write,
    departures: &[Departure],
    compared: Option<&[Profile; 2]>,
    format: Format,
) -> io::Result<()> {
    match format {
        Format::Text => {
            let where_seen = compared.map_or("seen in", |_| "only in");
            let mut table = new_table(["departure", where_seen, "the standard", "instead"]);
            for departure in departures {
                let seen_in = match compared {
                    Some(profiles) => only_in(profiles, *departure),
                    None => {
                        let seen_in: Vec<_> = departure.seen_in().iter().map(seen).collect();
                        seen_in.join("\n")
                    }
                };
                table.add_row([
                    departure.as_str().to_owned(),
                    seen_in,
                    format!("{}\n{}", departure.standard(), departure.step()),
                    departure.instead().to_owned(),
                ]);
            }
            if let (Some([one, other]), []) = (compared, departures) {
                writeln!(output, "{one} and {other} depart from the standard alike")?;
            } else {
                writeln!(output, "{}", table.trim_fmt())?;
            }
        }
        Format::Json => {
            for departure in departures {
                let only_in = compared.map(|profiles| only_in(profiles, *departure));
                json::write_line(output, &DepartureLine { departure: *departure, only_in })?;
            }
        }
    }
    Ok(())
}

/// The one of the two profiles that departs so.
fn only_in(profiles: &[Profile; 2], departure: Departure) -> String {
    let mut names = profiles.iter().filter(|profile| profile.departs(departure));
    names.next().map(Profile::to_string).unwrap_or_default()
}

fn seen(sighting: &Sighting) -> String {
    let mut text = sighting.engine.to_string();
    if let Some(since) = sighting.since {
        text += &format!(" since {since}");
    }
    if let Some(until) = sighting.until {
        text += &format!(" before {until}");
    }
    match sighting.certainty {
        Certainty::Always => text,
        other => format!("{text} ({other})"),
    }
}

#[derive(Serialize)]
struct DepartureLine {
    #[serde(flatten)]
    departure: Departure,
    /// The profile that departs so, if two are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    only_in: Option<String>,
}
