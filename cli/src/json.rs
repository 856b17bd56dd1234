//! Writes lines of JSON.

use std::io::{self, Write};

use browser_cors_audit::line::Line;
use serde::Serialize;

/// Writes an object as a line, with the version of its format before its members.
pub(crate) fn write_line<T: Serialize>(
    output: &mut (impl Write + ?Sized),
    content: &T,
) -> io::Result<()> {
    serde_json::to_writer(&mut *output, &Line::of(content))?;
    output.write_all(b"\n")
}
