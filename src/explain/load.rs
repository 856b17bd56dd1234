//! Loads, explained.

use std::{borrow::Cow, fmt};

use super::{Evidence, Explanation, fix};
use crate::{
    fetch::{NetworkError, Outcome, Refusal},
    origin::url_as_sent,
    page::loads::{Load, LoadFailure, Loaded, RecordedLoad},
    request::RedirectTaint,
    transcript::RecordedExchange,
};

/// What would make a load succeed that ended in a network error: what [`fix`] says, and whether the
/// page can do without CORS.
///
/// ```
/// # use browser_cors::{explain::fix_load, fetch::Outcome, page::loads::RecordedLoad};
/// # fn f(load: &RecordedLoad) {
/// if let Outcome::NetworkError(error) = &load.transcript.outcome {
///     println!("{}", fix_load(load, error, load.transcript.judged_exchange()));
/// }
/// # }
/// ```
pub fn fix_load(
    load: &RecordedLoad,
    error: &NetworkError,
    last: Option<&RecordedExchange>,
) -> String {
    let mut text = fix(error, last);
    if matches!(error.refusal, Refusal::CorsCheck(_)) {
        text.push(' ');
        text.push_str(match load.load {
            Load::Image | Load::Texture | Load::Video | Load::ClassicScript | Load::StyleSheet => {
                "Or leave `crossorigin` away, if the page need not look inside."
            }
            Load::ModuleScript => "Module scripts are always asked for with CORS.",
            Load::Font => "Fonts are always asked for with CORS.",
            Load::ShapeImage => "The images of shapes are always asked for with CORS.",
            Load::EventSource => "Event streams are always asked for with CORS.",
        });
    }
    text
}

/// What would let the page look into what was loaded, where it may not.
///
/// ```
/// # use browser_cors::{explain::fix_reading, page::loads::RecordedLoad};
/// # fn f(load: &RecordedLoad) {
/// if load.judgement.is_some_and(|judgement| judgement.is_ok_and(|loaded| !loaded.readable)) {
///     println!("{}", fix_reading(load));
/// }
/// # }
/// ```
pub fn fix_reading(load: &RecordedLoad) -> String {
    let exchanges = &load.transcript.exchanges;
    let url = exchanges.last().map_or(Cow::Borrowed(""), |last| url_as_sent(&last.url));
    let answers = match exchanges.len() {
        0 | 1 => format!("answer GET {url}"),
        _ => format!("answer GET {url} and each redirect to it"),
    };
    let origin = &load.transcript.asked.origin;
    let why_null = if origin == "null" {
        "the page's origin is `null`"
    } else if load.has_redirect_taint() {
        "with CORS, redirects across origins make the origin `null`"
    } else {
        return format!(
            "Write `crossorigin` on the element, and {answers} with \
             `Access-Control-Allow-Origin: {origin}` and `Vary: Origin`. If the answer depends on \
             cookies, write `crossorigin=\"use-credentials\"`, and add \
             `Access-Control-Allow-Credentials: true`."
        );
    };
    format!(
        "Write `crossorigin` on the element, and {answers} with `Access-Control-Allow-Origin: *`, \
         if every page may read it: {why_null}."
    )
}

impl RecordedLoad {
    /// Whether redirects would make the origin `null` if CORS was asked.
    fn has_redirect_taint(&self) -> bool {
        match &self.transcript.outcome {
            Outcome::Response { response, .. } => {
                response.internal_response().redirect_taint() != RedirectTaint::SameOrigin
            }
            Outcome::NetworkError(_) => false,
        }
    }

    /// What the response that is not used had to be.
    pub(crate) fn evidence(&self, failure: LoadFailure) -> Evidence {
        let last = self.transcript.judged_exchange();
        let url = || last.map_or_else(String::new, |last| url_as_sent(&last.url).into_owned());
        match failure {
            LoadFailure::Status { status } => {
                let expected = if self.load == Load::EventSource { "200" } else { "200 to 299" };
                Evidence::Status { status, expected: expected.to_owned() }
            }
            LoadFailure::ContentType => {
                let answer = last.and_then(RecordedExchange::read);
                Evidence::header("Content-Type", answer, content_type(self.load).to_owned())
            }
            LoadFailure::Body => Evidence::Url { url: url(), expected: body(self.load).to_owned() },
        }
    }

    /// What would make the response be used.
    pub(crate) fn fix_failure(&self, failure: LoadFailure) -> String {
        let last = self.transcript.judged_exchange();
        let url = last.map_or(Cow::Borrowed(""), |last| url_as_sent(&last.url));
        match failure {
            LoadFailure::Status { .. } if self.load == Load::EventSource => {
                format!("Answer GET {url} with 200.")
            }
            LoadFailure::Status { .. } => format!("Answer GET {url} with 200 to 299."),
            LoadFailure::ContentType => {
                format!("Answer GET {url} with `Content-Type: {}`.", content_type(self.load))
            }
            LoadFailure::Body => format!("Answer GET {url} with {}.", body(self.load)),
        }
    }
}

/// The line that says what asked.
pub(super) fn write_element(f: &mut fmt::Formatter<'_>, load: &RecordedLoad) -> fmt::Result {
    f.write_str(match load.load {
        Load::Image => "img",
        Load::Texture => "img for a texture",
        Load::Video => "video",
        Load::ClassicScript => "script",
        Load::ModuleScript => "script type=module",
        Load::StyleSheet => "link rel=stylesheet",
        Load::Font => "font",
        Load::ShapeImage => "shape-outside",
        Load::EventSource => "EventSource",
    })?;
    match (load.load, &load.crossorigin) {
        (Load::Font | Load::ShapeImage, _) | (Load::EventSource | Load::ModuleScript, None) => {
            writeln!(f)
        }
        (Load::EventSource, Some(value)) => {
            let with_credentials = value.eq_ignore_ascii_case("use-credentials");
            writeln!(f, "{}", if with_credentials { " withCredentials" } else { "" })
        }
        (_, None) => writeln!(f, " without crossorigin"),
        (_, Some(value)) if value.is_empty() => writeln!(f, " crossorigin"),
        (_, Some(value)) => writeln!(f, " crossorigin={}", value.escape_default()),
    }
}

impl Explanation<'_> {
    /// What became of the response of a load.
    pub(super) fn load(&self, f: &mut fmt::Formatter<'_>, load: &RecordedLoad) -> fmt::Result {
        let (what, look_inside) = (noun(load.load), look_inside(load.load));
        match load.judgement {
            Some(Ok(Loaded { readable: true, .. })) => {
                writeln!(f, "allowed: {what} is loaded, and the page may {look_inside}")?;
                if let Some(success) = self.transcript.cors_check_success() {
                    writeln!(f, "because: {success}")?;
                }
                self.write_warnings(f)
            }
            Some(Ok(Loaded { readable: false, .. })) => {
                writeln!(f, " opaque: {what} is loaded, but the page may not {look_inside}")?;
                writeln!(f, "because: {}", consequence(load.load))?;
                writeln!(f, "     at: {}", load.load.reading_url())?;
                writeln!(f, "    fix: {}", fix_reading(load))
            }
            Some(Err(failure)) => {
                writeln!(f, " failed: {what} is not loaded: {failure}")?;
                writeln!(f, "     at: {}", load.load.url())?;
                writeln!(f, "    fix: {}", load.fix_failure(failure))
            }
            None => Ok(()),
        }
    }
}

const fn noun(load: Load) -> &'static str {
    match load {
        Load::Image | Load::Texture | Load::ShapeImage => "the image",
        Load::Video => "the video",
        Load::ClassicScript => "the script",
        Load::ModuleScript => "the module",
        Load::StyleSheet => "the style sheet",
        Load::Font => "the font",
        Load::EventSource => "the event stream",
    }
}

/// What the body must be, where it is [decoded](Load::is_decoded).
const fn body(load: Load) -> &'static str {
    match load {
        Load::Video => "a video",
        Load::Font => "a font",
        _ => "an image",
    }
}

const fn content_type(load: Load) -> &'static str {
    match load {
        Load::StyleSheet => "text/css",
        Load::EventSource => "text/event-stream",
        _ => "text/javascript",
    }
}

/// What the page may do, or not.
const fn look_inside(load: Load) -> &'static str {
    match load {
        Load::Image => "read its pixels through a canvas",
        Load::Texture => "make a texture of it",
        Load::Video => "read its frames through a canvas",
        Load::ClassicScript => "see the errors that it throws",
        Load::ModuleScript => "use what it exports",
        Load::StyleSheet => "read its rules",
        Load::Font => "use it",
        Load::ShapeImage => "flow text around it",
        Load::EventSource => "read its messages",
    }
}

/// What becomes of a page that looks inside all the same.
const fn consequence(load: Load) -> &'static str {
    match load {
        Load::Texture => "texImage2D() throws a SecurityError, as the response is opaque",
        Load::ClassicScript => "its errors are `Script error.`, as the response is opaque",
        Load::StyleSheet => "cssRules throws a SecurityError, as the response is opaque",
        _ => "a canvas that it is drawn to is tainted, as the response is opaque",
    }
}
