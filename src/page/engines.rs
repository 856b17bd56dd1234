//! Where engines differ in what pages ask for, and in what pages are told.

use crate::{
    engine::choice::choice,
    header::{HeaderList, InvalidHeader},
    page::headers::{Guard, Headers, HeadersTypeError},
    request::{CredentialsMode, Destination, Mode, Request},
};

choice! {
    /// Step 37.4 of [the `Request` constructor]: the `Content-Type` that a body brings, without CORS.
    ///
    /// [the `Request` constructor]: https://fetch.spec.whatwg.org/#dom-request
    BodyHeaderInNoCors { Guarded, Sent = BODY_HEADER_IN_NO_CORS }
}

impl BodyHeaderInNoCors {
    /// Appends it to the headers of the request.
    pub(super) fn append(
        self,
        headers: Headers,
        content_type: &str,
    ) -> Result<Headers, HeadersTypeError> {
        let mut headers = headers;
        match self {
            Self::Guarded => {
                headers.append("Content-Type", content_type)?;
                Ok(headers)
            }
            Self::Sent => {
                let mut list: HeaderList = headers.into_header_list();
                list.append("Content-Type", content_type).map_err(|error: InvalidHeader| error)?;
                Ok(Headers::with_header_list(list, Guard::Request))
            }
        }
    }
}

choice! {
    /// Main fetch step 12, for a [font]: whether it is asked for with CORS.
    ///
    /// [font]: https://drafts.csswg.org/css-fonts/#font-fetching-requirements
    FontMode { Cors, NoCors = FONT_NO_CORS }
}

impl FontMode {
    /// The mode of what a style sheet asks for.
    pub(super) fn of(self, destination: Destination, cors_mode: Mode) -> Mode {
        match self {
            Self::NoCors if destination == Destination::Font => Mode::NoCors,
            Self::NoCors | Self::Cors => cors_mode,
        }
    }
}

choice! {
    /// HTTP-network-or-cache fetch step 8.3, for the image of a [shape]: whether it is asked with
    /// credentials of the page's own origin.
    ///
    /// [shape]: https://drafts.csswg.org/css-shapes/#shape-outside-property
    ShapeCredentials { SameOrigin, Omitted = SHAPE_WITHOUT_CREDENTIALS }
}

impl ShapeCredentials {
    pub(super) fn omit(self, request: &mut Request) {
        if self == Self::Omitted
            && request.destination == Destination::Image
            && request.mode == Mode::Cors
        {
            request.credentials_mode = CredentialsMode::Omit;
        }
    }
}

choice! {
    /// [Muted errors] of a script that CORS does not share: whether those that it throws itself are.
    ///
    /// [Muted errors]: https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors
    ThrownErrors { Muted, Told = THROWN_ERRORS_NOT_MUTED }
}

impl ThrownErrors {
    pub(super) const fn are_told(self) -> bool {
        matches!(self, Self::Told)
    }
}
