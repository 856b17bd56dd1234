//! Writes results to standard output, problems to standard error and progress to a terminal, and
//! has the exit statuses.

use std::{
    fmt::Display,
    io::{self, BufWriter, IsTerminal, Write},
    process::ExitCode,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// The exit status if a verdict is negative.
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

/// Writes to standard output. If the reader closes the pipe, stops quietly.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let result = write(&mut output).and_then(|()| output.flush());
    unless_closed(result)
}

/// The same result, except that a closed pipe is no error.
pub(crate) fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// A progress bar that counts combinations. It is hidden if standard error is no terminal.
pub(crate) fn bar() -> ProgressBar {
    styled(ProgressBar::new(0), "{bar:40} {pos} of {len}, {eta} to go")
}

/// Says on a terminal what is waited for. It is hidden if standard error is no terminal.
pub(crate) fn waiting() -> ProgressBar {
    /// How often it moves.
    const TICK: Duration = Duration::from_millis(100);
    let spinner = styled(ProgressBar::new_spinner(), "{spinner} {wide_msg} {elapsed}");
    spinner.enable_steady_tick(TICK);
    spinner
}

/// A progress bar that counts bytes. It is hidden if there are few, if standard error is no
/// terminal, or if standard output is one.
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
