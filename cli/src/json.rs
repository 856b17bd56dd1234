//! Writes lines of JSON.

use std::io::{self, Write};

use serde::Serialize;

/// The version of the JSON of `check`, `diff`, `engines`, `explain` and `har`.
const FORMAT: u32 = 1;

/// Writes an object as a line, with the version of its format before its members.
pub(crate) fn write_line<T: Serialize>(
    output: &mut (impl Write + ?Sized),
    content: &T,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'a, T> {
        format: u32,
        #[serde(flatten)]
        content: &'a T,
    }
    serde_json::to_writer(&mut *output, &Versioned { format: FORMAT, content })?;
    output.write_all(b"\n")
}
