//! `browser-cors diff`: compares the answers of two deployments.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use browser_cors_audit::compare::{Comparison, Difference, Pair, Unasked, compare};

use crate::{
    args::{DiffArgs, Format},
    expect::read,
    json,
    live::{is_absolute, not_asked, with_asking},
    output::{self, AMISS, UNJUDGED, note, unjudged},
};

pub(crate) fn run(args: &DiffArgs) -> ExitCode {
    let bases = [args.base_a.as_str(), args.base_b.as_str()];
    let compared = read(&args.file, &args.asking.only).and_then(|expectations| {
        bases.iter().try_for_each(|base| is_absolute(base))?;
        with_asking(&args.asking, |asking| compare(&expectations, bases, asking))?
            .map_err(|error| not_asked(&error))
    });
    let compared = match compared {
        Ok(compared) => compared,
        Err(problem) => return unjudged(problem),
    };
    if let Err(error) = print(&compared, args) {
        return unjudged(format_args!("cannot write the differences: {error}"));
    }
    let differences = &compared.differences;
    let is_silent = differences.iter().any(|difference| difference.is_silent);
    ExitCode::from(if is_silent || !compared.unasked.is_empty() {
        UNJUDGED
    } else if differences.iter().any(|difference| difference.page_can_tell) {
        AMISS
    } else {
        0
    })
}

fn print(compared: &Comparison, args: &DiffArgs) -> io::Result<()> {
    output::print(args.format, |output| match args.format {
        Format::Text => write_text(compared, args, output),
        Format::Json => {
            unasked(compared).iter().for_each(note);
            let mut differences = compared.differences.iter();
            differences.try_for_each(|difference| json::write_line(output, difference))
        }
    })
}

fn write_text(compared: &Comparison, args: &DiffArgs, output: &mut dyn Write) -> io::Result<()> {
    let groups = match (args.quiet, args.verbose) {
        (true, _) => Vec::new(),
        (false, true) => compared.differences.iter().map(|difference| vec![difference]).collect(),
        (false, false) => compared.alike(),
    };
    for group in groups {
        let [first, others @ ..] = group.as_slice() else { continue };
        let Difference { title, is_silent, page_can_tell, answers, page, .. } = first;
        let verdict = match (is_silent, page_can_tell) {
            (true, _) => "there was no answer",
            (false, true) => "a page can tell",
            (false, false) => "no page can tell",
        };
        writeln!(output, "{title}: {verdict}")?;
        for Pair { engines, what, a, b, .. } in answers.iter().chain(page) {
            writeln!(output, "  {what} (in {})", engines.join(", "))?;
            for (mark, lines) in [('-', a), ('+', b)] {
                match lines.as_slice() {
                    [] => writeln!(output, "  {mark} none")?,
                    lines => {
                        lines.iter().try_for_each(|line| writeln!(output, "  {mark} {line}"))?;
                    }
                }
            }
        }
        others.iter().try_for_each(|other| writeln!(output, "  also {}", other.title))?;
    }
    for text in unasked(compared) {
        writeln!(output, "{text}")?;
    }
    let tell = compared.differences.iter().filter(|difference| difference.page_can_tell).count();
    write!(
        output,
        "{} combinations: {} are answered differently, {tell} so that a page can tell",
        compared.count,
        compared.differences.len()
    )?;
    if compared.by_preflight > 0 {
        write!(output, "; {} by preflights alone", compared.by_preflight)?;
    }
    if !compared.unasked.is_empty() {
        write!(output, "; {} not compared", compared.unasked.len())?;
    }
    writeln!(output)
}

/// What was not compared, a line for each reason.
fn unasked(compared: &Comparison) -> Vec<String> {
    let mut reasons: Vec<(&Unasked, usize)> = Vec::new();
    for unasked in &compared.unasked {
        match reasons.iter_mut().find(|(first, _)| first.reason == unasked.reason) {
            Some((_, more)) => *more += 1,
            None => reasons.push((unasked, 0)),
        }
    }
    let lines = reasons.into_iter().map(|(Unasked { title, reason, .. }, more)| match more {
        0 => format!("not compared: {title}: {reason}"),
        more => format!("not compared: {title}, and {more} more: {reason}"),
    });
    lines.collect()
}
