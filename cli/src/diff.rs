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
    live::{not_asked, with_asking},
    output::{self, AMISS, UNJUDGED, unjudged},
};

pub(crate) fn run(args: &DiffArgs) -> ExitCode {
    let bases = [args.base_a.as_str(), args.base_b.as_str()];
    let compared = read(&args.file).and_then(|expectations| {
        with_asking(&args.asking, |asking| compare(&expectations, bases, asking))
            .map_err(|error| not_asked(&error))
    });
    let compared = match compared {
        Ok(compared) => compared,
        Err(problem) => return unjudged(problem),
    };
    if let Err(error) = print(&compared, args.format) {
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

fn print(compared: &Comparison, format: Format) -> io::Result<()> {
    output::print(format, |output| match format {
        Format::Text => write_text(compared, output),
        Format::Json => {
            let mut differences = compared.differences.iter();
            differences.try_for_each(|difference| json::write_line(output, difference))
        }
    })
}

fn write_text(compared: &Comparison, output: &mut dyn Write) -> io::Result<()> {
    for group in compared.alike() {
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
    for Unasked { title, reason, .. } in &compared.unasked {
        writeln!(output, "not compared: {title}: {reason}")?;
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
