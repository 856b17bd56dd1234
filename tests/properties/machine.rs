//! Whole fetches, whatever pages request and servers answer.

use std::{sync::Arc, time::Duration};

use browser_cors::{
    engine::Profile,
    environment::EmbedderPolicy,
    environment::{Environment, NetworkPartitionKey},
    fetch::{Action, Context, Exchange, Outcome, TransportFailure, UserAgent, fetch},
    http::{HeaderValue, Method},
    origin::Origin,
    preflight_cache::{PreflightCache, Timestamp},
    request::{
        Body, CacheMode, CredentialsMode, Destination, Initiator, Mode, RedirectMode, Request,
        ResponseTainting,
    },
    response::{Response, ResponseType},
    url::Url,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    Header, LastTwoLabels, METHODS, cases, fail,
    header::{header_name, header_value, shows_no_more_than_it_may},
    header_list, method, naive, pairs, parse,
};

proptest! {
    #![proptest_config(cases(200))]

    /// A preflight is `OPTIONS`, without a body and without credentials of any kind; beside what
    /// asks it has nothing but what identifies the page and the browser.
    /// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
    #[test]
    fn preflights_carry_no_credentials(session in sessions()) {
        for run in session.run()? {
            for sent in run.sent.iter().filter(|sent| sent.is_preflight) {
                prop_assert_eq!(&sent.method, Method::OPTIONS);
                prop_assert_eq!(&sent.body, &None);
                prop_assert!(!sent.includes_credentials);
                let mut names: Vec<_> =
                    sent.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
                prop_assert!(names.iter().all(|name| PREFLIGHT_HEADER_NAMES.contains(&&**name)));
                names.sort();
                prop_assert!(names.is_sorted_by(|a, b| a < b), "duplicates in {:?}", names);
                let method = sent.request.method.as_str().as_bytes().to_vec();
                prop_assert_eq!(sent.header("access-control-request-method"), Some(method));
                prop_assert_eq!(sent.header("accept"), Some(b"*/*".to_vec()));
            }
        }
    }

    /// `Access-Control-Request-Headers` names each header of the request that is not safelisted,
    /// those included that are not since all together are too long, and no other: in lower case,
    /// in order, once, with `,` alone between them. Where there is none, there is no such header.
    /// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
    #[test]
    fn preflights_name_the_unsafe_headers(session in sessions()) {
        for run in session.run()? {
            for sent in run.sent.iter().filter(|sent| sent.is_preflight) {
                let names = naive::unsafe_names(&pairs(&sent.request.header_list));
                let expected = (!names.is_empty()).then(|| names.join(",").into_bytes());
                prop_assert_eq!(sent.header("access-control-request-headers"), expected);
            }
        }
    }

    /// A fetch is over after two exchanges for each of 20 redirects and for the first URL,
    /// whatever the servers answer, and the cache keeps within its capacity meanwhile.
    /// <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
    #[test]
    fn fetches_end(session in sessions()) {
        for run in session.run()? {
            prop_assert!(run.sent.len() <= 42);
            prop_assert!(run.cache_bytes <= session.capacity);
            for pair in run.sent.windows(2).filter(|pair| pair[0].is_preflight) {
                prop_assert!(!pair[1].is_preflight);
                prop_assert_eq!(&pair[0].url, &pair[1].url);
            }
        }
    }

    /// Once a fetch has asked another origin, its responses are tainted for good, also back at
    /// the page's own origin; before, they are not. Navigations and their like never are.
    /// <https://fetch.spec.whatwg.org/#concept-request-response-tainting>
    #[test]
    fn tainting_never_goes_back(session in sessions()) {
        for run in session.run()? {
            for (index, sent) in run.sent.iter().enumerate() {
                let expected = match run.asked.mode {
                    _ if !run.left_origin(index) => ResponseTainting::Basic,
                    Mode::Cors => ResponseTainting::Cors,
                    Mode::NoCors => ResponseTainting::Opaque,
                    Mode::SameOrigin => return Err(fail("another origin was asked")),
                    _ => ResponseTainting::Basic,
                };
                prop_assert_eq!(sent.request.response_tainting(), expected);
            }
        }
    }

    /// `Authorization` goes to the origin of the first URL alone, and never comes back once a
    /// redirect has dropped it.
    /// <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
    #[test]
    fn authorization_stays_with_the_first_origin(session in sessions()) {
        for run in session.run()? {
            let mut is_away = false;
            for sent in run.sent.iter().filter(|sent| sent.is_http()) {
                is_away |= sent.url.origin() != run.sent[0].url.origin();
                prop_assert!(!is_away || sent.header("authorization").is_none());
            }
        }
    }

    /// The credentials mode "omit" never includes credentials, "same-origin" does as long as no
    /// other origin was asked, and "include" always does, but for what a document with the
    /// embedder policy "credentialless" asks another origin without CORS.
    /// <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>
    #[test]
    fn credentials_go_where_the_mode_says(session in sessions()) {
        for run in session.run()? {
            let has_tainting = matches!(run.asked.mode, Mode::Cors | Mode::NoCors);
            for (index, sent) in run.sent.iter().enumerate() {
                if sent.is_preflight || !sent.is_http() {
                    prop_assert!(!sent.includes_credentials);
                    continue;
                }
                let was_away = run.left_origin(index);
                let is_credentialless = run.asked.mode == Mode::NoCors
                    && run.asked.embedder_policy == Some(EmbedderPolicy::Credentialless);
                // A fetch that comes back is still denied them: as the origin is tainted, or,
                // after a redirect away from the page's own origin, since the URL is another's.
                let is_away = !run.asked.is_own(&sent.url);
                let is_tainted = run.expected_origin(index) == "null";
                let is_denied = is_credentialless && (is_away || is_tainted);
                let expected = match run.asked.credentials_mode {
                    CredentialsMode::Omit => false,
                    CredentialsMode::SameOrigin => !(has_tainting && was_away),
                    CredentialsMode::Include => true,
                };
                prop_assert_eq!(sent.includes_credentials, expected && !is_denied);
            }
        }
    }

    /// With CORS, `Origin` is the page's origin, and `null` from the second redirect on that
    /// leaves an origin which is not the page's; there is no third value.
    /// <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
    #[test]
    fn origin_is_the_pages_or_null(session in sessions()) {
        for run in session.run()? {
            for (index, sent) in run.sent.iter().enumerate() {
                let expected = run.expected_origin(index).as_bytes();
                let found = sent.header("origin");
                if sent.request.response_tainting() == ResponseTainting::Cors {
                    prop_assert_eq!(found, Some(expected.to_vec()));
                } else if let Some(found) = found {
                    prop_assert!(found == expected || found == b"null");
                }
            }
        }
    }

    /// A response that is filtered for the type that the fetch has earned shows no cookie; an
    /// opaque one shows nothing at all, and an opaque redirect nothing but its URL.
    /// <https://fetch.spec.whatwg.org/#concept-filtered-response>
    #[test]
    fn filtered_responses_show_no_more_than_they_may(session in sessions()) {
        for run in session.run()? {
            let Outcome::Response { response, .. } = &run.outcome else { continue };
            prop_assert!(shows_no_more_than_it_may(response).is_ok());
            let Some(last) = run.sent.last() else { continue };
            if !last.is_http() {
                continue;
            }
            let was_away = run.left_origin(run.sent.len() - 1);
            let status = response.internal_response().status;
            let is_redirect = [301, 302, 303, 307, 308].contains(&status);
            let expected = match run.asked.mode {
                Mode::Navigate => ResponseType::Basic,
                _ if is_redirect && run.asked.redirect_mode == RedirectMode::Manual => {
                    ResponseType::OpaqueRedirect
                }
                Mode::Cors if was_away => ResponseType::Cors,
                Mode::NoCors if was_away => ResponseType::Opaque,
                _ => ResponseType::Basic,
            };
            prop_assert_eq!(response.kind(), expected);
        }
    }

    /// A page reads what another origin answers only if the last answer says so, and of its
    /// headers only those that every page may read and those that the answer exposes.
    /// <https://fetch.spec.whatwg.org/#concept-cors-check>
    #[test]
    fn pages_read_what_servers_share(session in sessions()) {
        for run in session.run()? {
            let Outcome::Response { response, .. } = &run.outcome else { continue };
            if response.kind() != ResponseType::Cors {
                continue;
            }
            let index = run.sent.len() - 1;
            let headers = run.sent[index].answer.as_ref().map_or(&[][..], |answer| &answer.headers);
            let is_include = run.asked.credentials_mode == CredentialsMode::Include;
            prop_assert!(naive::passes_cors_check(headers, run.expected_origin(index), is_include));
            let exposed = naive::tokens(headers, "access-control-expose-headers");
            let is_all = !is_include && exposed.iter().any(|name| name == "*");
            for (name, _) in response.headers() {
                prop_assert!(
                    is_all
                        || naive::is_safelisted_response_name(name)
                        || naive::has_name(&exposed, name)
                );
            }
        }
    }

    /// Without a cache, an unsafe request of a page goes to another origin only after a preflight
    /// of that URL whose answer has an ok status, is shared with the page, and lists the method and
    /// each header.
    ///
    /// <https://fetch.spec.whatwg.org/#concept-http-fetch>
    #[test]
    fn unsafe_requests_have_leave(mut session in sessions()) {
        session.capacity = 0;
        for run in session.run()? {
            for (index, sent) in run.sent.iter().enumerate() {
                let request = &sent.request;
                let unsafe_names = naive::unsafe_names(&pairs(&request.header_list));
                let is_safe_method = ["GET", "HEAD", "POST"].contains(&request.method.as_str());
                let needs_leave = request.use_cors_preflight
                    || request.unsafe_request && !(is_safe_method && unsafe_names.is_empty());
                if sent.is_preflight
                    || request.response_tainting() != ResponseTainting::Cors
                    || !needs_leave
                {
                    continue;
                }
                let preflight = index.checked_sub(1).map(|index| &run.sent[index]);
                let preflight = preflight.filter(|preflight| preflight.is_preflight);
                prop_assert!(preflight.is_some_and(|preflight| preflight.url == sent.url));
                let answer = preflight.and_then(|preflight| preflight.answer.as_ref());
                let Some(Answered { status, headers }) = answer else {
                    return Err(fail("the preflight was not answered"));
                };
                prop_assert!((200..300).contains(status));
                let is_include = run.asked.credentials_mode == CredentialsMode::Include;
                let origin = run.expected_origin(index);
                prop_assert!(naive::passes_cors_check(headers, origin, is_include));
                let methods = naive::tokens(headers, "access-control-allow-methods");
                let has_methods = naive::get(headers, "access-control-allow-methods").is_some();
                prop_assert!(
                    is_safe_method
                        || methods.iter().any(|listed| listed == request.method.as_str())
                        || (!is_include && methods.iter().any(|listed| listed == "*"))
                        || (request.use_cors_preflight && !has_methods)
                );
                let names = naive::tokens(headers, "access-control-allow-headers");
                for name in unsafe_names {
                    prop_assert!(
                        naive::has_name(&names, &name)
                            || (name != "authorization"
                                && !is_include
                                && names.iter().any(|listed| listed == "*"))
                    );
                }
            }
        }
    }
}

/// The bound of [`fetches_end`] is met, not only kept: 20 redirects, each with a preflight.
/// <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
#[test]
fn redirect_loop_with_preflights() {
    let asked = Asked {
        origin: "https://app.example",
        url: "https://api.example/a",
        mode: Mode::Cors,
        credentials_mode: CredentialsMode::SameOrigin,
        redirect_mode: RedirectMode::Follow,
        cache_mode: CacheMode::Default,
        method: "PUT",
        headers: Vec::new(),
        body: None,
        destination: Destination::Empty,
        embedder_policy: None,
        flags: [true, false, false, false, false],
    };
    let answer = Answer {
        grants: Grants::WhatIsAsked,
        status: 307,
        headers: vec![("Location", Value::Text("/a"))],
    };
    let session = Session {
        capacity: 0,
        asked: vec![asked],
        answers: vec![Some(answer)],
        max_age_limit: 600,
        has_cache: true,
        is_talkative: false,
    };
    let runs = session.run().expect("within the bound");
    assert_eq!(runs[0].sent.len(), 42);
    let Outcome::NetworkError(error) = &runs[0].outcome else { panic!("the loop ended") };
    assert_eq!(error.code(), "redirect-count");
}

/// One or more fetches, one after another, with a cache of their own.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    capacity: usize,
    asked: Vec<Asked>,
    /// The servers' answers, over and over; `None` is no response.
    answers: Vec<Option<Answer>>,
    max_age_limit: u64,
    has_cache: bool,
    is_talkative: bool,
}

/// A page's request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Empty for an opaque origin.
    pub(crate) origin: &'static str,
    pub(crate) url: &'static str,
    pub(crate) mode: Mode,
    pub(crate) credentials_mode: CredentialsMode,
    pub(crate) redirect_mode: RedirectMode,
    pub(crate) cache_mode: CacheMode,
    pub(crate) method: &'static str,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Body>,
    pub(crate) destination: Destination,
    /// The embedder policy of the client, if there is one.
    pub(crate) embedder_policy: Option<EmbedderPolicy>,
    pub(crate) flags: [bool; 5],
}

/// A server's answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) grants: Grants,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, Value)>,
}

/// What a server grants, whatever the rest of its answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Grants {
    Nothing,
    /// The origin, with credentials, and whatever a preflight asks for. Preflights succeed.
    WhatIsAsked,
    /// The same with `*`, except for the origin.
    Wildcards,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(&'static str),
    Bytes(Vec<u8>),
    /// The value that the request has under this name.
    Echo(&'static str),
}

/// The record of one fetch.
#[derive(Debug)]
struct Run {
    asked: Asked,
    sent: Vec<Sent>,
    outcome: Outcome,
    cache_bytes: usize,
}

/// One exchange: the request and the answer.
#[derive(Debug)]
struct Sent {
    is_preflight: bool,
    method: Method,
    url: Url,
    headers: Vec<Header>,
    body: Option<Body>,
    includes_credentials: bool,
    request: Request,
    answer: Option<Answered>,
}

/// The status and headers of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
}

impl Session {
    /// A user agent with this profile.
    pub(crate) fn user_agent(&self, profile: Profile) -> UserAgent {
        let mut user_agent = UserAgent::new(LastTwoLabels);
        user_agent.profile = profile;
        user_agent.caches_preflights = self.has_cache;
        user_agent.blob_and_file = self.is_talkative;
        user_agent.http_cache = self.is_talkative;
        if self.is_talkative {
            user_agent.accept_language = Some(HeaderValue::from_static("de; q=\"1\""));
            user_agent.product = Some(HeaderValue::from_static(" test "));
        }
        user_agent
    }

    /// Has the first request be a simple one with CORS, and the first answer a redirect that another
    /// origin shares.
    pub(crate) fn redirect_first(&mut self) {
        let asked = &mut self.asked[0];
        (asked.origin, asked.url) = ("https://app.example", "https://api.example/a");
        (asked.mode, asked.redirect_mode) = (Mode::Cors, RedirectMode::Follow);
        (asked.method, asked.body, asked.flags) = ("GET", None, [false; 5]);
        asked.headers.clear();
        if let Some(answer) = &mut self.answers[0] {
            (answer.grants, answer.status) = (Grants::WhatIsAsked, 307);
        }
    }

    /// The requests, one after another.
    pub(crate) fn requests(&self) -> impl Iterator<Item = Request> {
        self.asked.iter().map(Asked::request)
    }

    /// What the servers answer to the exchange with this number, if they do.
    pub(crate) fn answer(&self, number: usize, exchange: &Exchange) -> Option<Response> {
        let answer = self.answers[number % self.answers.len()].as_ref()?;
        let Answered { status, headers } = answer.to(exchange);
        Some(Response::new(status, header_list(&headers)))
    }

    /// Runs the fetches. Fails if one does not end.
    fn run(&self) -> Result<Vec<Run>, TestCaseError> {
        let limit = Duration::from_secs(self.max_age_limit);
        let user_agent = self.user_agent(Profile::STANDARD.with_max_age_limit(limit));
        let mut cache = PreflightCache::with_capacity(self.capacity);
        let mut runs = Vec::new();
        let mut answers = self.answers.iter().cycle();
        for (index, asked) in self.asked.iter().enumerate() {
            let now = Timestamp::from_secs(4 * index as u64);
            let mut context = Context::new(&user_agent, &mut cache, now);
            let mut sent = Vec::new();
            let mut action = fetch(asked.request(), &mut context);
            let outcome = loop {
                match action {
                    Action::Finish(outcome) => break outcome,
                    Action::Send(_) if sent.len() == 42 => {
                        return Err(fail("more than 42 exchanges"));
                    }
                    Action::Send(exchange) => {
                        let answer = answers.next().and_then(Option::as_ref);
                        let answer = answer.map(|answer| answer.to(&exchange));
                        sent.push(Sent::new(&exchange, answer.clone()));
                        action = match answer {
                            Some(Answered { status, headers }) => {
                                let response = Response::new(status, header_list(&headers));
                                exchange.receive(response, context.now, &mut context)
                            }
                            None => {
                                exchange.fail(TransportFailure::new("no connection"), &mut context)
                            }
                        };
                    }
                }
            };
            runs.push(Run { asked: asked.clone(), sent, outcome, cache_bytes: cache.bytes() });
        }
        Ok(runs)
    }
}

impl Asked {
    pub(crate) fn request(&self) -> Request {
        let origin = match self.origin {
            "" => Origin::opaque(),
            origin => origin.parse().expect("an origin"),
        };
        let mut request = Request::new(parse(self.url), origin.clone());
        request.mode = self.mode;
        request.credentials_mode = self.credentials_mode;
        request.redirect_mode = self.redirect_mode;
        request.cache_mode = self.cache_mode;
        request.method = method(self.method);
        request.header_list = header_list(&self.headers);
        request.body = self.body.clone();
        request.destination = self.destination;
        if let Some(embedder_policy) = self.embedder_policy {
            let mut client = Environment::new(parse("https://app.example/page?q"));
            client.origin = origin;
            client.network_partition_key = Some(NetworkPartitionKey::new("https://app.example"));
            client.embedder_policy = embedder_policy;
            request.client = Some(Arc::new(client));
        }
        let [unsafe_request, use_cors_preflight, keepalive, is_prefetch, has_integrity] =
            self.flags;
        request.unsafe_request = unsafe_request;
        request.use_cors_preflight = use_cors_preflight || self.body == Some(Body::Stream);
        request.keepalive = keepalive;
        request.initiator = if is_prefetch { Initiator::Prefetch } else { Initiator::Empty };
        request.integrity_metadata = if has_integrity { "sha256-x" } else { "" }.to_owned();
        request
    }

    /// Whether the origin of `url` is the page's.
    fn is_own(&self, url: &Url) -> bool {
        Url::parse(self.origin).is_ok_and(|origin| origin.origin() == url.origin())
    }
}

impl Answer {
    /// The answer to an exchange.
    pub(crate) fn to(&self, exchange: &Exchange) -> Answered {
        let echo = |name: &str| naive::get(&pairs(exchange.header_list()), name);
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Text(text) => text.as_bytes().to_vec(),
                    Value::Bytes(bytes) => bytes.clone(),
                    Value::Echo(name) => echo(name).unwrap_or_default(),
                };
                ((*name).to_owned(), value)
            })
            .collect();
        if self.grants != Grants::Nothing {
            let list = |name: &str| match self.grants {
                Grants::Wildcards => Some(b"*".to_vec()),
                _ => echo(name),
            };
            let granted = [
                ("Access-Control-Allow-Origin", echo("origin")),
                ("Access-Control-Allow-Credentials", Some(b"true".to_vec())),
                ("Access-Control-Allow-Methods", list("access-control-request-method")),
                ("Access-Control-Allow-Headers", list("access-control-request-headers")),
            ];
            headers.retain(|(name, _)| granted.iter().all(|(granted, _)| granted != name));
            headers.extend(
                granted.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))),
            );
        }
        let is_ok = self.grants != Grants::Nothing && exchange.is_preflight();
        Answered { status: if is_ok { 204 } else { self.status }, headers }
    }
}

impl Sent {
    fn new(exchange: &Exchange, answer: Option<Answered>) -> Self {
        Self {
            is_preflight: exchange.is_preflight(),
            method: exchange.method().clone(),
            url: exchange.url().clone(),
            headers: pairs(exchange.header_list()),
            body: exchange.body().cloned(),
            includes_credentials: exchange.includes_credentials(),
            request: exchange.request().clone(),
            answer,
        }
    }

    fn header(&self, name: &str) -> Option<Vec<u8>> {
        naive::get(&self.headers, name)
    }

    fn is_http(&self) -> bool {
        self.url.scheme().starts_with("http")
    }
}

impl Run {
    /// Whether an exchange up to `index` went to an origin that is not the page's.
    fn left_origin(&self, index: usize) -> bool {
        self.sent[..=index].iter().any(|sent| !self.asked.is_own(&sent.url))
    }

    /// The page's serialized origin at that exchange: `null` once a redirect has led from an origin
    /// that is not the page's to another one.
    fn expected_origin(&self, index: usize) -> &str {
        let is_tainted = self.sent[..=index].windows(2).any(|pair| {
            pair[0].url.origin() != pair[1].url.origin() && !self.asked.is_own(&pair[0].url)
        });
        if is_tainted || self.asked.origin.is_empty() { "null" } else { self.asked.origin }
    }
}

pub(crate) fn sessions() -> impl Strategy<Value = Session> {
    let grants = prop_oneof![3 => Just(Grants::WhatIsAsked), 1 => Just(Grants::Wildcards)];
    let any_grants = prop_oneof![Just(Grants::Nothing), grants.clone()];
    let going_on = vec![301, 302, 303, 307, 307, 308, 308];
    let ending = vec![200, 204, 206, 302, 307, 307, 308];
    let answers = prop_oneof![
        // Hostile servers.
        2 => vec(option::weighted(0.97, answers(any_grants.boxed(), STATUSES.to_vec())), 1..8),
        // Servers that grant everything and redirect.
        3 => vec(answers(grants.clone().boxed(), going_on).prop_map(Some), 1..8),
        // Servers that grant everything and answer in the end.
        3 => vec(answers(grants.boxed(), ending).prop_map(Some), 1..8),
    ];
    (
        select(vec![0, 500, 5_000, PreflightCache::DEFAULT_CAPACITY]),
        vec(asked(), 1..4),
        answers,
        select(vec![0, 4, 5, 600, u64::MAX]),
        prop::bool::weighted(0.9),
        any::<bool>(),
    )
        .prop_map(|(capacity, asked, answers, max_age_limit, has_cache, is_talkative)| {
            Session { capacity, asked, answers, max_age_limit, has_cache, is_talkative }
        })
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let mode = prop_oneof![
        6 => Just(Mode::Cors),
        2 => Just(Mode::NoCors),
        1 => select(vec![Mode::SameOrigin, Mode::Navigate, Mode::Websocket, Mode::Webtransport]),
    ];
    let body = prop_oneof![
        2 => Just(None),
        1 => (0..70_000_usize).prop_map(|length| Some(Body::Source(vec![0; length].into()))),
        1 => Just(Some(Body::Stream)),
    ];
    let destination = select(vec![
        Destination::Empty,
        Destination::Script,
        Destination::Style,
        Destination::Iframe,
    ]);
    let embedder_policy = select(vec![
        EmbedderPolicy::UnsafeNone,
        EmbedderPolicy::Credentialless,
        EmbedderPolicy::RequireCorp,
    ]);
    let flags = (prop::bool::weighted(0.8), prop::array::uniform4(prop::bool::weighted(0.1)));
    let what = (select(&ORIGINS[..]), prop_oneof![3 => select(&URLS[..8]), 1 => select(&URLS[..])]);
    let modes = (
        mode,
        select(vec![CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include]),
        prop_oneof![
            6 => Just(RedirectMode::Follow),
            1 => select(vec![RedirectMode::Error, RedirectMode::Manual]),
        ],
        prop_oneof![
            6 => Just(CacheMode::Default),
            1 => select(vec![CacheMode::NoStore, CacheMode::NoCache, CacheMode::OnlyIfCached]),
        ],
    );
    let rest = (
        select(&METHODS[..]),
        vec((header_name(), header_value()), 0..4),
        body,
        destination,
        option::of(embedder_policy),
        flags,
    );
    (what, modes, rest).prop_map(|((origin, url), modes, rest)| {
        let (mode, credentials_mode, redirect_mode, cache_mode) = modes;
        let (method, headers, body, destination, embedder_policy, (first, [b, c, d, e])) = rest;
        Asked {
            origin,
            url,
            mode,
            credentials_mode,
            redirect_mode,
            cache_mode,
            method,
            headers,
            body,
            destination,
            embedder_policy,
            flags: [first, b, c, d, e],
        }
    })
}

pub(crate) fn answers(
    grants: BoxedStrategy<Grants>,
    statuses: Vec<u16>,
) -> impl Strategy<Value = Answer> + Clone {
    let echoed = vec!["origin", "access-control-request-method", "access-control-request-headers"];
    let value = prop_oneof![
        4 => select(&ANSWER_VALUES[..]).prop_map(Value::Text),
        1 => header_value().prop_map(Value::Bytes),
        2 => select(echoed).prop_map(Value::Echo),
    ];
    let location = prop_oneof![
        12 => select(&LOCATIONS[..12]).prop_map(Value::Text),
        1 => select(&LOCATIONS[12..]).prop_map(Value::Text),
    ];
    let header = (select(&ANSWER_NAMES[1..]), value);
    (grants, select(statuses), option::weighted(0.97, location), vec(header, 0..4)).prop_map(
        |(grants, status, location, mut headers)| {
            headers.extend(location.map(|location| ("Location", location)));
            Answer { grants, status, headers }
        },
    )
}

const PREFLIGHT_HEADER_NAMES: [&str; 7] = [
    "accept",
    "access-control-request-headers",
    "access-control-request-method",
    "origin",
    "referer",
    "sec-purpose",
    "user-agent",
];

pub(crate) const ORIGINS: [&str; 5] = [
    "https://app.example",
    "https://app.example",
    "http://app.example:8080",
    "https://www.app.example",
    "",
];

pub(crate) const URLS: [&str; 18] = [
    "https://api.example/a",
    "https://api.example/a?b#c",
    "https://app.example/own",
    "https://app.example/own",
    "http://app.example:8080/",
    "https://www.app.example/",
    "http://[::1]:3000/",
    "https://user:password@api.example/",
    "http://10.0.0.1/",
    "https://app.example./",
    "https://api.example:25/",
    "http://xn--bcher-kva.example/",
    "data:text/plain;charset=utf-8,hi",
    "data:nothing",
    "about:blank",
    "blob:https://app.example/7",
    "file:///etc/hosts",
    "wss://app.example/",
];

pub(crate) const STATUSES: [u16; 17] =
    [0, 100, 200, 200, 200, 204, 206, 301, 302, 303, 304, 307, 308, 401, 407, 500, 999];

pub(crate) const LOCATIONS: [&str; 22] = [
    "/a",
    "/a",
    "?b",
    "",
    "//app.example/own",
    "https://app.example/own",
    "https://app.example/own#d",
    "https://api.example/a",
    "http://app.example:8080/",
    "https://www.app.example/",
    "http://[::1]:3000/",
    "http://10.0.0.1/",
    "https://user@app.example/own",
    "//user:password@api.example/a",
    "data:text/plain,hi",
    "about:blank",
    "blob:https://app.example/7",
    "javascript:alert(1)",
    "file:///etc/hosts",
    "https://api.example:25/",
    "http://[",
    "\\\\other.example\\",
];

pub(crate) const ANSWER_NAMES: [&str; 18] = [
    "Location",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Content-Type",
    "Cross-Origin-Resource-Policy",
    "Expires",
    "Referrer-Policy",
    "Set-Cookie",
    "Set-Cookie2",
    "Timing-Allow-Origin",
    "X-Content-Type-Options",
    "X-Id",
];

const ANSWER_VALUES: [&str; 18] = [
    "*",
    "*",
    "*",
    "true",
    "True",
    "null",
    "https://app.example",
    "https://app.example/",
    "PUT, PATCH, patch",
    "authorization, content-type, x-a, x-token",
    "set-cookie, x-id, *",
    "X-Id,,Set-Cookie2",
    "600",
    "99999999999999999999999",
    "same-site",
    "unsafe-url",
    "nosniff",
    "text/html;charset=utf-8",
];
