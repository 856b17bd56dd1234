//! A remedy that grows fault by fault.

use std::borrow::Cow;

use super::{
    Answer, AnswerTo, Cause, Remedy, Where,
    words::{self, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_ORIGIN, VARY},
};
use crate::{
    cors_check::CorsCheckFailure,
    explain::cause::{clean_members, of_allow_credentials, of_allow_origin, of_list},
    fetch::{PreflightFailure, Refusal},
    header::HeaderList,
    request::CredentialsMode,
    response::Response,
    transcript::RecordedExchange,
};

/// One answer that is made right, and what there is to say about it.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) answer: Answer,
    advice: Vec<Cow<'static, str>>,
    /// What the page must change first.
    page: Vec<Cow<'static, str>>,
    causes: Vec<Cause>,
    /// All that is wrong with the present answer, in the order in which it was found.
    pub(super) faults: Vec<Refusal>,
}

impl Draft {
    pub(crate) const fn new(answer: Answer) -> Self {
        Self {
            answer,
            advice: Vec::new(),
            page: Vec::new(),
            causes: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn say(&mut self, sentence: impl Into<Cow<'static, str>>) {
        self.advice.push(sentence.into());
    }

    /// Says what the page must change, whatever the server answers.
    pub(super) fn say_to_page(&mut self, sentence: impl Into<Cow<'static, str>>) {
        self.page.push(sentence.into());
    }

    /// Says what made a value wrong.
    pub(crate) fn blame(&mut self, cause: Cause) {
        if !self.causes.contains(&cause) {
            self.causes.push(cause);
            self.say(cause.text());
        }
    }

    /// The remedy, if this is all.
    pub(crate) fn finish(self, place: Where) -> Remedy {
        let answers =
            if self.answer.is_empty() { Vec::new() } else { vec![self.answer.in_order()] };
        let place = match place {
            place if self.page.is_empty() => place,
            Where::Server { host } if !answers.is_empty() => Where::PageAndServer { host },
            _ => Where::Page,
        };
        let advice = [self.page, self.advice].concat().join(" ");
        Remedy { place, answers, advice, causes: self.causes }
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

    /// Notes why an answer fails the CORS check, with what the check would have found next.
    pub(super) fn fail_cors_check(
        &mut self,
        failure: &CorsCheckFailure,
        credentials_mode: CredentialsMode,
        response: &Response,
    ) {
        let mut failures = vec![failure.clone()];
        let found = response.header_list.get(ALLOW_CREDENTIALS);
        if credentials_mode == CredentialsMode::Include
            && found.as_deref() != Some(b"true")
            && !matches!(failure, CorsCheckFailure::CredentialsNotAllowed { .. })
        {
            let found = found.map(Cow::into_owned);
            failures.push(CorsCheckFailure::CredentialsNotAllowed { found });
        }
        self.faults.extend(failures.into_iter().map(|failure| {
            if self.answer.to == Some(AnswerTo::Preflight) {
                Refusal::Preflight(PreflightFailure::CorsCheck(failure))
            } else {
                Refusal::CorsCheck(failure)
            }
        }));
    }

    /// Makes an answer pass the CORS check of `origin`, which is not `null`.
    pub(super) fn pass_cors_check(
        &mut self,
        failure: &CorsCheckFailure,
        origin: &str,
        credentials_mode: CredentialsMode,
        exchange: &RecordedExchange,
        response: &Response,
    ) {
        let is_preflight = self.answer.to == Some(AnswerTo::Preflight);
        // The bytes that came tell more than those that the engine made of them.
        let came = exchange.answer.as_ref().unwrap_or(response);
        if !matches!(failure, CorsCheckFailure::CredentialsNotAllowed { .. }) {
            self.allow_origin(origin, Some(response));
        }
        match failure {
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
            CorsCheckFailure::OriginMismatch { .. } => {
                let value = came.header_list.get(ALLOW_ORIGIN).unwrap_or_default();
                match of_allow_origin(&value, origin, Some(&exchange.url)) {
                    Some(cause) => self.blame(cause),
                    None => self.answer.how = Some(words::IF_THIS_ORIGIN.into()),
                }
            }
            CorsCheckFailure::CredentialsNotAllowed { .. } => {}
        }
        let credentials = response.header_list.get(ALLOW_CREDENTIALS);
        if credentials_mode == CredentialsMode::Include && credentials.as_deref() != Some(b"true") {
            self.allow_credentials();
            let value = came.header_list.get(ALLOW_CREDENTIALS);
            match value.and_then(|value| of_allow_credentials(&value)) {
                Some(cause) => self.blame(cause),
                None if is_preflight
                    && matches!(failure, CorsCheckFailure::CredentialsNotAllowed { .. }) =>
                {
                    self.say(
                        "The preflight carries no credentials, but the request after it does.",
                    );
                }
                None => {}
            }
        }
    }

    /// Has a list hold `needed` besides what it holds already, and says why it does not.
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

    /// Says what made a list wrong, or else `otherwise`.
    pub(super) fn blame_list(
        &mut self,
        name: &'static str,
        headers: &HeaderList,
        otherwise: Option<&'static str>,
    ) {
        match (of_list(name, headers.values(name)), otherwise) {
            (None | Some(Cause::Separators), Some(otherwise)) => {
                self.say(otherwise);
            }
            (Some(cause), _) => self.blame(cause),
            (None, None) => {}
        }
    }
}

/// What a list holds already, as far as that counts, and what it misses.
pub(super) fn list<T: AsRef<str>>(
    name: &'static str,
    needed: &[T],
    headers: &HeaderList,
    credentials_mode: CredentialsMode,
) -> String {
    let needed = || needed.iter().map(AsRef::as_ref);
    let mut list = clean_members(name, headers.values(name));
    // Methods are compared byte for byte, so one in another case is another one.
    let is_replaced = |member: &str| {
        needed().any(|needed| match name {
            ALLOW_METHODS => needed == member,
            _ => needed.eq_ignore_ascii_case(member),
        })
    };
    list.retain(|member| {
        (member != "*" || credentials_mode != CredentialsMode::Include) && !is_replaced(member)
    });
    list.extend(needed().map(str::to_owned));
    list.join(", ")
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(crate::header::is_token_byte)
}
