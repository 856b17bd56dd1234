//! The host's functions for Python, which are private to the package `browser_cors`. Whatever takes
//! time releases the GIL.

use std::{
    fs::File,
    io::{BufRead, BufReader, Cursor},
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread::{self, JoinHandle},
};

use browser_cors_host::{self as host, Answer, Body, HarJudging};
use pyo3::{create_exception, exceptions, prelude::*, pybacked::PyBackedBytes};

create_exception!(
    browser_cors,
    InvalidInput,
    exceptions::PyValueError,
    "What was given cannot be used. The text says what was expected."
);

fn raised(error: host::InvalidInput) -> PyErr {
    InvalidInput::new_err(error.to_string())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_over() -> PyErr {
    InvalidInput::new_err("the call is over")
}

/// The bytes of a string that has one byte a character.
fn latin(text: &str) -> PyResult<Vec<u8>> {
    let bytes = text.chars().map(u8::try_from).collect::<Result<_, _>>();
    bytes.map_err(|_| InvalidInput::new_err(format!("`{text}` is no reason phrase of HTTP")))
}

/// A page that is open in one engine or in several.
#[pyclass(frozen, module = "browser_cors._native")]
struct Page(Mutex<host::Page>);

#[pymethods]
impl Page {
    #[new]
    fn new(options: &str) -> PyResult<Self> {
        host::Page::new(options).map(Mutex::new).map(Self).map_err(raised)
    }

    fn engines(&self) -> Vec<String> {
        lock(&self.0).engines().to_vec()
    }

    fn origin(&self) -> String {
        lock(&self.0).origin().to_owned()
    }

    fn advance(&self, seconds: f64) {
        lock(&self.0).advance(seconds);
    }

    #[pyo3(signature = (call, body, kind, base))]
    fn start(
        &self,
        call: &str,
        body: Option<&[u8]>,
        kind: &str,
        base: Option<&str>,
    ) -> PyResult<Call> {
        let body = body.map(|bytes| Body { bytes, kind });
        let started = host::Call::start(&lock(&self.0), call, body, base).map_err(raised)?;
        Ok(Call(Mutex::new(Some(started))))
    }
}

/// An HTTP client for live servers.
#[pyclass(frozen, module = "browser_cors._native")]
struct Client(Mutex<host::Client>);

#[pymethods]
impl Client {
    #[new]
    fn new(options: &str) -> PyResult<Self> {
        host::Client::new(options).map(Mutex::new).map(Self).map_err(raised)
    }
}

/// A call of `fetch()` that is under way.
#[pyclass(frozen, module = "browser_cors._native")]
struct Call(Mutex<Option<host::Call>>);

impl Call {
    fn with<T>(&self, ask: impl FnOnce(&mut host::Call) -> T) -> PyResult<T> {
        lock(&self.0).as_mut().map(ask).ok_or_else(is_over)
    }
}

#[pymethods]
impl Call {
    fn exchange(&self) -> PyResult<Option<String>> {
        self.with(|call| call.exchange())
    }

    fn body(&self) -> PyResult<Option<Vec<u8>>> {
        self.with(|call| call.body().map(<[u8]>::to_vec))
    }

    fn answer(&self, py: Python<'_>, status: u16, reason: &str, headers: &str) -> PyResult<()> {
        let status_text = latin(reason)?;
        let answer = Answer { status, status_text: &status_text, headers };
        py.detach(|| self.with(|call| call.answer(answer)))?.map_err(raised)
    }

    fn fail(&self, py: Python<'_>, reason: &str) -> PyResult<()> {
        py.detach(|| self.with(|call| call.fail(reason)))
    }

    /// Carries out the next exchange over the client; false if there is none.
    fn send(&self, py: Python<'_>, client: &Client) -> PyResult<bool> {
        py.detach(|| self.with(|call| call.send(&lock(&client.0))))
    }

    fn finish(&self, py: Python<'_>) -> PyResult<Got> {
        let call = lock(&self.0).take().ok_or_else(is_over)?;
        Ok(Got(Mutex::new(py.detach(|| call.finish()))))
    }
}

/// A file of expectations.
#[pyclass(frozen, module = "browser_cors._native")]
struct Expectations(Mutex<host::Expectations>);

#[pymethods]
impl Expectations {
    #[new]
    fn new(name: &str, text: &str, options: &str) -> PyResult<Self> {
        host::Expectations::new(name, text, options).map(Mutex::new).map(Self).map_err(raised)
    }

    fn rows(&self) -> String {
        lock(&self.0).rows()
    }

    fn start(&self, index: usize) -> PyResult<Row> {
        lock(&self.0).start(index).map(|row| Row(Mutex::new(Some(row)))).map_err(raised)
    }
}

/// A row of a file of expectations that is under way.
#[pyclass(frozen, module = "browser_cors._native")]
struct Row(Mutex<Option<host::Row>>);

impl Row {
    fn with<T>(&self, ask: impl FnOnce(&mut host::Row) -> T) -> PyResult<T> {
        lock(&self.0).as_mut().map(ask).ok_or_else(is_over)
    }
}

#[pymethods]
impl Row {
    fn exchange(&self) -> PyResult<Option<String>> {
        self.with(|row| row.exchange())
    }

    fn body(&self) -> PyResult<Option<Vec<u8>>> {
        self.with(|row| row.body().map(<[u8]>::to_vec))
    }

    fn answer(&self, py: Python<'_>, status: u16, reason: &str, headers: &str) -> PyResult<()> {
        let status_text = latin(reason)?;
        let answer = Answer { status, status_text: &status_text, headers };
        py.detach(|| self.with(|row| row.answer(answer)))?.map_err(raised)
    }

    fn fail(&self, py: Python<'_>, reason: &str) -> PyResult<()> {
        py.detach(|| self.with(|row| row.fail(reason)))
    }

    fn send(&self, py: Python<'_>, client: &Client) -> PyResult<bool> {
        py.detach(|| self.with(|row| row.send(&lock(&client.0))))
    }

    fn finish(&self, py: Python<'_>) -> PyResult<String> {
        let row = lock(&self.0).take().ok_or_else(is_over)?;
        Ok(py.detach(|| row.finish()))
    }
}

/// What a page got of a call.
#[pyclass(frozen, module = "browser_cors._native")]
struct Got(Mutex<host::Got>);

#[pymethods]
impl Got {
    fn overview(&self) -> String {
        lock(&self.0).overview()
    }

    fn engine(&self, name: &str) -> Option<String> {
        lock(&self.0).engine(name)
    }

    fn text(&self) -> String {
        lock(&self.0).text()
    }

    fn check(&self, expected: &str) -> PyResult<Option<String>> {
        lock(&self.0).check(expected).map_err(raised)
    }
}

/// The entries of a HAR, one at a time. A thread reads ahead of them, by few.
#[pyclass(frozen, module = "browser_cors._native")]
struct HarEntries(Mutex<Reading>);

struct Reading {
    entries: Option<Receiver<String>>,
    reader: Option<JoinHandle<String>>,
    end: Option<String>,
}

const AHEAD: usize = 64;

#[pymethods]
impl HarEntries {
    #[new]
    fn new(py: Python<'_>, recording: Recording, options: &str) -> PyResult<Self> {
        let judging = HarJudging::new(options).map_err(raised)?;
        let input = py.detach(|| recording.open())?;
        let (sender, entries) = sync_channel(AHEAD);
        let reader =
            thread::Builder::new().name("browser-cors-har".to_owned()).spawn(move || {
                judging.judge(input, |entry| match sender.send(entry) {
                    Ok(()) => ControlFlow::Continue(()),
                    // Python has dropped the iterator.
                    Err(_) => ControlFlow::Break(()),
                })
            })?;
        Ok(Self(Mutex::new(Reading { entries: Some(entries), reader: Some(reader), end: None })))
    }

    fn __iter__(it: PyRef<'_, Self>) -> PyRef<'_, Self> {
        it
    }

    fn __next__(&self, py: Python<'_>) -> Option<String> {
        py.detach(|| lock(&self.0).entries.as_ref().and_then(|entries| entries.recv().ok()))
    }

    /// Judges no further. Returns the summary as JSON.
    fn end(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| {
            let mut reading = lock(&self.0);
            reading.entries = None;
            if let Some(reader) = reading.reader.take() {
                reading.end = reader.join().ok();
            }
            reading.end.clone()
        })
        .ok_or_else(|| exceptions::PyRuntimeError::new_err("the recording could not be judged"))
    }
}

/// The bytes of a HAR, or the path of its file.
#[derive(FromPyObject)]
enum Recording {
    Bytes(PyBackedBytes),
    Path(PathBuf),
}

impl Recording {
    fn open(self) -> std::io::Result<Box<dyn BufRead + Send>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(Cursor::new(bytes)),
            Self::Path(path) => Box::new(BufReader::new(File::open(path)?)),
        })
    }
}

/// Judges a HAR.
#[pyfunction]
fn judge_har(py: Python<'_>, recording: Recording, options: &str) -> PyResult<String> {
    py.detach(|| match recording {
        Recording::Bytes(bytes) => host::judge_har(&bytes, options).map_err(raised),
        Recording::Path(path) => host::judge_har(&std::fs::read(path)?, options).map_err(raised),
    })
}

/// Answers scenarios that follow one another in a text.
#[pyfunction]
fn simulate(py: Python<'_>, scenarios: &str, options: &str) -> PyResult<String> {
    py.detach(|| host::simulate(scenarios, options)).map_err(raised)
}

/// Answers scenarios, each of which is a text, and which come after so many others. None stays None.
#[pyfunction]
fn simulate_each(
    py: Python<'_>,
    scenarios: Vec<Option<String>>,
    before: usize,
    options: &str,
) -> PyResult<Vec<Option<String>>> {
    let outcomes = py.detach(|| {
        let given = scenarios.iter().enumerate();
        let given = given.filter_map(|(index, it)| Some((before + index + 1, it.as_deref()?)));
        host::simulate_each(given, options)
    });
    let mut outcomes = outcomes.map_err(raised)?.into_iter();
    Ok(scenarios.into_iter().map(|it| it.and_then(|_| outcomes.next())).collect())
}

/// Explains what a browser's console printed.
#[pyfunction]
fn explain(py: Python<'_>, text: &str) -> String {
    py.detach(|| host::explain(text))
}

/// The engines, and how they depart from the standard.
#[pyfunction]
fn engines(py: Python<'_>) -> String {
    py.detach(host::engines)
}

/// The reason codes.
#[pyfunction]
fn reasons() -> String {
    host::reasons()
}

/// The native part of `browser_cors`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{
        Call, Client, Expectations, Got, HarEntries, InvalidInput, Page, Row, engines, explain,
        judge_har, reasons, simulate, simulate_each,
    };

    #[expect(non_upper_case_globals, reason = "Python's name")]
    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
