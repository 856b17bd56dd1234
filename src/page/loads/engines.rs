//! Where engines differ in which responses a load uses.

use super::{
    Load,
    opaque_response_blocking::{Blocking, WITH_PARSING, WITHOUT_PARSING},
};
use crate::{
    engine::choice::choice,
    header::{
        HeaderList,
        mime::{MimeType, extract_a_mime_type, first_mime_type},
    },
};

choice! {
    /// The [unsafe response] of a load: whether a redirect status that is the final status counts as
    /// an ok status.
    ///
    /// [unsafe response]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#unsafe-response
    FinalRedirect {
        Refused,
        UsedButByModules = FINAL_REDIRECT_BUT_MODULES,
        UsedButBySheets = FINAL_REDIRECT_BUT_SHEETS,
    }
}

impl FinalRedirect {
    /// Whether the load uses the response of this status.
    pub(super) const fn is_used(self, load: Load, status: u16) -> bool {
        let is_using = match self {
            Self::Refused => false,
            Self::UsedButByModules => {
                matches!(load, Load::ClassicScript | Load::StyleSheet | Load::Font)
            }
            Self::UsedButBySheets => {
                matches!(load, Load::ClassicScript | Load::ModuleScript | Load::Font)
            }
        };
        is_using && status / 100 == 3
    }
}

choice! {
    /// Main fetch step 22: whether a response with the status 205 has a body.
    ResetContent { NoBody, Body = RESET_CONTENT_WITH_BODY }
}

impl ResetContent {
    pub(super) const fn has_body(self, status: u16) -> bool {
        matches!(self, Self::Body) && status == 205
    }
}

choice! {
    /// Main fetch step 22: whether a module script or a style sheet without a body is an empty one.
    NoBody { Refused, Empty = NO_BODY_IS_EMPTY }
}

impl NoBody {
    pub(super) const fn is_used(self, load: Load) -> bool {
        matches!(self, Self::Empty) && matches!(load, Load::ModuleScript | Load::StyleSheet)
    }
}

choice! {
    /// [Extracting a MIME type]: which style sheets fire `load`.
    ///
    /// [Extracting a MIME type]: https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
    StyleSheetType {
        Css,
        Any = STYLE_SHEETS_OF_ANY_TYPE,
        WrittenCss = STYLE_SHEET_TYPE_AS_WRITTEN,
        FirstCss = STYLE_SHEET_TYPE_FIRST,
    }
}

impl StyleSheetType {
    pub(super) fn is_right(self, header_list: &HeaderList) -> bool {
        let is_css = |mime_type: Option<MimeType>| {
            mime_type.is_none_or(|mime_type| mime_type.essence() == "text/css")
        };
        match self {
            Self::Css => is_css(extract_a_mime_type(header_list)),
            Self::Any => true,
            Self::FirstCss => is_css(first_mime_type(header_list)),
            // A value that has a slash counts, even if it is no MIME type.
            Self::WrittenCss => header_list
                .get("Content-Type")
                .as_deref()
                .into_iter()
                .flat_map(|value| value.split(|byte| *byte == b','))
                .map(<[u8]>::trim_ascii)
                .rfind(|value| value.contains(&b'/') && !value.starts_with(b"*/*"))
                .is_none_or(|value| {
                    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default();
                    essence.trim_ascii().eq_ignore_ascii_case(b"text/css")
                }),
        }
    }
}

choice! {
    /// [Extracting a MIME type]: which event streams an `EventSource` reads.
    ///
    /// [Extracting a MIME type]: https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
    EventStreamType {
        Extracted,
        Utf8 = EVENT_STREAM_OF_UTF_8,
        FirstOfLastLine = EVENT_STREAM_TYPE_FIRST,
    }
}

impl EventStreamType {
    pub(super) fn is_right(self, header_list: &HeaderList) -> bool {
        let is_event_stream = |it: &MimeType| it.essence() == "text/event-stream";
        match self {
            Self::Extracted => {
                extract_a_mime_type(header_list).is_some_and(|it| is_event_stream(&it))
            }
            Self::Utf8 => extract_a_mime_type(header_list).is_some_and(|it| {
                let charset = it.parameter("charset").unwrap_or_default();
                is_event_stream(&it)
                    && (charset.is_empty() || charset.eq_ignore_ascii_case("utf-8"))
            }),
            Self::FirstOfLastLine => {
                let last = header_list.values("Content-Type").last().unwrap_or_default();
                MimeType::parse_first(last).is_some_and(|it| is_event_stream(&it))
            }
        }
    }
}

choice! {
    /// [Updating the image data]: whether the `Content-Type` can name a decoder that has no images.
    ///
    /// [Updating the image data]: https://html.spec.whatwg.org/multipage/images.html#update-the-image-data
    ImageDecoder { OfTheBytes, OfTheType = IMAGE_DECODER_BY_TYPE }
}

impl ImageDecoder {
    /// Whether the engine tries to decode the body as an image.
    pub(super) fn tries(self, load: Load, header_list: &HeaderList) -> bool {
        match self {
            Self::OfTheType if matches!(load, Load::Image | Load::Texture | Load::ShapeImage) => {
                first_mime_type(header_list).is_none_or(|mime_type| {
                    let essence = mime_type.essence();
                    essence != "application/pdf" && !essence.starts_with("video/")
                })
            }
            Self::OfTheBytes | Self::OfTheType => true,
        }
    }
}

choice! {
    /// Main fetch step 20: whether a response that CORS does not share is blocked for its type.
    ///
    /// The standard does not do so yet; engines follow a [proposal].
    ///
    /// [proposal]: https://github.com/annevk/orb
    OpaqueResponseBlocking {
        Missing,
        WithoutParsing = OPAQUE_RESPONSE_BLOCKING_WITHOUT_PARSING,
        WithParsing = OPAQUE_RESPONSE_BLOCKING_WITH_PARSING,
    }
}

impl OpaqueResponseBlocking {
    /// How responses are blocked, if they are.
    pub(super) const fn blocking(self) -> Option<&'static Blocking> {
        match self {
            Self::Missing => None,
            Self::WithoutParsing => Some(&WITHOUT_PARSING),
            Self::WithParsing => Some(&WITH_PARSING),
        }
    }
}
