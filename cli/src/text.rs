//! Writes text for people: without control characters, and on a terminal wrapped to its width and
//! coloured.
//!
//! What a server, a recording, a console or a file says becomes part of this text. Here, and only
//! here, whatever in it could control a terminal or a CI job is made visible instead, so no command
//! has to think of it.

use std::{
    fmt::Write as _,
    io::{self, Write},
    ops::Range,
};

use anstyle::{AnsiColor, Style};
use browser_cors_audit::visible::visible;
use textwrap::{Options, WordSeparator, WordSplitter, core::display_width};

use crate::tongue::INDENT;

/// How text is laid out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Layout {
    /// The width in columns to which lines are wrapped; `None` leaves them whole.
    pub(crate) width: Option<usize>,
    /// Whether labels and verdicts have colours.
    pub(crate) colour: bool,
}

/// Writes text for people to another writer.
///
/// A line is a label and its text, or the part of an exchange. A line `^ …` marks the bytes above it
/// that are at fault, so it is kept below them wherever they are wrapped to. [`Write::flush`] ends
/// the last line, so it is called once.
pub(crate) struct Text<W: Write> {
    output: W,
    layout: Layout,
    /// The line that is not whole yet.
    line: Vec<u8>,
    /// The last whole line, which waits for its mark.
    last: Option<String>,
}

impl<W: Write> Text<W> {
    pub(crate) const fn new(output: W, layout: Layout) -> Self {
        Self { output, layout, line: Vec::new(), last: None }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let line = visible(&String::from_utf8_lossy(&line), &[]).into_owned();
        match (self.last.take(), is_mark(&line)) {
            (Some(marked), true) => self.write_marked(&marked, &line),
            (last, _) => {
                self.last = Some(line);
                last.map_or(Ok(()), |last| self.write_line(&last))
            }
        }
    }

    /// Writes a line, wrapped at the spaces between its words.
    fn write_line(&mut self, line: &str) -> io::Result<()> {
        let painted = painted(line);
        for part in self.wrap(line) {
            self.write_part(line, &part, &painted)?;
        }
        Ok(())
    }

    /// Writes a line with the mark below it.
    fn write_marked(&mut self, marked: &str, mark: &str) -> io::Result<()> {
        let column = mark.len() - mark.trim_start().len();
        let parts = self.wrap(marked);
        // The column counts characters.
        let at = marked.char_indices().nth(column).map_or(marked.len(), |(at, _)| at);
        let index = parts.iter().rposition(|part| part.range.start <= at).unwrap_or_default();
        let painted = painted(marked);
        for (number, part) in parts.iter().enumerate() {
            self.write_part(marked, part, &painted)?;
            if number == index {
                let before = marked.get(part.range.start..at).unwrap_or_default();
                let indent = " ".repeat(part.indent + display_width(before));
                self.write_mark(&format!("{indent}{}", mark.trim_start()))?;
            }
        }
        Ok(())
    }

    fn write_mark(&mut self, mark: &str) -> io::Result<()> {
        let painted = [(0..mark.len(), BAD)];
        for part in self.wrap(mark) {
            self.write_part(mark, &part, &painted)?;
        }
        Ok(())
    }

    /// The parts into which a line is wrapped.
    fn wrap(&self, line: &str) -> Vec<Part> {
        let whole = || vec![Part { range: 0..line.len(), indent: 0 }];
        let Some(width) = self.layout.width.filter(|width| display_width(line) > *width) else {
            return whole();
        };
        // Code that somebody copies keeps its lines.
        if line.starts_with(INDENT) && !is_mark(line) {
            return whole();
        }
        let hanging = hanging_indent(line).min(width / 2);
        let start = line.len() - line.trim_start().len();
        let options = Options::new(width)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        let (first, rest) = (" ".repeat(start), " ".repeat(hanging));
        let options = options.initial_indent(&first).subsequent_indent(&rest);
        let mut parts = Vec::new();
        let mut from = start;
        for wrapped in textwrap::wrap(&line[start..], options) {
            let is_first = parts.is_empty();
            let text = wrapped.get(if is_first { start } else { hanging }..).unwrap_or_default();
            let Some(at) = line[from..].find(text) else { return whole() };
            let range = from + at..from + at + text.len();
            from = range.end;
            parts.push(match is_first {
                true => Part { range: 0..range.end, indent: 0 },
                false => Part { range, indent: hanging },
            });
        }
        parts
    }

    fn write_part(
        &mut self,
        line: &str,
        part: &Part,
        painted: &[(Range<usize>, Style)],
    ) -> io::Result<()> {
        let mut text = " ".repeat(part.indent);
        let mut from = part.range.start;
        if self.layout.colour {
            for (range, style) in painted {
                let range = range.start.max(from)..range.end.min(part.range.end);
                if !range.is_empty() {
                    text.push_str(&line[from..range.start]);
                    let _ = write!(text, "{style}{}{style:#}", &line[range.clone()]);
                    from = range.end;
                }
            }
        }
        text.push_str(&line[from..part.range.end]);
        text.push('\n');
        self.output.write_all(without_commands(text).as_bytes())
    }
}

impl<W: Write> Write for Text<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let whole = piece.strip_suffix(b"\n");
            self.line.extend_from_slice(whole.unwrap_or(piece));
            if whole.is_some() {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.end_line()?;
        }
        if let Some(last) = self.last.take() {
            self.write_line(&last)?;
        }
        self.output.flush()
    }
}

/// A part of a line, on a line of its own.
struct Part {
    range: Range<usize>,
    /// The number of spaces before it.
    indent: usize,
}

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();
const HEADING: Style = Style::new().bold();

/// The labels and verdicts at the start of a line or of a cell.
const WORDS: [(&str, Style); 33] = [
    ("allowed", GOOD),
    ("works in all", GOOD),
    ("loaded, readable", GOOD),
    ("ok", GOOD),
    ("fine", GOOD),
    ("read", GOOD),
    ("blocked in all", BAD),
    ("blocked", BAD),
    ("denied", BAD),
    ("FAILED", BAD),
    ("UNSURE", DOUBTFUL),
    ("not compared", DOUBTFUL),
    ("critical", BAD),
    ("high", BAD),
    ("error", BAD),
    ("not loaded", BAD),
    ("reason", BAD),
    ("browser-cors", BAD),
    ("fragile", DOUBTFUL),
    ("unanswered", DOUBTFUL),
    ("unjudged", DOUBTFUL),
    ("proves nothing", DOUBTFUL),
    ("warning", DOUBTFUL),
    ("medium", DOUBTFUL),
    ("low", DOUBTFUL),
    ("hidden", DOUBTFUL),
    ("opaque", DOUBTFUL),
    ("fix", HELP),
    ("why", HELP),
    ("meaning", HELP),
    ("see", HELP),
    ("guide", HELP),
    ("note", HEADING),
];

/// What of a line has a style.
fn painted(line: &str) -> Vec<(Range<usize>, Style)> {
    if line.starts_with("== ") {
        return vec![(0..line.len(), HEADING)];
    }
    let mut painted = Vec::new();
    let mut from = 0;
    // A cell begins behind two spaces.
    while let Some(cell) = line.get(from..) {
        let start = from + cell.len() - cell.trim_start().len();
        let text = &line[start..];
        let found = WORDS.iter().find(|(word, _)| {
            text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_of_word))
        });
        if let Some((word, style)) = found {
            painted.push((start..start + word.len(), *style));
        }
        match text.find("  ") {
            Some(end) => from = start + end,
            None => break,
        }
    }
    painted
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | '/')
}

/// Whether a line marks the bytes of the line above it.
fn is_mark(line: &str) -> bool {
    let text = line.trim_start();
    text.len() < line.len() && text.strip_prefix('^').is_some_and(|rest| !rest.starts_with('^'))
}

/// The column at which the further parts of a line begin: below the text behind a short label.
fn hanging_indent(line: &str) -> usize {
    const LONGEST_LABEL: usize = 12;
    let start = line.len() - line.trim_start().len();
    let text = &line[start..];
    if let Some(message) = text.strip_prefix("^ ") {
        return line.len() - message.len();
    }
    match text.split_once(": ") {
        Some((label, _)) if start + label.len() <= LONGEST_LABEL => start + label.len() + 2,
        _ => start + 2,
    }
}

/// The same line, unless a CI job reads it as one of GitHub's [workflow commands]: `::` at its start,
/// or `##[` anywhere.
///
/// [workflow commands]: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
fn without_commands(line: String) -> String {
    let line = if line.contains("##[") { line.replace("##[", "#\\u{23}[") } else { line };
    match line.trim_start().strip_prefix("::") {
        Some(rest) => {
            let start = &line[..line.len() - rest.len() - 2];
            format!("{start}\\u{{3a}}:{rest}")
        }
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, width: Option<usize>, colour: bool) -> String {
        let mut bytes = Vec::new();
        let mut output = Text::new(&mut bytes, Layout { width, colour });
        output.write_all(text.as_bytes()).unwrap();
        output.flush().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_is_foreign_controls_no_terminal() {
        for (foreign, expected) in [
            ("a\u{1b}[31mb", "a\\u{1b}[31mb\n"),
            ("a\u{9b}31m", "a\\u{9b}31m\n"),
            ("a\u{7}\r\u{7f}", "a\\u{7}\\r\\u{7f}\n"),
            ("\u{202e}abc\u{2066}", "\\u{202e}abc\\u{2066}\n"),
            ("a\u{200b}\u{feff}b", "a\\u{200b}\\u{feff}b\n"),
            ("a\tb", "a\\tb\n"),
            ("é ü 漢", "é ü 漢\n"),
        ] {
            assert_eq!(written(foreign, None, false), expected);
        }
    }

    #[test]
    fn what_is_foreign_commands_no_job() {
        for (foreign, expected) in [
            ("Allow: ##[add-mask]a\n", "Allow: #\\u{23}[add-mask]a\n"),
            ("::error::x\n", "\\u{3a}:error::x\n"),
            ("   ::error::x\n", "   \\u{3a}:error::x\n"),
            ("a ::error::x\n", "a ::error::x\n"),
        ] {
            assert_eq!(written(foreign, None, false), expected);
        }
        // Nor by being wrapped to the start of a line.
        assert_eq!(written("aaaaaa ::error::x\n", Some(12), false), "aaaaaa\n  \\u{3a}:error::x\n");
    }

    #[test]
    fn lines_are_wrapped_between_words_below_their_text() {
        let text = "   fix: Answer GET https://api.example/ with a header.\n";
        assert_eq!(
            written(text, Some(32), false),
            "   fix: Answer GET\n        https://api.example/\n        with a header.\n"
        );
        assert_eq!(written(text, Some(80), false), text);
        assert_eq!(written(text, None, false), text);
        let word = format!("{}\n", "x".repeat(50));
        assert_eq!(written(&word, Some(20), false), word);
    }

    #[test]
    fn a_mark_stays_below_what_it_marks() {
        let text =
            "   Allow-Headers: aaaa, bbbb, c\u{e9}cc\n                              ^ this one\n";
        assert_eq!(written(text, Some(80), false), text);
        assert_eq!(
            written(text, Some(28), false),
            "   Allow-Headers: aaaa,\n     bbbb, cécc\n           ^ this one\n"
        );
    }

    #[test]
    fn code_keeps_its_lines_and_marks_do_not() {
        let code = "           add_header Vary Origin always;\n";
        assert_eq!(written(code, Some(24), false), code);
        let marked = "   Allow-Headers: aaaa\n                  ^ expected one of these\n";
        assert_eq!(
            written(marked, Some(30), false),
            "   Allow-Headers: aaaa\n                  ^ expected\n               one of these\n"
        );
    }

    #[test]
    fn verdicts_and_labels_are_coloured() {
        let (red, end) = ("\u{1b}[1m\u{1b}[31m", "\u{1b}[0m");
        assert_eq!(written("blocked: x\n", None, true), format!("{red}blocked{end}: x\n"));
        assert_eq!(
            written(" chromium   blocked: x\n", None, true),
            format!(" chromium   {red}blocked{end}: x\n")
        );
        assert_eq!(written("blocked-by: x\n", None, true), "blocked-by: x\n");
        assert_eq!(written("x blocked\n", None, true), "x blocked\n");
    }
}
