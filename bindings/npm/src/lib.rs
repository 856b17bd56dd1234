//! The host's functions for JavaScript. Errors are thrown as strings.
//!
//! The package has two modules of this crate: a small one that each import loads, and one with the feature
//! `audit`, which only files of expectations, recordings and the words of servers need. Size counts, so
//! `scripts/package.d/npm` builds both, with a standard library whose panics have no words.

use browser_cors_host::{self as host, Answer, Body, InvalidInput};
use wasm_bindgen::prelude::wasm_bindgen;

fn thrown(error: InvalidInput) -> String {
    error.to_string()
}

/// A page that is open in one engine or in several.
#[wasm_bindgen]
pub struct Page(host::Page);

#[wasm_bindgen]
impl Page {
    /// Opens a page.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, String> {
        host::Page::new(options).map(Self).map_err(thrown)
    }

    /// The names of the engines, as they were given.
    pub fn engines(&self) -> Vec<String> {
        self.0.engines().to_vec()
    }

    /// The page's origin, serialized.
    pub fn origin(&self) -> String {
        self.0.origin().to_owned()
    }

    /// Advances the page's clock.
    pub fn advance(&self, seconds: f64) {
        self.0.advance(seconds);
    }

    /// Starts a call of `fetch()`.
    pub fn start(
        &self,
        call: &str,
        body: Option<Vec<u8>>,
        kind: &str,
        base: Option<String>,
    ) -> Result<Call, String> {
        let body = body.as_deref().map(|bytes| Body { bytes, kind });
        host::Call::start(&self.0, call, body, base.as_deref()).map(Call).map_err(thrown)
    }
}

/// A call of `fetch()` that is under way.
#[wasm_bindgen]
pub struct Call(host::Call);

#[wasm_bindgen]
impl Call {
    /// The exchange to carry out next.
    pub fn exchange(&self) -> Option<String> {
        self.0.exchange()
    }

    /// The body of the exchange.
    pub fn body(&self) -> Option<Vec<u8>> {
        self.0.body().map(<[u8]>::to_vec)
    }

    /// Continues with the answer of the server.
    pub fn answer(&mut self, status: u16, status_text: &[u8], headers: &str) -> Result<(), String> {
        self.0.answer(Answer { status, status_text, headers }).map_err(thrown)
    }

    /// Continues without an answer.
    pub fn fail(&mut self, reason: &str) {
        self.0.fail(reason);
    }

    /// The outcome.
    pub fn finish(self) -> Got {
        Got(self.0.finish())
    }
}

/// What a page got of a call.
#[wasm_bindgen]
pub struct Got(host::Got);

#[wasm_bindgen]
impl Got {
    /// The outcome in all engines.
    pub fn overview(&self) -> String {
        self.0.overview()
    }

    /// The outcome in the engine of this name.
    pub fn engine(&self, name: &str) -> Option<String> {
        self.0.engine(name)
    }

    /// The explanation for people.
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// The text of the first expectation that is not met.
    pub fn check(&self, expected: &str) -> Result<Option<String>, String> {
        self.0.check(expected).map_err(thrown)
    }
}

/// Explains what a browser's console printed.
#[wasm_bindgen]
pub fn explain(text: &str) -> String {
    host::explain(text)
}

/// Answers scenarios.
#[wasm_bindgen]
pub fn simulate(scenarios: &str, options: &str) -> Result<String, String> {
    host::simulate(scenarios, options).map_err(thrown)
}

#[cfg(feature = "audit")]
#[wasm_bindgen]
impl Got {
    /// The fix in the words of a server.
    pub fn snippet(&self, engine: &str, server: &str) -> Result<Option<String>, String> {
        self.0.snippet(engine, server).map_err(thrown)
    }
}

/// Explains what a browser's console printed, with fixes in the words of a server.
#[cfg(feature = "audit")]
#[wasm_bindgen]
pub fn explain_for(text: &str, server: &str) -> Result<String, String> {
    host::explain_for(text, server).map_err(thrown)
}

/// The servers in whose words a fix can be written.
#[cfg(feature = "audit")]
#[wasm_bindgen]
pub fn servers() -> String {
    host::servers()
}

/// Judges a HAR.
#[cfg(feature = "audit")]
#[wasm_bindgen]
pub fn judge_har(recording: &[u8], options: &str) -> Result<String, String> {
    host::judge_har(recording, options).map_err(thrown)
}

/// The engines, and how they depart from the standard.
#[wasm_bindgen]
pub fn engines() -> String {
    host::engines()
}

/// The reason codes.
#[wasm_bindgen]
pub fn reasons() -> String {
    host::reasons()
}

/// A file of expectations for a server.
#[cfg(feature = "audit")]
#[wasm_bindgen]
pub struct Expectations(host::Expectations);

#[cfg(feature = "audit")]
#[wasm_bindgen]
impl Expectations {
    /// Reads the text of a file.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, text: &str, options: &str) -> Result<Self, String> {
        host::Expectations::new(name, text, options).map(Self).map_err(thrown)
    }

    /// The rows.
    pub fn rows(&self) -> String {
        self.0.rows()
    }

    /// Starts to ask for the combinations of a row.
    pub fn start(&self, index: usize) -> Result<Row, String> {
        self.0.start(index).map(Row).map_err(thrown)
    }
}

/// A row that is under way.
#[cfg(feature = "audit")]
#[wasm_bindgen]
pub struct Row(host::Row);

#[cfg(feature = "audit")]
#[wasm_bindgen]
impl Row {
    /// The exchange to carry out next.
    pub fn exchange(&self) -> Option<String> {
        self.0.exchange()
    }

    /// The body of the exchange.
    pub fn body(&self) -> Option<Vec<u8>> {
        self.0.body().map(<[u8]>::to_vec)
    }

    /// Continues with the answer of the server.
    pub fn answer(&mut self, status: u16, status_text: &[u8], headers: &str) -> Result<(), String> {
        self.0.answer(Answer { status, status_text, headers }).map_err(thrown)
    }

    /// Continues without an answer.
    pub fn fail(&mut self, reason: &str) {
        self.0.fail(reason);
    }

    /// The report.
    pub fn finish(self) -> String {
        self.0.finish()
    }
}
