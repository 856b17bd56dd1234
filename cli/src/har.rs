//! `browser-cors har`: judges recorded traffic.

mod sorted;
mod text;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    ops::ControlFlow,
    process::ExitCode,
    sync::atomic::Ordering,
};

use browser_cors_audit::har::{Judging, Outcome, Verdict};

use crate::{
    args::{Format, HarArgs, OnlyVerdict},
    engine, json,
    live::interruption,
    output::{AMISS, Standard, UNJUDGED, bar_of_bytes, report, unjudged, unless_closed},
};

use sorted::Sorted;

pub(crate) fn run(args: &HarArgs) -> ExitCode {
    engine::note_stand_ins(&args.engine);
    let (name, (outcome, written, is_interrupted)) = if args.file.as_os_str() == "-" {
        ("standard input".to_owned(), judge(args, BufReader::new(io::stdin().lock())))
    } else {
        let name = args.file.display().to_string();
        match File::open(&args.file) {
            Ok(file) => {
                let bar = bar_of_bytes(
                    file.metadata().map_or(0, |metadata| metadata.len()),
                    // Text waits for the summary.
                    args.format == Format::Json,
                );
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
    for unreadable in &outcome.unreadable {
        report(format_args!("{name}:{unreadable}"));
    }
    let more = summary.unreadable - outcome.unreadable.len() as u64;
    if more > 0 {
        report(format_args!("{name}: more entries that cannot be read: {more}"));
    }
    if let Some(broken) = &outcome.broken {
        return unjudged(format_args!("{name}:{broken}"));
    }
    // What is blocked is certain, whatever could not be judged besides.
    ExitCode::from(if summary.unreadable > 0 || is_interrupted {
        UNJUDGED
    } else if summary.blocked > 0 || args.strict && summary.fragile > 0 {
        AMISS
    } else if summary.without_origin > 0 {
        UNJUDGED
    } else {
        0
    })
}

/// Judges the HAR, and writes the verdicts. A signal ends that with what is known. Returns the outcome,
/// the result of writing, and whether there was a signal.
fn judge(args: &HarArgs, input: impl BufRead) -> (Outcome, io::Result<()>, bool) {
    let mut judging =
        Judging::new().in_engines(engine::profiles(&args.engine)).credentials(args.credentials);
    if let Some(origin) = &args.origin {
        judging = judging.from_origin(origin.clone());
    }
    let mut output = Standard::new(args.format.into());
    let mut sorted = Sorted::new();
    let (mut buffer, mut written) = (Vec::new(), Ok(()));
    let is_interrupted = interruption();
    let outcome = judging.judge(input, |judged| {
        if is_interrupted.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        let verdict = judged.verdict();
        if !args.only.is_empty() && !args.only.iter().any(|only| only.is(verdict)) {
            return ControlFlow::Continue(());
        }
        written = match args.format {
            Format::Text => {
                buffer.clear();
                text::write(&mut buffer, &judged, args.tongue)
                    .and_then(|()| sorted.of(verdict).write_all(&buffer))
            }
            Format::Json => json::write_line(&mut output, &judged),
        };
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let written = written.and_then(|()| match args.format {
        Format::Text => {
            text::write_summary(&mut output, &outcome.summary, &args.only)?;
            sorted.write_to(&mut output)
        }
        Format::Json => {
            json::write_line(&mut output, &HashMap::from([("summary", &outcome.summary)]))
        }
    });
    let is_interrupted = is_interrupted.load(Ordering::Relaxed);
    let written = written.and_then(|()| output.flush());
    if is_interrupted {
        report("interrupted: the rest was not judged");
    }
    (outcome, written, is_interrupted)
}

impl OnlyVerdict {
    const fn is(self, verdict: Verdict) -> bool {
        matches!(
            (self, verdict),
            (Self::Blocked, Verdict::Blocked)
                | (Self::Fragile, Verdict::Fragile)
                | (Self::Unanswered, Verdict::Unanswered)
                | (Self::Fine, Verdict::Fine)
        )
    }
}
