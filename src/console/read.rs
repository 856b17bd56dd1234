//! Reads what was copied from a console: finds the wordings that are known, and puts those together
//! that belong to one message.

use std::ops::Range;

use super::{
    Complaint, Console, Field, Message, Occurrence, Template, Values, chromium, firefox, inferred,
    internet_explorer, names, neighbours, template,
    text::{Text, floor},
    webkit,
};

/// What a wording does in a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// Says the reason.
    Reason(Complaint),
    /// Says the reason, if the line says nothing else.
    Alone(Complaint),
    /// Says the reason, if every mark is the same too.
    Exact(Complaint),
    /// Is a name of the reason.
    Name(Complaint, Option<bool>),
    /// Begins a message. The reason follows.
    Frame,
    /// Says something about the reason that follows at once; by itself, nothing.
    Opening,
    /// Says that the reason that follows is about a preflight.
    Preflight,
    /// Says that the reason that follows was printed before.
    Echo,
    /// Says more about the message before.
    Tail,
    /// Says that a load failed, for the reason in the message before if there is one.
    Failed,
    /// Says that the browser withheld a response, for the reason in a message before if there is
    /// one.
    Withheld,
    /// Says that CORS is needed, which is no fault yet.
    Notice,
    /// Is a code for such a notice.
    CodeOfNotice,
    /// Is a code of the reason. The words behind it may be of any language.
    Code(Complaint),
}

/// A wording of a console.
struct Wording {
    first_word: u64,
    console: Console,
    role: Role,
    template: Template,
}

/// All wordings, by their first words.
struct Index {
    wordings: Vec<Wording>,
    /// A bit for each first word, so that most words need no search.
    bits: [u64; 64],
}

type Reasons = &'static [(Complaint, Template)];
type Parts = &'static [(Role, Template)];

const REASONS: [(Console, Reasons); 4] = [
    (Console::Firefox, firefox::TEMPLATES),
    (Console::Chromium, chromium::TEMPLATES),
    (Console::Webkit, webkit::TEMPLATES),
    (Console::InternetExplorer, internet_explorer::TEMPLATES),
];

const PARTS: [(Console, Parts); 8] = [
    (Console::Firefox, firefox::AROUND),
    (Console::Chromium, chromium::AROUND),
    (Console::Webkit, webkit::AROUND),
    (Console::InternetExplorer, internet_explorer::AROUND),
    (Console::Chromium, neighbours::CHROMIUM),
    (Console::Firefox, neighbours::FIREFOX),
    (Console::Webkit, neighbours::WEBKIT),
    (Console::Unknown, neighbours::UNKNOWN),
];

const NAMES: [(Console, &[names::Name]); 2] =
    [(Console::Chromium, names::CHROMIUM), (Console::Firefox, names::FIREFOX)];

/// All wordings.
pub(super) fn wordings() -> impl Iterator<Item = (Console, Role, Template)> {
    let reasons = REASONS.iter().flat_map(|(console, table)| {
        table.iter().map(|(complaint, text)| (*console, Role::Reason(*complaint), *text))
    });
    let parts = PARTS
        .iter()
        .flat_map(|(console, table)| table.iter().map(|(role, text)| (*console, *role, *text)));
    let names = NAMES.iter().flat_map(|(console, table)| {
        table.iter().map(|(complaint, is_preflight, text)| {
            (*console, Role::Name(*complaint, *is_preflight), *text)
        })
    });
    reasons.chain(parts).chain(names)
}

impl Index {
    fn new() -> Self {
        let mut bits = [0; 64];
        let mut wordings: Vec<_> = wordings()
            .filter_map(|(console, role, template)| {
                let first_word = template.first_word()?;
                bits[(first_word >> 6 & 63) as usize] |= 1 << (first_word & 63);
                Some(Wording { first_word, console, role, template })
            })
            .collect();
        wordings.sort_by_key(|wording| wording.first_word);
        Self { wordings, bits }
    }

    /// The wordings that begin with a word.
    fn with(&self, word: u64) -> &[Wording] {
        if self.bits[(word >> 6 & 63) as usize] >> (word & 63) & 1 == 0 {
            return &[];
        }
        let start = self.wordings.partition_point(|wording| wording.first_word < word);
        let end = self.wordings.partition_point(|wording| wording.first_word <= word);
        &self.wordings[start..end]
    }
}

/// What was found at a place.
struct Piece {
    console: Console,
    role: Role,
    found: template::Found,
}

/// A message that may go on.
struct Draft {
    console: Console,
    /// `None` as long as only the beginning was seen.
    complaint: Option<Complaint>,
    is_preflight: Option<bool>,
    is_cut: bool,
    is_inferred: bool,
    is_echo: bool,
    has_frame: bool,
    values: Values,
    range: Range<usize>,
}

impl Draft {
    const fn new(console: Console, range: Range<usize>) -> Self {
        Self {
            console,
            complaint: None,
            is_preflight: None,
            is_cut: false,
            is_inferred: false,
            is_echo: false,
            has_frame: false,
            values: Values(Vec::new()),
            range,
        }
    }
}

/// What stands before a reason.
struct Opening {
    console: Console,
    values: Values,
    range: Range<usize>,
    is_echo: bool,
    code: Option<Complaint>,
}

/// Reads a text from its beginning to its end.
struct Reader<'a> {
    text: &'a Text<'a>,
    occurrences: Vec<Occurrence>,
    draft: Option<Draft>,
    opening: Option<Opening>,
}

/// The messages in a text, in their order.
pub(super) fn read(text: &str) -> Vec<Occurrence> {
    read_with(&Index::new(), text)
}

fn read_with(index: &Index, text: &str) -> Vec<Occurrence> {
    let text = Text::new(text);
    let mut reader = Reader { text: &text, occurrences: Vec::new(), draft: None, opening: None };
    let (mut at, mut from) = (0, 0);
    while let Some(word) = text.words.get(at) {
        match reader.best(index.with(word.hash), at, from) {
            Some(piece) => {
                from = piece.found.end.max(word.end);
                at = text.index_at(from).max(at + 1);
                reader.take(piece);
            }
            None => at += 1,
        }
    }
    reader.close();
    reader.infer();
    reader.occurrences
}

impl Reader<'_> {
    /// The longest wording at a place.
    fn best(&self, wordings: &[Wording], at: usize, from: usize) -> Option<Piece> {
        let (mut best, mut cut): (Option<Piece>, Option<Piece>) = (None, None);
        for Wording { console, role, template, .. } in wordings {
            let Some(found) = template.find_at(self.text, at, from) else { continue };
            let piece = Piece { console: *console, role: *role, found };
            let is_longer = |other: &Option<Piece>| {
                other.as_ref().is_none_or(|other| piece.found.words > other.found.words)
            };
            if !piece.found.is_cut {
                if is_longer(&best) && self.is_as_it_should(&piece) {
                    best = Some(piece);
                }
            } else if is_longer(&cut) {
                if self.says_enough(&piece) {
                    cut = Some(piece);
                }
            } else if let Some(other) = &mut cut
                && piece.found.words == other.found.words
                && !is_same_reason(piece.role, other.role)
                && self.says_enough(&piece)
            {
                other.role = match (piece.role, other.role) {
                    (Role::Frame, role) | (role, Role::Frame) => role,
                    (Role::Preflight, _) | (_, Role::Preflight) => other.role,
                    _ => Role::Reason(Complaint::NoReason),
                };
            }
        }
        best.or(cut)
    }

    /// Whether a wording stands where it must, with the marks that it must have.
    fn is_as_it_should(&self, piece: &Piece) -> bool {
        let range = piece.found.start..piece.found.end;
        match piece.role {
            Role::Alone(_) => {
                let is_mark = |character: &char| *character != '\n';
                let before = self.text.text[..range.start].chars().rev().take_while(is_mark);
                let behind = self.text.text[range.end..].chars().take_while(is_mark);
                before.chain(behind).all(|character| !character.is_alphanumeric())
            }
            Role::Exact(_) => self.text.text[range].contains(':') || piece.found.words > 2,
            _ => true,
        }
    }

    /// Whether so little of a wording is still that wording.
    fn says_enough(&self, piece: &Piece) -> bool {
        let found = &piece.found;
        let follows = self.draft.as_ref().is_some_and(|draft| {
            draft.has_frame
                && draft.complaint.is_none()
                && self.is_next(draft.range.end, found.start)
        });
        let follows = follows
            || self.opening.as_ref().is_some_and(|opening| {
                !opening.is_echo && self.is_next(opening.range.end, found.start)
            });
        let names_url = found.values.0.iter().any(|(_, value)| value.contains("://"));
        match piece.role {
            Role::Reason(_) | Role::Preflight if follows => true,
            Role::Frame => found.words >= 3 && names_url || found.words >= 8,
            Role::Reason(_) | Role::Preflight | Role::Failed => {
                const MARKS: [&str; 5] =
                    ["access-control", "preflight", "cross-origin", "cross origin", "cors"];
                let text = self.text.text[found.start..found.end].to_ascii_lowercase();
                // The name of a header has four words, and means little by itself.
                let others = found.words.saturating_sub(4 * text.matches("access-control").count());
                others >= 3 && (names_url || others >= 6)
                    || others >= 2
                        && found.words >= 3
                        && MARKS.iter().any(|mark| text.contains(mark))
            }
            _ => false,
        }
    }

    /// Whether no word stands between two places.
    fn is_next(&self, end: usize, start: usize) -> bool {
        end <= start && start - end <= 120 && self.text.index_at(end) == self.text.index_at(start)
    }

    fn take(&mut self, piece: Piece) {
        let Piece { console, role, found } = piece;
        match role {
            Role::Reason(complaint) | Role::Alone(complaint) | Role::Exact(complaint) => {
                self.reason(console, complaint, found);
            }
            Role::Name(complaint, is_preflight) => {
                self.name(console, complaint, is_preflight, found);
            }
            Role::Frame => self.frame(console, found),
            Role::Preflight => {
                if !self.continues(&found) {
                    self.frame(console, template::Found { values: Values::default(), ..found });
                } else if let Some(draft) = &mut self.draft {
                    draft.range.end = found.end;
                    draft.is_cut = found.is_cut;
                }
                if let Some(draft) = &mut self.draft {
                    draft.is_preflight = Some(true);
                }
            }
            Role::Opening | Role::Echo | Role::Code(_) => self.open(console, role, found),
            Role::Tail => self.tail(console, found),
            Role::Failed => self.failed(console, found),
            Role::Withheld => self.withheld(console, found),
            Role::Notice | Role::CodeOfNotice => self.notice(console, found),
        }
    }

    /// Whether a piece goes on with the message whose beginning was seen.
    fn continues(&self, found: &template::Found) -> bool {
        let Some(draft) = &self.draft else { return false };
        if draft.complaint.is_some() {
            return false;
        }
        let is_notice = draft.console == Console::InternetExplorer;
        let end = match &self.opening {
            Some(opening) if self.is_next(opening.range.end, found.start) => opening.range.start,
            _ => found.start,
        };
        self.is_next(draft.range.end, end)
            || is_notice && end.saturating_sub(draft.range.end) <= 400
    }

    /// The opening right before a piece, which is then used.
    fn opening_before(&mut self, found: &template::Found) -> Option<Opening> {
        let opening = self.opening.take()?;
        if self.is_next(opening.range.end, found.start) {
            return Some(opening);
        }
        self.opening = Some(opening);
        self.flush(found.start);
        None
    }

    /// A code that no words in English follow is a message by itself, on its line and no further than
    /// to `end`.
    fn flush(&mut self, end: usize) {
        let Some(Opening { console, range, code: Some(complaint), .. }) = self.opening.take()
        else {
            return;
        };
        let rest = &self.text.text[range.end..floor(self.text.text, end.min(range.end + 4096))];
        let rest = rest.split('\n').next().unwrap_or_default().trim_end();
        let values = inferred::values_behind_code(complaint, rest);
        let found = template::Found {
            values,
            start: range.start,
            end: range.end + rest.len(),
            words: 0,
            is_cut: false,
        };
        self.reason(console, complaint, found);
        if let Some(draft) = &mut self.draft {
            draft.is_inferred = true;
        }
    }

    fn frame(&mut self, console: Console, found: template::Found) {
        let opening = self.opening_before(&found);
        self.close();
        let mut draft = Draft::new(console, found.start..found.end);
        draft.values = found.values;
        draft.is_cut = found.is_cut;
        draft.has_frame = true;
        if let Some(opening) = opening {
            draft.values.append(&opening.values);
            draft.range.start = opening.range.start;
        }
        self.draft = Some(draft);
    }

    fn open(&mut self, console: Console, role: Role, found: template::Found) {
        self.flush(found.start);
        self.opening = Some(Opening {
            console,
            values: found.values,
            range: found.start..found.end,
            is_echo: matches!(role, Role::Echo),
            code: match role {
                Role::Code(complaint) => Some(complaint),
                _ => None,
            },
        });
    }

    fn reason(&mut self, console: Console, complaint: Complaint, found: template::Found) {
        let continues = self.continues(&found);
        let opening = self.opening_before(&found);
        // Internet Explorer says at last, and without a reason, that the request failed.
        let is_last = |draft: &Draft| {
            draft.console == console
                && draft.complaint.is_some()
                && found.start.saturating_sub(draft.range.end) <= 200
        };
        if (console, complaint) == (Console::InternetExplorer, Complaint::NoReason)
            && let Some(draft) = self.draft.as_mut().filter(|draft| is_last(draft))
        {
            draft.range.end = found.end;
            return;
        }
        let mut draft = match self.draft.take_if(|_| continues) {
            Some(draft) => draft,
            None => {
                self.close();
                Draft::new(console, found.start..found.end)
            }
        };
        if let Some(opening) = opening {
            draft.values.append(&opening.values);
            draft.range.start = draft.range.start.min(opening.range.start);
            draft.is_echo = opening.is_echo;
        }
        // A URL in the reason is more precise than one around it.
        let mut values = found.values;
        values.append(&draft.values);
        draft.values = values;
        draft.complaint = Some(complaint);
        draft.is_cut = found.is_cut;
        draft.range.end = found.end;
        self.draft = Some(draft);
    }

    fn name(
        &mut self,
        console: Console,
        complaint: Complaint,
        is_preflight: Option<bool>,
        found: template::Found,
    ) {
        /// The longest line that a name may be the reason of.
        const LINE_LIMIT: usize = 1 << 11;
        self.flush(found.start);
        let line = self.text.line(found.start);
        let is_same_line =
            |draft: &Draft| draft.range.end >= line.start && draft.console == console;
        if let Some(draft) = self.draft.as_mut().filter(|draft| is_same_line(draft))
            && draft.complaint.is_none_or(|other| {
                other == Complaint::NoReason || other.code() == complaint.code()
            })
        {
            draft.complaint.get_or_insert(complaint);
            if draft.complaint == Some(Complaint::NoReason) {
                draft.complaint = Some(complaint);
            }
            draft.is_preflight = draft.is_preflight.or(is_preflight);
            draft.is_cut = false;
            draft.range.end = found.end;
            return;
        }
        self.close();
        let text = &self.text.text[line.clone()];
        let mut draft = Draft::new(console, found.start..found.end);
        draft.complaint = Some(complaint);
        draft.is_preflight = is_preflight;
        draft.has_frame = true;
        if text.len() <= LINE_LIMIT
            && let Some(inferred) = inferred::infer(text)
        {
            draft.values = inferred.values;
            let known = self.occurrences.last().map_or(0, |known| known.range.end);
            draft.range.start = line.start.max(known);
        } else if let Some(url) = url_before(&self.text.text[..found.start]) {
            draft.values.push(Field::Url, url);
        }
        self.draft = Some(draft);
    }

    fn tail(&mut self, console: Console, found: template::Found) {
        self.flush(found.start);
        let is_near = |draft: &Draft| {
            let between = self.text.text.get(draft.range.end..found.start);
            let is_same = (draft.console == Console::Chromium) == (console == Console::Chromium);
            is_same
                && draft.console != Console::InternetExplorer
                && draft.complaint.is_some()
                && (self.is_next(draft.range.end, found.start)
                    || between.is_some_and(|text| text.len() <= 160 && !text.contains('\n')))
        };
        if self.draft.as_ref().is_some_and(is_near)
            && let Some(draft) = &mut self.draft
        {
            draft.values.append(&found.values);
            draft.range.end = found.end;
        }
    }

    fn failed(&mut self, console: Console, found: template::Found) {
        self.flush(found.start);
        let url = found.values.get(Field::Url);
        let is_second = |draft: &Draft| {
            draft.console == console
                && draft.complaint.is_some()
                && found.start.saturating_sub(draft.range.end) <= 200
                && draft.values.get(Field::Url).is_none_or(|other| Some(other) == url)
        };
        if let Some(draft) = self.draft.as_mut().filter(|draft| is_second(draft)) {
            draft.values.append(&found.values);
            draft.range.end = found.end;
            return;
        }
        self.reason(console, Complaint::NoReason, found);
    }

    fn withheld(&mut self, console: Console, found: template::Found) {
        /// How many messages before it may be the one with the reason.
        const MESSAGES: usize = 8;
        self.flush(found.start);
        let url = found.values.get(Field::Url);
        let belongs = |console: Console, values: &Values, complaint: Option<Complaint>| {
            console == Console::Chromium
                && complaint.is_some_and(|complaint| complaint != Complaint::Withheld)
                && values.get(Field::Status).is_none()
                && url.is_some()
                && [Field::Url, Field::From].iter().any(|field| values.get(*field) == url)
        };
        let mut more = found.values.clone();
        more.0.retain(|(field, _)| matches!(field, Field::Status | Field::Method));
        if let Some(draft) = self
            .draft
            .as_mut()
            .filter(|draft| belongs(draft.console, &draft.values, draft.complaint))
        {
            draft.values.append(&more);
            draft.range.end = found.end;
            return;
        }
        let occurrence = self.occurrences.iter_mut().rev().take(MESSAGES).find(|occurrence| {
            let message = &occurrence.message;
            belongs(message.console, &message.values, Some(message.complaint))
        });
        if let Some(occurrence) = occurrence {
            occurrence.message.values.append(&more);
            return;
        }
        self.reason(console, Complaint::Withheld, found);
    }

    fn notice(&mut self, console: Console, found: template::Found) {
        self.flush(found.start);
        let line = self.text.line(found.start);
        let line = &self.text.text[line];
        let url = found.values.get(Field::Url).or_else(|| inferred::urls(line).next());
        let is_same = |draft: &Draft| {
            draft.console == console
                && draft.complaint.is_none()
                && draft.values.get(Field::Url).is_none_or(|other| Some(other) == url)
        };
        if !self.draft.as_ref().is_some_and(is_same) {
            self.close();
            self.draft = Some(Draft::new(console, found.start..found.end));
        }
        if let Some(draft) = &mut self.draft {
            if let Some(url) = url {
                draft.values.push(Field::Url, url);
            }
            draft.range.end = found.end;
        }
    }

    /// Ends the message that may have gone on.
    fn close(&mut self) {
        if self.opening.as_ref().is_some_and(|opening| opening.code.is_some()) {
            self.flush(self.text.text.len());
        }
        let Some(mut draft) = self.draft.take() else { return };
        let complaint = draft.complaint.unwrap_or_else(|| {
            let next = self.text.index_at(draft.range.end);
            draft.is_cut = draft.console != Console::InternetExplorer
                && (draft.is_cut
                    || self.text.may_be_cut_before(next)
                    || self.text.may_be_cut_before(next + 1));
            Complaint::NoReason
        });
        if draft.is_echo && draft.values.get(Field::Url).is_none() {
            let line = self.text.line(draft.range.end);
            let rest = self.text.text[draft.range.end..line.end].trim_start_matches(['.', ' ']);
            if let Some(url) = inferred::urls(rest).next().filter(|url| rest.starts_with(url)) {
                draft.values.push(Field::Url, url);
            }
        }
        let mut message = Message::new(draft.console, complaint, draft.values);
        message.is_cut = draft.is_cut;
        message.is_inferred = draft.is_inferred;
        if draft.is_preflight.is_some() {
            message.is_preflight = draft.is_preflight;
        } else if draft.has_frame && complaint.step().is_some() && draft.console != Console::Firefox
        {
            message.is_preflight = message.is_preflight.or(Some(false));
        }
        if draft.is_echo
            && let Some(before) = self.occurrences.last_mut()
            && before.message.is_same_as(&message)
        {
            before.message.values.append(&message.values);
            before.range.end = draft.range.end;
            return;
        }
        self.occurrences.push(Occurrence { message, range: draft.range });
    }

    /// Looks at the lines without a wording that is known.
    fn infer(&mut self) {
        let mut inferred = Vec::new();
        let mut known = self.occurrences.iter().map(|known| known.range.clone()).peekable();
        let mut start = 0;
        for line in self.text.text.split_inclusive('\n') {
            let range = start..start + line.len();
            start = range.end;
            while known.next_if(|known| known.end <= range.start).is_some() {}
            if known.peek().is_some_and(|known| known.start < range.end) {
                continue;
            }
            if let Some(message) = inferred::infer(line) {
                let end = range.start + line.trim_end().len();
                inferred.push(Occurrence { message, range: range.start..end });
            }
        }
        if inferred.is_empty() && self.occurrences.is_empty() {
            let text = self.text.text;
            inferred.extend(
                inferred::infer(text).map(|message| Occurrence { message, range: 0..text.len() }),
            );
        }
        self.occurrences.extend(inferred);
        self.occurrences.sort_by_key(|occurrence| occurrence.range.start);
    }
}

/// Whether two wordings say the same reason.
fn is_same_reason(one: Role, other: Role) -> bool {
    match (one, other) {
        (Role::Reason(one), Role::Reason(other)) => one == other,
        (Role::Frame, Role::Frame) | (Role::Preflight, Role::Preflight) => true,
        (Role::Failed, Role::Failed) => true,
        _ => false,
    }
}

/// The URL that is the last word of a text, or of the line before its last line.
fn url_before(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let word = text.rsplit(char::is_whitespace).next()?;
    inferred::urls(word).next()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::{Complaint, Console, Field, Index, Message, Role, Template, read_with, wordings};

    static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

    const VALUES: [(Field, &str); 15] = [
        (Field::Url, "https://api.example/a?b=c#d"),
        (Field::From, "https://api.example/"),
        (Field::Location, "https://me@api.example/"),
        (Field::Origin, "https://app.example"),
        (Field::Asker, "XMLHttpRequest"),
        (Field::Method, "PATCH"),
        (Field::Header, "x-token"),
        (Field::Value, "a, b \"c\"; 'd'"),
        (Field::Status, "404"),
        (Field::Expected, "local"),
        (Field::Type, "text/html"),
        (Field::Directive, "connect-src 'self'"),
        (Field::Page, "https://app.example/page"),
        (Field::Error, "CONNECTION_REFUSED"),
        (Field::Url, "https://api.example/a?b=c#d"),
    ];

    /// The wordings that say why.
    fn reasons() -> impl Iterator<Item = (Console, Complaint, Template)> {
        wordings().filter_map(|(console, role, template)| match role {
            Role::Reason(complaint) => Some((console, complaint, template)),
            _ => None,
        })
    }

    fn first(text: &str) -> Option<Message> {
        let mut occurrences = read_with(&INDEX, text).into_iter();
        occurrences.next().map(|occurrence| occurrence.message)
    }

    fn check(text: &str, console: Console, complaint: Complaint) -> Message {
        let Some(message) = first(text) else { panic!("nothing in {text}") };
        assert_eq!((message.console, message.complaint), (console, complaint), "{text}");
        message
    }

    /// Each template is recognized, with its values, whatever text is around it.
    #[test]
    fn templates() {
        for (console, complaint, template) in reasons() {
            let printed = template.fill(&VALUES);
            for text in [
                printed.clone(),
                format!("[Error] {printed} [Learn More]"),
                format!("E/chromium(123): [INFO:CONSOLE(7)] \"{printed}\", source: app.js (7)"),
                format!("> 12:34:56.789 ❌ app.js:7 {printed}\n> GET /other"),
                format!("```\n{}\n```", printed.replace(' ', "\n")),
            ] {
                let message = check(&text, console, complaint);
                assert!(!message.is_cut && !message.is_inferred, "{text}");
                for (field, value) in message.values() {
                    let given = VALUES.iter().find(|(name, _)| *name == field).unwrap().1;
                    let is_at_the_end = template.0.contains("{value}") && field == Field::Value;
                    assert!(
                        value == given || is_at_the_end && value.starts_with("a,"),
                        "{text}: {field} {value}",
                    );
                }
            }
            let gaps = template.0.matches('{').count();
            let found = first(&printed).unwrap().values().count();
            assert!(found >= gaps, "{printed}: {found}");
        }
    }

    /// The same with other quotation marks. Apostrophes stay.
    fn with_quotes(text: &str, mark: &str) -> String {
        let mut changed = String::new();
        let mut before = ' ';
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            let is_within =
                before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
            match character {
                '\'' | '"' | '‘' | '’' | '“' | '”' | '`' if !is_within => {
                    changed.push_str(mark);
                }
                _ => changed.push(character),
            }
            before = character;
        }
        changed
    }

    /// What people and their tools make of messages.
    #[test]
    fn templates_as_they_get_copied() {
        for (console, complaint, template) in reasons() {
            let printed = template.fill(&VALUES);
            for text in [
                with_quotes(&printed, "\""),
                with_quotes(&printed, "`"),
                with_quotes(&printed, "”"),
                with_quotes(&printed, "\\\""),
                with_quotes(&printed, "&quot;"),
                with_quotes(&printed, ""),
                printed.replace('\'', "’"),
                printed.replace('\'', "&#39;"),
                printed.replace('\'', "\\'"),
                printed.replace('*', "_"),
                printed.replace('*', ""),
                printed.to_lowercase(),
                printed.to_uppercase(),
                printed.trim_end_matches(['.', ')']).to_owned(),
                format!("**{printed}**"),
                format!("\u{1B}[31m{printed}\u{1B}[0m"),
                printed.replace(' ', "\u{A0}"),
                printed.replace("Access-Control", "Access\u{2011}\u{200B}Control"),
            ] {
                check(&text, console, complaint);
            }
        }
    }

    /// The beginning of a message is taken for it, or said to be cut, or not recognized if it is
    /// short.
    #[test]
    fn templates_that_are_cut() {
        let mut recognized = 0;
        let mut all = 0;
        for (console, complaint, template) in reasons() {
            // The beginning of a number is another number.
            if template.0.contains("0x") {
                continue;
            }
            let printed = template.fill(&VALUES);
            let ends = printed.char_indices().map(|(index, _)| index);
            for end in ends.filter(|end| *end * 2 > printed.len()).step_by(5) {
                all += 1;
                for ellipsis in ["", "…", "...", "\nnext line"] {
                    let text = format!("{}{ellipsis}", &printed[..end]);
                    let Some(message) = first(&text) else { continue };
                    recognized += usize::from(ellipsis.is_empty());
                    let is_right = message.complaint.code() == complaint.code();
                    let is_right = is_right || message.is_inferred;
                    assert!(is_right || message.is_cut, "{console}: {text}: {message:?}");
                }
            }
        }
        assert!(recognized * 10 > all * 6, "{recognized} of {all}");
    }

    /// A cut reason behind a whole beginning.
    #[test]
    fn reasons_that_are_cut() {
        let frame = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has \
                     been blocked by CORS policy: ";
        for (console, complaint, template) in reasons() {
            let is_behind_frame =
                !["Fetch", "Refused", "{"].iter().any(|it| template.0.starts_with(it));
            if console != Console::Chromium || !complaint.is_about_cors() || !is_behind_frame {
                continue;
            }
            let printed = template.fill(&VALUES);
            for end in (0..printed.len()).step_by(4) {
                let Some(reason) = printed.get(..end) else { continue };
                let text = format!("{frame}{reason}");
                let message = first(&text).unwrap();
                assert_eq!(message.value(Field::Url), Some("https://api.example/"), "{text}");
                let is_right = message.complaint.code() == complaint.code();
                assert!(is_right || message.is_cut, "{text}: {message:?}");
            }
        }
    }
}
