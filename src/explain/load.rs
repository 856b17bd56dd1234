//! Loads, explained.

use std::fmt;

use super::{Evidence, Explanation, Remedy};
use crate::{
    code::Code,
    origin::url_as_sent,
    page::{
        kept::{KeptLoad, Place},
        loads::{Load, LoadFailure, Loaded, RecordedLoad},
    },
    transcript::RecordedExchange,
};

impl RecordedLoad {
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
            LoadFailure::NoBody { status } => {
                Evidence::Status { status, expected: "a status that allows a body".to_owned() }
            }
            LoadFailure::Body => Evidence::Url { url: url(), expected: body(self.load).to_owned() },
            LoadFailure::OpaqueResponseBlocking => {
                let answer = last.and_then(RecordedExchange::read);
                let expected = "a type that opaque response blocking lets pass".to_owned();
                Evidence::header("Content-Type", answer, expected)
            }
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
        match load.judgement {
            Some(Ok(loaded @ Loaded { readable: true })) => {
                write_loaded(f, load.load, loaded)?;
                if let Some(success) = self.transcript.cors_check_success() {
                    writeln!(f, "because: {success}")?;
                }
                self.write_warnings(f)
            }
            Some(Ok(loaded @ Loaded { readable: false })) => {
                write_loaded(f, load.load, loaded)?;
                writeln!(f, "because: {}", consequence(load.load))?;
                writeln!(f, "     at: {}", load.load.reading_url())?;
                writeln!(f, "  guide: {}", Code::CorsCrossOrigin.guide())?;
                write_remedy(f, load)
            }
            Some(Err(failure)) => {
                writeln!(f, " failed: {} is not loaded: {failure}", noun(load.load))?;
                writeln!(f, "     at: {}", load.load.url())?;
                writeln!(f, "  guide: {}", failure.code().guide())?;
                write_remedy(f, load)
            }
            None => Ok(()),
        }
    }
}

/// Says what the page has, and that it sends no request.
impl fmt::Display for KeptLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.loaded {
            Some(loaded) => write_loaded(f, self.load, loaded)?,
            None => writeln!(f, " failed: {} is not loaded: it failed before", noun(self.load))?,
        }
        let place = match self.place {
            Place::ModuleMap => "the module map",
            Place::AvailableImages => "the list of available images",
            Place::StyleSheets => "the style sheets of the page",
        };
        writeln!(f, "because: nothing is sent, since {place} has it from an earlier load")?;
        writeln!(f, "     at: {}", self.step_url())?;
        if let Some(code) = self.code() {
            writeln!(f, "  guide: {}", code.guide())?;
        }
        if self.loaded.is_none() {
            writeln!(
                f,
                "    fix: Mend the first load. This page asks again only after it is reloaded."
            )?;
        }
        Ok(())
    }
}

/// The line that says that the page has the resource, and what it may do with it.
fn write_loaded(f: &mut fmt::Formatter<'_>, load: Load, loaded: Loaded) -> fmt::Result {
    let (what, look_inside) = (noun(load), look_inside(load));
    if loaded.readable {
        writeln!(f, "allowed: {what} is loaded, and the page may {look_inside}")
    } else {
        writeln!(f, " opaque: {what} is loaded, but the page may not {look_inside}")
    }
}

fn write_remedy(f: &mut fmt::Formatter<'_>, load: &RecordedLoad) -> fmt::Result {
    Remedy::of_load(load).map_or(Ok(()), |remedy| writeln!(f, "    fix: {remedy}"))
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
pub(super) const fn body(load: Load) -> &'static str {
    match load {
        Load::Video => "a video",
        Load::Font => "a font",
        _ => "an image",
    }
}

/// What the type of its content must be, where that matters.
pub(super) const fn content_type(load: Load) -> &'static str {
    match load {
        Load::StyleSheet => "text/css",
        Load::EventSource => "text/event-stream",
        Load::ClassicScript | Load::ModuleScript => "text/javascript",
        Load::Image | Load::Texture | Load::ShapeImage => "image/png",
        Load::Video => "video/mp4",
        Load::Font => "font/woff2",
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
