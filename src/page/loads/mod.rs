//! What a page may do with the response of a load that is neither `fetch()` nor `XMLHttpRequest`:
//! does the load use the response, and may the page look inside?

pub(crate) mod engines;
mod opaque_response_blocking;

use std::sync::Arc;

use thiserror::Error;
use url::Url;

use super::{
    elements::{
        CorsSettingsAttribute, classic_script_request, image_request, module_script_request,
        style_resource_request, style_sheet_request, video_request,
    },
    event_source::event_source_request,
};
use crate::{
    code::Code,
    engine::Profile,
    environment::Environment,
    fetch::Outcome,
    header::mime::extract_a_mime_type,
    request::{Destination, Mode, Request},
    response::{FilteredResponse, ResponseType},
    status::{is_null_body_status, is_ok_status},
    transcript::Transcript,
};

/// Whether a response is [CORS-same-origin]. If it is [CORS-cross-origin], the load uses its
/// content, but the page may not look inside.
///
/// [CORS-same-origin]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-same-origin
/// [CORS-cross-origin]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-cross-origin
///
/// ```
/// # use browser_cors::{page::loads::is_cors_same_origin, response::ResponseType};
/// assert!(is_cors_same_origin(ResponseType::Cors));
/// assert!(!is_cors_same_origin(ResponseType::Opaque));
/// ```
pub const fn is_cors_same_origin(response_type: ResponseType) -> bool {
    match response_type {
        ResponseType::Basic | ResponseType::Cors => true,
        ResponseType::Opaque | ResponseType::OpaqueRedirect => false,
    }
}

/// Whether the page learns the errors that a classic script throws. It does, unless the script has
/// [muted errors].
///
/// [muted errors]: https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors
///
/// ```
/// # use browser_cors::{engine::Profile, page::loads::tells_thrown_errors, response::ResponseType};
/// assert!(!tells_thrown_errors(ResponseType::Opaque, &Profile::STANDARD));
/// assert!(tells_thrown_errors(ResponseType::Opaque, &Profile::FIREFOX));
/// ```
pub const fn tells_thrown_errors(response_type: ResponseType, profile: &Profile) -> bool {
    let muted_errors = !is_cors_same_origin(response_type);
    // Departs(ThrownErrors)
    !muted_errors || profile.choices.thrown_errors.are_told()
}

/// A load by an element, a style sheet or an `EventSource`, and what the page wants from it.
///
/// ```
/// # use browser_cors::page::loads::Load;
/// assert!(Load::Image.is_decoded());
/// assert_ne!(Load::Image.reading_url(), Load::Texture.reading_url());
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Load {
    /// An `img` element: its pixels, through a canvas.
    Image,
    /// An `img` element: its pixels, as a WebGL texture.
    Texture,
    /// A `video` element: its frames, through a canvas.
    Video,
    /// A `script` element: the errors that it throws.
    ClassicScript,
    /// A `script` element of the type `module`.
    ModuleScript,
    /// A `link` element for a style sheet: its `cssRules`.
    StyleSheet,
    /// A font of a style sheet, or a `FontFace`.
    Font,
    /// The image of a `shape-outside`.
    ShapeImage,
    /// An `EventSource`: its messages.
    EventSource,
}

impl Load {
    /// The load's request. For an `EventSource`, the state "Use Credentials" means
    /// `withCredentials`; fonts and shapes ignore the state.
    ///
    /// ```
    /// # use browser_cors::{environment::Environment, request::Mode, url::Url};
    /// # use browser_cors::page::{elements::CorsSettingsAttribute, loads::Load};
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// let url = Url::parse("https://cdn.example/a.png").unwrap();
    /// let state = CorsSettingsAttribute::NoCors;
    /// let request = Load::ShapeImage.request(url, state, &page);
    /// assert_eq!(request.mode, Mode::Cors);
    /// ```
    pub fn request(
        self,
        url: Url,
        crossorigin: CorsSettingsAttribute,
        client: &Arc<Environment>,
    ) -> Request {
        match self {
            Self::Image | Self::Texture => image_request(url, crossorigin, client),
            Self::Video => video_request(url, crossorigin, client),
            Self::ClassicScript => classic_script_request(url, crossorigin, client),
            Self::ModuleScript => module_script_request(url, crossorigin, client),
            Self::StyleSheet => style_sheet_request(url, crossorigin, client),
            Self::Font => style_resource_request(url, Destination::Font, Mode::Cors, client),
            Self::ShapeImage => style_resource_request(url, Destination::Image, Mode::Cors, client),
            Self::EventSource => {
                let with_credentials = crossorigin == CorsSettingsAttribute::UseCredentials;
                event_source_request(url, with_credentials, client)
            }
        }
    }

    /// Whether the load fails if the body is not a resource of its kind. This is so for images,
    /// videos and fonts. A script, a style sheet or an event stream can be any text.
    ///
    /// ```
    /// # use browser_cors::page::loads::Load;
    /// assert!(Load::Video.is_decoded());
    /// assert!(!Load::StyleSheet.is_decoded());
    /// ```
    pub const fn is_decoded(self) -> bool {
        match self {
            Self::Image | Self::Texture | Self::Video | Self::Font | Self::ShapeImage => true,
            Self::ClassicScript | Self::ModuleScript | Self::StyleSheet | Self::EventSource => {
                false
            }
        }
    }

    /// Judges a response that is no network error. `decoding` says whether its body is a
    /// resource of the load's kind, which [matters](Self::is_decoded) for some loads.
    ///
    /// Images and videos ignore the status; the other loads check for an [unsafe response].
    ///
    /// # Errors
    ///
    /// If the load does not use the response.
    ///
    /// [unsafe response]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#unsafe-response
    ///
    /// # Examples
    ///
    /// ```
    /// use browser_cors::{
    ///     engine::Profile, header::HeaderList, page::loads::{Decoding, Load, LoadFailure},
    ///     response::{FilteredResponse, Response, ResponseType},
    /// };
    ///
    /// let opaque = |status| {
    ///     let headers = HeaderList::try_from([("Content-Type", "text/css")]).unwrap();
    ///     FilteredResponse::new(ResponseType::Opaque, Response::new(status, headers))
    /// };
    /// let judge = |load: Load, status| load.judge(&opaque(status), Decoding::Succeeds, &Profile::STANDARD);
    /// assert!(!judge(Load::StyleSheet, 200)?.readable);
    /// assert_eq!(judge(Load::StyleSheet, 404), Err(LoadFailure::Status { status: 404 }));
    /// assert!(!judge(Load::Image, 404)?.readable);
    /// # Ok::<(), LoadFailure>(())
    /// ```
    pub fn judge(
        self,
        response: &FilteredResponse,
        decoding: Decoding,
        profile: &Profile,
    ) -> Result<Loaded, LoadFailure> {
        let unsafe_response = response.internal_response();
        let (status, header_list) = (unsafe_response.status, &unsafe_response.header_list);
        let choices = &profile.choices;
        // Departs(OpaqueResponseBlocking)
        if response.kind() == ResponseType::Opaque
            && let Some(blocking) = choices.opaque_response_blocking.blocking()
        {
            let is_media = self.is_decoded() && decoding == Decoding::Succeeds;
            if blocking.blocks(status, header_list, is_media) {
                return Err(LoadFailure::OpaqueResponseBlocking);
            }
        }
        let has_right_status = match self {
            Self::Image | Self::Texture | Self::Video | Self::ShapeImage => true,
            Self::ClassicScript | Self::ModuleScript | Self::StyleSheet | Self::Font => {
                // Departs(FinalRedirect)
                is_ok_status(status) || choices.final_redirect.is_used(self, status)
            }
            Self::EventSource => status == 200,
        };
        if !has_right_status {
            return Err(LoadFailure::Status { status });
        }
        // Departs(ResetContent)
        let has_body = !is_null_body_status(status) || choices.reset_content.has_body(status);
        // Departs(NoBody)
        if !has_body && !choices.no_body.is_used(self) {
            return Err(LoadFailure::NoBody { status });
        }
        let has_right_type = match self {
            Self::ModuleScript => {
                extract_a_mime_type(header_list).is_some_and(|it| it.is_javascript())
            }
            // Departs(StyleSheetType)
            // Note: the default type of a style sheet is text/css.
            Self::StyleSheet => choices.style_sheet_type.is_right(header_list),
            // Departs(EventStreamType)
            Self::EventSource => choices.event_stream_type.is_right(header_list),
            // Note: main fetch has blocked the types that a classic script must not have.
            _ => true,
        };
        if !has_right_type {
            return Err(LoadFailure::ContentType);
        }
        // Departs(ImageDecoder)
        let can_decode =
            decoding == Decoding::Succeeds && choices.image_decoder.tries(self, header_list);
        if self.is_decoded() && !can_decode {
            return Err(LoadFailure::Body);
        }
        let readable = match self {
            Self::ClassicScript => tells_thrown_errors(response.kind(), profile),
            // Ours: these loads always use CORS, so the page may look inside whatever they use.
            Self::ModuleScript | Self::Font | Self::ShapeImage | Self::EventSource => true,
            Self::Image | Self::Texture | Self::Video | Self::StyleSheet => {
                is_cors_same_origin(response.kind())
            }
        };
        Ok(Loaded { readable })
    }

    /// The algorithm that decides whether the load uses a response.
    ///
    /// ```
    /// # use browser_cors::page::loads::Load;
    /// assert_eq!(
    ///     Load::ClassicScript.url(),
    ///     "https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script",
    /// );
    /// ```
    pub const fn url(self) -> &'static str {
        match self {
            Self::Image | Self::Texture => {
                "https://html.spec.whatwg.org/multipage/images.html#update-the-image-data"
            }
            Self::Video => {
                "https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource"
            }
            Self::ClassicScript => {
                "https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script"
            }
            Self::ModuleScript => {
                "https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script"
            }
            Self::StyleSheet => {
                "https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet"
            }
            Self::Font => "https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements",
            Self::ShapeImage => "https://drafts.csswg.org/css-shapes-1/#shape-outside-property",
            Self::EventSource => {
                "https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource"
            }
        }
    }

    /// The definition of the rule that keeps the page from looking inside.
    ///
    /// ```
    /// # use browser_cors::page::loads::Load;
    /// assert!(Load::StyleSheet.reading_url().ends_with("#dom-cssstylesheet-cssrules"));
    /// ```
    pub const fn reading_url(self) -> &'static str {
        match self {
            Self::Texture => "https://registry.khronos.org/webgl/specs/latest/1.0/#4.2",
            Self::ClassicScript => {
                "https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors"
            }
            Self::StyleSheet => "https://drafts.csswg.org/cssom-1/#dom-cssstylesheet-cssrules",
            Self::Image | Self::Video => {
                "https://html.spec.whatwg.org/multipage/canvas.html#concept-canvas-origin-clean"
            }
            Self::ModuleScript | Self::Font | Self::ShapeImage | Self::EventSource => self.url(),
        }
    }
}

/// The load uses the response.
///
/// ```
/// # use browser_cors::page::loads::Loaded;
/// # fn f(loaded: Loaded) {
/// assert!(loaded.readable, "the canvas is tainted");
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Loaded {
    /// Whether the page may look inside: the canvas stays [origin-clean], the texture can be made,
    /// errors are not muted, `cssRules` does not throw.
    ///
    /// [origin-clean]: https://html.spec.whatwg.org/multipage/canvas.html#concept-canvas-origin-clean
    pub readable: bool,
}

/// Why a load does not use a response that fetch returned.
///
/// ```
/// # use browser_cors::page::loads::LoadFailure;
/// assert_eq!(LoadFailure::Status { status: 404 }.to_string(), "the status is 404");
/// assert_eq!(LoadFailure::ContentType.code(), "load-content-type");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
pub enum LoadFailure {
    /// The status is not an ok status.
    #[error("the status is {status}")]
    Status {
        /// The response's status.
        status: u16,
    },
    /// The `Content-Type` is not one of the load's kind.
    #[error("the Content-Type does not fit")]
    ContentType,
    /// The response has no body, since its status is a null body status.
    #[error("a response with the status {status} has no body")]
    NoBody {
        /// The response's status.
        status: u16,
    },
    /// The body is not a resource of the load's kind.
    #[error("the body does not fit")]
    Body,
    /// The engine keeps a response of this type from pages that CORS does not share it with.
    #[error("opaque response blocking keeps a response of this type from the page")]
    OpaqueResponseBlocking,
}

impl LoadFailure {
    /// A stable code.
    ///
    /// ```
    /// # use browser_cors::page::loads::LoadFailure;
    /// assert_eq!(LoadFailure::Body.code(), "load-body");
    /// ```
    pub const fn code(self) -> Code {
        match self {
            Self::Status { .. } => Code::LoadStatus,
            Self::ContentType => Code::LoadContentType,
            Self::NoBody { .. } | Self::Body => Code::LoadBody,
            Self::OpaqueResponseBlocking => Code::OpaqueResponseBlocking,
        }
    }
}

/// The record of a load, and how its response was judged.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     environment::Environment, fetch::{Context, UserAgent}, header::HeaderList,
///     page::{elements::CorsSettingsAttribute, loads::{Decoding, Load, RecordedLoad}},
///     preflight_cache::{PreflightCache, Timestamp}, response::Response,
///     transcript::Transcript, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/logo.png").unwrap();
///
/// let state = CorsSettingsAttribute::from_attribute(None);
/// let request = Load::Image.request(url, state, &page);
/// let transcript = Transcript::record(request, &mut context, |_exchange| {
///     Ok(Response::new(200, HeaderList::new()))
/// });
/// let load = RecordedLoad::new(Load::Image, None, transcript, Decoding::Succeeds);
/// assert!(!load.judgement.unwrap()?.readable);
/// # }
/// # Ok::<(), browser_cors::page::loads::LoadFailure>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct RecordedLoad {
    /// The kind of load.
    pub load: Load,
    /// The value of the `crossorigin` attribute.
    pub crossorigin: Option<String>,
    /// The record of the fetch.
    pub transcript: Transcript,
    /// How the response was judged; `None` if there is a network error.
    pub judgement: Option<Result<Loaded, LoadFailure>>,
}

/// Whether a body can be decoded as what the load asks for: an image, a video, a font.
///
/// ```
/// # use browser_cors::page::loads::Decoding;
/// assert_eq!(Decoding::default(), Decoding::Succeeds);
/// ```
#[expect(clippy::exhaustive_enums, reason = "a body can be decoded or it cannot")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Decoding {
    /// It can.
    #[default]
    Succeeds,
    /// It is something else, or broken.
    Fails,
}

impl RecordedLoad {
    /// [Judges](Load::judge) the response of a recorded fetch.
    ///
    /// ```
    /// # use browser_cors::page::loads::{Decoding, Load, RecordedLoad};
    /// # use browser_cors::transcript::Transcript;
    /// # fn f(transcript: Transcript) {
    /// let crossorigin = Some("anonymous".to_owned());
    /// RecordedLoad::new(Load::ClassicScript, crossorigin, transcript, Decoding::Succeeds);
    /// # }
    /// ```
    pub fn new(
        load: Load,
        crossorigin: Option<String>,
        transcript: Transcript,
        decoding: Decoding,
    ) -> Self {
        let judgement = match &transcript.outcome {
            Outcome::Response { response, .. } => {
                Some(load.judge(response, decoding, &transcript.profile))
            }
            Outcome::NetworkError(_) => None,
        };
        Self { load, crossorigin, transcript, judgement }
    }
}
