//! Groups the entries that belong together: preflights with their requests, redirects with their
//! targets.

use std::collections::{HashMap, VecDeque};

use browser_cors::{
    http::Method, method::is_forbidden_method, origin::has_http_scheme, status::is_redirect_status,
    url::Url,
};

use super::{archive::Entry, secret};

/// The most entries that wait for others that belong to them.
const WINDOW: usize = 1024;

/// The most bytes that are kept of them.
const WINDOW_BYTES: usize = 16 << 20;

/// The most hops of a request: a browser follows 20 redirects.
const HOPS: usize = 21;

/// A request, with its URL as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) entry: Box<Entry>,
    pub(super) url: Url,
    /// The preflight that was recorded for it.
    pub(super) preflight: Option<Box<Entry>>,
}

impl Hop {
    /// The number of its entries.
    pub(super) fn entries(&self) -> u64 {
        1 + u64::from(self.preflight.is_some())
    }

    /// Takes out what may be secret, once the hop is paired.
    pub(super) fn take_out_secrets(&mut self) {
        self.url = without_secrets(&self.url);
        secret::take_out(&mut self.entry);
        if let Some(preflight) = &mut self.preflight {
            secret::take_out(preflight);
        }
    }
}

/// Entries that are judged together.
#[derive(Debug)]
pub(super) enum Group {
    /// A request and the redirects after it: at least one hop.
    Fetch(Vec<Hop>),
    /// A preflight without its request.
    Preflight(Box<Entry>, Url),
    /// An entry whose URL is not HTTP(S), or that no page asked for.
    Other,
}

/// The entries that wait for others.
#[derive(Default)]
pub(super) struct Pairs {
    slots: VecDeque<Slot>,
    /// The number of slots that were removed from the front.
    gone: u64,
    bytes: usize,
    /// The slots of requests and of preflights, by the URL that is requested.
    requests: Index,
    preflights: Index,
    /// The slots of redirects, by their target.
    redirects: Index,
}

/// A waiting entry; `None` inside if another one has taken it.
enum Slot {
    Request { hop: Box<Hop>, next: Option<u64> },
    Preflight(Box<Entry>, Url),
    Other,
    Taken,
}

impl Pairs {
    /// Adds an entry.
    pub(super) fn push(&mut self, entry: Box<Entry>) {
        self.bytes += entry.size;
        let place = self.gone + self.slots.len() as u64;
        let url = Url::parse(&entry.url).ok().filter(has_http_scheme);
        // No page can make a request such as CONNECT, but proxies record them.
        let is_of_page =
            !entry.is_of_tool && !is_forbidden_method(entry.method.as_str().as_bytes());
        let url = url.filter(|_| is_of_page);
        let Some(url) = url.map(as_sent) else {
            self.bytes -= entry.size;
            self.slots.push_back(Slot::Other);
            return;
        };
        let slot = if is_preflight(&entry) {
            match self.request_before(&entry, &url) {
                Some(hop) => {
                    hop.preflight = Some(entry);
                    Slot::Taken
                }
                None => {
                    self.preflights.insert(&url, place);
                    Slot::Preflight(entry, url)
                }
            }
        } else {
            let preflight = self.preflight_before(&entry, &url);
            self.follow(&entry, &url, place);
            self.requests.insert(&url, place);
            if let Some(target) = target(&entry, &url) {
                self.redirects.insert(&target, place);
            }
            Slot::Request { hop: Box::new(Hop { entry, url, preflight }), next: None }
        };
        self.slots.push_back(slot);
    }

    /// Returns the first group if no later entry can belong to it: the window is full, or
    /// `is_over`.
    pub(super) fn pop(&mut self, is_over: bool) -> Option<Group> {
        while is_over || self.slots.len() > WINDOW || self.bytes > WINDOW_BYTES {
            match self.slots.pop_front()? {
                Slot::Taken => self.gone += 1,
                Slot::Other => {
                    self.gone += 1;
                    return Some(Group::Other);
                }
                Slot::Preflight(entry, url) => {
                    self.preflights.remove(&url, self.gone);
                    self.gone += 1;
                    self.bytes -= entry.size;
                    return Some(Group::Preflight(entry, url));
                }
                Slot::Request { hop, next } => {
                    self.forget(&hop, self.gone);
                    self.gone += 1;
                    let mut hops = vec![*hop];
                    let mut next = next;
                    while let Some(place) = next.take() {
                        let Some(slot) = self.slot(place) else { break };
                        if let Slot::Request { hop, next: after } =
                            std::mem::replace(slot, Slot::Taken)
                        {
                            self.forget(&hop, place);
                            hops.push(*hop);
                            next = after.filter(|_| hops.len() < HOPS);
                        }
                    }
                    return Some(Group::Fetch(hops));
                }
            }
        }
        None
    }

    fn slot(&mut self, place: u64) -> Option<&mut Slot> {
        let index = usize::try_from(place.checked_sub(self.gone)?).ok()?;
        self.slots.get_mut(index)
    }

    /// Removes a request from the indices.
    fn forget(&mut self, hop: &Hop, place: u64) {
        self.bytes -= hop.entry.size + hop.preflight.as_ref().map_or(0, |entry| entry.size);
        self.requests.remove(&hop.url, place);
        if let Some(target) = target(&hop.entry, &hop.url) {
            self.redirects.remove(&target, place);
        }
    }

    /// Finds the request that is waiting for a preflight. Browsers record the request first,
    /// because it starts first and waits.
    fn request_before(&mut self, preflight: &Entry, url: &Url) -> Option<&mut Hop> {
        let mut found = None;
        for place in self.requests.slots(url).rev() {
            if let Some(Slot::Request { hop, .. }) = self.slot(place)
                && hop.preflight.is_none()
                && is_for(preflight, &hop.entry)
                && is_within(preflight, &hop.entry)
            {
                found = Some(place);
                break;
            }
        }
        match self.slot(found?) {
            Some(Slot::Request { hop, .. }) => Some(hop),
            _ => None,
        }
    }

    /// Finds the preflight that was recorded before a request, and takes it out of its slot.
    fn preflight_before(&mut self, request: &Entry, url: &Url) -> Option<Box<Entry>> {
        for place in self.preflights.slots(url).rev() {
            let Some(slot) = self.slot(place) else { continue };
            if matches!(slot, Slot::Preflight(preflight, _) if is_for(preflight, request)) {
                let slot = std::mem::replace(slot, Slot::Taken);
                self.preflights.remove(url, place);
                return match slot {
                    Slot::Preflight(entry, _) => Some(entry),
                    _ => None,
                };
            }
        }
        None
    }

    /// Links a request to the redirect that led to it.
    fn follow(&mut self, request: &Entry, url: &Url, place: u64) {
        for redirect in self.redirects.slots(url).rev() {
            if let Some(Slot::Request { hop, next: next @ None }) = self.slot(redirect)
                && hop.entry.page == request.page
            {
                *next = Some(place);
                return;
            }
        }
    }
}

/// Slots by a URL, in order.
#[derive(Default)]
struct Index(HashMap<String, VecDeque<u64>>);

impl Index {
    fn insert(&mut self, url: &Url, place: u64) {
        self.0.entry(url.as_str().to_owned()).or_default().push_back(place);
    }

    /// The slots for a URL. It is a copy, because the index may change meanwhile.
    fn slots(&self, url: &Url) -> std::collections::vec_deque::IntoIter<u64> {
        self.0.get(url.as_str()).cloned().unwrap_or_default().into_iter()
    }

    fn remove(&mut self, url: &Url, place: u64) {
        if let Some(places) = self.0.get_mut(url.as_str()) {
            places.retain(|other| *other != place);
            if places.is_empty() {
                self.0.remove(url.as_str());
            }
        }
    }
}

/// Whether an entry is a preflight.
fn is_preflight(entry: &Entry) -> bool {
    entry.method == Method::OPTIONS
        && (entry.request_headers.contains("Access-Control-Request-Method")
            || entry.is_named_preflight
            || entry.resource_type.as_deref() == Some("preflight"))
}

/// Whether a preflight asks for what the request does.
fn is_for(preflight: &Entry, request: &Entry) -> bool {
    let asked = preflight.request_headers.get("Access-Control-Request-Method");
    let has_origin = request.request_headers.get("Origin");
    asked.is_none_or(|method| *method == *request.method.as_str().as_bytes())
        && has_origin.is_none_or(|origin| {
            preflight.request_headers.get("Origin").is_none_or(|asking| asking == origin)
        })
}

/// Whether a preflight was sent while an earlier request waited, and is not for a later one.
fn is_within(preflight: &Entry, request: &Entry) -> bool {
    let is_in_time = || Some(preflight.started? <= request.started? + request.time?);
    preflight.is_named_preflight || request.status == 0 || is_in_time().unwrap_or_default()
}

/// The target of an answer, if it is a redirect.
pub(super) fn target(entry: &Entry, url: &Url) -> Option<Url> {
    if !is_redirect_status(entry.status) {
        return None;
    }
    let location = entry.response_headers.values("Location").next()?;
    url.join(&String::from_utf8_lossy(location)).ok().map(as_sent)
}

/// A URL without what may be secret.
pub(super) fn without_secrets(url: &Url) -> Url {
    Url::parse(&secret::of_url(url.as_str())).unwrap_or_else(|_| url.clone())
}

/// A URL as it is sent. Some recordings contain parts that are not sent.
fn as_sent(mut url: Url) -> Url {
    url.set_fragment(None);
    // A URL of HTTP has a host, so it can have these.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

#[cfg(test)]
mod tests {
    use browser_cors::header::HeaderList;

    use super::*;

    fn entry(number: u64, method: &str, path: &str, size: usize) -> Box<Entry> {
        let mut request_headers = HeaderList::new();
        if method == "OPTIONS" {
            request_headers.append("Access-Control-Request-Method", "PUT").unwrap();
        }
        Box::new(Entry {
            number,
            size,
            method: method.parse().unwrap(),
            url: format!("https://api.example/{path}"),
            request_headers,
            ..Entry::default()
        })
    }

    fn redirect(number: u64, from: &str, to: &str, size: usize) -> Box<Entry> {
        let mut entry = entry(number, "GET", from, size);
        entry.status = 302;
        entry.response_headers.append("Location", to).unwrap();
        entry
    }

    /// The numbers of the entries of each group, preflights before their requests.
    fn groups(pairs: &mut Pairs, is_over: bool) -> Vec<Vec<u64>> {
        std::iter::from_fn(|| pairs.pop(is_over))
            .map(|group| match group {
                Group::Other => vec![0],
                Group::Preflight(entry, _) => vec![entry.number],
                Group::Fetch(hops) => {
                    let of_hop = |hop: Hop| {
                        let preflight = hop.preflight.map(|entry| entry.number);
                        preflight.into_iter().chain([hop.entry.number])
                    };
                    hops.into_iter().flat_map(of_hop).collect()
                }
            })
            .collect()
    }

    /// All is empty again when all has gone.
    fn assert_empty(pairs: &Pairs) {
        assert_eq!((pairs.slots.len(), pairs.bytes), (0, 0));
        for index in [&pairs.requests, &pairs.preflights, &pairs.redirects] {
            assert!(index.0.is_empty());
        }
    }

    #[test]
    fn as_many_wait_as_the_window_holds() {
        let mut pairs = Pairs::default();
        for number in 1..=WINDOW as u64 {
            pairs.push(entry(number, "GET", &number.to_string(), 1));
            assert_eq!(groups(&mut pairs, false), Vec::<Vec<u64>>::new());
        }
        for number in 1..=3 {
            pairs.push(entry(WINDOW as u64 + number, "GET", "x", 1));
            assert_eq!(groups(&mut pairs, false), [[number]]);
            assert_eq!((pairs.gone, pairs.bytes), (number, WINDOW));
        }
        assert_eq!(groups(&mut pairs, true).len(), WINDOW);
        assert_empty(&pairs);
    }

    /// What is no request waits for nothing, but keeps its place.
    #[test]
    fn others() {
        let mut pairs = Pairs::default();
        let mut other = entry(1, "GET", "", 100);
        other.url = "data:,x".to_owned();
        pairs.push(other.clone());
        assert_eq!((pairs.slots.len(), pairs.bytes), (1, 0));
        pairs.push(entry(2, "GET", "a", 5));
        other.is_of_tool = true;
        other.url = "https://api.example/b".to_owned();
        pairs.push(other);
        assert_eq!(pairs.bytes, 5);
        assert_eq!(groups(&mut pairs, true), [[0], [2], [0]]);
        assert_empty(&pairs);
    }

    /// The bytes that wait are those of the entries in the window, and have a limit of their own.
    #[test]
    fn as_many_bytes_wait_as_the_window_holds() {
        let mut pairs = Pairs::default();
        pairs.push(entry(1, "GET", "a", WINDOW_BYTES / 2));
        pairs.push(entry(2, "OPTIONS", "b", WINDOW_BYTES / 4));
        pairs.push(entry(3, "GET", "c", WINDOW_BYTES / 4));
        assert_eq!(groups(&mut pairs, false), Vec::<Vec<u64>>::new());
        // One byte more, and the first goes.
        pairs.push(entry(4, "GET", "d", 1));
        assert_eq!(groups(&mut pairs, false), [[1]]);
        assert_eq!(pairs.bytes, WINDOW_BYTES / 2 + 1);
        // Far more, and all but the last go.
        pairs.push(entry(5, "GET", "e", WINDOW_BYTES));
        assert_eq!(groups(&mut pairs, false), [[2], [3], [4]]);
        assert_eq!(pairs.bytes, WINDOW_BYTES);
        assert_eq!(groups(&mut pairs, true), [[5]]);
        assert_empty(&pairs);
    }

    /// A group that is taken from the middle takes its bytes along.
    #[test]
    fn groups_of_several() {
        let mut pairs = Pairs::default();
        // A preflight before its request, with others between.
        pairs.push(entry(1, "OPTIONS", "a", 1 << 10));
        pairs.push(entry(2, "GET", "b", 1));
        pairs.push(entry(3, "PUT", "a", 1 << 5));
        // Two redirects, also with others between.
        pairs.push(redirect(4, "c", "/d", 1 << 6));
        pairs.push(entry(5, "GET", "d2", 1 << 1));
        pairs.push(redirect(6, "d", "https://api.example/e#x", 1 << 7));
        pairs.push(entry(7, "GET", "e", 1 << 8));
        // The same URL again belongs to nothing.
        pairs.push(entry(8, "GET", "e", 1 << 2));
        pairs.push(entry(9, "PUT", "a", 1 << 3));
        assert_eq!(pairs.bytes, 0b101_1110_1111);
        let mut found = Vec::new();
        while let Some(group) = pairs.pop(true) {
            let numbers = match group {
                Group::Fetch(hops) => {
                    let number = hops.last().map(|hop| hop.entry.number);
                    (hops.len(), number, pairs.bytes)
                }
                other => panic!("{other:?}"),
            };
            found.push(numbers);
        }
        assert_eq!(
            found,
            [
                (1, Some(2), 0b101_1110_1110),
                (1, Some(3), 0b001_1100_1110),
                (3, Some(7), 0b000_0000_1110),
                (1, Some(5), 0b000_0000_1100),
                (1, Some(8), 0b000_0000_1000),
                (1, Some(9), 0),
            ]
        );
        assert_empty(&pairs);
    }

    /// A preflight that browsers record behind its request.
    #[test]
    fn preflights_behind() {
        let mut pairs = Pairs::default();
        let mut request = entry(1, "PUT", "a", 1);
        (request.started, request.time, request.status) = (Some(1000.0), Some(20.0), 200);
        let preflight = |number, started| {
            let mut preflight = entry(number, "OPTIONS", "a", 2);
            preflight.started = Some(started);
            preflight
        };
        pairs.push(request.clone());
        // It begins after the request is over, by a millisecond.
        pairs.push(preflight(2, 1021.0));
        pairs.push(preflight(3, 1020.0));
        // The request has one already.
        pairs.push(preflight(4, 1020.0));
        assert_eq!(pairs.bytes, 7);
        assert_eq!(groups(&mut pairs, true), [vec![3, 1], vec![2], vec![4]]);
        assert_empty(&pairs);
        // It is for another method, or by another page.
        request.method = Method::DELETE;
        pairs.push(request.clone());
        pairs.push(preflight(5, 1010.0));
        assert_eq!(groups(&mut pairs, true), [[1], [5]]);
        request.method = Method::PUT;
        request.request_headers.append("Origin", "https://a.example").unwrap();
        let mut other = preflight(6, 1010.0);
        other.request_headers.append("Origin", "https://b.example").unwrap();
        pairs.push(request);
        pairs.push(other);
        assert_eq!(groups(&mut pairs, true), [[1], [6]]);
        assert_empty(&pairs);
    }

    /// A browser follows 20 redirects, so that a longer chain is cut.
    #[test]
    fn chains() {
        let mut pairs = Pairs::default();
        for number in 1..=50 {
            let (from, to) = (number.to_string(), format!("/{}", number + 1));
            pairs.push(redirect(number, &from, &to, 1));
        }
        let lengths: Vec<_> = groups(&mut pairs, true).iter().map(Vec::len).collect();
        assert_eq!(lengths, [21, 21, 8]);
        assert_empty(&pairs);
        // A redirect of another page leads nowhere.
        let mut first = redirect(1, "a", "/b", 1);
        first.page = Some("page_1".to_owned());
        pairs.push(first);
        pairs.push(entry(2, "GET", "b", 1));
        assert_eq!(groups(&mut pairs, true), [[1], [2]]);
        assert_empty(&pairs);
    }
}
