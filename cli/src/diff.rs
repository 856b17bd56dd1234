//! `browser-cors diff`: compares the answers of two deployments.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use browser_cors_audit::compare::{Comparison, Difference, Pair, compare};

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
        with_asking(&args.asking, |asking| compare(&expectations, bases, asking))?
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
    ExitCode::from(if differences.iter().any(|difference| difference.is_silent) {
        UNJUDGED
    } else if differences.iter().any(|difference| difference.page_can_tell) {
        AMISS
    } else {
        0
    })
}

fn print(compared: &Comparison, format: Format) -> io::Result<()> {
    output::print(|output| match format {
        Format::Text => write_text(compared, output),
        Format::Json => {
            let mut differences = compared.differences.iter();
            differences.try_for_each(|difference| json::write_line(output, difference))
        }
    })
}

fn write_text(compared: &Comparison, output: &mut dyn Write) -> io::Result<()> {
    for difference in &compared.differences {
        let Difference { title, is_silent, page_can_tell, answers, page, .. } = difference;
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
    }
    let tell = compared.differences.iter().filter(|difference| difference.page_can_tell).count();
    writeln!(
        output,
        "{} combinations: {} are answered differently, {tell} so that a page can tell",
        compared.count,
        compared.differences.len()
    )
}
