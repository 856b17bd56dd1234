//! What a user agent reads of an answer, before the algorithms judge it.

use url::Url;

use super::read_as;
use crate::{
    engine::Profile,
    response::{InvalidLocation, Response, location_url},
};

/// What a user agent reads of an answer. The algorithms, the transcript and the console all take
/// it from here, so that nobody reads a header otherwise than the next exchange shows.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The response as the user agent's network hands it on.
    pub(crate) response: Response,
    /// Where it redirects to: the standard's location URL, null or failure.
    pub(crate) location: Result<Option<Url>, InvalidLocation>,
    /// Why the network itself refuses the response.
    pub(super) refused: Option<InvalidLocation>,
}

impl Reading {
    /// Reads `response`, which came from `url`.
    pub(super) fn new(mut response: Response, url: &Url, profile: &Profile) -> Self {
        let refused = read_as(&mut response, profile).err();
        let location = location_url(&response, Some(url), url.fragment(), profile);
        Self { response, location, refused }
    }
}
