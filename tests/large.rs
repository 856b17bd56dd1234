//! What a server or a page can make long costs no more than its length. Of these sizes, work that
//! grew with the square would take minutes.

use browser_cors::{
    engine::Profile,
    explain::Explanation,
    fetch::{
        Action, Context, UserAgent, fetch, filter, judge_preflight_response, preflight_reasons,
    },
    header::{
        HeaderList,
        safelist::{cors_unsafe_request_header_names, cors_unsafe_request_headers},
    },
    http::{HeaderMap, HeaderName, HeaderValue, Method},
    preflight_cache::{PreflightCache, Timestamp},
    request::{Mode, Request, ResponseTainting},
    response::Response,
    transcript::Transcript,
    url::Url,
};

const MANY: usize = 50_000;

/// The same for whole fetches, of which there are several.
const SOME: usize = 20_000;

fn names(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("X-Header-{number}"))
}

/// A list of the headers given, and `count` others.
fn many_headers(first: &[(&str, &str)], count: usize) -> HeaderList {
    let mut list = HeaderList::new();
    first.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    names(count).for_each(|name| list.append(name, "1").unwrap());
    list
}

fn request() -> Request {
    let url = Url::parse("https://api.example/").unwrap();
    let mut request = Request::new(url, "https://app.example".parse().unwrap());
    request.mode = Mode::Cors;
    request
}

#[test]
fn many_headers_are_exposed() {
    let mut request = request();
    request.set_response_tainting(ResponseTainting::Cors);
    let exposed = names(MANY).collect::<Vec<_>>().join(", ").to_lowercase();
    let list =
        many_headers(&[("Access-Control-Expose-Headers", &exposed), ("X-Hidden", "2")], MANY);
    let response = filter(&request, Response::new(200, list));
    assert_eq!(response.headers().count(), MANY);
    assert_eq!(response.header_list().len(), MANY);
    assert_eq!(response.header_list().sort_and_combine().len(), MANY);
}

#[test]
fn a_name_has_many_lines() {
    let mut list = HeaderList::new();
    (0..MANY).for_each(|_| list.append("X-Same", "").unwrap());
    assert_eq!(list.get("x-same").unwrap().len(), 2 * (MANY - 1));
    assert_eq!(list.sort_and_combine().len(), 1);
}

/// Names of different lengths and cases are found, whether the list is short or long.
#[test]
fn a_long_list_keeps_the_case_of_a_name() {
    for length in [31, 32, 33, MANY] {
        let mut list = HeaderList::new();
        names(length).for_each(|name| list.append(name, "1").unwrap());
        list.append("X-HEADER-7", "2").unwrap();
        list.append("X-New", "3").unwrap();
        list.append("x-new", "4").unwrap();
        let last: Vec<_> = list.iter().skip(length).map(|(name, _)| name).collect();
        assert_eq!(last, ["X-Header-7", "X-New", "X-New"], "{length}");
        list.set("X-HEADER-7", "5").unwrap();
        list.delete("X-NEW");
        list.append("x-header-7", "6").unwrap();
        assert_eq!(list.get("X-Header-7").as_deref(), Some(&b"5, 6"[..]), "{length}");
        assert_eq!(list.iter().last(), Some(("X-Header-7", &b"6"[..])), "{length}");
    }
}

#[test]
fn a_map_has_many_headers() {
    // A map has room for fewer names, and for any number of values.
    let mut map = HeaderMap::new();
    for number in 0..MANY {
        let name = format!("x-header-{}", number % 10_000);
        map.append(HeaderName::try_from(name).unwrap(), HeaderValue::from_static("1"));
    }
    assert_eq!(HeaderList::from(&map).len(), MANY);
    assert_eq!(cors_unsafe_request_header_names(&map, &Profile::STANDARD).len(), 10_000);
}

/// A page sends many headers, and a server allows as many.
#[test]
fn a_preflight_allows_many_headers() {
    for profile in Profile::ALL {
        let mut request = request();
        request.header_list = many_headers(&[("X-Header-0", "1"), ("Accept", "")], MANY);
        let names = cors_unsafe_request_header_names(&request.header_list, profile);
        assert!(names.len() >= MANY, "{profile}");
        assert!(cors_unsafe_request_headers(&request.header_list, profile).count() >= MANY);
        let (cache, now) = (PreflightCache::new(), Timestamp::default());
        assert!(preflight_reasons(&request, &cache, profile, now).len() >= MANY);
        let answer = HeaderList::try_from([
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Headers", &names.join(",")),
        ]);
        let answer = Response::new(200, answer.unwrap());
        assert!(judge_preflight_response(&request, &answer, profile).is_ok(), "{profile}");
    }
}

/// Whole fetches, as each engine does them, with their explanations.
#[test]
fn fetches_of_large_answers() {
    for profile in Profile::ALL {
        let (mut user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
        user_agent.profile = *profile;
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        for (allowed, method) in [("*", Method::PUT), ("null", Method::GET)] {
            let mut request = request();
            request.method = method;
            let many = names(SOME).collect::<Vec<_>>().join(",");
            let list = many_headers(
                &[
                    ("Access-Control-Allow-Origin", allowed),
                    ("Access-Control-Allow-Methods", &many),
                    ("Access-Control-Allow-Headers", &many),
                    ("Access-Control-Expose-Headers", &many),
                    ("Timing-Allow-Origin", &many),
                    ("Vary", &many),
                    ("Set-Cookie", &many),
                    ("X-Empty", ""),
                ],
                SOME,
            );
            let transcript =
                Transcript::record(request, &mut context, |_| Ok(Response::new(200, list.clone())));
            let explanation = Explanation::new(&transcript);
            assert!(!explanation.to_string().is_empty(), "{profile}");
        }
        assert!(cache.len() <= 256);
    }
}

/// An embedder's loop over a server that redirects as long as it is followed.
#[test]
fn redirects_end() {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let mut action = fetch(request(), &mut context);
    let mut answers = 0;
    while let Action::Send(exchange) = action {
        answers += 1;
        let location = format!("/{answers}?{}", "x".repeat(MANY));
        let answer = HeaderList::try_from([
            ("Location", location.as_str()),
            ("Access-Control-Allow-Origin", "*"),
        ]);
        action = exchange.receive(
            Response::new(302, answer.unwrap()),
            Timestamp::default(),
            &mut context,
        );
    }
    assert_eq!(answers, 21);
}
