//! A remedy that grows fault by fault.

use std::borrow::Cow;

use super::{
    Answer, Remedy, Where,
    words::{self, ALLOW_CREDENTIALS, ALLOW_ORIGIN, VARY},
};
use crate::{
    cors_check::CorsCheckFailure, header::HeaderList, request::CredentialsMode, response::Response,
};

/// One answer that is made right, and what there is to say about it.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) answer: Answer,
    advice: Vec<Cow<'static, str>>,
}

impl Draft {
    pub(crate) const fn new(answer: Answer) -> Self {
        Self { answer, advice: Vec::new() }
    }

    pub(crate) fn say(&mut self, sentence: impl Into<Cow<'static, str>>) {
        self.advice.push(sentence.into());
    }

    /// The remedy, if this is all.
    pub(crate) fn finish(self, place: Where) -> Remedy {
        let answers =
            if self.answer.is_empty() { Vec::new() } else { vec![self.answer.in_order()] };
        Remedy { place, answers, advice: self.advice.join(" ") }
    }

    /// Lets one origin read the answer, and tells caches that the answer is for that origin.
    pub(crate) fn allow_origin(&mut self, origin: &str, response: Option<&Response>) {
        self.answer.set(ALLOW_ORIGIN, origin);
        self.vary(response);
    }

    pub(crate) fn vary(&mut self, response: Option<&Response>) {
        let listed = response.and_then(|response| response.header_list.get_decode_and_split(VARY));
        let mut listed = listed.unwrap_or_default();
        if listed.iter().any(|name| name == "*" || name.eq_ignore_ascii_case("Origin")) {
            return;
        }
        listed.retain(|name| is_token(name));
        listed.push("Origin".to_owned());
        self.answer.set(VARY, listed.join(", "));
    }

    pub(crate) fn allow_credentials(&mut self) {
        self.answer.set(ALLOW_CREDENTIALS, "true");
    }

    /// Makes an answer pass the CORS check of `origin`, which is not `null`.
    pub(super) fn pass_cors_check(
        &mut self,
        failure: &CorsCheckFailure,
        origin: &str,
        credentials_mode: CredentialsMode,
        response: &Response,
    ) {
        let is_preflight = self.answer.to == Some(super::AnswerTo::Preflight);
        if !matches!(failure, CorsCheckFailure::CredentialsNotAllowed { .. }) {
            self.allow_origin(origin, Some(response));
        }
        let credentials = response.header_list.get(ALLOW_CREDENTIALS);
        if credentials_mode == CredentialsMode::Include && credentials.as_deref() != Some(b"true") {
            self.allow_credentials();
        }
        match failure {
            CorsCheckFailure::CredentialsNotAllowed { found } => match found {
                Some(found) if found.eq_ignore_ascii_case(b"true") => self.say(words::LOWER_CASE),
                Some(found) if found.contains(&b',') => {
                    self.say("Several lines are read as one value.");
                }
                _ if is_preflight => {
                    self.say(
                        "The preflight carries no credentials, but the request after it does.",
                    );
                }
                _ => {}
            },
            CorsCheckFailure::NoAllowOrigin if is_preflight => {}
            CorsCheckFailure::NoAllowOrigin => {
                self.say("The server did get the request; only reading the answer is refused.");
            }
            CorsCheckFailure::SeveralAllowOrigin { .. } => {
                self.answer.how = Some(words::ON_ONE_LINE.into());
                self.say(words::PROXY_ADDS_IT);
            }
            CorsCheckFailure::WildcardWithCredentials { .. } => {
                self.answer.how = Some(words::ONLY_FOR_ORIGINS.into());
                self.say(words::OR_WITHOUT_CREDENTIALS);
            }
            CorsCheckFailure::OriginMismatch { found, .. } => match what_is_wrong(found, origin) {
                Some(hint) => self.say(hint),
                None => self.answer.how = Some(words::IF_THIS_ORIGIN.into()),
            },
        }
    }

    /// Has a list hold `needed` besides what it holds already.
    pub(super) fn list(
        &mut self,
        name: &'static str,
        needed: &[String],
        headers: &HeaderList,
        credentials_mode: CredentialsMode,
    ) {
        let list = list(name, needed, headers, credentials_mode);
        if list.is_empty() {
            self.answer.without.push(name.to_owned());
        } else {
            self.answer.set(name, list);
        }
    }
}

/// What a list holds already, as far as that counts, and what it misses.
pub(super) fn list<T: AsRef<str>>(
    name: &str,
    needed: &[T],
    headers: &HeaderList,
    credentials_mode: CredentialsMode,
) -> String {
    let needed = || needed.iter().map(AsRef::as_ref);
    let mut list: Vec<String> = Vec::new();
    for line in headers.values(name) {
        // Whoever writes no commas means the words between the spaces.
        let members = line.split(|byte| matches!(byte, b',' | b';' | b' ' | b'\t'));
        list.extend(members.filter_map(|member| str::from_utf8(member).ok()).map(str::to_owned));
    }
    list.retain(|member| {
        is_token(member)
            && (member != "*" || credentials_mode != CredentialsMode::Include)
            && !needed().any(|needed| needed.eq_ignore_ascii_case(member))
    });
    list.extend(needed().map(str::to_owned));
    list.join(", ")
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(crate::header::is_token_byte)
}

/// What is wrong with a value of `Access-Control-Allow-Origin` that is not `origin`, where it looks
/// as if that was meant.
fn what_is_wrong(found: &[u8], origin: &str) -> Option<&'static str> {
    let found = found.escape_ascii().to_string();
    let after_scheme = |text: &str| text.split_once("://").map(|(_, rest)| rest.to_owned());
    Some(if found.trim_end_matches('/') == origin {
        "An origin has no path, not even a slash."
    } else if found.eq_ignore_ascii_case(origin) {
        words::LOWER_CASE
    } else if found.contains([',', ' ']) {
        words::ONE_ORIGIN
    } else if found.contains('*') {
        words::NO_PATTERNS
    } else if after_scheme(&found).is_some() && after_scheme(&found) == after_scheme(origin) {
        "The scheme is part of an origin."
    } else if found.starts_with(&format!("{origin}:")) || origin.starts_with(&format!("{found}:")) {
        "The port is part of an origin, unless it is the scheme's own."
    } else if found.starts_with(&format!("{origin}/")) {
        "An origin has no path."
    } else {
        return None;
    })
}
