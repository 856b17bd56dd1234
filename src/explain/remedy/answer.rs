//! All that is wrong with an answer, mended at once.

use std::{borrow::Cow, mem};

use http::Method;
use url::Url;

use super::{
    Answer, Draft, Remedy, Where, capital, page,
    words::{self, ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN},
};
use crate::{
    cors_check::{CorsCheckFailure, cors_check},
    engine::Profile,
    fetch::{
        NetworkError, PreflightFailure, PreflightReason, REDIRECT_LIMIT, Refusal,
        blocked::{bad_port, blocked_mime_type, is_blockable, is_blocked_by_nosniff},
        cors_preflight_fetch::{covers_header, covers_method},
        http_network_or_cache_fetch::judge_status,
    },
    header::{extract::extract_tokens, names::NameSet},
    origin::{Origin, are_same_origin, has_http_scheme, includes_credentials, url_as_sent},
    request::{CredentialsMode, Destination, Mode, RedirectMode},
    response::Response,
    status::{is_null_body_status, is_ok_status, is_redirect_status},
    transcript::{RecordedExchange, Transcript},
};

const LOCATION: &str = "Location";
const RESOURCE_POLICY: &str = "Cross-Origin-Resource-Policy";

/// An exchange whose answer was refused, and what was refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused<'a> {
    transcript: &'a Transcript,
    error: &'a NetworkError,
    exchange: &'a RecordedExchange,
    response: &'a Response,
    /// How many redirects came before.
    redirects: usize,
}

/// How responses of this exchange are judged: the standard's response tainting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Tainting {
    Basic,
    Cors,
    Opaque,
}

impl<'a> Refused<'a> {
    /// The exchange whose answer was refused, if there was one and a server answered it.
    pub(super) fn of(transcript: &'a Transcript, error: &'a NetworkError) -> Option<Self> {
        let exchange = transcript.judged_exchange()?;
        if !has_http_scheme(&exchange.url) {
            return None;
        }
        let before =
            transcript.exchanges.iter().take_while(|other| !std::ptr::eq(*other, exchange));
        Some(Self {
            transcript,
            error,
            exchange,
            response: exchange.read()?,
            redirects: before.filter(|other| other.preflight.is_none()).count(),
        })
    }

    /// The remedy, in which whatever is wrong with the answer is right, and what is wrong with it.
    pub(super) fn mend(self) -> Mended {
        if judge_status(self.response, self.profile()).is_err() {
            return Remedy::advising(Where::Proxy, words::LET_IT_PASS).into();
        }
        if let Some(advice) = self.why_no_integrity() {
            return Remedy::advising(Where::Page, advice).into();
        }
        match &self.exchange.preflight {
            Some(reasons) => self.preflight(reasons),
            None => self.request(),
        }
    }

    /// Why there can be nothing to compare integrity metadata with, whatever servers answer.
    fn why_no_integrity(&self) -> Option<&'static str> {
        let has_no_body = matches!(self.error.method.as_str(), "HEAD" | "CONNECT");
        match self.tainting() {
            _ if !self.transcript.asked.has_integrity => None,
            Tainting::Opaque => Some("Ask with CORS, so that the integrity can be compared."),
            _ if has_no_body => {
                Some("Ask with GET, so that there is a body and the integrity can be compared.")
            }
            _ => None,
        }
    }

    const fn profile(&self) -> &'a Profile {
        &self.transcript.profile
    }

    fn place(&self) -> Where {
        Where::server_of(&self.exchange.url)
    }

    /// The origin that asked, or an opaque one that is like no other.
    fn asker(&self) -> Origin {
        self.transcript.asked.origin.parse().unwrap_or_else(|_| Origin::opaque())
    }

    /// The URLs that were asked up to this one.
    fn urls(&self) -> impl Iterator<Item = &'a Url> {
        let requests = self.transcript.exchanges.iter().filter(|one| one.preflight.is_none());
        requests.take(self.redirects).map(|one| &one.url).chain([&self.exchange.url])
    }

    fn tainting(&self) -> Tainting {
        let asker = self.asker();
        let is_away = self.urls().any(|url| !asker.is_same_origin_with_url(url));
        match self.transcript.asked.mode {
            Mode::Cors if is_away => Tainting::Cors,
            Mode::NoCors if is_away => Tainting::Opaque,
            _ => Tainting::Basic,
        }
    }

    fn preflight(self, reasons: &[PreflightReason]) -> Mended {
        let Self { error, exchange, response, .. } = self;
        let (choices, credentials_mode) = (&self.profile().choices, error.credentials_mode);
        let includes = credentials_mode == CredentialsMode::Include;
        if includes && error.origin == "null" {
            return self.nothing_for_null().into();
        }
        let mut draft = Draft::new(Answer::to_exchange(exchange));
        let is_own = self.asker().is_same_origin_with_url(&exchange.url);
        if choices.preflight_to_own_origin.is_checked_at(is_own) {
            let origin = exchange.header_list.get("Origin").unwrap_or_default();
            let origin = String::from_utf8_lossy(&origin);
            if let Err(failure) = cors_check(&origin, credentials_mode, response) {
                draft.fail_cors_check(&failure, credentials_mode, response);
                if origin == "null" {
                    self.allow_everybody(&mut draft);
                } else {
                    draft.pass_cors_check(&failure, &origin, credentials_mode, exchange, response);
                }
            }
        }
        if !is_ok_status(response.status) {
            draft.answer.status = Some(204);
            draft
                .faults
                .push(Refusal::Preflight(PreflightFailure::status(response.status, response)));
        }
        self.say_why_status(&mut draft);
        self.list_methods(&mut draft, reasons);
        self.list_headers(&mut draft, reasons);
        self.say_all_if_new(&mut draft);
        if matches!(error.refusal, Refusal::NetworkLocation(_)) {
            draft.answer.without.push(LOCATION.to_owned());
        }
        let Mended { mut remedy, faults } = Mended::of(draft, self.place());
        // Some engines refuse a redirect only after the next preflight.
        if let Some(redirect) = self.before() {
            remedy = remedy.and(redirect.request().remedy);
        }
        let mut unsent = Draft::new(Answer::to_unsent(exchange));
        // A server that lets every origin past its preflight lets every origin read, most likely.
        let allowed = remedy.answers.first().and_then(|preflight| preflight.header(ALLOW_ORIGIN));
        if error.origin == "null" || (allowed == Some("*") && !includes) {
            unsent.answer.set(ALLOW_ORIGIN, "*");
        } else {
            unsent.allow_origin(&error.origin, None);
        }
        if includes {
            unsent.allow_credentials();
        }
        remedy.answers.push(unsent.answer.in_order());
        Mended { remedy, faults }
    }

    /// An answer with another status is another answer, from another part of the server: it says
    /// again what the present one says well. A server that allows no origin may not know at all that
    /// it was asked, so its answer names the method, whichever that is.
    fn say_all_if_new(&self, draft: &mut Draft) {
        let (answer, headers) = (&mut draft.answer, &self.response.header_list);
        let is_new = answer.status.is_some();
        if is_new {
            let includes = self.error.credentials_mode == CredentialsMode::Include;
            for name in [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS] {
                let Some(value) = headers.get(name) else { continue };
                let is_left_out = answer.without.iter().any(|other| other == name);
                if is_left_out || answer.header(name).is_some() {
                    continue;
                }
                let is_list = [ALLOW_METHODS, ALLOW_HEADERS].contains(&name);
                let value = if is_list {
                    extract_tokens(name, headers).ok().flatten().unwrap_or_default().join(", ")
                } else if name == ALLOW_CREDENTIALS && (!includes || *value != *b"true") {
                    continue;
                } else {
                    as_text(&value).unwrap_or_default().to_owned()
                };
                if !value.is_empty() {
                    answer.set(name, value);
                }
            }
        }
        if (is_new || answer.header(ALLOW_ORIGIN).is_some())
            && !headers.contains(ALLOW_METHODS)
            && answer.header(ALLOW_METHODS).is_none()
            && let Some(method) = self.exchange.header_list.get("Access-Control-Request-Method")
        {
            answer.set(ALLOW_METHODS, String::from_utf8_lossy(&method));
        }
        if answer.header(ALLOW_ORIGIN).is_some_and(|origin| origin != "*") {
            draft.vary(Some(self.response));
        }
    }

    fn say_why_status(&self, draft: &mut Draft) {
        match self.response.status {
            401 | 403 => draft.say(words::NO_CREDENTIALS_IN_PREFLIGHTS),
            404 | 405 | 501 => draft.say("The server has no route for it."),
            status if is_redirect_status(status) => {
                draft.say(words::NO_REDIRECT_OF_PREFLIGHTS);
                let location = self.response.header_list.get(LOCATION);
                if location.as_deref().is_some_and(is_login) {
                    draft.say(words::NO_CREDENTIALS_IN_PREFLIGHTS);
                } else {
                    let target = target(location);
                    draft.say(format!("Or, in the page's code, ask for {target} directly."));
                }
            }
            429 => draft.say("A limit of requests must not count preflights."),
            status @ 500.. => draft.say(failed(status)),
            _ => {}
        }
    }

    /// Why an answer that no page may read has no word of CORS.
    fn say_why_unshared(&self, draft: &mut Draft) {
        let has_come_from = |exchange: &RecordedExchange| matches!(&exchange.location, Ok(Some(location)) if location == &self.exchange.url);
        if is_login(self.exchange.url.as_str().as_bytes())
            && self.transcript.exchanges.iter().any(has_come_from)
        {
            draft.say(
                "The redirect led to a login: answer a request without a session with 401 in place \
                 of a redirect, with the same headers.",
            );
            return;
        }
        match self.response.status {
            status @ 500.. => draft.say(failed(status)),
            400..=499 => draft.say("Answers that are errors need the header as well."),
            _ => {}
        }
    }

    fn list_methods(&self, draft: &mut Draft, reasons: &[PreflightReason]) {
        let (headers, credentials_mode) = (&self.response.header_list, self.error.credentials_mode);
        let method = self.exchange.header_list.get("Access-Control-Request-Method");
        let method = method.and_then(|method| Method::from_bytes(&method).ok());
        let Some(method) = method else { return };
        let is_forced = reasons.contains(&PreflightReason::UseCorsPreflight)
            && self.profile().choices.forced_method.counts_as_allowed();
        let listed = extract_tokens(ALLOW_METHODS, headers);
        match listed {
            Ok(None) if is_forced => return,
            Ok(listed) => {
                let listed = listed.as_deref().unwrap_or_default();
                if covers_method(listed, &method, credentials_mode) {
                    return;
                }
                if listed.iter().any(|other| other.eq_ignore_ascii_case(method.as_str())) {
                    draft.say(words::METHODS_IN_BYTES);
                } else if listed.contains(&"*") {
                    draft.say(words::WILDCARD_IS_A_METHOD);
                } else {
                    draft.blame_list(ALLOW_METHODS, headers, None);
                }
                draft.faults.push(Refusal::Preflight(PreflightFailure::Method {
                    method: method.clone(),
                    allowed: listed.iter().map(ToString::to_string).collect(),
                    credentials_mode,
                }));
            }
            Err(invalid) => {
                draft.blame_list(ALLOW_METHODS, headers, Some(words::METHODS_AND_COMMAS));
                draft.faults.push(Refusal::Preflight(PreflightFailure::AllowMethods(invalid)));
            }
        }
        if let Some(advice) = page::other_method(&method) {
            draft.say(advice);
        }
        draft.list(ALLOW_METHODS, &[method.to_string()], headers, credentials_mode);
    }

    fn list_headers(&self, draft: &mut Draft, reasons: &[PreflightReason]) {
        let (headers, credentials_mode) = (&self.response.header_list, self.error.credentials_mode);
        let asked = &self.exchange.header_list;
        let asked = asked.get_decode_and_split("Access-Control-Request-Headers");
        let mut needed = asked.unwrap_or_default();
        let asked_names = needed.clone();
        match extract_tokens(ALLOW_HEADERS, headers) {
            Ok(listed) => {
                let listed = listed.as_deref().unwrap_or_default();
                let set = NameSet::new(listed.iter().copied());
                let is_missing =
                    |name: &str| !covers_header(&set, name, credentials_mode, self.profile());
                if !needed.iter().any(|name| is_missing(name)) {
                    return;
                }
                // With credentials, a header may have the name `*`.
                needed.retain(|name| name == "*" || is_missing(name));
                if listed.contains(&"*") {
                    draft.say(match credentials_mode {
                        CredentialsMode::Include => words::WILDCARD_IS_A_NAME,
                        _ => words::WILDCARD_WITHOUT_AUTHORIZATION,
                    });
                } else {
                    draft.blame_list(ALLOW_HEADERS, headers, None);
                }
                draft.faults.push(Refusal::Preflight(PreflightFailure::Headers {
                    names: asked_names.into_iter().filter(|name| is_missing(name)).collect(),
                    allowed: listed.iter().map(ToString::to_string).collect(),
                    credentials_mode,
                }));
            }
            Err(invalid) => {
                draft.blame_list(ALLOW_HEADERS, headers, Some(words::NAMES_AND_COMMAS));
                draft.faults.push(Refusal::Preflight(PreflightFailure::AllowHeaders(invalid)));
            }
        }
        let is_invalid = matches!(
            draft.faults.last(),
            Some(Refusal::Preflight(PreflightFailure::AllowHeaders(_)))
        );
        let misplaced = page::take_misplaced(&mut needed);
        for advice in page::on_misplaced(&misplaced) {
            draft.say_to_page(advice);
        }
        for advice in page::on_headers(&needed, reasons, &self.transcript.asked.method) {
            draft.say(advice);
        }
        // What the page need not send, no list need have.
        if !needed.is_empty() || is_invalid {
            draft.list(ALLOW_HEADERS, &needed, headers, credentials_mode);
        }
    }

    fn request(self) -> Mended {
        let Self { error, exchange, response, .. } = self;
        let tainting = self.tainting();
        let mut draft = Draft::new(Answer::to_exchange(exchange));
        if tainting == Tainting::Cors {
            // Some engines judge redirects as if credentials were included.
            let as_including = self.is_followed()
                && self.profile().choices.redirect_check.is_as_including(
                    error.credentials_mode,
                    &self.asker(),
                    &self.transcript.asked.url,
                );
            let credentials_mode =
                if as_including { CredentialsMode::Include } else { error.credentials_mode };
            let includes = credentials_mode == CredentialsMode::Include;
            let origin = self.expected_origin();
            let checked = cors_check(origin, credentials_mode, response);
            if let Err(failure) = &checked {
                draft.fail_cors_check(failure, credentials_mode, response);
                if matches!(failure, CorsCheckFailure::NoAllowOrigin) {
                    self.say_why_unshared(&mut draft);
                }
            }
            match checked {
                Ok(_) => {}
                Err(_) if origin == "null" && as_including => {
                    self.allow_everybody(&mut draft);
                    draft.answer.status = Some(200);
                    draft.say("This browser follows the redirect of no answer that `*` allows.");
                }
                Err(_) if origin == "null" && includes => return self.nothing_for_null().into(),
                Err(_) if origin == "null" => self.allow_everybody(&mut draft),
                Err(failure) => {
                    draft.pass_cors_check(&failure, origin, credentials_mode, exchange, response);
                }
            }
        }
        let policy = response.header_list.get(RESOURCE_POLICY);
        let is_blocked = match &error.refusal {
            Refusal::CrossOriginResourcePolicy(_) => true,
            // The policy would have been judged next.
            Refusal::NetworkLocation(_) => {
                tainting == Tainting::Opaque && policy.as_deref() != Some(b"cross-origin")
            }
            _ => false,
        };
        if is_blocked {
            draft.answer.set(RESOURCE_POLICY, "cross-origin");
            draft.answer.how = Some(words::IF_ANY_ORIGIN_EMBEDS.into());
        }
        let is_redirect =
            self.profile().choices.redirect_statuses.are_of(response.status, response);
        let is_refused_location =
            matches!(error.refusal, Refusal::ManualLocation(_) | Refusal::NetworkLocation(_));
        match self.transcript.asked.redirect_mode {
            RedirectMode::Error if is_redirect && self.is_redirect_error() => {
                let location = response.header_list.get(LOCATION).map(Cow::into_owned);
                draft.faults.push(Refusal::RedirectModeError { location });
                draft.answer.status = Some(200);
                draft.say(format!(
                    "The page wants no redirect. Or, in the page's code, ask for {} directly, or \
                     with the redirect mode follow.",
                    target(response.header_list.get(LOCATION)),
                ));
            }
            RedirectMode::Follow if self.is_followed() && draft.answer.status.is_none() => {
                self.redirect(&mut draft, tainting);
            }
            RedirectMode::Manual
                if is_redirect && (is_refused_location || self.is_refused_as_manual()) =>
            {
                locate(&mut draft);
            }
            _ => {}
        }
        if is_refused_location && draft.answer.header(LOCATION).is_none() {
            draft.answer.without.push(LOCATION.to_owned());
        }
        let ends = !self.is_followed() || draft.answer.status.is_some();
        if ends {
            self.end(&mut draft);
        }
        Mended::of(draft, self.place())
    }

    /// The serialized origin that the CORS check compares: a refusal may be one of a later hop, whose
    /// origin is another.
    fn expected_origin(&self) -> &'a str {
        let asker = self.asker();
        let urls: Vec<&Url> = self.urls().collect();
        let is_tainted = urls.windows(2).any(|pair| {
            !are_same_origin(pair[0], pair[1]) && !asker.is_same_origin_with_url(pair[0])
        });
        if is_tainted { "null" } else { &self.transcript.asked.origin }
    }

    /// The redirect that led here.
    fn before(self) -> Option<Self> {
        let mut before = self.transcript.exchanges.iter();
        let exchanges = before.by_ref().take_while(|one| !std::ptr::eq(*one, self.exchange));
        let exchange = exchanges.filter(|one| one.preflight.is_none()).last()?;
        let redirects = self.redirects.checked_sub(1)?;
        Some(Self { exchange, response: exchange.read()?, redirects, ..self })
    }

    /// Whether it is the preflight after this redirect that was refused.
    const fn is_before_preflight(&self) -> bool {
        matches!(self.error.refusal, Refusal::Preflight(_)) && self.exchange.preflight.is_none()
    }

    /// Whether the answer is a redirect that the user agent follows, or tries to.
    fn is_followed(&self) -> bool {
        self.transcript.asked.redirect_mode == RedirectMode::Follow
            && self.exchange.location != Ok(None)
    }

    fn is_redirect_error(&self) -> bool {
        let has_location = self.response.header_list.values(LOCATION).any(|line| !line.is_empty());
        has_location || !self.profile().choices.redirect_error.needs_location()
    }

    fn is_refused_as_manual(&self) -> bool {
        let location = self.exchange.location.clone();
        self.profile().choices.manual_redirect.judge(location).is_err()
    }

    fn redirect(&self, draft: &mut Draft, tainting: Tainting) {
        let Self { error, exchange, response, .. } = self;
        let (asked, choices) = (&self.transcript.asked, &self.profile().choices);
        // The standard judges these later than where the redirect leads. No other place would help.
        let leads_to = |fault: fn(Url) -> Refusal| {
            exchange.location.clone().ok().flatten().map(fault).into_iter()
        };
        if self.redirects >= usize::from(REDIRECT_LIMIT) {
            draft.faults.extend(leads_to(|location| Refusal::RedirectCount { location }));
            draft.answer.status = Some(200);
            draft.say(words::AT_MOST_20);
            return;
        }
        // A body that an earlier redirect has dropped left the method GET.
        if asked.has_stream && exchange.method == asked.method && response.status != 303 {
            draft.faults.extend(leads_to(|location| Refusal::RedirectStream { location }));
            draft.answer.status = Some(200);
            draft.say("A stream cannot be sent again, so it cannot be redirected.");
            return;
        }
        let Ok(Some(location)) = &exchange.location else {
            if let Err(invalid) = &exchange.location {
                draft.faults.push(Refusal::Location(invalid.clone()));
            }
            return locate(draft);
        };
        if matches!(error.refusal, Refusal::NetworkLocation(_)) {
            return locate(draft);
        }
        let is_mixed_content = matches!(error.refusal, Refusal::MixedContent);
        let mut location = location.clone();
        if is_mixed_content
            || (asked.prohibits_mixed_content && is_blockable(&location, asked.destination))
        {
            draft.faults.push(Refusal::MixedContent);
            // An http URL can become an https URL.
            let _ = location.set_scheme("https");
            draft.say(
                "If a proxy in front of the server has the TLS, let the server believe its \
                 X-Forwarded-Proto.",
            );
            // No body would be left to compare with the integrity metadata.
            let is_opaque = asked.mode == Mode::NoCors
                && (tainting == Tainting::Opaque
                    || !self.asker().is_same_origin_with_url(&location));
            if asked.has_integrity && is_opaque {
                draft.say(
                    "Or, in the page's code, ask with CORS, so that the integrity can be compared.",
                );
                draft.answer.set(LOCATION, "<a URL of the page's own origin>");
                return;
            }
            draft.answer.set(LOCATION, location.to_string());
        }
        let location = &location;
        let place = if !has_http_scheme(location) {
            draft.faults.push(Refusal::RedirectScheme { location: location.clone() });
            Some("<an http or https URL>")
        } else if let Some(port) = bad_port(location) {
            draft.faults.push(Refusal::BadPort { port });
            Some("<a URL with a port that browsers do not block>")
        } else if asked.mode == Mode::SameOrigin && !self.asker().is_same_origin_with_url(location)
        {
            let origin = asked.origin.clone();
            draft.faults.push(Refusal::ModeSameOrigin { origin });
            draft.say("Or, in the page's code, ask with the mode cors.");
            Some("<a URL of the page's own origin>")
        } else if let Refusal::NotLocalUrl = error.refusal {
            Some("<an about, blob or data URL>")
        } else {
            None
        };
        if let Some(place) = place {
            draft.answer.set(LOCATION, place);
            return;
        }
        let is_refused = tainting == Tainting::Cors
            || (asked.mode == Mode::Cors && !self.asker().is_same_origin_with_url(location))
            || (!self.is_before_preflight() && choices.redirect_with_credentials.are_blocked());
        if includes_credentials(location) && is_refused {
            draft.faults.push(Refusal::RedirectCredentials { location: location.clone() });
            draft.answer.set(LOCATION, without_user(location));
            draft.say(words::NO_USER_NAME);
        }
    }

    /// Judges an answer that ends the fetch.
    fn end(&self, draft: &mut Draft) {
        let Self { error, response, .. } = self;
        let asked = &self.transcript.asked;
        let headers = &response.header_list;
        let blocked = blocked_mime_type(headers, asked.destination);
        let blocked = blocked.map(|essence| Refusal::MimeType { essence }).or_else(|| {
            is_blocked_by_nosniff(headers, asked.destination).then_some(Refusal::Nosniff)
        });
        if let Some(fault) = blocked {
            draft.faults.push(fault);
            let is_style = asked.destination == Destination::Style;
            draft.answer.set("Content-Type", if is_style { "text/css" } else { "text/javascript" });
            draft.answer.how.get_or_insert_with(|| "if that is what it is".into());
        }
        if let Refusal::RangeNotRequested { .. } = error.refusal {
            draft.answer.status = Some(200);
            draft.say("206 and 416 are for requests that ask for a range.");
        }
        if asked.has_integrity {
            let is_opaque = asked.redirect_mode == RedirectMode::Manual
                && self.profile().choices.redirect_statuses.are_of(response.status, response);
            // Another status has a body.
            let is_empty = is_null_body_status(response.status) || is_opaque;
            if is_empty && draft.answer.status.is_none() {
                draft.faults.push(Refusal::IntegrityWithoutBody);
                draft.answer.status = Some(200);
                draft.say("Without a body, the integrity cannot be compared.");
            }
        }
    }

    /// Lets every origin read the answer, as the origin is `null`.
    fn allow_everybody(&self, draft: &mut Draft) {
        draft.answer.set(ALLOW_ORIGIN, "*");
        draft.answer.how = Some(words::IF_EVERY_PAGE.into());
        draft.say(format!("Or, in the page's code, {}", self.without_null()));
        draft.say(words::NULL_IS_UNSAFE);
    }

    /// No answer makes it safe to let `null` read what belongs to a user.
    fn nothing_for_null(&self) -> Remedy {
        let advice = match self.is_tainted() {
            true => capital(&self.without_null()),
            false => format!("Ask without credentials, or {}", words::FROM_ANOTHER_PAGE),
        };
        Remedy::advising(Where::Page, format!("{advice} {}", words::NULL_IS_UNSAFE))
    }

    fn is_tainted(&self) -> bool {
        self.transcript.asked.origin != "null"
    }

    fn without_null(&self) -> String {
        if self.is_tainted() {
            let url = url_as_sent(&self.exchange.url);
            format!("ask for {url} directly: redirects across origins made the origin `null`.")
        } else {
            words::FROM_ANOTHER_PAGE.to_owned()
        }
    }
}

/// A remedy, and all that is wrong with the answer that was refused.
#[derive(Debug)]
pub(super) struct Mended {
    pub(super) remedy: Remedy,
    pub(super) faults: Vec<Refusal>,
}

impl Mended {
    fn of(mut draft: Draft, place: Where) -> Self {
        let faults = mem::take(&mut draft.faults);
        Self { remedy: draft.finish(place), faults }
    }
}

impl From<Remedy> for Mended {
    fn from(remedy: Remedy) -> Self {
        Self { remedy, faults: Vec::new() }
    }
}

/// Why a server that failed says nothing of CORS.
fn failed(status: u16) -> String {
    match status {
        502..=504 => format!(
            "With {status}, a proxy answers in place of the server: mend that first, and have the \
             proxy send the headers with its own errors."
        ),
        _ => format!(
            "The server failed with {status}, most likely before it came to CORS: mend that first, \
             and send the headers with errors as well."
        ),
    }
}

/// Whether a URL looks like a page where users log in.
fn is_login(url: &[u8]) -> bool {
    const WORDS: [&str; 14] = [
        "login",
        "log-in",
        "logon",
        "signin",
        "sign-in",
        "sign_in",
        "sso",
        "oauth",
        "oauth2",
        "saml",
        "auth",
        "authorize",
        "adfs",
        "openid-connect",
    ];
    let text = String::from_utf8_lossy(url).to_ascii_lowercase();
    let path = text.split(['?', '#']).next().unwrap_or_default();
    path.split(['/', '.', ':']).any(|part| WORDS.contains(&part))
}

/// A header value that can be written down as it is.
fn as_text(value: &[u8]) -> Option<&str> {
    let text = str::from_utf8(value).ok()?;
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte)).then_some(text)
}

/// Gives a redirect one `Location`.
fn locate(draft: &mut Draft) {
    draft.answer.set(LOCATION, "<a URL>");
    draft.answer.how.get_or_insert_with(|| words::ON_ONE_LINE.into());
}

/// The same URL without a user name and a password.
fn without_user(url: &Url) -> String {
    let mut url = url.clone();
    // An HTTP(S) URL can be without them.
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}

/// Where a redirect leads, as the server wrote it.
fn target(location: Option<Cow<'_, [u8]>>) -> String {
    location.map_or_else(|| "its target".to_owned(), |target| target.escape_ascii().to_string())
}
