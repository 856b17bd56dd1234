//! Sets of header names as long as a server or a page makes them.

use std::{borrow::Cow, cmp::Ordering};

use super::ReadHeaders;

/// A set of names, which is asked for a name of any case in a time that hardly grows with the set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NameSet<N>(Box<[N]>);

impl<N: AsRef<str>> NameSet<N> {
    pub(crate) fn new(names: impl IntoIterator<Item = N>) -> Self {
        let mut names: Vec<N> = names.into_iter().collect();
        names.sort_unstable_by(|a, b| compare(a.as_ref().as_bytes(), b.as_ref().as_bytes()));
        Self(names.into())
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        self.0.binary_search_by(|other| compare(other.as_ref().as_bytes(), name)).is_ok()
    }
}

impl NameSet<&str> {
    pub(crate) fn into_owned(self) -> NameSet<Box<str>> {
        NameSet(self.0.into_iter().map(Box::from).collect())
    }
}

/// An order in which names that differ only in case are equal. Shorter names come first, as most
/// comparisons then end at the length.
fn compare(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| {
        a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
    })
}

/// For each line, the index of the first line of its name.
pub(crate) fn firsts(headers: &(impl ReadHeaders + ?Sized)) -> Vec<usize> {
    let names: Vec<&[u8]> = headers.lines().map(|(name, _)| name).collect();
    let mut firsts: Vec<usize> = (0..names.len()).collect();
    let mut order = firsts.clone();
    // The sort is stable, so the first line of a name stays its first.
    order.sort_by(|a, b| compare(names[*a], names[*b]));
    for same_name in order.chunk_by(|a, b| compare(names[*a], names[*b]).is_eq()) {
        same_name.iter().for_each(|index| firsts[*index] = same_name[0]);
    }
    firsts
}

/// Whether any name has several lines. This does not allocate for a list of usual length.
pub(crate) fn has_repeated(headers: &(impl ReadHeaders + ?Sized)) -> bool {
    const USUAL: usize = 32;
    if headers.lines().nth(USUAL).is_some() {
        return firsts(headers).iter().enumerate().any(|(index, first)| index != *first);
    }
    headers.lines().enumerate().any(|(index, (name, _))| {
        headers.lines().take(index).any(|(earlier, _)| earlier.eq_ignore_ascii_case(name))
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
