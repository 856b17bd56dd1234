//! Writes results to standard output, problems to standard error and progress to a terminal, and
//! has the exit statuses.

use std::{
    env,
    fmt::Display,
    fs,
    io::{self, BufWriter, IsTerminal, StdoutLock, Write},
    path::Path,
    process::{self, ExitCode},
    time::Duration,
};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use console::Term;
use indicatif::{ProgressBar, ProgressStyle};

use crate::text::{Layout, Text};

/// The exit status if a verdict is negative.
pub(crate) const AMISS: u8 = 1;

/// The exit status if something could not be read, judged or written.
pub(crate) const UNJUDGED: u8 = 2;

/// Reports a problem.
pub(crate) fn report(problem: impl Display) {
    say(format_args!("browser-cors: {problem}"));
}

/// Tells what the user should know, although the command does what it was told.
pub(crate) fn note(text: impl Display) {
    say(format_args!("note: {text}"));
}

/// Writes to standard error, where nobody can be told of a failure to write.
fn say(text: impl Display) {
    let stream = io::stderr().lock();
    let layout = layout(&stream, &Term::stderr());
    let mut output = Text::new(AutoStream::auto(stream), layout);
    let _ = writeln!(output, "{text}").and_then(|()| output.flush());
}

/// Reports why there is no verdict.
pub(crate) fn unjudged(problem: impl Display) -> ExitCode {
    report(problem);
    ExitCode::from(UNJUDGED)
}

/// Who reads what a command writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reader {
    /// People, perhaps at a terminal.
    Person,
    /// Programs, which need each byte as it is.
    Program,
}

/// Standard output.
pub(crate) enum Standard {
    Text(Text<BufWriter<AutoStream<StdoutLock<'static>>>>),
    Data(BufWriter<StdoutLock<'static>>),
}

impl Standard {
    pub(crate) fn new(reader: Reader) -> Self {
        const CAPACITY: usize = 1 << 16;
        let stream = io::stdout().lock();
        match reader {
            Reader::Person => {
                let layout = layout(&stream, &Term::stdout());
                let stream = BufWriter::with_capacity(CAPACITY, AutoStream::auto(stream));
                Self::Text(Text::new(stream, layout))
            }
            Reader::Program => Self::Data(BufWriter::with_capacity(CAPACITY, stream)),
        }
    }
}

impl Write for Standard {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Text(output) => output.write(bytes),
            Self::Data(output) => output.write(bytes),
        }
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Text(output) => output.write_all(bytes),
            Self::Data(output) => output.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Text(output) => output.flush(),
            Self::Data(output) => output.flush(),
        }
    }
}

/// The layout of text for a stream: as wide as its terminal, or as the variable `COLUMNS` says.
fn layout(stream: &impl RawStream, terminal: &Term) -> Layout {
    Layout { width: width(terminal), colour: AutoStream::choice(stream) != ColorChoice::Never }
}

fn width(terminal: &Term) -> Option<usize> {
    const NARROWEST: usize = 20;
    let given = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    given
        .or_else(|| Some(terminal.size_checked()?.1.into()))
        .map(|width: usize| width.max(NARROWEST))
}

/// The width of a table on standard output: that of the terminal, or 80 columns without one.
pub(crate) fn table_width() -> u16 {
    let width = width(&Term::stdout()).unwrap_or(80);
    width.try_into().unwrap_or(u16::MAX)
}

/// Writes to standard output. If the reader closes the pipe, stops quietly.
pub(crate) fn print(
    reader: impl Into<Reader>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut output = Standard::new(reader.into());
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

/// Whether a path means standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Writes the whole file, or nothing. A link stays a link to it.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = path.metadata();
    if old.as_ref().is_ok_and(|metadata| !metadata.is_file()) {
        // It is a pipe or a device, so no old content can be lost.
        return fs::write(path, bytes);
    }
    // A link that leads nowhere yet has no canonical form.
    let path = match (path.canonicalize(), fs::read_link(path)) {
        (Ok(target), _) => target,
        (Err(_), Ok(target)) => path.with_file_name(target),
        (Err(_), Err(_)) => path.to_owned(),
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", process::id()));
    let part = path.with_file_name(name);
    let result = fs::write(&part, bytes)
        .and_then(|()| match old {
            Ok(metadata) => fs::set_permissions(&part, metadata.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&part, &path));
    if result.is_err() {
        // The file may not exist.
        let _ = fs::remove_file(&part);
    }
    result
}

/// A progress bar that counts combinations. It is hidden if standard error is no terminal.
pub(crate) fn bar() -> ProgressBar {
    styled(ProgressBar::new(0), "{bar:40} {pos} of {len}, {eta} to go")
}

/// A counter of requests. It is hidden if standard error is no terminal.
pub(crate) fn counter() -> ProgressBar {
    styled(ProgressBar::new_spinner(), "{pos} requests")
}

/// Says on a terminal what is waited for. It is hidden if standard error is no terminal.
pub(crate) fn waiting() -> ProgressBar {
    /// How often it moves.
    const TICK: Duration = Duration::from_millis(100);
    let spinner = styled(ProgressBar::new_spinner(), "{spinner} {wide_msg} {elapsed}");
    spinner.enable_steady_tick(TICK);
    spinner
}

/// A progress bar that counts bytes. It is hidden if there are few, if standard error is no terminal,
/// or if the command `writes` to a terminal meanwhile.
pub(crate) fn bar_of_bytes(length: u64, writes: bool) -> ProgressBar {
    const FROM: u64 = 16 << 20;
    if length < FROM || !io::stderr().is_terminal() || writes && io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    styled(ProgressBar::new(length), "{bar:40} {bytes} of {total_bytes}, {eta} to go")
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    bar.with_style(ProgressStyle::with_template(template).expect("the template is valid"))
}
