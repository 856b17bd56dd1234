//! Where engines differ in the requests of pages, and in what pages learn.

use crate::{
    engine::choice::choice,
    header::{HeaderList, InvalidHeader},
    page::headers::{Guard, Headers, HeadersTypeError},
    request::{CredentialsMode, Destination, Mode, Request},
};

choice! {
    /// Step 37.4 of [the `Request` constructor]: whether a request without CORS carries the
    /// `Content-Type` of its body.
    ///
    /// [the `Request` constructor]: https://fetch.spec.whatwg.org/#dom-request
    BodyHeaderInNoCors { Guarded, Sent = BODY_HEADER_IN_NO_CORS }
}

impl BodyHeaderInNoCors {
    /// Appends the body's `Content-Type` to the request's headers.
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
    /// Main fetch step 12: whether a [font] is requested with CORS.
    ///
    /// [font]: https://drafts.csswg.org/css-fonts/#font-fetching-requirements
    FontMode { Cors, NoCors = FONT_NO_CORS }
}

impl FontMode {
    /// The mode of the request for a resource that a style sheet names.
    pub(super) fn mode_for(self, destination: Destination, cors_mode: Mode) -> Mode {
        match self {
            Self::NoCors if destination == Destination::Font => Mode::NoCors,
            Self::NoCors | Self::Cors => cors_mode,
        }
    }
}

choice! {
    /// HTTP-network-or-cache fetch step 8.3: whether the request for the image of a [shape] has the
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
    /// [Muted errors]: whether they include those that a script itself throws, if CORS does not
    /// share it.
    ///
    /// [Muted errors]: https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors
    ThrownErrors { Muted, Told = THROWN_ERRORS_NOT_MUTED }
}

impl ThrownErrors {
    pub(super) const fn are_told(self) -> bool {
        matches!(self, Self::Told)
    }
}

choice! {
    /// The key of the [list of available images].
    ///
    /// [list of available images]: https://html.spec.whatwg.org/multipage/images.html#list-of-available-images
    AvailableImages { ByUrlAndCors, OneByUrl = AVAILABLE_IMAGES_BY_URL }
}

choice! {
    /// [Fetching a single module script]: whether the module map keeps failures.
    ///
    /// [Fetching a single module script]: https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
    FailedModules { Kept, Forgotten = FAILED_MODULES_FORGOTTEN }
}

choice! {
    /// [Fetching the linked resource]: whether a page keeps its style sheets.
    ///
    /// [Fetching the linked resource]: https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource
    StyleSheets { Forgotten, Kept = STYLE_SHEETS_KEPT }
}
