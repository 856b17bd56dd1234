//! What the entries of one URL grant: by the standard's rules, and by those of engines whose caches
//! are of another kind.

use http::Method;

use super::{
    Draft, Grant, Timestamp,
    record::{Entry, Kind, set_max_age},
};
use crate::{
    engine::{Departure, Departures, Profile},
    header::safelist::is_cors_non_wildcard_request_header_name,
};

/// What a cache keeps of the answers to preflights.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Keeping {
    /// The standard's: an entry for each method and header name, from whichever answers.
    Entries,
    /// The last answer as a whole.
    Result,
    /// Names, for requests with credentials and without apart.
    Tokens,
}

/// How entries are stored and how they serve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    keeping: Keeping,
    departures: Departures,
}

impl Rules {
    pub(super) const fn of(profile: &Profile) -> Self {
        let keeping = if profile.departs(Departure::CacheOneResult) {
            // Departs(cache-one-result): the last answer as a whole.
            Keeping::Result
        } else if profile.departs(Departure::CacheTokens) {
            // Departs(cache-tokens): names, by credentials.
            Keeping::Tokens
        } else {
            Keeping::Entries
        };
        Self { keeping, departures: profile.departures() }
    }

    /// Stores what an answer grants.
    pub(super) fn store<'a>(
        &self,
        draft: &mut Draft,
        grants: impl Iterator<Item = Grant<'a>>,
        credentials: bool,
        max_age: u64,
        now: Timestamp,
    ) {
        match self.keeping {
            Keeping::Entries => {
                for grant in grants {
                    let (kind, name) = grant.parts();
                    // CORS-preflight fetch steps 7.12 and 7.14.
                    let is_found = |entry: &Entry<'_>| {
                        self.is_match(entry, kind, name, credentials)
                            && self.serves(entry, credentials, now)
                    };
                    let has_match = set_max_age(&mut draft.entries, is_found, max_age);
                    // CORS-preflight fetch steps 7.13 and 7.15.
                    if !has_match {
                        draft.insert(&Entry::new(kind, name, credentials, now, max_age), now);
                    }
                }
            }
            Keeping::Result => {
                *draft = Draft::default();
                // Ours: an answer may grant nothing by name, and still be one.
                draft.insert(&Entry::new(Kind::Method, "", credentials, now, max_age), now);
                for (kind, name) in grants.map(Grant::parts) {
                    draft.insert(&Entry::new(kind, name, credentials, now, max_age), now);
                }
            }
            Keeping::Tokens if max_age == 0 => {}
            Keeping::Tokens => {
                for (kind, name) in grants.map(Grant::parts) {
                    draft.insert(&Entry::new(kind, name, credentials, now, max_age), now);
                }
            }
        }
    }

    /// Whether an entry grants a method or header name, by its own name or by `*`.
    pub(super) fn is_match(
        &self,
        entry: &Entry<'_>,
        kind: Kind,
        name: &str,
        includes_credentials: bool,
    ) -> bool {
        entry.is_named(kind, name)
            || (entry.is_named(kind, "*")
                && (kind == Kind::Method || self.wildcard_covers(name))
                && self.wildcard_serves(entry, includes_credentials))
    }

    /// Whether an entry is there for a request at `now`.
    pub(super) fn serves(
        &self,
        entry: &Entry<'_>,
        includes_credentials: bool,
        now: Timestamp,
    ) -> bool {
        entry.is_live(now)
            && match self.keeping {
                Keeping::Entries | Keeping::Result => entry.credentials || !includes_credentials,
                Keeping::Tokens => entry.credentials == includes_credentials,
            }
    }

    /// Whether an answer serves CORS-safelisted methods that it does not list.
    pub(super) const fn safelists_methods(&self) -> bool {
        !matches!(self.keeping, Keeping::Entries)
    }

    /// Whether answers serve requests of this method only if they list it.
    pub(super) fn must_list(&self, method: &Method) -> bool {
        self.keeping == Keeping::Tokens && !matches!(*method, Method::GET | Method::POST)
    }

    fn wildcard_covers(&self, header_name: &str) -> bool {
        // Departs(authorization-under-wildcard): `*` covers it here too.
        // Departs(cache-authorization-by-name): not here.
        !is_cors_non_wildcard_request_header_name(header_name)
            || (self.departures.contains(Departure::AuthorizationUnderWildcard)
                && !self.departures.contains(Departure::CacheAuthorizationByName))
    }

    fn wildcard_serves(&self, entry: &Entry<'_>, includes_credentials: bool) -> bool {
        // Departs(cache-wildcard-of-result): what was granted with credentials serves nobody.
        // Departs(cache-wildcard-of-request): no request with credentials.
        self.keeping != Keeping::Tokens
            && !(entry.credentials && self.departures.contains(Departure::CacheWildcardOfResult))
            && !(includes_credentials
                && self.departures.contains(Departure::CacheWildcardOfRequest))
    }
}
