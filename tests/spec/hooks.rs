//! What the embedder decides in a fetch: upgraded URLs, refusals of its own, and responses that do not
//! come from the network.

#[cfg(feature = "scenario")]
use browser_cors::compare::{Api, FetchOutcome};
use browser_cors::{
    console::{Asker, messages},
    engine::Profile,
    environment::{EmbedderPolicy, Environment},
    explain::Explanation,
    fetch::{
        Action, Context, Embedder, EmbedderRefusal, EmbedderRule, Exchange, NetworkError, Outcome,
        Redirect, Refusal, Responder, Supplied, TransportFailure, UserAgent, fetch, redirect,
    },
    http::Method,
    preflight_cache::{PreflightCache, Timestamp},
    recording::Recording,
    request::{
        Body, CredentialsMode, Destination, Mode, RedirectMode, Request, ResponseTainting,
        ServiceWorkersMode,
    },
    response::{FilteredResponse, Response, ResponseType},
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

use crate::asking::{request, response, sent, url};

const NOW: Timestamp = Timestamp::from_secs(1);

/// An embedder with one answer to each question.
#[derive(Debug, Default)]
struct Hooks {
    /// Whether each host is a known HSTS host.
    hsts: bool,
    /// Whether http URLs are upgraded before anything else.
    upgrades: bool,
    /// The path that a policy blocks.
    blocked: Option<&'static str>,
    /// Whether a policy blocks each response.
    blocks_responses: bool,
    preloaded: bool,
    overrides: bool,
    worker: bool,
}

impl Embedder for Hooks {
    fn upgrade(&self, request: &Request) -> Option<Url> {
        let mut url = request.current_url().clone();
        (self.upgrades && url.scheme() == "http").then(|| {
            url.set_scheme("https").unwrap();
            url
        })
    }

    fn block(&self, request: &Request) -> Result<(), EmbedderRefusal> {
        match self.blocked == Some(request.current_url().path()) {
            true => Err(csp()),
            false => Ok(()),
        }
    }

    fn is_known_hsts_host(&self, _domain: &str) -> bool {
        self.hsts
    }

    fn has_preloaded(&self, _request: &Request) -> bool {
        self.preloaded
    }

    fn may_override(&self, _request: &Request) -> bool {
        self.overrides
    }

    fn has_service_worker(&self, _request: &Request) -> bool {
        self.worker
    }

    fn block_response(&self, _: &Request, _: &FilteredResponse) -> Result<(), EmbedderRefusal> {
        if self.blocks_responses { Err(csp()) } else { Ok(()) }
    }
}

fn csp() -> EmbedderRefusal {
    let rule = EmbedderRule::ContentSecurityPolicy;
    EmbedderRefusal::new(rule, "connect-src is 'self'").with_console("Refused to connect.")
}

fn refused(action: Action) -> NetworkError {
    match action {
        Action::Finish(Outcome::NetworkError(error)) => *error,
        other => panic!("not refused: {other:?}"),
    }
}

fn got(action: Action) -> FilteredResponse {
    match action {
        Action::Finish(Outcome::Response { response, .. }) => response,
        other => panic!("no response: {other:?}"),
    }
}

fn where_and_why(error: &NetworkError) -> (String, &'static str) {
    (error.step().to_string(), error.code().as_str())
}

/// Calls `ask` with a context whose embedder is `hooks`.
fn with<T>(hooks: &Hooks, ask: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let (mut user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    user_agent.mixed_content = false;
    ask(&mut Context::new(&user_agent, &mut cache, NOW).with_embedder(hooks))
}

/// An upgraded URL is the page's own: no CORS, no `Origin`, and cookies.
#[rstest]
#[case::known_hsts_host(Hooks { hsts: true, ..Hooks::default() }, "https://app.example/a", ResponseTainting::Basic)]
#[case::insecure_request(Hooks { upgrades: true, ..Hooks::default() }, "https://app.example/a", ResponseTainting::Basic)]
#[case::nothing(Hooks::default(), "http://app.example/a", ResponseTainting::Cors)]
fn upgrades_come_before_tainting(
    #[case] hooks: Hooks,
    #[case] sent_to: &str,
    #[case] tainting: ResponseTainting,
) {
    with(&hooks, |context| {
        let check = |exchange: &Exchange| {
            let is_basic = tainting == ResponseTainting::Basic;
            assert_eq!(exchange.url().as_str(), sent_to);
            assert_eq!(exchange.request().response_tainting(), tainting);
            assert_eq!(exchange.header_list().contains("Origin"), !is_basic);
            assert_eq!(exchange.includes_credentials(), is_basic);
        };
        check(&sent(fetch(request("http://app.example/a", |_| {}), context)));

        let first = sent(fetch(request("https://app.example/", |_| {}), context));
        let to_http = response(302, &[("Location", "http://app.example/a")]);
        let second = sent(first.receive(to_http, NOW, context));
        check(&second);
        let urls: Vec<_> = second.request().url_list().iter().map(Url::as_str).collect();
        assert_eq!(urls, ["https://app.example/", sent_to]);
    });
}

#[test]
fn preflights_go_to_the_upgraded_url() {
    with(&Hooks { hsts: true, ..Hooks::default() }, |context| {
        let put = request("http://api.example/", |r| r.method = Method::PUT);
        let preflight = sent(fetch(put, context));
        assert!(preflight.is_preflight());
        assert_eq!(preflight.url().as_str(), "https://api.example/");
    });
}

#[rstest]
#[case::port("http://a.example:8080/", "https://a.example:8080/")]
#[case::port_443("http://a.example:443/", "https://a.example/")]
#[case::trailing_dot("http://a.example./", "https://a.example./")]
#[case::localhost("http://localhost/", "http://localhost/")]
#[case::below_localhost("http://a.localhost./", "http://a.localhost./")]
#[case::like_localhost("http://notlocalhost/", "https://notlocalhost/")]
#[case::ipv4("http://10.0.0.1/", "http://10.0.0.1/")]
#[case::ipv6("http://[::1]/", "http://[::1]/")]
fn known_hsts_hosts(#[case] asked: &str, #[case] sent_to: &str) {
    with(&Hooks { hsts: true, ..Hooks::default() }, |context| {
        assert_eq!(sent(fetch(request(asked, |_| {}), context)).url().as_str(), sent_to);
    });
}

/// Mixed content is upgraded before it is blocked; HSTS comes after that.
#[rstest]
#[case(Hooks { upgrades: true, ..Hooks::default() }, true)]
#[case(Hooks { hsts: true, ..Hooks::default() }, false)]
fn mixed_content(#[case] hooks: Hooks, #[case] is_sent: bool) {
    let (mut user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    user_agent.mixed_content = true;
    let mut context = Context::new(&user_agent, &mut cache, NOW).with_embedder(&hooks);
    let action = fetch(request("http://api.example/", |_| {}), &mut context);
    assert_eq!(matches!(action, Action::Send(_)), is_sent);
}

#[test]
fn a_policy_blocks_the_first_url_and_redirects() {
    with(&Hooks { blocked: Some("/no"), ..Hooks::default() }, |context| {
        let error = refused(fetch(request("https://api.example/no", |_| {}), context));
        let at = ("#concept-main-fetch step 7".to_owned(), "content-security-policy");
        assert_eq!(where_and_why(&error), at);
        assert_eq!(error.to_string(), "connect-src is 'self'");

        let first = sent(fetch(request("https://app.example/", |_| {}), context));
        let error = refused(first.receive(response(302, &[("Location", "/no")]), NOW, context));
        assert_eq!(where_and_why(&error), at);
        assert_eq!(error.url_list.len(), 2);
    });
}

#[test]
fn a_policy_blocks_responses() {
    with(&Hooks { blocks_responses: true, ..Hooks::default() }, |context| {
        let exchange = sent(fetch(request("https://app.example/", |_| {}), context));
        let error = refused(exchange.receive(response(200, &[]), NOW, context));
        let at = ("#concept-main-fetch step 20".to_owned(), "content-security-policy");
        assert_eq!(where_and_why(&error), at);
    });
}

#[rstest]
#[case(
    EmbedderRule::ContentSecurityPolicy,
    "#concept-main-fetch step 7",
    "content-security-policy"
)]
#[case(EmbedderRule::MixedContent, "#concept-main-fetch step 7", "mixed-content")]
#[case(EmbedderRule::IntegrityPolicy, "#concept-main-fetch step 7", "integrity-policy")]
#[case(EmbedderRule::Integrity, "#concept-main-fetch step 23.3.1", "integrity")]
#[case(EmbedderRule::Override, "#concept-override-fetch step 2", "embedder")]
#[case(EmbedderRule::ServiceWorker, "#concept-http-fetch step 3.5.7", "service-worker")]
#[case(EmbedderRule::Abort, "#concept-http-network-or-cache-fetch step 9", "aborted")]
#[case(EmbedderRule::Connection, "#concept-http-network-or-cache-fetch step 11.2", "embedder")]
fn exchanges_can_be_blocked(#[case] rule: EmbedderRule, #[case] step: &str, #[case] code: &str) {
    with(&Hooks::default(), |context| {
        let exchange = sent(fetch(request("https://api.example/", |_| {}), context));
        let outcome = exchange.block(EmbedderRefusal::new(rule, "so"), context);
        let error = refused(Action::Finish(outcome));
        assert_eq!((error.step().to_string().as_str(), error.code().as_str()), (step, code));
    });
}

/// The explanation and the console of a refusal are those of the embedder.
#[test]
fn refusals_of_the_embedder_are_explained() {
    let transcript = with(&Hooks { blocked: Some("/no"), ..Hooks::default() }, |context| {
        Transcript::record(request("https://app.example/", |_| {}), context, |_| {
            Ok(response(302, &[("Location", "/no")]))
        })
    });
    assert_eq!(messages(&transcript, Asker::Fetch), ["Refused to connect."]);
    insta::assert_snapshot!(Explanation::new(&transcript), @r"
    GET https://app.example/ from https://app.example, credentials same-origin
    1. GET https://app.example/  (with credentials)
       => 302
       Location: /no
    blocked: connect-src is 'self'
         at: https://fetch.spec.whatwg.org/#concept-main-fetch step 7
      guide: https://OWNER.github.io/browser-cors/guide/reasons/content-security-policy.html
      where: the page's code
        fix: In the page's code: let the page's Content-Security-Policy allow the URL.
    ");

    let transcript = with(&Hooks::default(), |context| {
        let asked = request("https://api.example/", |_| {});
        let Recording::Waiting(waiting) = Recording::start(asked, context) else { panic!() };
        let refusal = EmbedderRefusal::new(EmbedderRule::Abort, "the page called abort()");
        waiting.blocked(refusal, context)
    });
    assert!(messages(&transcript, Asker::Fetch).is_empty());
    insta::assert_snapshot!(Explanation::new(&transcript), @r"
    GET https://api.example/ from https://app.example, credentials same-origin
    1. GET https://api.example/  (without credentials)
       Origin: https://app.example
       => no response: the page called abort()
    blocked: the page called abort()
         at: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch step 9
      guide: https://OWNER.github.io/browser-cors/guide/reasons/aborted.html
      where: the page's code
        fix: In the page's code: wait for the response before aborting the fetch.
    ");
}

/// HTTP fetch step 3.5.7, and the types that stay.
#[rstest]
#[case::default_cors(Mode::Cors, RedirectMode::Follow, None, Ok(ResponseType::Cors))]
#[case::default_no_cors(Mode::NoCors, RedirectMode::Follow, None, Ok(ResponseType::Opaque))]
#[case::basic(Mode::Cors, RedirectMode::Follow, Some(ResponseType::Basic), Ok(ResponseType::Basic))]
#[case::cors(Mode::Cors, RedirectMode::Follow, Some(ResponseType::Cors), Ok(ResponseType::Cors))]
#[case::cors_for_no_cors(
    Mode::NoCors,
    RedirectMode::Follow,
    Some(ResponseType::Cors),
    Ok(ResponseType::Cors)
)]
#[case::opaque(
    Mode::NoCors,
    RedirectMode::Follow,
    Some(ResponseType::Opaque),
    Ok(ResponseType::Opaque)
)]
#[case::opaque_for_cors(
    Mode::Cors,
    RedirectMode::Follow,
    Some(ResponseType::Opaque),
    Err("an opaque response, and the mode is not no-cors")
)]
#[case::opaque_redirect(
    Mode::Cors,
    RedirectMode::Manual,
    Some(ResponseType::OpaqueRedirect),
    Ok(ResponseType::OpaqueRedirect)
)]
#[case::opaque_redirect_followed(
    Mode::Cors,
    RedirectMode::Follow,
    Some(ResponseType::OpaqueRedirect),
    Err("an opaque redirect, and the redirect mode is not manual")
)]
fn service_worker(
    #[case] mode: Mode,
    #[case] redirect_mode: RedirectMode,
    #[case] kind: Option<ResponseType>,
    #[case] expected: Result<ResponseType, &str>,
) {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let asked = request("https://api.example/", |r| {
            (r.mode, r.redirect_mode) = (mode, redirect_mode);
        });
        let exchange = sent(fetch(asked, context));
        assert_eq!(exchange.responder(), Responder::ServiceWorker);
        let status = if kind == Some(ResponseType::OpaqueRedirect) { 302 } else { 200 };
        let answer = response(status, &[("Content-Type", "text/plain")]);
        let supplied = match kind {
            None => Supplied::from(answer),
            Some(kind) => FilteredResponse::new(kind, answer).into(),
        };
        let action = exchange.supply(supplied, NOW, context);
        match expected {
            Ok(kind) => assert_eq!(got(action).kind(), kind),
            Err(why) => {
                let error = refused(action);
                let at = ("#concept-http-fetch step 3.5.7".to_owned(), "service-worker");
                assert_eq!(where_and_why(&error), at);
                assert_eq!(error.to_string(), format!("the service worker answered with {why}"));
            }
        }
    });
}

#[rstest]
#[case::of_cors(Some(ResponseType::Cors), 1, "a response of CORS, and the mode is same-origin")]
#[case::redirected(
    Some(ResponseType::Basic),
    2,
    "a response after redirects, and the redirect mode is not follow"
)]
#[case::redirected_and_unfiltered(
    None,
    2,
    "a response after redirects, and the redirect mode is not follow"
)]
fn service_worker_of_a_same_origin_request(
    #[case] kind: Option<ResponseType>,
    #[case] urls: usize,
    #[case] why: &str,
) {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let asked = request("https://app.example/", |r| {
            (r.mode, r.redirect_mode) = (Mode::SameOrigin, RedirectMode::Error);
        });
        let answer = response(200, &[]).for_urls(vec![url("https://app.example/"); urls]);
        let supplied = match kind {
            None => Supplied::from(answer),
            Some(kind) => FilteredResponse::new(kind, answer).into(),
        };
        let error = refused(sent(fetch(asked, context)).supply(supplied, NOW, context));
        assert_eq!(error.to_string(), format!("the service worker answered with {why}"));
    });
}

/// A service worker comes before the preflight and the limit of keepalive requests, which come again
/// once it passes.
#[test]
fn service_worker_before_the_network() {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let put = || {
            request("https://api.example/", |r| {
                (r.method, r.keepalive) = (Method::PUT, true);
                r.body = Some(Body::Replayable { length: Some(70_000) });
            })
        };
        let worker = sent(fetch(put(), context));
        assert_eq!(
            (worker.responder(), worker.method().as_str()),
            (Responder::ServiceWorker, "PUT")
        );
        assert_eq!(worker.body(), Some(&Body::Replayable { length: Some(70_000) }));
        assert_eq!(got(worker.receive(response(201, &[]), NOW, context)).status(), 201);

        let preflight = sent(sent(fetch(put(), context)).pass(context));
        assert!(preflight.is_preflight());
        let allow = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")];
        let error = refused(preflight.receive(response(204, &allow), NOW, context));
        assert_eq!(error.refusal, Refusal::Keepalive { length: 70_000, inflight: 0 });

        let error = refused(
            sent(fetch(put(), context)).fail(TransportFailure::new("the worker threw"), context),
        );
        let at = ("#concept-http-fetch step 3.5.7".to_owned(), "service-worker");
        assert_eq!((where_and_why(&error), error.to_string().as_str()), (at, "the worker threw"));
    });
}

/// Redirects of the network are not shown to a service worker; its own are, and have no base URL.
#[test]
fn redirects_and_service_workers() {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let ask = |context: &mut Context<'_>| {
            sent(fetch(request("https://app.example/", |_| {}), context))
        };
        let first = sent(ask(context).pass(context));
        assert_eq!(first.responder(), Responder::Server);
        assert_eq!(first.request().service_workers_mode, ServiceWorkersMode::None);
        let second = sent(first.receive(response(302, &[("Location", "/b")]), NOW, context));
        assert_eq!(second.responder(), Responder::Server);

        let to = response(302, &[("Location", "https://app.example/b")]);
        let second = sent(ask(context).receive(to, NOW, context));
        assert_eq!((second.responder(), second.url().path()), (Responder::ServiceWorker, "/b"));

        let relative = response(302, &[("Location", "/b")]);
        let error = refused(ask(context).receive(relative.clone(), NOW, context));
        assert_eq!(error.code(), "location");

        let fetched = relative.for_urls([url("https://cdn.example/x")]);
        let fetched = FilteredResponse::new(ResponseType::Basic, fetched);
        let second = sent(ask(context).supply(fetched, NOW, context));
        assert_eq!(second.url().as_str(), "https://cdn.example/b");

        let mut alone = request("https://app.example/", |_| {});
        alone.service_workers_mode = ServiceWorkersMode::None;
        assert_eq!(sent(fetch(alone, context)).responder(), Responder::Server);
    });
}

/// A worker's response keeps its URLs and its timing flag, and passes no CORS check.
#[test]
fn responses_of_a_service_worker() {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let mut ask = |answer: Supplied| {
            let asked = request("https://api.example/", |r| {
                r.credentials_mode = CredentialsMode::Include;
            });
            got(sent(fetch(asked, context)).supply(answer, NOW, context))
        };
        let made = ask(response(200, &[]).into());
        assert_eq!(made.url(), "https://api.example/");
        let of_another = response(200, &[("X-Id", "7")]).for_urls([url("https://cdn.example/x")]);
        let fetched = ask(FilteredResponse::new(ResponseType::Basic, of_another).into());
        assert_eq!((fetched.url(), fetched.is_readable("x-id")), ("https://cdn.example/x", true));
        assert!(fetched.internal_response().timing_allow_passed());
    });
}

/// HTTP fetch step 5 and main fetch steps 20 and 21 hold for the responses of service workers.
#[test]
fn service_workers_cannot_widen_what_a_page_gets() {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let mut page = Environment::new(url("https://app.example/"));
        page.embedder_policy = EmbedderPolicy::RequireCorp;
        let page = page.shared();
        let mut ask = |answer: Response, kind: ResponseType, destination: Destination| {
            let asked = request("https://app.example/a", |r| {
                (r.mode, r.destination) = (Mode::NoCors, destination);
                r.client = Some(page.clone());
            });
            let answer = answer.for_urls([url("https://cdn.example/x")]);
            let supplied = FilteredResponse::new(kind, answer);
            refused(sent(fetch(asked, context)).supply(supplied, NOW, context)).code().as_str()
        };
        let (opaque, script) = (ResponseType::Opaque, Destination::Script);
        assert_eq!(ask(response(200, &[]), opaque, script), "cross-origin-resource-policy");
        let image = response(200, &[("Content-Type", "image/png")]);
        assert_eq!(ask(image, ResponseType::Cors, script), "mime-type");
        let shared = [("Cross-Origin-Resource-Policy", "cross-origin")];
        let partial = response(206, &shared).to_range_request();
        assert_eq!(ask(partial, opaque, Destination::Video), "range-not-requested");
    });
}

#[test]
fn preloads() {
    with(&Hooks { preloaded: true, ..Hooks::default() }, |context| {
        let page = Environment::new(url("https://app.example/")).shared();
        let asked = |change: fn(&mut Request)| {
            request("https://cdn.example/a.css", |r| {
                (r.client, r.destination) = (Some(page.clone()), Destination::Style);
                change(r);
            })
        };
        let preload = response(200, &[("Content-Type", "text/css")])
            .for_urls([url("https://cdn.example/a.css"), url("https://cdn.example/b.css")])
            .with_timing_allowed();
        let preload = FilteredResponse::new(ResponseType::Cors, preload);
        let exchange = sent(fetch(asked(|_| {}), context));
        assert_eq!(exchange.responder(), Responder::Preload);
        let used = got(exchange.supply(preload, NOW, context));
        assert_eq!((used.kind(), used.url()), (ResponseType::Cors, "https://cdn.example/b.css"));

        let html =
            response(200, &[("Content-Type", "text/html"), ("X-Content-Type-Options", "nosniff")]);
        let html = FilteredResponse::new(ResponseType::Cors, html);
        let exchange = sent(fetch(asked(|_| {}), context));
        assert_eq!(refused(exchange.supply(html, NOW, context)).code(), "nosniff");

        // Without one after all, the server is asked, and a redirect does not wait for one.
        let first = sent(sent(fetch(asked(|_| {}), context)).pass(context));
        assert_eq!(first.responder(), Responder::Server);
        let to = [("Access-Control-Allow-Origin", "*"), ("Location", "/b.css")];
        let second = sent(first.receive(response(302, &to), NOW, context));
        assert_eq!(second.responder(), Responder::Server);

        let mut is_asked =
            |change| sent(fetch(asked(change), context)).responder() == Responder::Preload;
        assert!(!is_asked(|r| r.method = Method::HEAD));
        assert!(!is_asked(|r| r.client = None));
        assert!(!is_asked(|r| r.mode = Mode::Navigate));
        assert!(!is_asked(|r| r.header_list.append("X-A", "b").unwrap()));
        assert!(is_asked(|r| {
            r.header_list.append("X-A", "b").unwrap();
            r.unsafe_request = false;
        }));
    });
}

/// An override comes after tainting, so that an unfiltered response is filtered by it.
#[rstest]
#[case("https://app.example/", Mode::Cors, ResponseType::Basic)]
#[case("https://api.example/", Mode::Cors, ResponseType::Cors)]
#[case("https://api.example/", Mode::NoCors, ResponseType::Opaque)]
fn overrides(#[case] target: &str, #[case] mode: Mode, #[case] kind: ResponseType) {
    with(&Hooks { overrides: true, worker: true, ..Hooks::default() }, |context| {
        let ask = |context: &mut Context<'_>| {
            sent(fetch(request(target, |r| (r.mode, r.method) = (mode, Method::PUT)), context))
        };
        let exchange = ask(context);
        assert_eq!(exchange.responder(), Responder::Override);
        assert_eq!(got(exchange.receive(response(200, &[]), NOW, context)).kind(), kind);

        let worker = sent(ask(context).pass(context));
        assert_eq!(worker.responder(), Responder::ServiceWorker);
        let server = sent(worker.pass(context));
        assert_eq!(
            (server.responder(), server.is_preflight()),
            (Responder::Server, kind == ResponseType::Cors)
        );
        // Servers cannot pass.
        assert_eq!(sent(server.pass(context)).responder(), Responder::Server);
    });
}

/// A recording follows service workers, too, and has no exchange with a server for them.
#[test]
fn recordings_of_service_workers() {
    with(&Hooks { worker: true, ..Hooks::default() }, |context| {
        let asked = || request("https://app.example/", |_| {});
        let Recording::Waiting(waiting) = Recording::start(asked(), context) else { panic!() };
        let made = Supplied::from(response(200, &[]));
        let Recording::Over(transcript) = waiting.supplied(made, NOW, context) else { panic!() };
        assert!(transcript.exchanges.is_empty());
        insta::assert_snapshot!(Explanation::new(&transcript), @r"
        GET https://app.example/ from https://app.example, credentials same-origin
        allowed: the page may read the response (basic), status 200
        ");

        let Recording::Waiting(waiting) = Recording::start(asked(), context) else { panic!() };
        let Recording::Waiting(server) = waiting.passed(context) else { panic!() };
        let answer = Supplied::from(response(200, &[]));
        let Recording::Over(transcript) = server.supplied(answer, NOW, context) else { panic!() };
        assert_eq!(transcript.exchanges.len(), 1);
    });
}

/// A service worker redirects, and a server refuses: each engine says why, about the server's answer.
#[test]
fn refusals_after_a_redirect_of_a_service_worker() {
    for profile in [Profile::STANDARD, Profile::CHROMIUM, Profile::FIREFOX, Profile::WEBKIT] {
        let (user_agent, mut cache) = (UserAgent::for_profile(profile), PreflightCache::new());
        let hooks = Hooks { worker: true, ..Hooks::default() };
        let mut context = Context::new(&user_agent, &mut cache, NOW).with_embedder(&hooks);
        let asked = request("https://app.example/", |_| {});
        let Recording::Waiting(worker) = Recording::start(asked, &mut context) else { panic!() };
        let to = Supplied::from(response(302, &[("Location", "https://api.example/x")]));
        let Recording::Waiting(again) = worker.supplied(to, NOW, &mut context) else { panic!() };
        assert_eq!(again.exchange().responder(), Responder::ServiceWorker);
        let Recording::Waiting(server) = again.passed(&mut context) else { panic!() };
        let Recording::Over(transcript) =
            server.answered(Ok(response(200, &[])), NOW, &mut context)
        else {
            panic!()
        };
        let urls: Vec<_> = transcript.exchanges.iter().map(|it| it.url.as_str()).collect();
        assert_eq!(urls, ["https://api.example/x"]);
        let explanation = Explanation::new(&transcript).to_string();
        assert!(explanation.contains("(no Access-Control-Allow-Origin, expected"), "{explanation}");
        let lines = messages(&transcript, Asker::Fetch);
        assert_eq!(lines.is_empty(), profile == Profile::STANDARD, "{lines:?}");
        let is_about_server = |line: &String| line.contains("Access-Control-Allow-Origin");
        assert!(lines.iter().all(is_about_server), "{lines:?}");
    }
}

/// The JSON of a refusal has the embedder's step, and the code of its rule.
#[cfg(feature = "scenario")]
#[test]
fn refusals_of_the_embedder_as_json() {
    let transcript = with(&Hooks { blocked: Some("/no"), ..Hooks::default() }, |context| {
        let asked = request("https://api.example/no", |_| {});
        Transcript::record(asked, context, |_| panic!("nothing is sent"))
    });
    let outcome = FetchOutcome::Done { api: Api::Fetch, transcript: Box::new(transcript) };
    let result = serde_json::to_value(&outcome).unwrap()["result"].take();
    assert_eq!(result["error"], "network");
    assert_eq!(result["reason"], "content-security-policy");
    assert_eq!(result["step"], "#concept-main-fetch step 7");
    assert_eq!(result["evidence"]["url"], "https://api.example/no");
    assert_eq!(result["remedy"]["where"], "page");
}

/// A navigation whose redirects the embedder follows itself: twenty, as always.
#[test]
fn manual_redirects_of_navigations() {
    with(&Hooks::default(), |context| {
        let navigation = request("https://other.example/", |r| {
            (r.mode, r.redirect_mode) = (Mode::Navigate, RedirectMode::Manual);
            r.destination = Destination::Document;
        });
        let mut exchange = sent(fetch(navigation, context));
        for count in 1..=20 {
            let to = response(302, &[("Location", "/next")]);
            let Action::Finish(Outcome::Response { response, next_manual_redirect, .. }) =
                exchange.receive(to, NOW, context)
            else {
                panic!("redirect {count} is no response")
            };
            assert_eq!((response.kind(), response.status()), (ResponseType::Basic, 302));
            assert_eq!(response.url_list().len(), count);
            let next = *next_manual_redirect.unwrap();
            assert_eq!(usize::from(next.request().redirect_count()), count - 1);
            exchange = sent(next.follow(NOW, context));
            assert_eq!(exchange.request().url_list().len(), count + 1);
        }
        let to = response(302, &[("Location", "/next")]);
        let Action::Finish(Outcome::Response { next_manual_redirect: Some(next), .. }) =
            exchange.receive(to, NOW, context)
        else {
            panic!("no redirect")
        };
        assert!(next.request().timing_allow_failed());
        let Recording::Over(transcript) = Recording::follow(*next, NOW, context) else { panic!() };
        let Outcome::NetworkError(error) = transcript.outcome else { panic!() };
        assert_eq!(error.code(), "redirect-count");
    });
}

/// Another process goes on with a request that it makes of what it was sent.
#[test]
fn redirects_go_on_elsewhere() {
    let mut request = request("https://a.example/", |r| r.mode = Mode::Navigate);
    request.push_url(url("https://b.example/"));
    request.set_redirect_count(20);
    request.set_timing_allow_failed(true);
    let to = response(302, &[("Location", "/next")]);
    let refusal = redirect(request.clone(), &to, &Profile::STANDARD).unwrap_err();
    assert_eq!(refusal.code(), "redirect-count");
    request.set_redirect_count(19);
    let Ok(Redirect::To(next)) = redirect(request, &to, &Profile::STANDARD) else { panic!() };
    assert_eq!((next.redirect_count(), next.timing_allow_failed()), (20, true));
    assert_eq!(next.current_url().as_str(), "https://b.example/next");
}

/// What is found after the fetch, such as a wrong hash, is a network error of the same fetch.
#[test]
fn network_errors_of_the_embedder() {
    let mut asked = request("https://a.example/", |r| r.method = Method::PUT);
    asked.push_url(url("https://b.example/"));
    let refusal = EmbedderRefusal::new(EmbedderRule::Integrity, "the hash is another");
    let error = NetworkError::new(Refusal::Embedder(refusal), &asked);
    assert_eq!((error.origin.as_str(), error.method.as_str()), ("null", "PUT"));
    assert_eq!((error.url_list.len(), error.credentials_mode.as_str()), (2, "same-origin"));
    assert_eq!(error.to_string(), "the hash is another");
}
