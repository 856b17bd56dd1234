//! What would have made a fetch succeed that ended in a network error.

use std::borrow::Cow;

use super::{
    Remedy, Where,
    answer::{Mended, Refused},
    words,
};
use crate::{
    fetch::{EmbedderRule, NetworkError, Outcome, PreflightFailure, Refusal},
    origin::url_as_sent,
    transcript::{RecordedExchange, Transcript},
};

impl Remedy {
    /// What would make a fetch succeed that ended in a network error, in the engine that fetched.
    /// `None`, if there is no network error.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if let Some(remedy) = Remedy::of(transcript) {
    ///     println!("fix: {remedy}");
    /// }
    /// # }
    /// ```
    pub fn of(transcript: &Transcript) -> Option<Self> {
        match &transcript.outcome {
            Outcome::NetworkError(error) => Some(Self::of_error(transcript, error)),
            Outcome::Response { .. } => None,
        }
    }

    /// What lets a beacon be queued that was not.
    pub(crate) fn of_beacon_not_queued() -> Self {
        Self::advising(Where::Page, "Send at most 64 KiB.")
    }

    /// What lets a load begin whose URL is none.
    #[cfg(feature = "scenario")]
    pub(crate) fn of_load_without_url() -> Self {
        Self::advising(Where::Page, "Write a URL.")
    }

    fn of_error(transcript: &Transcript, error: &NetworkError) -> Self {
        mend(transcript, error).remedy
    }
}

/// All that is wrong with the answer for which a fetch ended in a network error, beside what the
/// error says: each as the network error that would come next. They are in the order in which the
/// standard judges an answer.
///
/// ```
/// # use browser_cors::{explain::further_faults, transcript::Transcript};
/// # fn f(transcript: &Transcript) {
/// for fault in further_faults(transcript) {
///     println!("also: {fault}");
/// }
/// # }
/// ```
pub fn further_faults(transcript: &Transcript) -> Vec<NetworkError> {
    let Outcome::NetworkError(error) = &transcript.outcome else { return Vec::new() };
    let error: &NetworkError = error;
    let mut further: Vec<NetworkError> = Vec::new();
    for refusal in mend(transcript, error).faults {
        let fault = NetworkError { refusal, ..error.clone() };
        let is_known = further.iter().chain([error]).any(|known| known.code() == fault.code());
        if !is_known {
            further.push(fault);
        }
    }
    further
}

fn mend(transcript: &Transcript, error: &NetworkError) -> Mended {
    let is_redirected = error.url_list.len() > 1;
    let is_about_answer = match &error.refusal {
        Refusal::CorsCheck(_)
        | Refusal::CrossOriginResourcePolicy(_)
        | Refusal::RedirectModeError { .. }
        | Refusal::ManualLocation(_)
        | Refusal::Location(_)
        | Refusal::NetworkLocation(_)
        | Refusal::RedirectScheme { .. }
        | Refusal::RedirectCount { .. }
        | Refusal::RedirectCredentials { .. }
        | Refusal::RedirectCredentialsWithinOrigin { .. }
        | Refusal::RedirectCredentialsAfterCors { .. }
        | Refusal::RedirectStream { .. }
        | Refusal::MimeType { .. }
        | Refusal::Nosniff
        | Refusal::RangeNotRequested { .. }
        | Refusal::IntegrityWithoutBody => true,
        Refusal::Preflight(failure) => !matches!(failure, PreflightFailure::Transport(_)),
        Refusal::BadPort { .. }
        | Refusal::MixedContent
        | Refusal::UrlCredentials
        | Refusal::ModeSameOrigin { .. }
        | Refusal::NotLocalUrl => is_redirected,
        _ => false,
    };
    let mut mended = match Refused::of(transcript, error) {
        Some(refused) if is_about_answer => refused.mend(),
        _ => of_no_answer(error).into(),
    };
    if let Some(advice) = without_scheme(transcript) {
        mended.remedy.add_advice(&advice);
    }
    mended
}

/// What to do about a redirect from https to http of the same host.
fn without_scheme(transcript: &Transcript) -> Option<String> {
    let host = transcript.exchanges.iter().find_map(RecordedExchange::host_that_drops_https)?;
    Some(format!(
        "The redirect leads from https to http: the server of {host} does not know that browsers \
         reach it by https. Have the proxy before it send `X-Forwarded-Proto: https`, and the server \
         trust that."
    ))
}

/// Where there is no answer of a server that another one could take the place of.
fn of_no_answer(error: &NetworkError) -> Remedy {
    let url = error.url_list.last();
    let server = || url.map_or(Where::Page, Where::server_of);
    let sent = url.map_or(Cow::Borrowed(""), url_as_sent);
    let (place, advice) = match &error.refusal {
        Refusal::ModeSameOrigin { .. } => {
            (Where::Page, "Ask with the mode cors, or for a URL of the page's own origin.".into())
        }
        Refusal::NoCorsRedirectMode { .. } => {
            (Where::Page, "Ask with the redirect mode follow, or with the mode cors.".into())
        }
        Refusal::NotLocalUrl => (Where::Page, "Ask for an about, blob or data URL.".into()),
        Refusal::BadPort { .. } => {
            (server(), "Serve it on a port that browsers do not block.".into())
        }
        Refusal::MixedContent => of_rule(EmbedderRule::MixedContent),
        Refusal::UrlCredentials => (
            Where::Page,
            "Ask for the URL without a user name or password, or with fetch() and an Authorization \
             header."
                .into(),
        ),
        Refusal::OwnHeader { name } => {
            (Where::Page, format!("Do not set `{name}`: the browser sets it itself."))
        }
        Refusal::NotHttpScheme { .. } | Refusal::Scheme { .. } => {
            (Where::Page, "Ask for an http or https URL.".into())
        }
        Refusal::AboutNotBlank => {
            (Where::Page, "Ask for about:blank or an http or https URL.".into())
        }
        Refusal::DataUrl => {
            (Where::Page, "Write the data URL with a comma and valid base64.".into())
        }
        Refusal::Keepalive { .. } => (Where::Page, "Send less, or without keepalive.".into()),
        Refusal::OnlyIfCached => (Where::Page, "Ask with another cache mode.".into()),
        Refusal::Local(_) => (Where::Page, "Ask for a URL whose content is still there.".into()),
        Refusal::MimeType { .. } | Refusal::Nosniff => {
            (Where::Page, "Ask for a URL whose content has the type of what it is for.".into())
        }
        Refusal::IntegrityWithoutBody => {
            (Where::Page, "Ask for a URL whose content can be compared.".into())
        }
        Refusal::ProxyAuthentication => (Where::Proxy, words::LET_IT_PASS.into()),
        Refusal::NotSent => {
            (Where::Page, format!("Send {} {sent}, to see what the page gets.", error.method))
        }
        Refusal::Embedder(refusal) => of_rule(refusal.rule()),
        Refusal::Preflight(_) => (server(), format!("Make {sent} answer OPTIONS.")),
        Refusal::Transport(_) => (
            server(),
            format!("Make {sent} answer: CORS for the origin {} was not asked yet.", error.origin),
        ),
        _ => (Where::Page, words::ASK_WITH_CORS.into()),
    };
    Remedy::advising(place, advice)
}

/// What to do about a rule that is not the server's.
fn of_rule(rule: EmbedderRule) -> (Where, String) {
    let (place, advice) = match rule {
        EmbedderRule::ContentSecurityPolicy => {
            (Where::Page, "Let the page's Content-Security-Policy allow the URL.")
        }
        EmbedderRule::MixedContent => (
            Where::Page,
            "Ask for an https URL, and serve it: a page of https cannot ask for an http URL, whatever \
             the server answers.",
        ),
        EmbedderRule::IntegrityPolicy => {
            (Where::Page, "Ask with integrity metadata, which the page's Integrity-Policy demands.")
        }
        EmbedderRule::Integrity => {
            (Where::Page, "Ask with the integrity metadata of the content that is served.")
        }
        EmbedderRule::ServiceWorker => {
            (Where::Page, "Let the service worker answer with a response that fits the request.")
        }
        EmbedderRule::Abort => (Where::Page, "Wait for the response before aborting the fetch."),
        EmbedderRule::Override | EmbedderRule::Connection => {
            (Where::Browser, "Let the browser, its settings and its extensions allow the request.")
        }
    };
    (place, advice.to_owned())
}
