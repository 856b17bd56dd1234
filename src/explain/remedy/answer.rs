//! All that is wrong with an answer, mended at once.

use std::borrow::Cow;

use http::Method;
use url::Url;

use super::{
    Answer, Draft, Remedy, Where, capital,
    words::{self, ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN},
};
use crate::{
    cors_check::check,
    engine::Profile,
    fetch::{
        NetworkError, PreflightReason, REDIRECT_LIMIT, Refusal,
        blocked::{bad_port, blocked_mime_type, is_blocked_by_nosniff},
        cors_preflight_fetch::{covers_header, covers_method},
        http_network_or_cache_fetch::judge_status,
    },
    header::extract::extract_tokens,
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

    /// The remedy: whatever is wrong with the answer is right in it.
    pub(super) fn remedy(self) -> Remedy {
        if judge_status(self.response, self.profile()).is_err() {
            return Remedy::advising(Where::Proxy, words::LET_IT_PASS);
        }
        if let Some(advice) = self.why_no_integrity() {
            return Remedy::advising(Where::Page, advice);
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

    fn preflight(self, reasons: &[PreflightReason]) -> Remedy {
        let Self { error, exchange, response, .. } = self;
        let (choices, credentials_mode) = (&self.profile().choices, error.credentials_mode);
        let includes = credentials_mode == CredentialsMode::Include;
        if includes && error.origin == "null" {
            return self.nothing_for_null();
        }
        let mut draft = Draft::new(Answer::to_exchange(exchange));
        if !is_ok_status(response.status) {
            draft.answer.status = Some(204);
        }
        let is_own = self.asker().is_same_origin_with_url(&exchange.url);
        if choices.preflight_to_own_origin.is_checked_at(is_own) {
            let origin = exchange.header_list.get("Origin").unwrap_or_default();
            let origin = String::from_utf8_lossy(&origin);
            if let Err(failure) = check(&origin, includes, response) {
                if origin == "null" {
                    self.allow_everybody(&mut draft);
                } else {
                    draft.pass_cors_check(&failure, &origin, credentials_mode, response);
                }
            }
        }
        self.say_why_status(&mut draft);
        self.list_methods(&mut draft, reasons);
        self.list_headers(&mut draft);
        self.say_all_if_new(&mut draft);
        if matches!(error.refusal, Refusal::NetworkLocation(_)) {
            draft.answer.without.push(LOCATION.to_owned());
        }
        let mut remedy = draft.finish(self.place());
        // Some engines refuse a redirect only after the next preflight.
        if let Some(redirect) = self.before() {
            remedy = remedy.and(redirect.request());
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
        remedy
    }

    /// An answer with another status is another answer, from another part of the server: it says
    /// again what the present one says well. A server that allows no origin may not know at all that
    /// it was asked, so its answer names the method, whichever that is.
    fn say_all_if_new(&self, draft: &mut Draft) {
        let (answer, headers) = (&mut draft.answer, &self.response.header_list);
        let is_new = answer.status.is_some();
        if is_new {
            let includes = self.error.credentials_mode == CredentialsMode::Include;
            let names = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS];
            for name in names.into_iter().filter(|name| includes || *name != ALLOW_CREDENTIALS) {
                let Some(value) = headers.get(name) else { continue };
                let value = String::from_utf8_lossy(&value);
                let value = value.trim_matches([',', ' ', '\t']);
                let is_left_out = answer.without.iter().any(|other| other == name);
                if answer.header(name).is_none() && !is_left_out && !value.is_empty() {
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
            404 | 405 => draft.say("The server has no route for it."),
            status if is_redirect_status(status) => {
                draft.say(words::NO_REDIRECT_OF_PREFLIGHTS);
                let location = self.response.header_list.get(LOCATION);
                draft
                    .say(format!("Or, in the page's code, ask for {} directly.", target(location)));
            }
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
        match &listed {
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
                }
            }
            Err(_) => draft.say(words::METHODS_AND_COMMAS),
        }
        draft.list(ALLOW_METHODS, &[method.to_string()], headers, credentials_mode);
    }

    fn list_headers(&self, draft: &mut Draft) {
        let (headers, credentials_mode) = (&self.response.header_list, self.error.credentials_mode);
        let asked = &self.exchange.header_list;
        let asked = asked.get_decode_and_split("Access-Control-Request-Headers");
        let mut needed = asked.unwrap_or_default();
        match &extract_tokens(ALLOW_HEADERS, headers) {
            Ok(listed) => {
                let listed = listed.as_deref().unwrap_or_default();
                let is_missing =
                    |name: &str| !covers_header(listed, name, credentials_mode, self.profile());
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
                }
            }
            Err(_) => draft.say(words::NAMES_AND_COMMAS),
        }
        draft.list(ALLOW_HEADERS, &needed, headers, credentials_mode);
    }

    fn request(self) -> Remedy {
        let Self { error, exchange, response, .. } = self;
        let tainting = self.tainting();
        let mut draft = Draft::new(Answer::to_exchange(exchange));
        if tainting == Tainting::Cors {
            // Some engines judge redirects as if credentials were included.
            let as_including =
                self.is_followed() && self.profile().choices.redirect_check.is_as_including();
            let as_including = as_including
                && error.credentials_mode == CredentialsMode::SameOrigin
                && self.asker().is_same_origin_with_url(&self.transcript.asked.url);
            let credentials_mode =
                if as_including { CredentialsMode::Include } else { error.credentials_mode };
            let includes = credentials_mode == CredentialsMode::Include;
            let origin = self.expected_origin();
            match check(origin, includes, response) {
                Ok(_) => {}
                Err(_) if origin == "null" && as_including => {
                    self.allow_everybody(&mut draft);
                    draft.answer.status = Some(200);
                    draft.say("This browser follows the redirect of no answer that `*` allows.");
                }
                Err(_) if origin == "null" && includes => return self.nothing_for_null(),
                Err(_) if origin == "null" => self.allow_everybody(&mut draft),
                Err(failure) => {
                    draft.pass_cors_check(&failure, origin, credentials_mode, response);
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
        let is_redirect = self.profile().choices.redirect_statuses.are_of(response);
        let is_refused_location =
            matches!(error.refusal, Refusal::ManualLocation(_) | Refusal::NetworkLocation(_));
        match self.transcript.asked.redirect_mode {
            RedirectMode::Error if is_redirect && self.is_redirect_error() => {
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
        draft.finish(self.place())
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
        if self.redirects >= usize::from(REDIRECT_LIMIT) {
            draft.answer.status = Some(200);
            draft.say(words::AT_MOST_20);
            return;
        }
        // A body that an earlier redirect has dropped left the method GET.
        if asked.has_stream && exchange.method == asked.method && response.status != 303 {
            draft.answer.status = Some(200);
            draft.say("A stream cannot be sent again, so it cannot be redirected.");
            return;
        }
        let Ok(Some(location)) = &exchange.location else {
            return locate(draft);
        };
        if matches!(error.refusal, Refusal::NetworkLocation(_)) {
            return locate(draft);
        }
        if let Refusal::MixedContent = error.refusal {
            let mut location = location.clone();
            // An http URL can become an https URL.
            let _ = location.set_scheme("https");
            draft.answer.set(LOCATION, location.to_string());
            draft.say(
                "If a proxy in front of the server has the TLS, let the server believe its \
                 X-Forwarded-Proto.",
            );
            return;
        }
        let place = if !has_http_scheme(location) {
            Some("<an http or https URL>")
        } else if bad_port(location).is_some() {
            Some("<a URL with a port that browsers do not block>")
        } else if asked.mode == Mode::SameOrigin && !self.asker().is_same_origin_with_url(location)
        {
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
            draft.answer.set(LOCATION, without_user(location));
            draft.say(words::NO_USER_NAME);
        }
    }

    /// Judges an answer that ends the fetch.
    fn end(&self, draft: &mut Draft) {
        let Self { error, response, .. } = self;
        let asked = &self.transcript.asked;
        let headers = &response.header_list;
        if blocked_mime_type(headers, asked.destination).is_some()
            || is_blocked_by_nosniff(headers, asked.destination)
        {
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
                && self.profile().choices.redirect_statuses.are_of(response);
            // Another status has a body.
            let is_empty = is_null_body_status(response.status) || is_opaque;
            if is_empty && draft.answer.status.is_none() {
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
            false => {
                "Ask without credentials, or from a page whose origin is not opaque.".to_owned()
            }
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
            "ask from a page whose origin is not opaque.".to_owned()
        }
    }
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
