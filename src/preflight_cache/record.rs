//! The record that the cache stores under one key. It is a single run of bytes, which a look-up
//! reads from beginning to end. With pointers to the key, the entries and their names, the look-up
//! would wait for memory at each pointer.

use std::{fmt, time::Duration};

use super::{Key, Timestamp};

/// All entries for one network partition key, origin and URL: first a head, then the parts of the
/// key, then the entries.
#[derive(Clone)]
pub(super) struct Record(Box<[u8]>);

/// The length of the head: the hash of the key, the sequence number, and the length of each part of
/// the key. The length of the partition key is stored plus one; 0 means that there is none.
const HEAD: usize = 8 + 8 + 4 + 4 + 4;

impl Record {
    pub(super) fn new(key: &Key<'_>, hash: u64, sequence: u64, entries: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(HEAD + key.len() + entries.len());
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(&sequence.to_le_bytes());
        for length in key.lengths() {
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        for part in [key.partition.unwrap_or_default(), key.origin, key.url] {
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(entries);
        Self(bytes.into())
    }

    /// The hash of the key.
    pub(super) fn hash(&self) -> u64 {
        self.head().0
    }

    /// The sequence number, by which the queue finds the record.
    pub(super) fn sequence(&self) -> u64 {
        self.head().1
    }

    pub(super) fn set_sequence(&mut self, sequence: u64) {
        self.0[8..16].copy_from_slice(&sequence.to_le_bytes());
    }

    pub(super) fn key(&self) -> Key<'_> {
        let (_, _, [partition, origin, url]) = self.head();
        let (first, rest) = self.0[HEAD..].split_at(partition.saturating_sub(1) as usize);
        let (second, rest) = rest.split_at(origin as usize);
        Key {
            partition: (partition > 0).then(|| text(first)),
            origin: text(second),
            url: text(&rest[..url as usize]),
        }
    }

    /// Whether this is the record of `key`. The offsets come from `key`, not from the record, so
    /// the comparisons do not wait for each other's loads.
    pub(super) fn has_key(&self, key: &Key<'_>) -> bool {
        let Some(parts) = self.0.get(HEAD..HEAD + key.len()) else { return false };
        let (partition, rest) = parts.split_at(key.partition.map_or(0, str::len));
        let (origin, url) = rest.split_at(key.origin.len());
        self.head().2 == key.lengths()
            && url == key.url.as_bytes()
            && origin == key.origin.as_bytes()
            && partition == key.partition.unwrap_or_default().as_bytes()
    }

    /// The entries of this record, whose key is `key`.
    pub(super) fn entries(&self, key: &Key<'_>) -> Entries<'_> {
        Entries(&self.0[HEAD + key.len()..])
    }

    /// The number of entries.
    pub(super) fn len(&self) -> usize {
        self.entries(&self.key()).count()
    }

    /// What the record uses of the capacity: its bytes, and its places in the table and in the
    /// queue.
    pub(super) const fn cost(&self) -> usize {
        self.0.len() + size_of::<Self>() + size_of::<(u64, u64)>() + 2
    }

    fn head(&self) -> (u64, u64, [u32; 3]) {
        let (hash, rest) = self.0.split_first_chunk().expect("a record has a head");
        let (sequence, rest) = rest.split_first_chunk().expect("a record has a head");
        let mut lengths = rest.chunks_exact(4).map(|length| {
            u32::from_le_bytes(length.try_into().expect("the chunks have four bytes"))
        });
        let lengths = [(); 3].map(|()| lengths.next().expect("a head has three lengths"));
        (u64::from_le_bytes(*hash), u64::from_le_bytes(*sequence), lengths)
    }
}

impl Key<'_> {
    /// The total length of the parts, in bytes.
    fn len(&self) -> usize {
        self.partition.map_or(0, str::len) + self.origin.len() + self.url.len()
    }

    /// The lengths in the form that the head of a record has.
    fn lengths(&self) -> [u32; 3] {
        let length = |length| u32::try_from(length).expect("a URL is shorter than 4 GiB");
        let partition = self.partition.map_or(0, |partition| partition.len() + 1);
        [length(partition), length(self.origin.len()), length(self.url.len())]
    }
}

/// Entries, one after the other, in no particular order.
#[derive(Clone, Copy, Default)]
pub(super) struct Entries<'a>(&'a [u8]);

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) kind: Kind,
    /// A method, or a header name in lower case.
    name: &'a [u8],
    pub(super) credentials: bool,
    pub(super) stored: Timestamp,
    pub(super) max_age: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Method,
    HeaderName,
}

/// The part of an entry before its name: the length of the name, the flags, the time and the
/// max-age.
type EntryHead = [u8; 4 + 1 + 8 + 4 + 8];

const IS_HEADER_NAME: u8 = 1;
const HAS_CREDENTIALS: u8 = 2;

impl<'a> Entries<'a> {
    /// The entries that [`append_to`](Entry::append_to) wrote.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes of the entries.
    pub(super) const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

/// Sets the max-age of the entries for which `pick` returns `true`, and returns whether there are
/// any.
pub(super) fn set_max_age(
    entries: &mut [u8],
    pick: impl Fn(&Entry<'_>) -> bool,
    max_age: u64,
) -> bool {
    let (mut start, mut has_any) = (0, false);
    while let Some(entry) = Entries(&entries[start..]).next() {
        let name = start + size_of::<EntryHead>();
        let end = name + entry.name.len();
        if pick(&entry) {
            entries[name - size_of_val(&max_age)..name].copy_from_slice(&max_age.to_le_bytes());
            has_any = true;
        }
        start = end;
    }
    has_any
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let (head, rest) = self.0.split_first_chunk::<{ size_of::<EntryHead>() }>()?;
        let (length, head) = head.split_first_chunk()?;
        let (flags, head) = head.split_first()?;
        let (seconds, head) = head.split_first_chunk()?;
        let (nanoseconds, max_age) = head.split_first_chunk()?;
        let (name, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        self.0 = rest;
        Some(Entry {
            kind: if flags & IS_HEADER_NAME == 0 { Kind::Method } else { Kind::HeaderName },
            name,
            credentials: flags & HAS_CREDENTIALS != 0,
            stored: Timestamp(Duration::new(
                u64::from_le_bytes(*seconds),
                u32::from_le_bytes(*nanoseconds),
            )),
            max_age: u64::from_le_bytes(*max_age.first_chunk()?),
        })
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

impl<'a> Entry<'a> {
    pub(super) const fn new(
        kind: Kind,
        name: &'a str,
        credentials: bool,
        stored: Timestamp,
        max_age: u64,
    ) -> Self {
        Self { kind, name: name.as_bytes(), credentials, stored, max_age }
    }

    pub(super) fn name(&self) -> &'a str {
        text(self.name)
    }

    /// Whether the entry has exactly this method, or this header name in any case.
    pub(super) fn is_named(&self, kind: Kind, name: &str) -> bool {
        self.kind == kind
            && match kind {
                Kind::Method => self.name == name.as_bytes(),
                Kind::HeaderName => self.name.eq_ignore_ascii_case(name.as_bytes()),
            }
    }

    /// Whether the entry differs from `other` at most in its time and max-age.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        self.credentials == other.credentials && self.is_named(other.kind, other.name())
    }

    /// Appends the entry to the entries of a record. Header names become lower-case.
    pub(super) fn append_to(&self, entries: &mut Vec<u8>) {
        let length = u32::try_from(self.name.len()).expect("a name is shorter than 4 GiB");
        let is_header_name = if self.kind == Kind::HeaderName { IS_HEADER_NAME } else { 0 };
        let has_credentials = if self.credentials { HAS_CREDENTIALS } else { 0 };
        entries.reserve(size_of::<EntryHead>() + self.name.len());
        entries.extend_from_slice(&length.to_le_bytes());
        entries.push(is_header_name | has_credentials);
        entries.extend_from_slice(&self.stored.0.as_secs().to_le_bytes());
        entries.extend_from_slice(&self.stored.0.subsec_nanos().to_le_bytes());
        entries.extend_from_slice(&self.max_age.to_le_bytes());
        let start = entries.len();
        entries.extend_from_slice(self.name);
        if self.kind == Kind::HeaderName {
            entries[start..].make_ascii_lowercase();
        }
    }

    /// Whether the max-age has not passed at `now`. At the end of time, it has.
    pub(super) fn is_live(&self, now: Timestamp) -> bool {
        now.0 < Duration::MAX
            && now.0.saturating_sub(self.stored.0) < Duration::from_secs(self.max_age)
    }
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("text was stored")
}
