//! Names of headers, as many as a server or a page makes of them.

use std::{
    borrow::Cow,
    hash::{BuildHasher, Hasher, RandomState},
};

use hashbrown::HashTable;

use super::ReadHeaders;

/// From this number on, names are found by their hashes.
pub(crate) const INDEXED_FROM: usize = 32;

/// Positions in a list of names, each with the hash of its name in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameIndex {
    hasher: RandomState,
    positions: HashTable<(u64, usize)>,
}

impl NameIndex {
    /// The position of `name`, given a way to read the name at a position.
    pub(crate) fn find<'a>(&self, name: &[u8], at: impl Fn(usize) -> &'a [u8]) -> Option<usize> {
        self.find_hash(self.hash(name), name, at)
    }

    /// The position of `name`. If there is none yet, this is `position` from now on.
    pub(crate) fn find_or_add<'a>(
        &mut self,
        name: &[u8],
        position: usize,
        at: impl Fn(usize) -> &'a [u8],
    ) -> Option<usize> {
        let hash = self.hash(name);
        let found = self.find_hash(hash, name, at);
        if found.is_none() {
            self.positions.insert_unique(hash, (hash, position), |(hash, _)| *hash);
        }
        found
    }

    fn find_hash<'a>(
        &self,
        hash: u64,
        name: &[u8],
        at: impl Fn(usize) -> &'a [u8],
    ) -> Option<usize> {
        let is_named = |(_, position): &(u64, usize)| at(*position).eq_ignore_ascii_case(name);
        self.positions.find(hash, is_named).map(|(_, position)| *position)
    }

    fn hash(&self, name: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        name.iter().for_each(|byte| hasher.write_u8(byte.to_ascii_lowercase()));
        hasher.finish()
    }
}

/// A set of names, which is asked for a name of any case in a time that does not grow with the set.
#[derive(Clone, Debug)]
pub(crate) struct NameSet<N> {
    names: Vec<N>,
    index: Option<Box<NameIndex>>,
}

impl<N: AsRef<str>> NameSet<N> {
    pub(crate) fn new(names: impl IntoIterator<Item = N>) -> Self {
        let names: Vec<N> = names.into_iter().collect();
        let index = (names.len() >= INDEXED_FROM).then(|| {
            let mut index = Box::<NameIndex>::default();
            for (position, name) in names.iter().enumerate() {
                index.find_or_add(name.as_ref().as_bytes(), position, |at| {
                    names[at].as_ref().as_bytes()
                });
            }
            index
        });
        Self { names, index }
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        match &self.index {
            Some(index) => index.find(name, |at| self.names[at].as_ref().as_bytes()).is_some(),
            None => {
                self.names.iter().any(|other| other.as_ref().as_bytes().eq_ignore_ascii_case(name))
            }
        }
    }
}

impl NameSet<&str> {
    pub(crate) fn into_owned(self) -> NameSet<Box<str>> {
        NameSet { names: self.names.into_iter().map(Box::from).collect(), index: self.index }
    }
}

/// Sets are equal if they have the same names, as they were written, in the same order.
impl<N: PartialEq> PartialEq for NameSet<N> {
    fn eq(&self, other: &Self) -> bool {
        self.names == other.names
    }
}

impl<N: Eq> Eq for NameSet<N> {}

/// For each line, the index of the first line of its name.
pub(crate) fn firsts(headers: &(impl ReadHeaders + ?Sized)) -> Vec<usize> {
    let names: Vec<&[u8]> = headers.lines().map(|(name, _)| name).collect();
    let mut index = NameIndex::default();
    let first = |(line, name): (usize, &&[u8])| {
        index.find_or_add(name, line, |at| names[at]).unwrap_or(line)
    };
    names.iter().enumerate().map(first).collect()
}

/// Whether any name has several lines. This does not allocate for a list of usual length.
pub(crate) fn has_repeated(headers: &(impl ReadHeaders + ?Sized)) -> bool {
    if headers.lines().nth(INDEXED_FROM).is_some() {
        return firsts(headers).iter().enumerate().any(|(line, first)| line != *first);
    }
    headers.lines().enumerate().any(|(line, (name, _))| {
        headers.lines().take(line).any(|(earlier, _)| earlier.eq_ignore_ascii_case(name))
    })
}

/// Names with their combined values, in the order of their first lines.
pub(crate) type Combined<'a> = Vec<(&'a [u8], Cow<'a, [u8]>)>;

/// Combines the lines of each name.
pub(crate) fn combined<H: ReadHeaders + ?Sized>(headers: &H) -> Combined<'_> {
    let mut list = Combined::new();
    let mut places: Vec<usize> = Vec::new();
    for ((name, value), first) in headers.lines().zip(firsts(headers)) {
        match places.get(first) {
            None => {
                places.push(list.len());
                list.push((name, Cow::Borrowed(value)));
            }
            Some(&place) => {
                places.push(place);
                let joined = list[place].1.to_mut();
                joined.extend_from_slice(b", ");
                joined.extend_from_slice(value);
            }
        }
    }
    list
}
