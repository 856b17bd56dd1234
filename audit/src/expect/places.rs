//! Finds the line and column of a byte, in a text of any shape, without reading it from the start.

use super::file::Place;

/// How many bytes of a text have one entry in the table of characters.
const BLOCK: usize = 512;

/// The places of a text.
pub(super) struct Places<'a> {
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// The number of characters before each block.
    characters: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = [0].into_iter().chain(breaks.map(|(index, _)| index + 1)).collect();
        let mut count = 0;
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = count;
            count += starts(block);
            before
        });
        Self { text, lines, characters: blocks.collect() }
    }

    /// The line and column of the byte at `index`. The column counts characters.
    pub(super) fn of_index(&self, index: usize) -> Place {
        let index = index.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= index);
        let start = self.lines[line - 1];
        Place { line, column: self.characters_before(index) - self.characters_before(start) + 1 }
    }

    fn characters_before(&self, index: usize) -> usize {
        let block = index / BLOCK;
        let whole = self.characters.get(block).copied();
        match whole {
            Some(count) => count + starts(&self.text.as_bytes()[block * BLOCK..index]),
            // The text ends where this block would begin.
            None => self.characters.last().map_or(0, |count| {
                let last = (self.characters.len() - 1) * BLOCK;
                count + starts(&self.text.as_bytes()[last..index])
            }),
        }
    }
}

/// The number of characters that begin in these bytes of UTF-8.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, index: usize) -> (usize, usize) {
        let place = Places::of(text).of_index(index);
        (place.line, place.column)
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("a\n", 2), (2, 1));
        let text = "ab\n\u{e9}\u{20ac}x\n\ny";
        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, 2), (1, 3));
        assert_eq!(place(text, 3), (2, 1));
        assert_eq!(place(text, 8), (2, 3));
        assert_eq!(place(text, 10), (3, 1));
        assert_eq!(place(text, 11), (4, 1));
        assert_eq!(place(text, 99), (4, 2));
    }

    #[test]
    fn across_blocks() {
        let text = format!("{}\n{}", "\u{e9}".repeat(600), "\u{20ac}".repeat(1000));
        assert_eq!(place(&text, 1198), (1, 600));
        assert_eq!(place(&text, 1201), (2, 1));
        assert_eq!(place(&text, 1201 + 3 * 999), (2, 1000));
        let exact = "x".repeat(BLOCK);
        assert_eq!(place(&exact, BLOCK), (1, BLOCK + 1));
        assert_eq!(place(&format!("{exact}\ny"), BLOCK + 1), (2, 1));
    }
}
