//! What would make a load succeed, or let the page look into what was loaded.

use super::{Answer, Draft, Remedy, Where, wish::last_asked, words};
use crate::{
    explain::load::{body, content_type},
    fetch::{Outcome, Refusal},
    page::loads::{Load, LoadFailure, RecordedLoad},
    request::RedirectTaint,
};

impl Remedy {
    /// What would make a load succeed or, where what was loaded is opaque, what would let the page
    /// look inside. `None`, if the page may.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::page::loads::RecordedLoad};
    /// # fn f(load: &RecordedLoad) {
    /// if let Some(remedy) = Remedy::of_load(load) {
    ///     println!("fix, in {}: {remedy}", remedy.place);
    /// }
    /// # }
    /// ```
    pub fn of_load(load: &RecordedLoad) -> Option<Self> {
        match load.judgement {
            Some(Ok(loaded)) => (!loaded.readable).then(|| to_look_inside(load)),
            Some(Err(failure)) => to_be_used(load, failure),
            None => {
                let mut remedy = Self::of(&load.transcript)?;
                if let Outcome::NetworkError(error) = &load.transcript.outcome
                    && matches!(error.refusal, Refusal::CorsCheck(_))
                {
                    remedy.add_advice(without_cors(load.load));
                }
                Some(remedy)
            }
        }
    }
}

/// Whether the page can do without CORS.
const fn without_cors(load: Load) -> &'static str {
    match load {
        Load::Image | Load::Texture | Load::Video | Load::ClassicScript | Load::StyleSheet => {
            "Or, in the page's code, leave `crossorigin` away, if the page need not look inside."
        }
        Load::ModuleScript => "Module scripts are always asked for with CORS.",
        Load::Font => "Fonts are always asked for with CORS.",
        Load::ShapeImage => "The images of shapes are always asked for with CORS.",
        Load::EventSource => "Event streams are always asked for with CORS.",
    }
}

/// The page must ask with CORS, and each server on the way must allow its origin.
fn to_look_inside(load: &RecordedLoad) -> Remedy {
    let transcript = &load.transcript;
    let origin = &transcript.asked.origin;
    let why_null = match &transcript.outcome {
        _ if origin == "null" => Some("The page's origin is `null`."),
        Outcome::Response { response, .. }
            if response.internal_response().redirect_taint() != RedirectTaint::SameOrigin =>
        {
            Some("With CORS, redirects across origins make the origin `null`.")
        }
        _ => None,
    };
    let answers = transcript.exchanges.iter().map(|exchange| {
        let mut draft = Draft::new(Answer::to_exchange(exchange));
        if why_null.is_some() {
            draft.answer.set(words::ALLOW_ORIGIN, "*");
            draft.answer.how = Some(words::IF_EVERY_PAGE.into());
        } else {
            draft.allow_origin(origin, exchange.read());
        }
        draft.answer
    });
    let host = match transcript.exchanges.last().map(|last| Where::server_of(&last.url)) {
        Some(Where::Server { host }) => host,
        _ => None,
    };
    let more = why_null.unwrap_or(
        "If the answer depends on cookies, write `crossorigin=\"use-credentials\"`, and add \
         `Access-Control-Allow-Credentials: true` to the answer.",
    );
    Remedy {
        place: Where::PageAndServer { host },
        answers: answers.collect(),
        advice: format!("Write `crossorigin` on the element. {more}"),
        causes: Vec::new(),
    }
}

/// The response must be one that this load uses.
fn to_be_used(load: &RecordedLoad, failure: LoadFailure) -> Option<Remedy> {
    let last = load.transcript.judged_exchange()?;
    let mut draft = Draft::new(Answer::to_exchange(last));
    match failure {
        LoadFailure::Status { .. } | LoadFailure::NoBody { .. } => draft.answer.status = Some(200),
        LoadFailure::ContentType | LoadFailure::OpaqueResponseBlocking => {
            draft.answer.set("Content-Type", content_type(load.load));
        }
        LoadFailure::Body => {
            draft.say(format!("{} with {}.", last_asked(&load.transcript), body(load.load)));
        }
    }
    Some(draft.finish(Where::server_of(&last.url)))
}
