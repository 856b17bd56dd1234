//! How a user agent reads an answer, before the algorithms judge it.

use url::Url;

use super::read_as;
use crate::{
    engine::Profile,
    response::{InvalidLocation, Response, location_url},
};

/// An answer as a user agent reads it. The algorithms, the transcript and the console all use this
/// reading, so they cannot disagree about a header.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The response as the network stack of the user agent passes it on.
    pub(crate) response: Response,
    /// Whether the network of this user agent may have edited the response.
    pub(crate) may_differ: bool,
    /// The standard's location URL, which may be null or failure.
    pub(crate) location: Result<Option<Url>, InvalidLocation>,
    /// Why the network stack refuses the response, if it does.
    pub(super) refused: Option<InvalidLocation>,
}

impl Reading {
    /// Reads `response`, which came from `url`.
    pub(super) fn new(mut response: Response, url: &Url, profile: &Profile) -> Self {
        let refused = read_as(&mut response, profile).err();
        let location = location_url(&response, Some(url), url.fragment(), profile);
        let choices = &profile.choices;
        let is_kept = choices.response_bytes.are_kept() && choices.empty_response_lines.are_kept();
        Self { response, may_differ: !is_kept, location, refused }
    }
}
