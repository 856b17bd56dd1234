//! What a redirect does to a request's headers: the standard's way, and those of engines that go
//! back to what the author asked for.

use http::Method;

use crate::{
    engine::{Departure, Profile},
    header::{
        HeaderList, REQUEST_BODY_HEADER_NAMES, safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME,
    },
    request::{AuthorRequest, Request},
};

/// The ways.
#[derive(Clone, Copy)]
enum Rewriting {
    /// The standard's: what is taken off stays off.
    InPlace,
    /// Each hop begins with the author's headers.
    FromAuthor,
    /// The headers of a body come back in the next hop.
    RestoringBodyHeaders,
}

impl Rewriting {
    const fn of(profile: &Profile) -> Self {
        if profile.departs(Departure::RedirectFromAuthorHeaders) {
            // Departs(redirect-from-author-headers): each hop begins with the author's.
            Self::FromAuthor
        } else if profile.departs(Departure::RedirectRestoresBodyHeaders) {
            // Departs(redirect-restores-body-headers): they are off in one hop.
            Self::RestoringBodyHeaders
        } else {
            Self::InPlace
        }
    }
}

/// What a redirect asks of the headers.
pub(super) struct Hop {
    /// The status of the redirect.
    pub(super) status: u16,
    /// Whether it drops the body and its headers.
    pub(super) drops_body: bool,
    /// Whether it leaves an origin.
    pub(super) leaves_origin: bool,
}

impl Hop {
    /// Changes the headers of a request, of which `request.method` is still that before the
    /// redirect.
    pub(super) fn rewrite_headers(&self, request: &mut Request, profile: &Profile) {
        match Rewriting::of(profile) {
            Rewriting::InPlace => self.strip(&mut request.header_list, self.drops_body),
            Rewriting::FromAuthor => {
                let author = keep_author(request);
                let mut header_list = author.header_list.clone();
                let mut preflight_header_list = author.header_list.clone();
                self.strip(&mut header_list, is_body_dropped(self.status, &author.method));
                self.strip(&mut preflight_header_list, self.drops_body);
                request.header_list = header_list;
                request.preflight_header_list = Some(preflight_header_list);
            }
            Rewriting::RestoringBodyHeaders => {
                let had_authorization = has_authorization(&request.header_list);
                let mut header_list = keep_author(request).header_list.clone();
                if !had_authorization {
                    header_list.delete(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
                }
                self.strip(&mut header_list, self.drops_body);
                request.header_list = header_list;
            }
        }
        // Departs(preflight-for-author-headers): those that the author set.
        if profile.departs(Departure::PreflightForAuthorHeaders)
            && request.preflight_header_list.is_none()
        {
            request.preflight_header_list = Some(keep_author(request).header_list.clone());
        }
    }

    /// Takes off what a redirect takes off.
    fn strip(&self, header_list: &mut HeaderList, drops_body: bool) {
        if drops_body {
            for name in REQUEST_BODY_HEADER_NAMES {
                header_list.delete(name);
            }
        }
        if self.leaves_origin {
            header_list.delete(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
        }
    }
}

/// Whether a redirect turns a request into a GET without body: HTTP-redirect fetch step 12.
pub(super) fn is_body_dropped(status: u16, method: &Method) -> bool {
    (matches!(status, 301 | 302) && *method == Method::POST)
        || (status == 303 && !matches!(*method, Method::GET | Method::HEAD))
}

/// What the author asked for, kept at the first redirect.
fn keep_author(request: &mut Request) -> &AuthorRequest {
    let Request { author, method, header_list, .. } = request;
    author.get_or_insert_with(|| {
        Box::new(AuthorRequest { method: method.clone(), header_list: header_list.clone() })
    })
}

fn has_authorization(header_list: &HeaderList) -> bool {
    header_list.contains(CORS_NON_WILDCARD_REQUEST_HEADER_NAME)
}
