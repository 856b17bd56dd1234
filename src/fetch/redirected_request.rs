//! What a redirect makes of a request: the standard's way, and those of engines that go back to what
//! the author asked for.

use http::Method;
use url::Url;

use crate::{
    engine::{Departure, Profile},
    header::{
        HeaderList, REQUEST_BODY_HEADER_NAMES, safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME,
    },
    origin::are_same_origin,
    origin_header::request_origin_header,
    request::{AuthorRequest, CredentialsMode, Mode, Request, ResponseTainting},
    response::Response,
};

/// The ways.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Rewriting {
    /// The standard's: what is taken off stays off.
    InPlace,
    /// Each hop begins with the author's headers. Those of a body are off where this status would
    /// turn the author's method into GET, and `Authorization` where this hop leaves an origin.
    FromAuthor,
    /// With CORS, each hop begins with the author's headers, without an `Authorization` that is
    /// gone. Without, a status that leaves the method alone brings the `Content-Type` back.
    FromAuthorWithCors,
}

impl Rewriting {
    const fn of(profile: &Profile) -> Self {
        if profile.departs(Departure::RedirectFromAuthorHeaders) {
            Self::FromAuthor
        } else if profile.departs(Departure::RedirectRestoresBodyHeaders) {
            Self::FromAuthorWithCors
        } else {
            Self::InPlace
        }
    }
}

/// A redirect, as far as the next request depends on it.
pub(super) struct Hop {
    /// Its status.
    status: u16,
    /// Whether it makes a `GET` without body of the request.
    drops_body: bool,
    /// Whether it leaves an origin.
    leaves_origin: bool,
    /// Whether it leaves the page's origin for the first time.
    leaves_page: bool,
    /// Whether it leads to the page's origin.
    leads_home: bool,
}

impl Hop {
    /// The redirect of `request` to `location`.
    pub(super) fn of(request: &Request, response: &Response, location: &Url) -> Self {
        let leads_home = request.origin.is_same_origin_with_url(location);
        Self {
            status: response.status,
            drops_body: is_body_dropped(response.status, &request.method),
            leaves_origin: !are_same_origin(request.current_url(), location),
            leaves_page: request.response_tainting == ResponseTainting::Basic && !leads_home,
            leads_home,
        }
    }

    /// Makes the request into the next one: [HTTP-redirect fetch] steps 12 and 13.
    ///
    /// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    pub(super) fn rewrite(&self, request: &mut Request, profile: &Profile) {
        self.keep(request, profile);
        // Step 12. The headers of the body go with the others.
        if self.drops_body {
            request.method = Method::GET;
            request.body = None;
        }
        // Departs(redirect-of-delete-to-get): with the headers of its body.
        if self.leaves_origin
            && request.method == Method::DELETE
            && profile.departs(Departure::RedirectOfDeleteToGet)
        {
            request.method = Method::GET;
            request.body = None;
        }
        // Step 13.
        match Rewriting::of(profile) {
            Rewriting::InPlace => {
                strip(&mut request.header_list, self.drops_body, self.leaves_origin);
            }
            // Departs(redirect-from-author-headers)
            Rewriting::FromAuthor => self.rewrite_from_author(request),
            // Departs(redirect-restores-body-headers)
            Rewriting::FromAuthorWithCors => self.rewrite_from_author_with_cors(request),
        }
        // Departs(redirect-drops-client-hints): to another origin than the page's.
        if profile.departs(Departure::RedirectDropsClientHints) && !self.leads_home {
            for name in DROPPED_CLIENT_HINTS {
                request.header_list.delete(name);
            }
        }
    }

    /// Keeps what engines that depart look at later, of the request as it still is.
    fn keep(&self, request: &mut Request, profile: &Profile) {
        // Departs(origin-kept-in-redirect): within an origin.
        request.departed.keeps_origin = profile.departs(Departure::OriginKeptInRedirect)
            && !self.leaves_origin
            && request_origin_header(request, profile).is_some();
        // Departs(preflight-decided-by-author): those that decide.
        if profile.departs(Departure::PreflightDecidedByAuthor)
            || Rewriting::of(profile) != Rewriting::InPlace
        {
            keep_author(request);
        }
        // Departs(preflight-for-author-headers): those that the author set.
        // Departs(preflight-for-stripped-headers): the same, but for what this hop takes off.
        let is_stripped = profile.departs(Departure::PreflightForStrippedHeaders);
        if is_stripped || profile.departs(Departure::PreflightForAuthorHeaders) {
            let mut header_list = keep_author(request).header_list.clone();
            if is_stripped {
                strip(&mut header_list, self.drops_body, self.leaves_origin);
            }
            request.departed.preflight_header_list = Some(Box::new(header_list));
        }
    }

    fn rewrite_from_author(&self, request: &mut Request) {
        let had_content_type = request.header_list.contains("Content-Type");
        let author = keep_author(request);
        let mut header_list = author.header_list.clone();
        let drops_body = is_body_dropped(self.status, &author.method);
        strip(&mut header_list, drops_body, self.leaves_origin);
        if request.departed.has_content_type_of_body && !had_content_type {
            header_list.delete("Content-Type");
        }
        request.header_list = header_list;
    }

    fn rewrite_from_author_with_cors(&self, request: &mut Request) {
        let is_elsewhere = self.leaves_page || request.response_tainting != ResponseTainting::Basic;
        if request.mode == Mode::Cors && is_elsewhere {
            let is_gone = !request.header_list.contains(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
            let mut header_list = keep_author(request).header_list.clone();
            strip(&mut header_list, self.drops_body, self.leaves_origin || is_gone);
            request.header_list = header_list;
            return;
        }
        strip(&mut request.header_list, self.drops_body, self.leaves_origin);
        if matches!(self.status, 307 | 308)
            && !request.header_list.contains("Content-Type")
            && let Some(author) = &request.departed.author
            && let Some(content_type) = author.header_list.get("Content-Type")
        {
            request.header_list.append_valid(b"Content-Type", &content_type);
        }
        // Where the load begins anew, since it goes on without cookies, so does what is kept.
        if request.mode == Mode::NoCors
            && request.credentials_mode == CredentialsMode::SameOrigin
            && self.leaves_page
        {
            request.departed.author = None;
            keep_author(request);
        }
    }
}

/// Whether a redirect of this status turns a request of this method into a GET without body:
/// [HTTP-redirect fetch] step 12.
///
/// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
fn is_body_dropped(status: u16, method: &Method) -> bool {
    (matches!(status, 301 | 302) && *method == Method::POST)
        || (status == 303 && !matches!(*method, Method::GET | Method::HEAD))
}

/// The client hints that an author sets in vain, where they would leave the page's origin.
const DROPPED_CLIENT_HINTS: [&str; 7] =
    ["DPR", "Device-Memory", "Downlink", "ECT", "RTT", "Viewport-Width", "Width"];

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
fn keep_author(request: &mut Request) -> &AuthorRequest {
    let Request { departed, method, header_list, .. } = request;
    departed.author.get_or_insert_with(|| {
        Box::new(AuthorRequest { method: method.clone(), header_list: header_list.clone() })
    })
}
