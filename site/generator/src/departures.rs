//! The page of all departures, by release.

use browser_cors::engine::{Certainty, Departure, Release};

use crate::{
    markdown::{self, Page, prose},
    reasons::spans,
};

pub(crate) fn page() -> Page {
    let releases: Vec<_> = Release::recorded().collect();
    let mut body = "# Departures by release\n\nA departure is one thing that an engine does otherwise \
                    than the standard says, at one step. [Engines](/manual/engines.md) says how they \
                    were found; the [catalogue](REPOSITORY/blob/main/spec-notes/departures.md) has the \
                    evidence of each.\n\n"
        .replace("REPOSITORY", env!("CARGO_PKG_REPOSITORY"));
    // Releases that do the same share a column.
    let are_alike = |one: &Release, next: &Release| {
        one.engine == next.engine
            && Departure::all().all(|it| it.is_seen_in(*one) == it.is_seen_in(*next))
    };
    let columns: Vec<&[Release]> = releases.chunk_by(are_alike).collect();
    let names: Vec<_> = columns.iter().map(|column| spans(column).join(", ")).collect();
    let head: Vec<_> = ["departure"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let rows = Departure::all().map(|departure| {
        let cells = columns.iter().map(|column| {
            let is_seen = column.first().is_some_and(|release| departure.is_seen_in(*release));
            if is_seen { "yes".to_owned() } else { String::new() }
        });
        [format!("[{departure}](#{departure})")].into_iter().chain(cells).collect()
    });
    body.push_str(&markdown::table(&head, &rows.collect::<Vec<_>>()));
    for departure in Departure::all() {
        body.push_str(&section(departure));
    }
    Page {
        path: "departures.md".to_owned(),
        title: "Departures by release".to_owned(),
        about: "Where Chromium, Firefox and WebKit do otherwise than the Fetch Standard says"
            .to_owned(),
        source: None,
        body,
    }
}

fn section(departure: Departure) -> String {
    let step = departure.step();
    let mut text = format!(
        "\n## {departure}\n\n- The standard: {}\n- Instead: {}\n- Where: <{}>, step {}\n",
        prose(departure.standard()),
        prose(departure.instead()),
        step.url(),
        prose(step.path()),
    );
    for sighting in departure.seen_in() {
        let since = sighting.since.map(|version| format!(" since {version}"));
        let until = sighting.until.map(|version| format!(" until before {version}"));
        let read = (sighting.certainty == Certainty::Source).then_some(", read in its source");
        text.push_str(&format!(
            "- In: {}{}{}{}\n",
            sighting.engine,
            since.unwrap_or_default(),
            until.unwrap_or_default(),
            read.unwrap_or_default(),
        ));
    }
    text.extend(departure.cause().map(|cause| format!("- Cause: {}\n", prose(cause))));
    text
}
