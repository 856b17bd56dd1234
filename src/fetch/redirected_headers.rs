//! What a redirect does to a request's headers: the standard's way, and those of engines that go
//! back to what the author asked for.

use http::Method;

use crate::{
    engine::{Departure, Profile},
    header::{
        HeaderList, REQUEST_BODY_HEADER_NAMES, safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME,
    },
    request::{AuthorRequest, InitiatorType, Mode, Request},
};

/// The ways.
#[derive(Clone, Copy)]
enum Rewriting {
    /// The standard's: what is taken off stays off.
    InPlace,
    /// Each hop begins with the author's headers; those of a body are off where this status would
    /// turn the author's method into GET.
    FromAuthor,
    /// Those of a body come back in the next hop.
    RestoringBodyHeaders,
}

impl Rewriting {
    fn of(profile: &Profile, request: &Request, hop: &Hop) -> Self {
        if profile.departs(Departure::RedirectFromAuthorHeaders)
            && request.initiator_type == Some(InitiatorType::Fetch)
        {
            // Departs(redirect-from-author-headers): those of fetch().
            Self::FromAuthor
        } else if profile.departs(Departure::RedirectRestoresBodyHeaders) {
            // Departs(redirect-restores-body-headers): with CORS in the next hop; otherwise in the
            // next that would leave the author's method alone.
            if request.mode == Mode::Cors && hop.is_cross_origin {
                Self::RestoringBodyHeaders
            } else {
                Self::FromAuthor
            }
        } else {
            Self::InPlace
        }
    }
}

/// A redirect, as far as headers depend on it.
pub(super) struct Hop {
    /// Its status.
    pub(super) status: u16,
    /// Whether it drops the body.
    pub(super) drops_body: bool,
    /// Whether it leaves an origin.
    pub(super) leaves_origin: bool,
    /// Whether it, or one before it, led away from the page's origin.
    pub(super) is_cross_origin: bool,
}

impl Hop {
    /// Changes the headers of a request.
    pub(super) fn rewrite_headers(&self, request: &mut Request, profile: &Profile) {
        let rewriting = Rewriting::of(profile, request, self);
        let (drops_body, leaves_origin) = (self.drops_body, self.leaves_origin);
        // Departs(preflight-for-author-headers): those that the author set.
        // Departs(preflight-for-stripped-headers): the same, but for what this hop takes off.
        let is_stripped = profile.departs(Departure::PreflightForStrippedHeaders);
        if is_stripped || profile.departs(Departure::PreflightForAuthorHeaders) {
            let mut header_list = keep_author(request).header_list.clone();
            strip(&mut header_list, is_stripped && drops_body, is_stripped && leaves_origin);
            request.departed.preflight_header_list = Some(Box::new(header_list));
        }
        match rewriting {
            Rewriting::InPlace => strip(&mut request.header_list, drops_body, leaves_origin),
            Rewriting::FromAuthor => {
                let author = keep_author(request);
                let mut header_list = author.header_list.clone();
                let drops_body = is_body_dropped(self.status, &author.method);
                strip(&mut header_list, drops_body, leaves_origin);
                request.header_list = header_list;
            }
            Rewriting::RestoringBodyHeaders => {
                let has_authorization =
                    request.header_list.contains(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
                let mut header_list = keep_author(request).header_list.clone();
                strip(&mut header_list, drops_body, leaves_origin || !has_authorization);
                request.header_list = header_list;
            }
        }
    }
}

/// Whether a redirect of this status turns a request of this method into a GET without body:
/// [HTTP-redirect fetch] step 12.
///
/// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
pub(super) fn is_body_dropped(status: u16, method: &Method) -> bool {
    (matches!(status, 301 | 302) && *method == Method::POST)
        || (status == 303 && !matches!(*method, Method::GET | Method::HEAD))
}

/// Takes the headers of the body off, and `Authorization`.
fn strip(header_list: &mut HeaderList, body: bool, authorization: bool) {
    if body {
        for name in REQUEST_BODY_HEADER_NAMES {
            header_list.delete(name);
        }
    }
    if authorization {
        header_list.delete(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
    }
}

/// What the author asked for, kept at the first redirect.
pub(super) fn keep_author(request: &mut Request) -> &AuthorRequest {
    let Request { departed, method, header_list, .. } = request;
    departed.author.get_or_insert_with(|| {
        Box::new(AuthorRequest { method: method.clone(), header_list: header_list.clone() })
    })
}
