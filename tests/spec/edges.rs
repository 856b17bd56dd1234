//! The edges of departures, where a recording of each shows only that there is one.
#![cfg(feature = "public-suffix")]

use std::sync::Arc;

use browser_cors::{
    console::{Asker, messages},
    engine::{Departure, Profile},
    environment::{Environment, NetworkPartitionKey},
    fetch::{Action, Context, Exchange, Outcome, Redirect, Refusal, UserAgent, fetch, redirect},
    header::HeaderList,
    http::Method,
    origin::Origin,
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, CacheMode, CredentialsMode, Mode, Request},
    response::Response,
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

const API: &str = "https://api.example/items";

/// A user agent with its cache, at a time.
struct Browser {
    user_agent: UserAgent,
    cache: PreflightCache,
    now: Timestamp,
}

impl Browser {
    fn new(profile: Profile) -> Self {
        Self {
            user_agent: UserAgent::for_profile(profile),
            cache: PreflightCache::for_profile(&profile),
            now: Timestamp::default(),
        }
    }

    fn context(&mut self) -> Context<'_> {
        Context::new(&self.user_agent, &mut self.cache, self.now)
    }

    /// What goes out first.
    fn first(&mut self, request: Request) -> Exchange {
        match fetch(request, &mut self.context()) {
            Action::Send(exchange) => exchange,
            Action::Finish(outcome) => panic!("{outcome:?}"),
        }
    }

    /// What goes out, as `METHOD url`, with the value that each exchange has of a header, where the
    /// servers answer so, one after the other.
    fn sent(&mut self, request: Request, header: &str, answers: &[Response]) -> Vec<String> {
        let mut answers = answers.iter();
        let transcript = Transcript::record(request, &mut self.context(), |_exchange| {
            Ok(answers.next().expect("there is an answer for each exchange").clone())
        });
        let exchanges = transcript.exchanges.iter().map(|exchange| {
            let value = exchange.header_list.get(header);
            let value = value.map_or_else(String::new, |it| format!(" {}", it.escape_ascii()));
            format!("{} {}{value}", exchange.method, exchange.url)
        });
        exchanges.collect()
    }
}

fn request(method: Method, url: &str, mode: Mode) -> Request {
    let url = Url::parse(url).unwrap();
    let mut request = Request::new(url, "https://app.example".parse().unwrap());
    (request.method, request.mode, request.unsafe_request) = (method, mode, true);
    request
}

fn put() -> Request {
    request(Method::PUT, API, Mode::Cors)
}

fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    Response::new(status, list)
}

/// The grant of a preflight, to be kept for so many seconds.
fn grant(max_age: &str) -> Response {
    answer(
        204,
        &[
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Methods", "PUT"),
            ("Access-Control-Max-Age", max_age),
        ],
    )
}

fn shared() -> Response {
    answer(200, &[("Access-Control-Allow-Origin", "*")])
}

/// Firefox keeps nothing for 0 seconds, and what there is for 1 second.
#[rstest]
#[case("0", &["OPTIONS https://api.example/items", "PUT https://api.example/items"])]
#[case("1", &["PUT https://api.example/items"])]
fn tokens_are_kept_from_one_second_on(#[case] max_age: &str, #[case] expected: &[&str]) {
    let mut firefox = Browser::new(Profile::FIREFOX);
    assert_eq!(firefox.sent(put(), "X", &[grant(max_age), shared()]).len(), 2);
    firefox.now = Timestamp::from_millis(999);
    let first = firefox.first(put());
    let answers =
        if first.is_preflight() { vec![grant(max_age), shared()] } else { vec![shared()] };
    assert_eq!(firefox.sent(put(), "X", &answers), expected);
}

/// A look-up that misses erases the entry; one that is skipped leaves it as it is.
#[rstest]
#[case::skipped(CacheMode::Reload, Method::PUT, false)]
#[case::missed(CacheMode::Default, Method::DELETE, true)]
fn skipped_look_ups_erase_nothing(
    #[case] cache_mode: CacheMode,
    #[case] method: Method,
    #[case] is_erased: bool,
) {
    let mut chromium = Browser::new(Profile::CHROMIUM);
    chromium.sent(put(), "Origin", &[grant("600"), shared()]);
    let mut other = request(method, API, Mode::Cors);
    other.cache_mode = cache_mode;
    // It asks for a preflight, and nobody answers.
    let preflight = chromium.first(other);
    assert!(preflight.is_preflight());
    let _ = preflight.withhold();
    assert_eq!(chromium.first(put()).is_preflight(), is_erased);
}

/// WebKit begins a load without cookies anew when it leaves the page's origin. What the author set and
/// that redirect took off does not come back.
#[rstest]
#[case::anew(CredentialsMode::SameOrigin, "GET https://api.example/b")]
#[case::with_cookies(CredentialsMode::Include, "GET https://api.example/b text/plain")]
fn loads_begin_anew(#[case] credentials_mode: CredentialsMode, #[case] last: &str) {
    let mut asked = request(Method::POST, "https://app.example/a", Mode::NoCors);
    asked.header_list.append("Content-Type", "text/plain").unwrap();
    asked.body = Some(Body::Source("x".into()));
    asked.credentials_mode = credentials_mode;
    let answers =
        [answer(302, &[("Location", API)]), answer(307, &[("Location", "/b")]), answer(200, &[])];
    let sent = Browser::new(Profile::WEBKIT).sent(asked, "Content-Type", &answers);
    let expected = ["POST https://app.example/a text/plain", "GET https://api.example/items", last];
    assert_eq!(sent, expected);
}

/// A sandboxed page's load has `Origin: null` towards the top-level page's site, if it begins with GET
/// or HEAD: one that becomes a GET does not.
#[rstest]
#[case::get(Method::GET, &["GET https://api.example/items null", "GET https://api.example/b null"])]
#[case::post(Method::POST, &["POST https://api.example/items null", "GET https://api.example/b"])]
fn storage_access_is_for_reading(#[case] method: Method, #[case] expected: &[&str]) {
    let profile = Profile::STANDARD.with(Departure::ORIGIN_WITHOUT_STORAGE_ACCESS);
    let mut page = Environment::new(Url::parse("https://app.example/").unwrap());
    page.network_partition_key = Some(NetworkPartitionKey::new("https://api.example"));
    page.origin = Origin::opaque();
    let mut asked = request(method, API, Mode::NoCors);
    asked.origin = page.origin.clone();
    asked.client = Some(Arc::new(page));
    asked.credentials_mode = CredentialsMode::Include;
    let answers = [answer(303, &[("Location", "/b")]), answer(200, &[])];
    assert_eq!(Browser::new(profile).sent(asked, "Origin", &answers), expected);
}

/// A redirect that is refused only once the preflight of the next hop has gone out: the decision by
/// itself says so, and the machine does so.
#[test]
fn redirects_that_are_refused_later() {
    let asked = || request(Method::PUT, "https://app.example/a", Mode::Cors);
    let away = answer(307, &[("Location", "https://user@api.example/items")]);
    assert!(matches!(
        redirect(asked(), &away, &Profile::STANDARD),
        Err(Refusal::RedirectCredentials { .. })
    ));
    let profile = Profile::STANDARD.with(Departure::REDIRECT_CHECKED_AFTER_PREFLIGHT);
    let Ok(Redirect::UpToPreflight { request: next, refusal }) = redirect(asked(), &away, &profile)
    else {
        panic!("it is refused at once")
    };
    assert_eq!(next.current_url().as_str(), "https://user@api.example/items");
    assert_eq!(refusal.code(), "redirect-credentials");
    let answers = [away, grant("600")];
    let sent = Browser::new(profile).sent(asked(), "X", &answers);
    assert_eq!(sent, ["PUT https://app.example/a", "OPTIONS https://user@api.example/items"]);
    let sent = Browser::new(Profile::STANDARD).sent(asked(), "X", &answers);
    assert_eq!(sent, ["PUT https://app.example/a"]);
}

/// A line of Firefox's console has 1,000 characters at most.
#[test]
fn lines_of_firefox_are_cut() {
    let line = |length: usize| {
        let mut firefox = Browser::new(Profile::FIREFOX);
        let url = format!("https://api.example/{}", "x".repeat(length));
        let asked = request(Method::GET, &url, Mode::Cors);
        let transcript =
            Transcript::record(asked, &mut firefox.context(), |_exchange| Ok(answer(200, &[])));
        messages(&transcript, Asker::Fetch).concat()
    };
    let whole = line(1);
    assert!(whole.ends_with("Status code: 200."), "{whole}");
    let room = 1_000 - whole.chars().count();
    assert!(line(1 + room).ends_with("Status code: 200."));
    let cut = line(2 + room);
    assert!(cut.ends_with("Status code: 200"), "{cut}");
    assert_eq!(cut.chars().count(), 1_000);
}

/// A part that nobody asked for is refused where the page cannot see that it is one. Elsewhere it can.
#[rstest]
#[case::opaque(API, Mode::NoCors, Some("range-not-requested"))]
#[case::cors(API, Mode::Cors, None)]
#[case::basic("https://app.example/own", Mode::Cors, None)]
fn parts_that_nobody_asked_for(#[case] url: &str, #[case] mode: Mode, #[case] code: Option<&str>) {
    let part = answer(206, &[("Access-Control-Allow-Origin", "*")]).to_range_request();
    let mut browser = Browser::new(Profile::STANDARD);
    let exchange = browser.first(request(Method::GET, url, mode));
    let action = exchange.receive(part, Timestamp::default(), &mut browser.context());
    let Action::Finish(outcome) = action else { panic!("it is over") };
    let found = match &outcome {
        Outcome::NetworkError(error) => Some(error.code().as_str()),
        Outcome::Response { .. } => None,
    };
    assert_eq!(found, code);
}
