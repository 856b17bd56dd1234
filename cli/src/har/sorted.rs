//! Keeps verdicts until the summary is known, the worst first. What does not fit into a bounded
//! memory goes to temporary files.

use std::io::{self, Read, Seek, Write};

use browser_cors_audit::har::Verdict;
use tempfile::SpooledTempFile;

/// The most bytes of each verdict that are kept in memory.
const IN_MEMORY: usize = 1 << 20;

/// Texts by their verdicts.
pub(super) struct Sorted([SpooledTempFile; 4]);

impl Sorted {
    pub(super) fn new() -> Self {
        Self([(); 4].map(|()| SpooledTempFile::new(IN_MEMORY)))
    }

    /// Where the text about a verdict goes.
    pub(super) const fn of(&mut self, verdict: Verdict) -> &mut SpooledTempFile {
        let [blocked, fragile, others, fine] = &mut self.0;
        match verdict {
            Verdict::Blocked => blocked,
            Verdict::Fragile => fragile,
            Verdict::Fine => fine,
            _ => others,
        }
    }

    /// Writes all texts, the worst first.
    pub(super) fn write_to(self, output: &mut impl Write) -> io::Result<()> {
        let mut buffer = vec![0; 1 << 16];
        for mut texts in self.0 {
            texts.rewind()?;
            loop {
                let length = texts.read(&mut buffer)?;
                if length == 0 {
                    break;
                }
                output.write_all(&buffer[..length])?;
            }
        }
        Ok(())
    }
}
