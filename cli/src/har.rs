//! `browser-cors har`: judges recorded traffic.

mod text;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    ops::ControlFlow,
    process::ExitCode,
};

use browser_cors_audit::har::{Judging, Outcome};

use crate::{
    args::{Format, HarArgs},
    engine, json,
    output::{AMISS, Standard, UNJUDGED, bar_of_bytes, report, unjudged, unless_closed},
};

pub(crate) fn run(args: &HarArgs) -> ExitCode {
    engine::note_stand_ins(&args.engine);
    let (name, (outcome, written)) = if args.file.as_os_str() == "-" {
        ("standard input".to_owned(), judge(args, BufReader::new(io::stdin().lock())))
    } else {
        let name = args.file.display().to_string();
        match File::open(&args.file) {
            Ok(file) => {
                let bar = bar_of_bytes(file.metadata().map_or(0, |metadata| metadata.len()));
                let judged = judge(args, BufReader::with_capacity(1 << 16, bar.wrap_read(file)));
                bar.finish_and_clear();
                (name, judged)
            }
            Err(error) => return unjudged(format_args!("{name}: cannot be read: {error}")),
        }
    };
    if let Err(error) = unless_closed(written) {
        return unjudged(format_args!("cannot write the verdicts: {error}"));
    }
    let summary = &outcome.summary;
    if summary.without_origin > 0 {
        report(format_args!(
            "{name}: entries without Origin, Referer and page: {}; set their origin with --origin",
            summary.without_origin
        ));
    }
    if let Some(broken) = &outcome.broken {
        return unjudged(format_args!("{name}:{broken}"));
    }
    ExitCode::from(if summary.without_origin > 0 {
        UNJUDGED
    } else if summary.blocked > 0 || args.strict && summary.fragile > 0 {
        AMISS
    } else {
        0
    })
}

/// Judges the HAR, and writes the verdicts. Returns the outcome and the result of writing.
fn judge(args: &HarArgs, input: impl BufRead) -> (Outcome, io::Result<()>) {
    let mut judging =
        Judging::new().in_engines(engine::profiles(&args.engine)).credentials(args.credentials);
    if let Some(origin) = &args.origin {
        judging = judging.from_origin(origin.clone());
    }
    let mut output = Standard::new(args.format.into());
    let mut written = Ok(());
    let outcome = judging.judge(input, |judged| {
        written = match args.format {
            Format::Text => text::write(&mut output, &judged),
            Format::Json => json::write_line(&mut output, &judged),
        };
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let written = written.and_then(|()| match args.format {
        Format::Text => text::write_summary(&mut output, &outcome.summary),
        Format::Json => {
            json::write_line(&mut output, &HashMap::from([("summary", &outcome.summary)]))
        }
    });
    (outcome, written.and_then(|()| output.flush()))
}
