//! All that is wrong with an answer is said, and mended, in one round.

use browser_cors::{
    engine::Profile,
    explain::{Explanation, Remedy, Where, further_faults},
    fetch::{Context, Exchange, Outcome, UserAgent},
    header::HeaderList,
    http::Method,
    origin::RegistrableDomain,
    page::fetch_api::{RequestInit, construct_request},
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, CacheMode, CredentialsMode, Mode, RedirectMode, Request},
    response::Response,
    transcript::Transcript,
    url::Url,
};

#[derive(Debug)]
struct NoSuffixes;

impl RegistrableDomain for NoSuffixes {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        Some(domain)
    }
}

fn record(
    request: Request,
    profile: Profile,
    mut answer: impl FnMut(&Exchange) -> (u16, Vec<(String, String)>),
) -> Transcript {
    let mut user_agent = UserAgent::new(NoSuffixes);
    user_agent.profile = profile;
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    Transcript::record(request, &mut context, |exchange| {
        let (status, headers) = answer(exchange);
        let mut list = HeaderList::new();
        for (name, value) in headers {
            list.append(&name, value.as_bytes()).unwrap();
        }
        Ok(Response::new(status, list))
    })
}

fn request(url: &str) -> Request {
    let mut request =
        Request::new(Url::parse(url).unwrap(), "https://app.example".parse().unwrap());
    request.mode = Mode::Cors;
    request.unsafe_request = true;
    request
}

/// A value of a header of a preflight's answer, and what is wrong with it without credentials and
/// with them.
type Choice = (Option<&'static str>, &'static str, &'static str);

const ORIGINS: [Choice; 8] = [
    (Some("https://app.example"), "", ""),
    (Some("*"), "", "preflight-allow-origin-wildcard-with-credentials"),
    (None, "preflight-allow-origin-missing", "preflight-allow-origin-missing"),
    (Some("https://app.example/"), MISMATCH, MISMATCH),
    (Some("$http_origin"), MISMATCH, MISMATCH),
    (Some("(null)"), MISMATCH, MISMATCH),
    (Some("\"*\""), MISMATCH, MISMATCH),
    (Some("https://app.example, https://app.example"), MISMATCH, MISMATCH),
];
const MISMATCH: &str = "preflight-allow-origin-mismatch";

const CREDENTIALS: [Choice; 4] = [
    (Some("true"), "", ""),
    (None, "", "preflight-allow-credentials-not-true"),
    (Some("True"), "", "preflight-allow-credentials-not-true"),
    (Some("\"true\""), "", "preflight-allow-credentials-not-true"),
];

const METHODS: [Choice; 6] = [
    (Some("GET, PROPFIND"), "", ""),
    (Some("*"), "", "preflight-method"),
    (None, "preflight-method", "preflight-method"),
    (Some("propfind"), "preflight-method", "preflight-method"),
    (Some("'GET','PROPFIND'"), "preflight-method", "preflight-method"),
    (Some("GET PROPFIND"), INVALID_METHODS, INVALID_METHODS),
];
const INVALID_METHODS: &str = "preflight-allow-methods-invalid";

const HEADERS: [Choice; 5] = [
    (Some("Depth, X-Token"), "", ""),
    (Some("*"), "", "preflight-header"),
    (None, "preflight-header", "preflight-header"),
    (Some("depth"), "preflight-header", "preflight-header"),
    (Some("[depth, x-token]"), INVALID_HEADERS, INVALID_HEADERS),
];
const INVALID_HEADERS: &str = "preflight-allow-headers-invalid";

const STATUSES: [(u16, &str); 3] =
    [(204, ""), (401, "preflight-status"), (302, "preflight-status")];

/// Each fault of a preflight's answer is named once, whichever is found first; and one remedy mends
/// them all.
/// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
#[test]
fn combinations_of_faults_of_a_preflight() {
    let mut count = 0;
    let choices = [&ORIGINS[..], &CREDENTIALS, &METHODS, &HEADERS];
    let sizes = choices.map(<[Choice]>::len);
    let names = ["Origin", "Credentials", "Methods", "Headers"];
    for profile in Profile::ALL {
        for includes in [false, true] {
            for (status, status_fault) in STATUSES {
                for number in 0..sizes.iter().product() {
                    let mut rest: usize = number;
                    let mut headers = Vec::new();
                    let mut expected: Vec<&str> = vec![status_fault];
                    for ((options, size), name) in choices.iter().zip(sizes).zip(names) {
                        let (value, without, with) = options[rest % size];
                        rest /= size;
                        let name = format!("Access-Control-Allow-{name}");
                        headers.extend(value.map(|value| (name, value.to_owned())));
                        expected.push(if includes { with } else { without });
                    }
                    expected.retain(|code| !code.is_empty());
                    expected.sort_unstable();
                    judge(*profile, includes, status, &headers, &expected);
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 23_040);
}

fn judge(
    profile: Profile,
    includes: bool,
    status: u16,
    headers: &[(String, String)],
    expected: &[&str],
) {
    let asked = || {
        let mut request = request("https://dav.example/d");
        request.method = Method::from_bytes(b"PROPFIND").unwrap();
        request.header_list.append("Depth", b"1").unwrap();
        request.header_list.append("X-Token", b"1").unwrap();
        if includes {
            request.credentials_mode = CredentialsMode::Include;
        }
        request
    };
    let right = [
        ("Access-Control-Allow-Origin", "https://app.example"),
        ("Access-Control-Allow-Credentials", "true"),
    ];
    let right = right.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let first = record(asked(), profile, |exchange| match exchange.is_preflight() {
        true => (status, headers.to_vec()),
        false => (207, right.to_vec()),
    });
    let Outcome::NetworkError(error) = &first.outcome else {
        assert_eq!(expected, Vec::<&str>::new(), "{profile}: {}", Explanation::new(&first));
        return;
    };
    let mut found: Vec<_> =
        further_faults(&first).iter().map(|fault| fault.code().as_str()).collect();
    found.push(error.code().as_str());
    found.sort_unstable();
    assert_eq!(found, expected, "{profile}: {}", Explanation::new(&first));

    let remedy = Remedy::of(&first).unwrap();
    let mended = remedy.answers.iter().find(|answer| answer.method.as_deref() == Some("OPTIONS"));
    let mended = mended.unwrap();
    let mut kept = headers.to_vec();
    kept.retain(|(name, _)| mended.header(name).is_none() && !mended.without.contains(name));
    kept.extend(mended.headers.iter().map(|(name, value)| (name.to_string(), value.clone())));
    let again = record(asked(), profile, |exchange| match exchange.is_preflight() {
        true => (mended.status.unwrap_or(status), kept.clone()),
        false => (207, right.to_vec()),
    });
    assert!(
        matches!(again.outcome, Outcome::Response { .. }),
        "{profile}: {}{}",
        Explanation::new(&first),
        Explanation::new(&again)
    );
}

fn of_answers(
    request: Request,
    preflight: &[(&str, &str)],
    answer: (u16, &[(&str, &str)]),
) -> Transcript {
    let owned = |headers: &[(&str, &str)]| {
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    record(request, Profile::STANDARD, |exchange| match exchange.is_preflight() {
        true => (204, owned(preflight)),
        false => (answer.0, owned(answer.1)),
    })
}

const ANY: (&str, &str) = ("Access-Control-Allow-Origin", "*");

/// Headers of responses do not belong into a request, and options of `fetch()` are no headers.
#[test]
fn headers_that_do_not_belong_into_a_request() {
    let mut asked = request("https://api.example/items");
    asked.header_list.append("Access-Control-Allow-Origin", b"*").unwrap();
    let transcript = of_answers(asked, &[ANY], (200, &[ANY]));
    let remedy = Remedy::of(&transcript).unwrap();
    assert_eq!(remedy.place, Where::Page);
    assert_eq!(
        remedy.to_string(),
        "In the page's code: remove `access-control-allow-origin` from the request: only servers \
         send such headers, with their answers.",
    );

    let mut asked = request("https://api.example/items");
    asked.header_list.append("Access-Control-Allow-Headers", b"X-Token").unwrap();
    asked.header_list.append("Mode", b"cors").unwrap();
    asked.header_list.append("X-Token", b"1").unwrap();
    let transcript = of_answers(asked, &[ANY], (200, &[ANY]));
    let remedy = Remedy::of(&transcript).unwrap();
    assert_eq!(remedy.place, Where::PageAndServer { host: Some("api.example".to_owned()) });
    assert_eq!(
        remedy.to_string(),
        "Answer OPTIONS https://api.example/items with `Access-Control-Allow-Headers: x-token`. In \
         the page's code: remove `access-control-allow-headers` from the request: only servers send \
         such headers, with their answers. Remove `mode` from the headers: such names are options of \
         the call, and no headers.",
    );
}

/// What is refused for its value need not be listed with another value.
#[test]
fn values_that_need_a_listing() {
    let advice = |name: &str, value: &[u8], method: Method| {
        let mut asked = request("https://api.example/items");
        asked.method = method;
        asked.header_list.append(name, value).unwrap();
        let transcript = of_answers(asked, &[ANY], (200, &[ANY]));
        Remedy::of(&transcript).unwrap().advice
    };
    assert_eq!(
        advice("Accept", b"application/ld+json; profile=\"https://x\"", Method::GET),
        "Or, in the page's code, give `Accept` a value that needs no listing: its value has the \
         unsafe byte `\\\"` at index 29.",
    );
    assert_eq!(
        advice("Accept-Language", &[b'a'; 129], Method::GET),
        "Or, in the page's code, give `Accept-Language` a value that needs no listing: its value has \
         129 bytes, more than 128.",
    );
    assert_eq!(
        advice("Content-Type", b"application/json", Method::GET),
        "Or, in the page's code, leave `Content-Type` away: GET has no body.",
    );
    assert_eq!(advice("Content-Type", b"application/json", Method::POST), "");
}

/// `patch` is another method than PATCH, and most likely not meant.
#[test]
fn a_method_in_lower_case() {
    let mut asked = request("https://api.example/items");
    asked.method = Method::from_bytes(b"patch").unwrap();
    let methods = ("Access-Control-Allow-Methods", "GET, PATCH");
    let transcript = of_answers(asked, &[ANY, methods], (200, &[ANY]));
    assert_eq!(
        Remedy::of(&transcript).unwrap().to_string(),
        "Answer OPTIONS https://api.example/items with `Access-Control-Allow-Methods: GET, PATCH, \
         patch`. Methods are compared byte for byte; of those that a page writes, only DELETE, GET, \
         HEAD, OPTIONS, POST and PUT are put in upper case. Or, better, in the page's code, write \
         `PATCH` in upper case.",
    );
}

/// A server behind a proxy that does not know that browsers reach it by https.
#[test]
fn a_redirect_from_https_to_http() {
    let asked = request("https://api.example/items");
    let transcript = record(asked, Profile::STANDARD, |exchange| match exchange.url().scheme() {
        "https" => (
            307,
            vec![
                ("Location".to_owned(), "http://api.example/items/".to_owned()),
                ("Access-Control-Allow-Origin".to_owned(), "*".to_owned()),
            ],
        ),
        _ => (200, vec![]),
    });
    let advice = Remedy::of(&transcript).unwrap().advice;
    assert!(
        advice.ends_with(
            "The redirect leads from https to http: the server of api.example does not know that \
             browsers reach it by https. Have the proxy before it send `X-Forwarded-Proto: https`, \
             and the server trust that."
        ),
        "{advice}"
    );
}

/// Errors come from a part of the server that knows nothing of CORS.
#[test]
fn errors_without_headers() {
    let advice = |status: u16| {
        let transcript = of_answers(request("https://api.example/items"), &[], (status, &[]));
        Remedy::of(&transcript).unwrap().advice
    };
    assert!(advice(502).starts_with("With 502, a proxy answers in place of the server: mend that"));
    assert!(advice(500).starts_with("The server failed with 500, most likely before"));
    assert!(advice(404).starts_with("Answers that are errors need the header as well."));
    assert!(advice(200).starts_with("The server did get the request;"));
}

fn warnings(transcript: &Transcript) -> Vec<&'static str> {
    Explanation::new(transcript).warnings().collect()
}

/// Nothing of CORS, but the server minds the origin.
#[test]
fn an_error_because_of_the_own_origin() {
    let ask = |status: u16, headers: &[(&str, &str)]| {
        let mut asked = request("https://app.example/login");
        asked.method = Method::POST;
        of_answers(asked, &[], (status, headers))
    };
    let found = warnings(&ask(403, &[("Vary", "Origin")]));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("the server may refuse the request because of its `Origin`"));
    assert_eq!(warnings(&ask(403, &[])), Vec::<&str>::new());
    assert_eq!(warnings(&ask(200, &[("Vary", "Origin")])), Vec::<&str>::new());
}

#[test]
fn a_max_age_that_is_no_number() {
    let ask = |max_age: &str| {
        let mut asked = request("https://api.example/items");
        asked.method = Method::PUT;
        let preflight =
            [ANY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", max_age)];
        warnings(&of_answers(asked, &preflight, (200, &[ANY]))).len()
    };
    for wrong in ["600s", "\"600\"", "10 minutes", "600.0", "600, 600", "$max_age", "86_400"] {
        assert_eq!(ask(wrong), 1, "{wrong}");
    }
    for right in ["0", "600", "99999999999999999999"] {
        assert_eq!(ask(right), 0, "{right}");
    }
}

/// What `no-cors` cost, and what the page can do about it.
#[test]
fn no_cors_as_a_remedy() {
    let client = browser_cors::environment::Environment::of_origin(
        &"https://app.example".parse().unwrap(),
        &NoSuffixes,
    );
    let init = RequestInit::new()
        .mode(Mode::NoCors)
        .method("POST")
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer t");
    let asked = construct_request("https://api.example/x", init, &client.into()).unwrap();
    let transcript = record(asked, Profile::STANDARD, |_| (415, vec![]));
    assert_eq!(Remedy::of(&transcript), None);
    let remedy = Remedy::of_opaque(&transcript).unwrap();
    assert_eq!(remedy.place, Where::PageAndServer { host: Some("api.example".to_owned()) });
    assert_eq!(
        remedy.to_string(),
        "Answer OPTIONS https://api.example/x with 204, `Access-Control-Allow-Origin: \
         https://app.example`, `Access-Control-Allow-Methods: POST`, `Access-Control-Allow-Headers: \
         Content-Type, Authorization` and `Vary: Origin`. Answer POST https://api.example/x with \
         `Access-Control-Allow-Origin: https://app.example` and `Vary: Origin`. In the page's code: \
         remove `mode: \"no-cors\"`. It does not turn CORS off: it had the browser send the request \
         without `Content-Type` and `Authorization`, and hide the answer, whose status is 415.",
    );
}

/// What an engine makes of bytes is not what the server sent.
#[test]
fn the_mark_stands_under_the_bytes_that_came() {
    let mut user_agent = UserAgent::new(NoSuffixes);
    user_agent.profile = Profile::WEBKIT;
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let transcript = Transcript::record(request("https://api.example/"), &mut context, |_| {
        let mut headers = HeaderList::new();
        headers.append("Access-Control-Allow-Origin", b"https://app\x80.example").unwrap();
        Ok(Response::new(200, headers))
    });
    let text = Explanation::new(&transcript).to_string();
    let shown = "\n   Access-Control-Allow-Origin: https://app\\x80.example\n";
    assert!(text.contains(shown), "{text}");
}

/// Where no answer of a server could help, the page must ask otherwise.
#[test]
fn what_no_answer_mends() {
    type Change = fn(&mut Request);
    let cases: [(&str, Change, &str); 8] = [
        (
            "https://api.example/",
            |request| request.mode = Mode::SameOrigin,
            "Ask with the mode cors, or for a URL of the page's own origin.",
        ),
        (
            "https://api.example/",
            |request| {
                request.mode = Mode::NoCors;
                request.redirect_mode = RedirectMode::Error;
            },
            "Ask with the redirect mode follow, or with the mode cors.",
        ),
        (
            "https://api.example/",
            |request| request.local_urls_only = true,
            "Ask for an about, blob or data URL.",
        ),
        ("ftp://api.example/", |_| (), "Ask for an http or https URL."),
        (
            "about:config",
            |request| request.mode = Mode::NoCors,
            "Ask for about:blank or an http or https URL.",
        ),
        ("data:text/plain", |_| (), "Write the data URL with a comma and valid base64."),
        (
            "https://api.example/",
            |request| {
                request.keepalive = true;
                request.body = Some(Body::Source(vec![0; 65_537].into()));
            },
            "Send less, or without keepalive.",
        ),
        (
            "https://app.example/",
            |request| {
                request.mode = Mode::SameOrigin;
                request.cache_mode = CacheMode::OnlyIfCached;
            },
            "Ask with another cache mode.",
        ),
    ];
    for (url, change, advice) in cases {
        let mut asked = request(url);
        change(&mut asked);
        let transcript = record(asked, Profile::STANDARD, |_| panic!("{url} is sent"));
        let remedy = Remedy::of(&transcript).unwrap();
        assert_eq!((remedy.place, remedy.advice.as_str()), (Where::Page, advice));
    }
}
