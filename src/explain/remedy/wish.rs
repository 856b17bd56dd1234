//! What would make a response come out as somebody expects of it, where the browser refuses nothing.

use std::{borrow::Cow, time::Duration};

use url::Url;

use super::{
    Answer, AnswerTo, Draft, Remedy, Where, and,
    draft::list,
    words::{self, ALLOW_ORIGIN, EXPOSE_HEADERS, MAX_AGE},
};
use crate::{
    cors_check::CorsCheckSuccess,
    fetch::Outcome,
    header::{
        HeaderList,
        extract::extract_tokens,
        safelist::{is_cors_safelisted_response_header_name, is_forbidden_response_header_name},
    },
    origin::url_as_sent,
    request::CredentialsMode,
    response::ResponseType,
    transcript::{RecordedExchange, Transcript},
};

impl Remedy {
    /// What lets the page read a response that is opaque.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::response::ResponseType};
    /// let remedy = Remedy::sharing(ResponseType::Opaque);
    /// assert_eq!(remedy.to_string(), "In the page's code: ask with the mode cors.");
    /// ```
    pub fn sharing(opaque: ResponseType) -> Self {
        Self::advising(
            Where::Page,
            match opaque {
                ResponseType::OpaqueRedirect => "Ask with the redirect mode follow.",
                _ => words::ASK_WITH_CORS,
            },
        )
    }

    /// What lets the page read what `fetch()` got without CORS: the page must ask otherwise, and then
    /// the server must allow it. `None`, if the response is not opaque.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if let Some(remedy) = Remedy::of_opaque(transcript) {
    ///     println!("the page may read nothing of it. fix: {remedy}");
    /// }
    /// # }
    /// ```
    pub fn of_opaque(transcript: &Transcript) -> Option<Self> {
        let Outcome::Response { response, .. } = &transcript.outcome else { return None };
        if response.kind() != ResponseType::Opaque {
            let is_redirect = response.kind() == ResponseType::OpaqueRedirect;
            return is_redirect.then(|| Self::sharing(response.kind()));
        }
        let last = transcript.exchanges.last()?;
        let asked = &transcript.asked;
        let allowing = |mut draft: Draft, exchange: &RecordedExchange| {
            if asked.origin == "null" {
                draft.answer.set(ALLOW_ORIGIN, "*");
            } else {
                draft.allow_origin(&asked.origin, exchange.read());
                if asked.credentials_mode == CredentialsMode::Include {
                    draft.allow_credentials();
                }
            }
            draft.answer
        };
        let dropped = &asked.dropped_header_names;
        let preflight = (!dropped.is_empty()).then(|| {
            let mut draft = Draft::new(Answer {
                to: Some(AnswerTo::Preflight),
                method: Some("OPTIONS".to_owned()),
                url: Some(url_as_sent(&asked.url).into_owned()),
                status: Some(204),
                ..Answer::default()
            });
            draft.answer.set(words::ALLOW_METHODS, asked.method.as_str());
            draft.answer.set(words::ALLOW_HEADERS, dropped.join(", "));
            allowing(draft, last).in_order()
        });
        let requests = transcript.exchanges.iter().map(|exchange| {
            allowing(Draft::new(Answer::to_exchange(exchange)), exchange).in_order()
        });
        let names: Vec<_> = dropped.iter().map(|name| format!("`{name}`")).collect();
        let without = match &names[..] {
            [] => String::new(),
            names => format!("send the request without {}, and ", and(names)),
        };
        let host = match Where::server_of(&last.url) {
            Where::Server { host } => host,
            _ => None,
        };
        let status = response.internal_response().status;
        Some(Self {
            place: Where::PageAndServer { host },
            answers: preflight.into_iter().chain(requests).collect(),
            advice: format!(
                "Remove `mode: \"no-cors\"`. It does not turn CORS off: it had the browser \
                 {without}hide the answer, whose status is {status}."
            ),
            causes: Vec::new(),
        })
    }

    /// What keeps the page from reading the response, or its request from being sent, where neither
    /// shall be.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// println!("the page may read it. fix: {}", Remedy::withholding(transcript));
    /// # }
    /// ```
    pub fn withholding(transcript: &Transcript) -> Self {
        let success = match &transcript.outcome {
            Outcome::Response { cors_check: None, .. } => {
                return Self::advising(
                    Where::Page,
                    "Ask from another origin: a page may read what its own origin answers.",
                );
            }
            Outcome::Response { cors_check: Some(success), .. } => Some(*success),
            Outcome::NetworkError(_) => None,
        };
        // Where the request was withheld, it is its preflight that let it pass.
        let judged = transcript.exchanges.iter().rfind(|exchange| exchange.read().is_some());
        let Some(exchange) = judged else { return Self::not_asked() };
        let origin = exchange.header_list.get("Origin").unwrap_or_default();
        let mut draft = Draft::new(Answer::to_exchange(exchange));
        draft.answer.without.push(ALLOW_ORIGIN.to_owned());
        draft.vary(exchange.read());
        let allowed = exchange.read().and_then(|answer| answer.header_list.get(ALLOW_ORIGIN));
        if success == Some(CorsCheckSuccess::Wildcard) || allowed.as_deref() == Some(b"*") {
            draft.say(
                "`*` lets every page read it: name the page's own origin where that is one of yours, \
                 and none for all others.",
            );
        } else {
            draft.answer.how =
                Some(format!("where the origin is {}", origin.escape_ascii()).into());
            draft.say(if *origin == *b"null" {
                words::NULL_IS_UNSAFE
            } else {
                "Compare the whole origin with those of your pages, byte for byte."
            });
        }
        draft.finish(Where::server_of(&exchange.url))
    }

    /// What lets the page read these response headers.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// println!("the page cannot read it. fix: {}", Remedy::exposing(&["ETag"], transcript));
    /// # }
    /// ```
    pub fn exposing<N: AsRef<str>>(names: &[N], transcript: &Transcript) -> Self {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        if let Some(name) = names.iter().find(|name| is_forbidden_response_header_name(name)) {
            return Self::advising(
                place(transcript),
                format!("Send it under another name: no page may read `{name}`."),
            );
        }
        let Some((answer, headers)) = of_request(transcript) else { return Self::not_asked() };
        let none = HeaderList::new();
        let is_unknown = headers.is_none();
        let headers = headers.unwrap_or(&none);
        let mut draft = Draft::new(answer);
        let missing: Vec<&str> =
            names.iter().copied().filter(|name| !is_unknown && !headers.contains(name)).collect();
        for name in &missing {
            draft.answer.headers.push(((*name).to_owned().into(), "<its value>".to_owned()));
        }
        let credentials_mode = transcript.asked.credentials_mode;
        let hidden: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| is_unknown || !is_exposed(name, headers, credentials_mode))
            .filter(|name| !is_cors_safelisted_response_header_name(name, &[]))
            .collect();
        if !hidden.is_empty() && !is_basic(transcript) {
            match extract_tokens(EXPOSE_HEADERS, headers) {
                Ok(Some(listed)) if listed.contains(&"*") => {
                    if credentials_mode == CredentialsMode::Include {
                        draft.say(words::WILDCARD_IS_A_NAME);
                    }
                }
                Ok(_) => {}
                Err(_) => draft.say("What it holds now cannot be parsed."),
            }
            let list = list(EXPOSE_HEADERS, &hidden, headers, credentials_mode);
            draft.answer.set(EXPOSE_HEADERS, list);
        }
        draft.finish(place(transcript))
    }

    /// What keeps the page from reading a response header.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// println!("the page reads it. fix: {}", Remedy::hiding("x-internal", transcript));
    /// # }
    /// ```
    pub fn hiding(name: &str, transcript: &Transcript) -> Self {
        let Some((answer, headers)) = of_request(transcript) else { return Self::not_asked() };
        let mut draft = Draft::new(answer);
        let listed = headers.and_then(|headers| extract_tokens(EXPOSE_HEADERS, headers).ok()?);
        let listed = listed.unwrap_or_default();
        let is_wildcard =
            listed.contains(&"*") && transcript.asked.credentials_mode != CredentialsMode::Include;
        if is_basic(transcript) {
            draft.answer.without.push(name.to_owned());
            draft.say("A page may read all that its own origin answers.");
        } else if is_cors_safelisted_response_header_name(name, &[]) {
            draft.answer.without.push(name.to_owned());
            draft.say(format!("`{name}` is safelisted, so it needs no listing."));
        } else if is_wildcard {
            draft.answer.set(EXPOSE_HEADERS, "<the names that the page may read>");
            draft.say("`*` exposes every header.");
        } else {
            let others: Vec<_> =
                listed.into_iter().filter(|other| !other.eq_ignore_ascii_case(name)).collect();
            if others.is_empty() {
                draft.answer.without.push(EXPOSE_HEADERS.to_owned());
            } else {
                draft.answer.set(EXPOSE_HEADERS, others.join(", "));
            }
        }
        draft.finish(place(transcript))
    }

    /// What has the response say this status.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// println!("the status is another. fix: {}", Remedy::answering(200, transcript));
    /// # }
    /// ```
    pub fn answering(status: u16, transcript: &Transcript) -> Self {
        let Some((mut answer, _)) = of_request(transcript) else { return Self::not_asked() };
        answer.status = Some(status);
        Draft::new(answer).finish(place(transcript))
    }

    /// What keeps caches from handing the response to pages of other origins.
    ///
    /// ```
    /// # use {browser_cors::explain::{Explanation, Remedy}, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if Explanation::new(transcript).may_be_mixed_up() {
    ///     println!("fix: {}", Remedy::varying(transcript));
    /// }
    /// # }
    /// ```
    pub fn varying(transcript: &Transcript) -> Self {
        let Some(last) = transcript.exchanges.last() else { return Self::not_asked() };
        let mut draft = Draft::new(Answer::to_exchange(last));
        draft.vary(last.read());
        draft.answer.how = Some("to requests without Origin too".into());
        draft.finish(Where::server_of(&last.url))
    }

    /// What has browsers keep the answers to preflights of `url` for so long.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::url::Url, std::time::Duration};
    /// let url = Url::parse("https://api.example/items").unwrap();
    /// assert_eq!(
    ///     Remedy::caching(&url, Duration::from_secs(600)).to_string(),
    ///     "Answer OPTIONS https://api.example/items with `Access-Control-Max-Age: 600`.",
    /// );
    /// ```
    pub fn caching(url: &Url, age: Duration) -> Self {
        keep(url, age.as_secs().to_string())
    }

    /// What saves a fetch like that of `preflight` its own, in an engine that keeps what a preflight
    /// grants for `limit` at most.
    ///
    /// ```
    /// # use browser_cors::{explain::Remedy, transcript::RecordedExchange};
    /// # use std::time::Duration;
    /// # fn f(preflight: &RecordedExchange) {
    /// println!("fix: {}", Remedy::caching_longer(preflight, Duration::from_secs(600)));
    /// # }
    /// ```
    pub fn caching_longer(preflight: &RecordedExchange, limit: Duration) -> Self {
        let max_age = preflight.read().and_then(|answer| {
            let value = answer.header_list.get(MAX_AGE)?;
            str::from_utf8(&value).ok()?.parse::<u64>().ok()
        });
        if max_age.is_some_and(|max_age| max_age > limit.as_secs()) {
            return Self::advising(
                Where::Page,
                format!(
                    "Expect it for {} seconds at most: more of `{MAX_AGE}` is not kept.",
                    limit.as_secs()
                ),
            );
        }
        keep(&preflight.url, "<more seconds than are between the fetches>".to_owned())
    }

    /// What gives a page CORS to ask with, where it asks its own origin.
    ///
    /// ```
    /// # use browser_cors::explain::Remedy;
    /// let remedy = Remedy::leaving_own_origin("https://app.example");
    /// assert!(remedy.to_string().contains("another origin than https://app.example"));
    /// ```
    pub fn leaving_own_origin(origin: &str) -> Self {
        Self::advising(
            Where::Page,
            format!(
                "Ask a server of another origin than {origin}, or from a page of another one. If the \
                 page's own origin is meant, say so with `Call::same_origin`."
            ),
        )
    }

    /// Where nothing was asked, nothing can be said of an answer.
    fn not_asked() -> Self {
        Self::advising(Where::Page, "Ask a server.")
    }
}

fn keep(url: &Url, age: String) -> Remedy {
    let answer = Answer {
        to: Some(AnswerTo::Preflight),
        method: Some("OPTIONS".to_owned()),
        url: Some(url_as_sent(url).into_owned()),
        headers: vec![(Cow::Borrowed(MAX_AGE), age)],
        ..Answer::default()
    };
    Draft::new(answer).finish(Where::server_of(url))
}

/// The answer to the request itself, and the headers that it has, if it is known.
fn of_request(transcript: &Transcript) -> Option<(Answer, Option<&HeaderList>)> {
    let last = transcript.judged_exchange()?;
    Some(match last.preflight {
        Some(_) => (Answer::to_unsent(last), None),
        None => (Answer::to_exchange(last), last.read().map(|answer| &answer.header_list)),
    })
}

fn place(transcript: &Transcript) -> Where {
    transcript.judged_exchange().map_or(Where::Page, |last| Where::server_of(&last.url))
}

/// Whether these headers expose the header of this name, once the page may read the response.
fn is_exposed(name: &str, headers: &HeaderList, credentials_mode: CredentialsMode) -> bool {
    let listed = extract_tokens(EXPOSE_HEADERS, headers).ok().flatten().unwrap_or_default();
    (credentials_mode != CredentialsMode::Include && listed.contains(&"*"))
        || listed.iter().any(|other| other.eq_ignore_ascii_case(name))
}

fn is_basic(transcript: &Transcript) -> bool {
    matches!(&transcript.outcome, Outcome::Response { response, .. }
        if response.kind() == ResponseType::Basic)
}

/// `Answer GET https://api.example/`, of the last exchange.
pub(super) fn last_asked(transcript: &Transcript) -> String {
    match transcript.exchanges.last() {
        Some(last) => format!("Answer {} {}", last.method, url_as_sent(&last.url)),
        None => format!("Answer {}", transcript.asked.url),
    }
}
