//! Where engines differ in the requests of pages, and in what pages learn.

use crate::{
    engine::choice::choice,
    fetch::Refusal,
    header::{HeaderList, InvalidHeader, mime::is_media_type},
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

choice! {
    /// Step 6.2 of [`sendBeacon()`]: whether there is a limit for the bytes of a beacon.
    ///
    /// [`sendBeacon()`]: https://w3c.github.io/beacon/#sendbeacon-method
    BeaconLimit { Keepalive, Missing = BEACON_WITHOUT_LIMIT }
}

impl BeaconLimit {
    pub(crate) const fn holds(self) -> bool {
        matches!(self, Self::Keepalive)
    }
}

choice! {
    /// Step 6.3 of `sendBeacon()`: whether a beacon has the `Content-Type` of its body if that is no
    /// MIME type with parameters as HTTP writes them.
    BeaconType { Sent, DroppedIfInvalid = BEACON_TYPE_DROPPED }
}

impl BeaconType {
    pub(super) fn is_dropped(self, content_type: &[u8]) -> bool {
        self == Self::DroppedIfInvalid && !is_media_type(content_type)
    }
}

choice! {
    /// Step 6.3 of `sendBeacon()`: whether a safelisted `Content-Type` may have more than 128 bytes.
    BeaconTypeLength {
        Limited,
        Ignored = BEACON_TYPE_OF_ANY_LENGTH,
        IgnoredByPreflight = BEACON_PREFLIGHT_IGNORES_LENGTH,
    }
}

choice! {
    /// Step 7 of `sendBeacon()`: whether it returns false if its request is refused before anything is
    /// sent.
    BeaconRefusal {
        NotTold,
        UnlessPort = BEACON_REFUSED_BUT_PORT,
        Told = BEACON_REFUSED_AT_ONCE,
    }
}

impl BeaconRefusal {
    pub(super) const fn is_told(self, refusal: &Refusal) -> bool {
        match self {
            Self::NotTold => false,
            Self::UnlessPort => {
                matches!(refusal, Refusal::MixedContent | Refusal::UrlCredentials)
            }
            Self::Told => matches!(refusal, Refusal::MixedContent | Refusal::BadPort { .. }),
        }
    }
}
