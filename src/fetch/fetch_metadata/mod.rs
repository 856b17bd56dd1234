//! [Fetch Metadata](https://w3c.github.io/webappsec-fetch-metadata/): tells a server where a request
//! comes from and what it is for. CORS never looks at it, but servers do.

pub(crate) mod engines;

use super::UserAgent;
use crate::{
    header::HeaderList,
    origin::{Origin, RegistrableDomain},
    referrer::is_potentially_trustworthy,
    request::{Destination, Request},
};

/// What a header list is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Request,
    Preflight,
}

/// [Appends the Fetch Metadata headers] for a request, or for its preflight. `Sec-Fetch-User` belongs
/// to navigations.
///
/// [Appends the Fetch Metadata headers]: https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
pub(super) fn append(list: &mut HeaderList, request: &Request, kind: Kind, user_agent: &UserAgent) {
    let choices = &user_agent.profile.choices;
    let mode = match kind {
        Kind::Request => request.mode.as_str(),
        Kind::Preflight => "cors",
    };
    // Departs(PreflightWithoutTls)
    if !is_potentially_trustworthy(request.current_url()) {
        if kind == Kind::Preflight && choices.preflight_without_tls.has_mode() {
            list.append_valid(b"Sec-Fetch-Mode", mode.as_bytes());
        }
        return;
    }
    if kind == Kind::Preflight && choices.preflight_without_tls.is_silent(request) {
        return;
    }
    // Departs(MetadataInRedirect)
    if choices.metadata_in_redirect.is_dropped(request, kind) {
        return;
    }
    let destination = match request.destination {
        Destination::Empty => "empty",
        destination => destination.as_str(),
    };
    list.append_valid(b"Sec-Fetch-Dest", destination.as_bytes());
    list.append_valid(b"Sec-Fetch-Mode", mode.as_bytes());
    // Departs(PreflightSite)
    let urls = match kind {
        Kind::Request => Some(request.url_list()),
        Kind::Preflight => choices.preflight_site.urls(request),
    };
    let site = match urls {
        Some(urls) => site(&request.origin, urls.iter().map(Origin::from), &*user_agent.sites),
        None => "cross-site",
    };
    list.append_valid(b"Sec-Fetch-Site", site.as_bytes());
}

/// [Where the request comes from], as the servers of its URLs see it.
///
/// [Where the request comes from]: https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
fn site(
    origin: &Origin,
    origins: impl Iterator<Item = Origin>,
    sites: &dyn RegistrableDomain,
) -> &'static str {
    let mut site = "same-origin";
    for other in origins {
        if *origin == other {
            continue;
        }
        if !origin.is_same_site(&other, sites) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}
