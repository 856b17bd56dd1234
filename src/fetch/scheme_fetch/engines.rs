//! Where engines differ in scheme fetch.

use crate::engine::choice::choice;

choice! {
    /// Step 3 of [scheme fetch]: whether `about:blank` can be fetched.
    ///
    /// [scheme fetch]: https://fetch.spec.whatwg.org/#concept-scheme-fetch
    AboutBlank { Fetched, NotFetched = ABOUT_BLANK_NOT_FETCHED }
}

impl AboutBlank {
    pub(super) const fn is_fetched(self) -> bool {
        matches!(self, Self::Fetched)
    }
}
