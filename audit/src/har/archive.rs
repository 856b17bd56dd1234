//! Reads a HAR as a stream: hands out one entry after another, with the members that matter.
//!
//! Bodies and other members without use are not kept. What is kept of an entry is bounded. A member
//! of an odd type counts as missing, and an entry that cannot be read costs that entry alone.

use std::{io::BufRead, ops::ControlFlow};

use browser_cors::url::Url;
use thiserror::Error;

pub(super) use super::entry::Entry;
use super::{
    entry,
    scanner::{Fault, Kept, Scanner, Wanted},
};

/// The most bytes that are kept of an entry or of a page.
const KEPT_LIMIT: usize = 1 << 20;

/// The members of a page that count.
const PAGE: Wanted = Wanted::Members(&[("id", Wanted::Scalar), ("title", Wanted::Scalar)]);

/// An item of a HAR, in the HAR's order.
pub(super) enum Item {
    /// The name of the program that wrote the HAR.
    Writer(String),
    /// A page. Its URL is known if the page's title is one.
    Page { id: String, url: Option<Url> },
    /// An exchange.
    Entry(Box<Entry>),
    /// An entry that cannot be read.
    Unreadable(InvalidHar),
}

/// Why a HAR could not be read to its end, or why an entry could not be read.
///
/// `Display` writes, for example, `3:1044: entry 2: EOF while parsing a string`, so that the name
/// of the file and a colon can be put before it.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use browser_cors_audit::har::Judging;
///
/// let outcome = Judging::new().judge(&b"{\"log\": 5}"[..], |_judged| ControlFlow::Continue(()));
/// let broken = outcome.broken.unwrap();
/// assert_eq!((broken.line, broken.column, broken.entry), (1, 9, None));
/// assert_eq!(broken.reason, "an object with `entries` was expected");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{line}:{column}: {}{reason}", .entry.map_or_else(String::new, |number| format!("entry {number}: ")))]
pub struct InvalidHar {
    /// The line, from 1.
    pub line: u64,
    /// The byte in that line, from 1; 0 at the very beginning of the line.
    pub column: u64,
    /// The current entry, from 1.
    pub entry: Option<u64>,
    /// What is wrong, and what was expected.
    pub reason: String,
}

/// Reads a HAR and passes each item to `take`, until `take` breaks.
pub(super) fn read<R: BufRead>(
    input: R,
    take: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<(), InvalidHar> {
    let mut reading = Reading {
        take,
        entries: 0,
        entry: None,
        has_entries: false,
        is_over: false,
        kept: Kept::new(KEPT_LIMIT),
    };
    let mut scanner = Scanner::new(input);
    let fault = match reading.document(&mut scanner) {
        _ if reading.is_over => return Ok(()),
        Ok(()) => return Ok(()),
        Err(fault) => fault,
    };
    // A wrong byte is the next one, which was not read.
    let (reason, column) = match fault {
        Fault::End(reason) => (reason.to_owned(), scanner.column),
        Fault::Syntax(reason) => (reason.to_owned(), scanner.column + 1),
        Fault::Input(error) => (error.to_string(), scanner.column),
    };
    Err(InvalidHar { line: scanner.line + 1, column, entry: reading.entry, reason })
}

struct Reading<'a> {
    take: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    /// The number of entries that were read.
    entries: u64,
    /// The current entry.
    entry: Option<u64>,
    has_entries: bool,
    /// Whether `take` has broken.
    is_over: bool,
    /// What is kept of the current item.
    kept: Kept,
}

impl Reading<'_> {
    fn take(&mut self, item: Item) -> Result<(), Fault> {
        self.is_over = (self.take)(item).is_break();
        // The reason is not shown, because nothing is wrong.
        if self.is_over { Err(Fault::End("the reader has stopped")) } else { Ok(()) }
    }

    fn document<R: BufRead>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Fault> {
        scanner.byte_order_mark()?;
        if scanner.must()? != b'{' {
            return Err(Fault::Syntax("an object with `log`, as a HAR is, was expected"));
        }
        scanner.object(|scanner, name| match name {
            "log" => self.log(scanner),
            _ => scanner.value(None),
        })?;
        match scanner.next()? {
            Some(_) => Err(Fault::Syntax("trailing characters")),
            None if self.has_entries => Ok(()),
            None => Err(Fault::End("there is no `log.entries`: a HAR was expected")),
        }
    }

    fn log<R: BufRead>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Fault> {
        match scanner.must()? {
            b'{' => {}
            b'n' => return scanner.value(None),
            _ => return Err(Fault::Syntax("an object with `entries` was expected")),
        }
        scanner.object(|scanner, name| match (name, scanner.must()?) {
            ("entries", b'[') => self.entries(scanner),
            ("entries", b'n') => {
                self.has_entries = true;
                scanner.value(None)
            }
            ("entries", _) => Err(Fault::Syntax("an array was expected")),
            ("pages", b'[') => self.pages(scanner),
            ("creator", b'{') => scanner.object(|scanner, name| match name {
                "name" => self.writer(scanner),
                _ => scanner.value(None),
            }),
            _ => scanner.value(None),
        })
    }

    fn writer<R: BufRead>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Fault> {
        self.kept.clear();
        scanner.wanted(&Wanted::Scalar, &mut self.kept)?;
        match serde_json::from_slice(&self.kept.bytes) {
            Ok(name) => self.take(Item::Writer(name)),
            Err(_) => Ok(()),
        }
    }

    fn pages<R: BufRead>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Fault> {
        items(scanner, |scanner| {
            self.kept.clear();
            let depth = scanner.depth;
            match scanner.wanted(&PAGE, &mut self.kept) {
                // A page only helps to find an origin, so an odd one counts as missing.
                Err(Fault::Syntax(_)) => return scanner.close_to(depth),
                read => read?,
            }
            match entry::page(&self.kept.bytes) {
                Some((id, title)) => {
                    let url = Url::parse(&title).ok();
                    self.take(Item::Page { id, url })
                }
                None => Ok(()),
            }
        })
    }

    fn entries<R: BufRead>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Fault> {
        self.has_entries = true;
        self.entry = Some(self.entries + 1);
        items(scanner, |scanner| {
            self.entries += 1;
            let number = self.entries;
            self.kept.clear();
            let (line, column, depth) = (scanner.line + 1, scanner.column + 1, scanner.depth);
            let entry = match scanner.wanted(&entry::ENTRY, &mut self.kept) {
                Err(Fault::Syntax(reason)) => {
                    let reason = format!("{reason} at {}:{}", scanner.line + 1, scanner.column + 1);
                    scanner.close_to(depth)?;
                    Err(reason)
                }
                Err(fault) => return Err(fault),
                Ok(()) if self.kept.is_over => {
                    Err("the members that count have more than 1 MiB".to_owned())
                }
                Ok(()) => Entry::read(number, &self.kept.bytes),
            };
            let item = match entry {
                Ok(entry) => Item::Entry(Box::new(entry)),
                Err(reason) => {
                    Item::Unreadable(InvalidHar { line, column, entry: Some(number), reason })
                }
            };
            self.take(item)?;
            self.entry = Some(number + 1);
            Ok(())
        })?;
        self.entry = None;
        Ok(())
    }
}

/// Reads the items of an array. `item` reads each.
fn items<R: BufRead>(
    scanner: &mut Scanner<R>,
    mut item: impl FnMut(&mut Scanner<R>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    scanner.open()?;
    loop {
        if scanner.must()? == b']' {
            return scanner.close();
        }
        item(scanner)?;
        match scanner.must()? {
            b',' => scanner.take()?,
            b']' => {}
            _ => return Err(Fault::Syntax("`,` or `]` was expected")),
        }
    }
}
