//! Scenarios, and what engines did with them. `README.md` says where the recordings come from.

#![forbid(unsafe_code)]

mod normal;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use ruzstd::decoding::StreamingDecoder;
use serde_json::Value;
use thiserror::Error;

pub use normal::{console, normal_form};

/// Why a file of the corpus cannot be used.
#[non_exhaustive]
#[derive(Debug, Error)]
pub enum CorpusError {
    /// The file cannot be read or decompressed.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error.
        reason: io::Error,
    },
    /// A line is no record.
    #[error("{}:{line}: an object with an `id` was expected", path.display())]
    NoRecord {
        /// The file.
        path: PathBuf,
        /// The line, from 1 on.
        line: usize,
    },
}

/// The folder of the corpus.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The records of a set in their order, each with its id and its line of JSON. `name` is `scenarios`, or a
/// release, such as `chromium-156`.
///
/// # Errors
///
/// If there is no such set, or it is damaged.
pub fn records(name: &str) -> Result<Vec<(String, String)>, CorpusError> {
    let path = folder().join("recordings").join(format!("{name}.jsonl.zst"));
    let unreadable = |reason| CorpusError::Unreadable { path: path.clone(), reason };
    let file = BufReader::new(File::open(&path).map_err(unreadable)?);
    let decoder =
        StreamingDecoder::new(file).map_err(|error| unreadable(io::Error::other(error)))?;
    let mut records = Vec::new();
    for (index, line) in BufReader::new(decoder).lines().enumerate() {
        let line = line.map_err(unreadable)?;
        let id = serde_json::from_str(&line)
            .ok()
            .and_then(|record: Value| record.get("id").and_then(Value::as_str).map(str::to_owned));
        match id {
            Some(id) => records.push((id, line)),
            None => return Err(CorpusError::NoRecord { path, line: index + 1 }),
        }
    }
    Ok(records)
}

/// The lines of a list, such as `unstable.txt`: what stands before the first space, and the rest. Empty
/// lines and those with `#` are none.
///
/// # Errors
///
/// If the file cannot be read.
pub fn list(name: &str) -> Result<HashMap<String, String>, CorpusError> {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path)
        .map_err(|reason| CorpusError::Unreadable { path, reason })?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines = lines.map(|line| line.split_once(' ').unwrap_or((line, "")));
    Ok(lines.map(|(key, rest)| (key.to_owned(), rest.trim().to_owned())).collect())
}
