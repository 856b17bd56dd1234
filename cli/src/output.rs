//! What commands write: results to standard output, problems to standard error, how far they are to
//! a terminal, and their exit status.

use std::{
    fmt::Display,
    io::{self, BufWriter, IsTerminal, Write},
    process::ExitCode,
};

use indicatif::{ProgressBar, ProgressStyle};

/// The exit status if something is not as it should be.
pub(crate) const AMISS: u8 = 1;

/// The exit status if something could not be read, judged or written.
pub(crate) const UNJUDGED: u8 = 2;

/// Reports a problem.
pub(crate) fn report(problem: impl Display) {
    eprintln!("browser-cors: {problem}");
}

/// Reports why there is no verdict.
pub(crate) fn unjudged(problem: impl Display) -> ExitCode {
    report(problem);
    ExitCode::from(UNJUDGED)
}

/// Writes to standard output. Whoever reads it may stop before its end.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let result = write(&mut output).and_then(|()| output.flush());
    unless_closed(result)
}

/// The same result, but that a reader who has gone is no error.
pub(crate) fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// A bar for so many things as are told to it, on a terminal; elsewhere it is hidden.
pub(crate) fn bar() -> ProgressBar {
    styled(ProgressBar::new(0), "{bar:40} {pos} of {len}, {eta} to go")
}

/// A bar for so many bytes, if they are many, and neither of them nor of what is written anything
/// goes to the same terminal; otherwise a hidden one.
pub(crate) fn bar_of_bytes(length: u64) -> ProgressBar {
    const FROM: u64 = 16 << 20;
    if length < FROM || !io::stderr().is_terminal() || io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    styled(ProgressBar::new(length), "{bar:40} {bytes} of {total_bytes}, {eta} to go")
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    bar.with_style(ProgressStyle::with_template(template).expect("the template is valid"))
}
