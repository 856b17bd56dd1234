//! Invariants: what holds for every input. What is expected comes from naive models of the
//! standard's text, or from the `url` crate, and never from the code under test.

use std::{fmt::Debug, sync::Arc};

use browser_cors::{
    environment::{Environment, NetworkPartitionKey},
    fetch::{Action, Context, Exchange, Outcome, TransportFailure, UserAgent, fetch, filter},
    header::{
        HeaderList,
        extract::{extract_max_age, extract_tokens},
        list::get_decode_and_split_value,
        mime::parse_essence,
        range::parse_a_single_range_header_value,
        safelist::{
            SAFELISTED_VALUE_LIMIT, cors_safelisted_request_header,
            cors_unsafe_request_header_names, is_cors_safelisted_response_header_name,
        },
    },
    http::{HeaderValue, Method},
    origin::{Origin, RegistrableDomain, are_same_origin},
    policy::EmbedderPolicy,
    preflight_cache::{ENTRIES_PER_URL_LIMIT, Grant, PreflightCache, Timestamp},
    request::{
        Body, CacheMode, CredentialsMode, Destination, Initiator, Mode, RedirectMode, Request,
        ResponseTainting,
    },
    response::{FilteredResponse, Response, ResponseType},
    url::Url,
};
use proptest::{collection::vec, option, prelude::*, sample::select, test_runner::TestCaseError};

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
            let mut previous: Option<&Sent> = None;
            for sent in &run.sent {
                let follows_preflight = previous.is_some_and(|previous| previous.is_preflight);
                prop_assert!(!(sent.is_preflight && follows_preflight));
                if let Some(previous) = previous.filter(|_| follows_preflight) {
                    prop_assert_eq!(&previous.url, &sent.url);
                }
                previous = Some(sent);
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
            for sent in run.sent.iter().filter(|sent| sent.url.scheme().starts_with("http")) {
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
                if sent.is_preflight || !sent.url.scheme().starts_with("http") {
                    prop_assert!(!sent.includes_credentials);
                    continue;
                }
                let was_away = run.left_origin(index);
                let is_credentialless = run.asked.mode == Mode::NoCors
                    && run.asked.embedder_policy == Some(EmbedderPolicy::Credentialless);
                // A fetch that comes back is still denied them: as the origin is tainted, or,
                // after a redirect away from the page's own origin, since the URL is another's.
                let is_away = !run.asked.is_own(&sent.url);
                let is_denied = is_credentialless && (is_away || run.expected_origin(index) == "null");
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
                match sent.header("origin") {
                    Some(found) => prop_assert!(found == expected || found == b"null"),
                    None => prop_assert_ne!(sent.request.response_tainting(), ResponseTainting::Cors),
                }
                if sent.request.response_tainting() == ResponseTainting::Cors {
                    prop_assert_eq!(sent.header("origin"), Some(expected.to_vec()));
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
            let Outcome::Response(response) = &run.outcome else { continue };
            prop_assert!(shows_no_more_than_it_may(response).is_ok());
            let Some(last) = run.sent.last() else { continue };
            if !last.url.scheme().starts_with("http") {
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
            let Outcome::Response(response) = &run.outcome else { continue };
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
                let name = name.to_ascii_lowercase();
                prop_assert!(
                    is_all
                        || SAFELISTED_RESPONSE_HEADER_NAMES.contains(&&*name)
                        || exposed.iter().any(|listed| listed.eq_ignore_ascii_case(&name))
                );
            }
        }
    }

    /// Without a cache, a request of a page that is not safe goes to another origin only behind a
    /// preflight of that URL whose answer is an ok status, is shared with the page, and lists the
    /// method and each of the headers.
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
                let Some(Answered { status, headers }) = preflight.and_then(|sent| sent.answer.as_ref()) else {
                    return Err(fail("the preflight was not answered"));
                };
                prop_assert!((200..300).contains(status));
                let is_include = run.asked.credentials_mode == CredentialsMode::Include;
                let origin = run.expected_origin(index);
                prop_assert!(naive::passes_cors_check(headers, origin, is_include));
                let methods = naive::tokens(headers, "access-control-allow-methods");
                let has_methods = headers
                    .iter()
                    .any(|(name, _)| name.eq_ignore_ascii_case("access-control-allow-methods"));
                prop_assert!(
                    is_safe_method
                        || methods.iter().any(|listed| listed == request.method.as_str())
                        || (!is_include && methods.iter().any(|listed| listed == "*"))
                        || (request.use_cors_preflight && !has_methods)
                );
                let names = naive::tokens(headers, "access-control-allow-headers");
                for name in unsafe_names {
                    prop_assert!(
                        names.iter().any(|listed| listed.eq_ignore_ascii_case(&name))
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
    let mut asked = Asked::new("https://app.example", "https://api.example/a");
    asked.method = "PUT";
    let answer = Answer {
        grants: Grants::WhatIsAsked,
        status: 307,
        headers: vec![("Location", Value::Text("/a"))],
    };
    let session = Session { capacity: 0, answers: vec![Some(answer)], ..Session::new(asked) };
    let runs = session.run().expect("within the bound");
    assert_eq!(runs[0].sent.len(), 42);
    let Outcome::NetworkError(error) = &runs[0].outcome else { panic!("the loop ended") };
    assert_eq!(error.refusal.code(), "redirect-count");
}

proptest! {
    #![proptest_config(cases(200))]

    /// The cache answers as a plain list of entries would.
    /// <https://fetch.spec.whatwg.org/#cors-preflight-cache>
    #[test]
    fn cache_is_a_list(steps in vec(cache_steps(), 1..30)) {
        let mut cache = PreflightCache::new();
        let mut model = naive::Cache::default();
        let mut now = 0;
        for step in steps {
            let at = Timestamp::from_millis(now);
            match step {
                CacheStep::Store(who, grants, max_age) => {
                    cache.store(&who.request(), grants.iter().copied(), max_age, at);
                    model.store(who, &grants, max_age, now);
                }
                CacheStep::Clear(who) => {
                    cache.clear_entries(&who.request());
                    model.0.retain(|entry| !entry.who.has_key_of(who));
                    // <https://fetch.spec.whatwg.org/#concept-cache-clear>
                    let matches = cache.matches(&who.request(), at);
                    prop_assert!(METHODS.iter().all(|name| !matches.method(&method(name))));
                    prop_assert!(CACHED_NAMES.iter().all(|name| !matches.header_name(name)));
                }
                CacheStep::ClearOrigin(origin) => {
                    cache.clear_origin(origin);
                    model.0.retain(|entry| entry.who.origin != origin);
                }
                CacheStep::ClearPartition(partition) => {
                    cache.clear_partition(partition.map(NetworkPartitionKey::new).as_ref());
                    model.0.retain(|entry| entry.who.partition != partition);
                }
                CacheStep::RemoveExpired => {
                    cache.remove_expired(at);
                    prop_assert_eq!(cache.len(), model.live(now));
                }
                CacheStep::Wait(millis) => now += millis,
            }
            prop_assert_eq!(cache.len(), cache.entries().count());
            prop_assert_eq!(cache.is_empty(), cache.bytes() == 0);
            let at = Timestamp::from_millis(now);
            for who in Who::all() {
                let request = who.request();
                let matches = cache.matches(&request, at);
                for name in METHODS {
                    let expected = model.matches(who, Grant::Method(name), now);
                    prop_assert_eq!(matches.method(&method(name)), expected, "{:?} {}", who, name);
                }
                for name in CACHED_NAMES {
                    let expected = model.matches(who, Grant::HeaderName(name), now);
                    prop_assert_eq!(matches.header_name(name), expected, "{:?} {}", who, name);
                }
            }
        }
    }

    /// What was granted without credentials never answers a request with them, the reverse does,
    /// and `*` answers for anything but `Authorization`.
    /// <https://fetch.spec.whatwg.org/#concept-cache-match>
    #[test]
    fn credentials_and_wildcards_in_the_cache(
        name in header_name(),
        is_include in any::<bool>(),
        is_wildcard in any::<bool>(),
    ) {
        let mut who = Who::all()[0];
        who.is_include = is_include;
        let mut cache = PreflightCache::new();
        let stored = if is_wildcard { "*" } else { &name };
        let grants = [Grant::Method(stored), Grant::HeaderName(stored)];
        cache.store(&who.request(), grants, 600, Timestamp::default());
        for asks_include in [false, true] {
            let request = Who { is_include: asks_include, ..who }.request();
            let matches = cache.matches(&request, Timestamp::default());
            let is_served = is_include || !asks_include;
            let is_authorization = name.eq_ignore_ascii_case("authorization");
            prop_assert_eq!(matches.method(&method(&name)), is_served);
            prop_assert_eq!(
                matches.header_name(&name.to_ascii_uppercase()),
                is_served && !(is_wildcard && is_authorization)
            );
        }
    }

    /// An entry is there one millisecond before its max-age is over, and gone at exactly that.
    /// <https://fetch.spec.whatwg.org/#concept-cache-match>
    #[test]
    fn max_age_is_exact(stored in 0..=u64::MAX / 4, max_age in 1..=u64::MAX / 4000) {
        let request = Who::all()[0].request();
        let mut cache = PreflightCache::new();
        cache.store(&request, [Grant::Method("PUT")], max_age, Timestamp::from_millis(stored));
        let end = stored + max_age * 1000;
        let has_put = |millis| {
            cache.matches(&request, Timestamp::from_millis(millis)).method(&Method::PUT)
        };
        prop_assert!(has_put(stored) && has_put(end - 1));
        prop_assert!(!has_put(end) && !has_put(end + 1));
    }
}

proptest! {
    #![proptest_config(cases(10))]

    /// Whatever servers have it store, the cache takes no more than its capacity, nor more
    /// entries of one URL than its limit, counts what it holds, and can be exported and imported.
    /// <https://fetch.spec.whatwg.org/#concept-cache-create-entry>
    #[test]
    fn hostile_stores_stay_within_the_capacity(
        capacity in prop_oneof![0..2_000_usize, 0..400_000_usize],
        stores in vec(hostile_stores(), 1..16),
    ) {
        let mut cache = PreflightCache::with_capacity(capacity);
        for (second, store) in stores.iter().enumerate() {
            let now = Timestamp::from_secs(second as u64);
            let names: Vec<_> = (0..store.tokens)
                .map(|index| format!("{index}{}", "x".repeat(store.token_length)))
                .collect();
            for url in 0..store.urls {
                let path = format!("{url}{}", "y".repeat(store.url_length));
                let url = parse("https://api.example/").join(&path).expect("a path");
                let mut request = Request::new(url, "https://app.example".parse().expect("an origin"));
                request.credentials_mode = store.credentials_mode;
                let grants = names.iter().enumerate().map(|(index, name)| {
                    if index % 2 == 0 { Grant::Method(name) } else { Grant::HeaderName(name) }
                });
                cache.store(&request, grants, store.max_age, now);
                prop_assert!(cache.bytes() <= capacity);
            }
        }
        let entries: Vec<_> = cache.entries().collect();
        prop_assert_eq!(cache.len(), entries.len());
        prop_assert_eq!(cache.is_empty(), cache.bytes() == 0);
        let mut urls: Vec<_> = entries.iter().map(|entry| entry.url).collect();
        urls.sort_unstable();
        let names: usize = entries.iter().map(|entry| grant_name(entry.grant).len()).sum();
        prop_assert!(cache.bytes() >= names);
        for same_url in urls.chunk_by(|a, b| a == b) {
            prop_assert!(same_url.len() <= ENTRIES_PER_URL_LIMIT);
        }

        let mut imported = PreflightCache::with_capacity(capacity);
        for entry in &entries {
            prop_assert_eq!(imported.import(entry), Ok(()));
        }
        prop_assert_eq!((imported.len(), imported.bytes()), (cache.len(), cache.bytes()));
        prop_assert_eq!(sorted(imported.entries()), sorted(entries));
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// A header list is a plain list of names and values.
    /// <https://fetch.spec.whatwg.org/#concept-header-list>
    #[test]
    fn header_list_is_a_list(steps in vec((0..4_u8, raw_header()), 0..20)) {
        let mut list = HeaderList::new();
        let mut model = naive::HeaderList::default();
        for (step, (name, value)) in steps {
            let is_valid = naive::is_token(&name) && naive::is_header_value(&value);
            let text = String::from_utf8_lossy(&name).into_owned();
            let result = match step {
                0 => list.append(&name, &value),
                1 => list.set(&name, &value),
                2 => list.combine(&name, &value),
                _ => {
                    list.delete(&text);
                    Ok(())
                }
            };
            match step {
                3 => model.delete(&text),
                _ if !is_valid => prop_assert!(result.is_err()),
                0 => model.append(&text, value),
                1 => model.set(&text, value),
                _ => model.combine(&text, value),
            }
            prop_assert_eq!(step == 3 || is_valid, result.is_ok());
            prop_assert_eq!(&pairs(&list), &model.0);
            prop_assert_eq!((list.len(), list.is_empty()), (model.0.len(), model.0.is_empty()));
            prop_assert_eq!(list.contains(&text), model.get(&text).is_some());
            prop_assert_eq!(list.get(&text).map(Vec::from), model.get(&text));
            let values: Vec<_> = list.values(&text).map(<[u8]>::to_vec).collect();
            prop_assert_eq!(values, model.values(&text));
        }
        prop_assert_eq!(pairs(&list.sort_and_combine()), model.sort_and_combine());
    }

    /// Splitting cuts at each comma outside quotes and trims what is between, and what it gives,
    /// joined, is split into the same again.
    /// <https://fetch.spec.whatwg.org/#header-value-get-decode-and-split>
    #[test]
    fn get_decode_and_split(value in vec(select(&b"\"\\, \tab\xE9"[..]), 0..30)) {
        let items = get_decode_and_split_value(&value);
        prop_assert_eq!(&items, &naive::split(&value));
        let joined: Vec<u8> =
            items.join(", ").chars().map(|c| u8::try_from(c).expect("a byte")).collect();
        prop_assert_eq!(get_decode_and_split_value(&joined), items);
    }

    /// The unsafe names are a sorted set in lower case: those of the headers that are not
    /// safelisted, and of all headers where the safelisted ones are too long together. One header
    /// more takes none away.
    /// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
    #[test]
    fn unsafe_names_are_a_sorted_lowercase_set(
        headers in vec((header_name(), header_value()), 0..24),
        more in (header_name(), header_value()),
    ) {
        let mut list = header_list(&headers);
        let names = cors_unsafe_request_header_names(&list);
        prop_assert!(names.is_sorted_by(|a, b| a < b));
        prop_assert!(names.iter().all(|name| !name.contains(|c: char| c.is_ascii_uppercase())));
        prop_assert_eq!(&names, &naive::unsafe_names(&headers));
        list.append(more.0, more.1).expect("a header");
        let more_names = cors_unsafe_request_header_names(&list);
        prop_assert!(names.iter().all(|name| more_names.contains(name)));
    }

    /// Safelisted values may have 1024 bytes together, and not one more.
    /// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
    #[test]
    fn safelisted_total(total in prop_oneof![1_020..1_030_usize, 0..3_000_usize]) {
        let mut list = HeaderList::new();
        for index in 0..total.div_ceil(SAFELISTED_VALUE_LIMIT) {
            let name = ["Accept", "Content-Language"][index % 2];
            let length = SAFELISTED_VALUE_LIMIT.min(total - index * SAFELISTED_VALUE_LIMIT);
            list.append(name, vec![b'a'; length]).expect("a header");
        }
        let names: &[&str] = if total > 1024 { &["accept", "content-language"] } else { &[] };
        prop_assert_eq!(cors_unsafe_request_header_names(&list), names);
    }

    /// What a page sees of a response's headers is told by the tainting and, with CORS, by what
    /// the server exposes, which is nothing where that cannot be parsed; cookies are never seen.
    /// <https://fetch.spec.whatwg.org/#concept-filtered-response-cors>
    #[test]
    fn visible_headers(
        tainting in select(ResponseTainting::NAMES),
        is_include in any::<bool>(),
        headers in vec((select(&FILTERED_NAMES[..]), select(&EXPOSED[..])), 0..8),
    ) {
        let headers: Vec<_> = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
            .collect();
        let mut request = Request::new(parse(URLS[0]), Origin::opaque());
        request.taint(tainting.parse().expect("a tainting"));
        if is_include {
            request.credentials_mode = CredentialsMode::Include;
        }
        let response = filter(&request, Response::new(200, header_list(&headers)));
        shows_no_more_than_it_may(&response)?;
        let mut exposed = naive::tokens(&headers, "access-control-expose-headers");
        if !exposed.iter().all(|name| naive::is_token(name.as_bytes())) {
            exposed.clear();
        }
        let is_all = !is_include && exposed.iter().any(|name| name == "*");
        let is_visible = |name: &str| match tainting {
            "basic" => !["set-cookie", "set-cookie2"].contains(&name),
            "cors" => {
                SAFELISTED_RESPONSE_HEADER_NAMES.contains(&name)
                    || (!["set-cookie", "set-cookie2"].contains(&name)
                        && (is_all || exposed.iter().any(|listed| listed.eq_ignore_ascii_case(name))))
            }
            _ => false,
        };
        for (name, _) in &headers {
            let expected = is_visible(&name.to_ascii_lowercase());
            prop_assert_eq!(response.is_readable(name), expected);
            prop_assert_eq!(response.header_list().contains(name), expected);
            let listed: Vec<_> = exposed.iter().map(|name| &**name).collect();
            if tainting == "cors" && !is_all {
                prop_assert_eq!(is_cors_safelisted_response_header_name(name, &listed), expected);
            }
        }
    }

    /// Which headers are safelisted, asked of the standard's text once more; none with a value of
    /// more than 128 bytes is.
    /// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
    #[test]
    fn safelist(
 name in header_name(), value in header_value(), excess in prop_oneof![Just(1), 1..100_usize],
) {
        let is_safelisted = cors_safelisted_request_header(&name, &value).is_ok();
        prop_assert_eq!(is_safelisted, naive::is_safelisted(&name, &value));
        let mut long = value;
        long.resize(SAFELISTED_VALUE_LIMIT + excess, b'a');
        prop_assert!(cors_safelisted_request_header(&name, &long).is_err());
        long.truncate(SAFELISTED_VALUE_LIMIT);
        prop_assert_eq!(
            cors_safelisted_request_header(&name, &long).is_ok(),
            naive::is_safelisted(&name, &long)
        );
    }

    /// A single range is what it is with numbers of 128 bits.
    /// <https://fetch.spec.whatwg.org/#simple-range-header-value>
    #[test]
    fn single_range(
        value in "(bytes|Bytes|byte)[ \t]{0,2}=?[ \t]{0,2}[0-9]{0,30}[ \t]{0,2}-?[ \t]{0,2}[0-9]{0,30}[ \t,a]{0,1}",
        noise in option::weighted(0.2, "[bytes=0-9 \t]{0,16}"),
        allow_whitespace in any::<bool>(),
    ) {
        let value = noise.unwrap_or(value);
        let found = parse_a_single_range_header_value(value.as_bytes(), allow_whitespace);
        let number = |digits: &str| digits.parse::<u128>().expect("at most 30 digits");
        prop_assert_eq!(
            found.ok().map(|range| (range.start.map(number), range.end.map(number))),
            naive::single_range(&value, allow_whitespace)
        );
    }

    /// Extracting a list of tokens gives what stands between the commas, or fails at the first
    /// member that is no token; a max-age is one run of digits.
    /// <https://fetch.spec.whatwg.org/#extract-header-list-values>
    #[test]
    fn extraction(
        lines in vec("[a*, \t\"0-9é]{0,12}", 0..3),
        max_age in vec("[0-9]{0,22}|[0-9 +-]{0,4}", 0..3),
    ) {
        let headers = |name: &str, lines: &[String]| -> Vec<(String, Vec<u8>)> {
            lines.iter().map(|line| (name.to_owned(), line.trim().as_bytes().to_vec())).collect()
        };
        let name = "Access-Control-Allow-Headers";
        let lists = headers(name, &lines);
        let members = naive::tokens(&lists, name);
        let expected = members.iter().all(|member| naive::is_token(member.as_bytes()));
        let list = header_list(&lists);
        match extract_tokens(name, &list) {
            Ok(None) => prop_assert!(lines.is_empty()),
            Ok(Some(found)) => prop_assert_eq!(found, members),
            Err(failure) => {
                prop_assert!(!expected);
                prop_assert_eq!(&failure.value, &lists[failure.line].1);
                prop_assert!(!naive::is_token(&failure.value[failure.index..=failure.index]));
            }
        }

        let lists = headers("Access-Control-Max-Age", &max_age);
        let expected = match &lists[..] {
            [] => Some(None),
            [(_, value)] if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                let seconds = String::from_utf8_lossy(value).parse().unwrap_or(u128::MAX);
                Some(Some(u64::try_from(seconds).unwrap_or(u64::MAX)))
            }
            _ => None,
        };
        prop_assert_eq!(extract_max_age(&header_list(&lists)).ok(), expected);
    }

    /// The essence of a MIME type is what `data-url`'s parser, on which the other MIME type
    /// algorithms stand, would say: type and subtype are tokens around the first slash.
    /// <https://mimesniff.spec.whatwg.org/#parse-a-mime-type>
    #[test]
    fn essence(value in "[ \t]{0,1}[a-z/ ]{0,6}/?[A-Z+ ]{0,4}[ \t]{0,1};?[a-z/= ]{0,4}") {
        let text = value.trim_matches([' ', '\t']);
        let expected = text.split_once('/').and_then(|(kind, rest)| {
            let subtype = rest.split(';').next().unwrap_or_default().trim_end_matches([' ', '\t']);
            let is_valid = naive::is_token(kind.as_bytes()) && naive::is_token(subtype.as_bytes());
            is_valid.then_some((kind.as_bytes(), subtype.as_bytes()))
        });
        prop_assert_eq!(parse_essence(value.as_bytes()), expected);
    }

    /// An origin serializes to what is parsed to the same again, and URLs are of the origins that
    /// the `url` crate says they are.
    /// <https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin>
    #[test]
    fn origins_round_trip(a in origin_text(), b in origin_text(), noise in "\\PC{0,24}") {
        for text in [&a, &b, &noise] {
            let Ok(origin) = text.parse::<Origin>() else { continue };
            let again: Origin = origin.serialized().parse().expect("a serialized origin");
            prop_assert_eq!(again.serialized(), origin.serialized());
            prop_assert_eq!(again == origin, !origin.is_opaque());
            prop_assert_eq!(&origin, &origin.clone());
        }
        let (a_url, b_url) = (parse(&a), parse(&b));
        let a: Origin = a.parse().expect("an origin");
        prop_assert_eq!(a.serialized(), a_url.origin().ascii_serialization());
        let expected = a_url.origin() == b_url.origin();
        prop_assert_eq!(a.is_same_origin_with_url(&b_url), expected);
        prop_assert_eq!(are_same_origin(&a_url, &b_url), expected);
        prop_assert_eq!(a == Origin::from(&b_url), expected);
        prop_assert!(a.is_same_origin_with_url(&a_url));
        prop_assert!(!Origin::opaque().is_same_origin_with_url(&a_url));
    }
}

/// Scenarios as JSON.
#[cfg(feature = "scenario")]
mod scenarios {
    use browser_cors::scenario::Scenario;
    use serde_json::{Value, json};

    use super::*;

    proptest! {
        #![proptest_config(cases(300))]

        /// JSON is a scenario or is refused with the line at which it is none, and what is a
        /// scenario runs. The format is ours; what is run is
        /// <https://fetch.spec.whatwg.org/#fetch-method> and `XMLHttpRequest`.
        #[test]
        fn any_json(value in any_json_value()) {
            reads_and_runs(&value.to_string())?;
        }

        /// The same for JSON that is nearly a scenario.
        /// <https://fetch.spec.whatwg.org/#fetch-method>
        #[test]
        fn nearly_a_scenario(value in scenario()) {
            reads_and_runs(&value.to_string())?;
        }

        /// The same for text that is nearly JSON.
        /// <https://fetch.spec.whatwg.org/#fetch-method>
        #[test]
        fn nearly_json(value in scenario(), at in any::<prop::sample::Index>(), text in "\\PC{0,3}") {
            let mut json: Vec<char> =
                serde_json::to_string_pretty(&value).expect("a value").chars().collect();
            let at = at.index(json.len());
            json.splice(at..=at, text.chars());
            reads_and_runs(&json.iter().collect::<String>())?;
        }
    }

    fn reads_and_runs(text: &str) -> Result<(), TestCaseError> {
        match serde_json::from_str::<Scenario>(text) {
            Err(error) => prop_assert!(error.line() > 0, "no line: {}", error),
            Ok(scenario) => {
                let user_agent = UserAgent::new(Box::new(LastTwoLabels));
                let outcome = scenario.run(&user_agent);
                let sentences = outcome.to_string();
                let outcome = serde_json::to_value(&outcome).expect("JSON");
                let fetches = outcome["fetches"].as_array().expect("a list");
                prop_assert_eq!(fetches.len(), scenario.fetches.len());
                prop_assert_eq!(sentences.is_empty(), fetches.is_empty());
                prop_assert_eq!(outcome["id"].as_str(), Some(&*scenario.id));
                for fetch in fetches {
                    prop_assert!(
                        fetch["exchanges"].as_array().is_some_and(|list| list.len() <= 42)
                    );
                    prop_assert!(fetch["result"].is_object());
                }
            }
        }
        Ok(())
    }

    fn any_json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
            select(&TEXTS[..]).prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 6, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                vec((select(&MEMBERS[..]), inner), 0..6)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    /// A scenario, of which any value may have been replaced.
    fn scenario() -> impl Strategy<Value = Value> {
        let fetch = (
            member("url", select(&URLS[..])),
            member("api", select(&["fetch", "fetch", "xhr", "xhr", "img", "beacon"][..])),
            optional("method", select(&["GET", "put", "POST", "TRACE", "a b"][..])),
            optional("headers", vec((select(&HEADER_NAMES[..]), "[ -~é]{0,9}"), 0..3)),
            optional("body", body()),
            optional("mode", select(Mode::NAMES)),
            optional("credentials", select(CredentialsMode::NAMES)),
            optional("redirect", select(RedirectMode::NAMES)),
            optional("cache", select(CacheMode::NAMES)),
            optional("upload_listener", any::<bool>()),
            optional("after_ms", any::<u64>()),
        )
            .prop_map(|members| {
                let (a, b, c, d, e, f, g, h, i, j, k) = members;
                [a, b, c, d, e, f, g, h, i, j, k].into_iter().flatten().collect::<Value>()
            });
        let value = prop_oneof![
            select(&["*", "true", "https://app.example", "PUT, x-token", "/next"][..])
                .prop_map(str::to_owned),
            select(&URLS[..]).prop_map(str::to_owned),
            "[ -~é]{0,9}",
        ];
        let rule = (
            member("url", select(&URLS[..12])),
            member("status", prop_oneof![select(&STATUSES[..]), any::<u16>()]),
            optional("headers", vec((select(&ANSWER_NAMES[..]), value), 0..5)),
            optional("times", 0..3_u64),
            optional("method", select(&METHODS[..])),
        )
            .prop_map(|(a, b, c, d, e)| [a, b, c, d, e].into_iter().flatten().collect::<Value>());
        let page = (member("origin", select(&ORIGINS[..])), optional("opaque", any::<bool>()))
            .prop_map(|(a, b)| [a, b].into_iter().flatten().collect::<Value>());
        (page, vec(fetch, 0..4), vec(rule, 0..5)).prop_map(
            |(page, fetches, server)| json!({ "id": "x", "page": page, "fetches": fetches, "server": server }),
        )
    }

    fn body() -> impl Strategy<Value = Value> {
        let kind = select(&["", " ", "text/plain", " a/b ", "A/B;\u{e9}", "text/x; a=\" "][..]);
        prop_oneof![
            (select(&["text", "bytes", "urlencoded", "blob"][..]), "\\PC{0,4}")
                .prop_map(|(name, text)| json!({ name: text })),
            ("\\PC{0,4}", kind).prop_map(|(text, kind)| json!({ "blob": text, "type": kind })),
        ]
    }

    fn optional(
        name: &'static str,
        value: impl Strategy<Value = impl Into<Json>> + 'static,
    ) -> impl Strategy<Value = Option<(String, Value)>> {
        option::of(present(name, value))
    }

    fn member(
        name: &'static str,
        value: impl Strategy<Value = impl Into<Json>> + 'static,
    ) -> impl Strategy<Value = Option<(String, Value)>> {
        option::weighted(0.98, present(name, value))
    }

    fn present(
        name: &'static str,
        value: impl Strategy<Value = impl Into<Json>> + 'static,
    ) -> impl Strategy<Value = (String, Value)> {
        let value = value.prop_map(|value| value.into().0).boxed();
        prop_oneof![
            40 => value,
            1 => any_json_value(),
        ]
        .prop_map(move |value| (name.to_owned(), value))
    }

    #[derive(Debug)]
    struct Json(Value);

    impl<T: serde::Serialize> From<T> for Json {
        fn from(value: T) -> Self {
            Self(serde_json::to_value(value).expect("JSON"))
        }
    }

    const MEMBERS: [&str; 12] = [
        "id", "page", "fetches", "server", "origin", "opaque", "url", "method", "headers",
        "status", "body", "times",
    ];

    const TEXTS: [&str; 6] =
        ["https://app.example", "http://app.example/", "GET", "cors", "include", "null"];
}

/// One or more fetches one after another with a cache of their own.
#[derive(Clone, Debug)]
struct Session {
    capacity: usize,
    asked: Vec<Asked>,
    /// What the servers answer, from the first on again; `None` is no response.
    answers: Vec<Option<Answer>>,
    max_age_limit: u64,
    has_cache: bool,
    is_talkative: bool,
}

/// What is asked for.
#[derive(Clone, Debug)]
struct Asked {
    /// Empty for an opaque one.
    origin: &'static str,
    url: &'static str,
    mode: Mode,
    credentials_mode: CredentialsMode,
    redirect_mode: RedirectMode,
    cache_mode: CacheMode,
    method: &'static str,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Body>,
    destination: Destination,
    /// The embedder policy of the client, if there is one.
    embedder_policy: Option<EmbedderPolicy>,
    flags: [bool; 5],
}

/// What is answered.
#[derive(Clone, Debug)]
struct Answer {
    grants: Grants,
    status: u16,
    headers: Vec<(&'static str, Value)>,
}

/// What a server grants, whatever else it answers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Grants {
    Nothing,
    /// The origin, with credentials, and whatever a preflight asks for; preflights succeed.
    WhatIsAsked,
    /// The same by `*`, but for the origin.
    Wildcards,
}

#[derive(Clone, Debug)]
enum Value {
    Text(&'static str),
    Bytes(Vec<u8>),
    /// What the request has under this name.
    Echo(&'static str),
}

/// One fetch as it went.
#[derive(Debug)]
struct Run {
    asked: Asked,
    sent: Vec<Sent>,
    outcome: Outcome,
    cache_bytes: usize,
}

/// One exchange: what was sent, and what came back.
#[derive(Debug)]
struct Sent {
    is_preflight: bool,
    method: Method,
    url: Url,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Body>,
    includes_credentials: bool,
    request: Request,
    answer: Option<Answered>,
}

/// The status and headers that came back.
#[derive(Clone, Debug)]
struct Answered {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
}

impl Session {
    fn new(asked: Asked) -> Self {
        Self {
            capacity: 0,
            asked: vec![asked],
            answers: Vec::new(),
            max_age_limit: 600,
            has_cache: true,
            is_talkative: false,
        }
    }

    /// Runs the fetches, and fails where one does not end.
    fn run(&self) -> Result<Vec<Run>, TestCaseError> {
        let mut user_agent = UserAgent::new(Box::new(LastTwoLabels));
        user_agent.max_age_limit = self.max_age_limit;
        user_agent.preflight_cache = self.has_cache;
        user_agent.blob_and_file = self.is_talkative;
        user_agent.http_cache = self.is_talkative;
        if self.is_talkative {
            user_agent.accept_language = Some(HeaderValue::from_static("de; q=\"1\""));
            user_agent.user_agent = Some(HeaderValue::from_static(" test "));
        }
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
                                exchange.receive(response, &mut context)
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
    const fn new(origin: &'static str, url: &'static str) -> Self {
        Self {
            origin,
            url,
            mode: Mode::Cors,
            credentials_mode: CredentialsMode::SameOrigin,
            redirect_mode: RedirectMode::Follow,
            cache_mode: CacheMode::Default,
            method: "GET",
            headers: Vec::new(),
            body: None,
            destination: Destination::Empty,
            embedder_policy: None,
            flags: [true, false, false, false, false],
        }
    }

    fn request(&self) -> Request {
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

    /// Whether `url` is of the origin that asks.
    fn is_own(&self, url: &Url) -> bool {
        Url::parse(self.origin).is_ok_and(|origin| origin.origin() == url.origin())
    }
}

impl Answer {
    /// The answer to an exchange.
    fn to(&self, exchange: &Exchange) -> Answered {
        let echo = |name: &str| naive::HeaderList(pairs(exchange.header_list())).get(name);
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
        naive::HeaderList(self.headers.clone()).get(name)
    }
}

impl Run {
    /// Whether an exchange up to that at `index` went to an origin that is not the page's.
    fn left_origin(&self, index: usize) -> bool {
        self.sent[..=index].iter().any(|sent| !self.asked.is_own(&sent.url))
    }

    /// The page's origin at that exchange as it is serialized: `null` as soon as a redirect has
    /// led from an origin that is not the page's to a further one.
    fn expected_origin(&self, index: usize) -> &str {
        let is_tainted = self.sent[..=index].windows(2).any(|pair| {
            pair[0].url.origin() != pair[1].url.origin() && !self.asked.is_own(&pair[0].url)
        });
        if is_tainted || self.asked.origin.is_empty() { "null" } else { self.asked.origin }
    }
}

fn shows_no_more_than_it_may(response: &FilteredResponse) -> Result<(), TestCaseError> {
    let headers = pairs(&response.header_list());
    for (name, _) in &headers {
        let name = name.to_ascii_lowercase();
        prop_assert!(!["set-cookie", "set-cookie2"].contains(&&*name));
    }
    prop_assert_eq!(response.header("Set-Cookie"), None);
    prop_assert_eq!(response.header("set-cookie2"), None);
    prop_assert_eq!(response.headers().count(), headers.len());
    if matches!(response.kind(), ResponseType::Opaque | ResponseType::OpaqueRedirect) {
        prop_assert_eq!(response.status(), 0);
        prop_assert!(headers.is_empty());
        prop_assert!(response.has_null_body());
        for (name, _) in &response.internal_response().header_list {
            prop_assert_eq!(response.header(name), None);
        }
    }
    if response.kind() == ResponseType::Opaque {
        prop_assert_eq!(response.url(), "");
        prop_assert!(response.url_list().is_empty() && !response.redirected());
    }
    Ok(())
}

fn sessions() -> impl Strategy<Value = Session> {
    let grants = prop_oneof![3 => Just(Grants::WhatIsAsked), 1 => Just(Grants::Wildcards)];
    let any_grants = prop_oneof![Just(Grants::Nothing), grants.clone()];
    let answers = prop_oneof![
        // Servers at their worst.
        2 => vec(option::weighted(0.97, answers(any_grants.boxed(), STATUSES.to_vec())), 1..8),
        // Servers that agree to everything and send the fetch around.
        3 => vec(answers(grants.clone().boxed(), vec![301, 302, 303, 307, 307, 308, 308]), 1..8)
            .prop_map(|answers| answers.into_iter().map(Some).collect()),
        // Servers that agree to everything and answer in the end.
        3 => vec(answers(grants.boxed(), vec![200, 204, 206, 302, 307, 307, 308]), 1..8)
            .prop_map(|answers| answers.into_iter().map(Some).collect()),
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

fn asked() -> impl Strategy<Value = Asked> {
    let mode = prop_oneof![
        6 => Just(Mode::Cors),
        2 => Just(Mode::NoCors),
        1 => select(vec![Mode::SameOrigin, Mode::Navigate, Mode::Websocket, Mode::Webtransport]),
    ];
    let body = prop_oneof![
        2 => Just(None),
        1 => (0..70_000_usize).prop_map(|length| Some(Body::Source(vec![0; length]))),
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
    (what, modes, rest).prop_map(|(what, modes, rest)| {
        let ((origin, url), (mode, credentials_mode, redirect_mode, cache_mode)) = (what, modes);
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

fn answers(
    grants: BoxedStrategy<Grants>,
    statuses: Vec<u16>,
) -> impl Strategy<Value = Answer> + Clone {
    let value = prop_oneof![
        4 => select(&ANSWER_VALUES[..]).prop_map(Value::Text),
        1 => header_value().prop_map(Value::Bytes),
        2 => select(vec!["origin", "access-control-request-method", "access-control-request-headers"])
            .prop_map(Value::Echo),
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

/// Who asks the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Who {
    partition: Option<&'static str>,
    origin: &'static str,
    url: &'static str,
    is_include: bool,
}

impl Who {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for partition in [None, Some(""), Some("https://app.example")] {
            for origin in ["https://app.example", "null"] {
                for url in ["https://api.example/", "https://api.example/#x"] {
                    for is_include in [false, true] {
                        all.push(Self { partition, origin, url, is_include });
                    }
                }
            }
        }
        all
    }

    fn request(self) -> Request {
        let mut request = Request::new(parse(self.url), self.origin.parse().expect("an origin"));
        let mut client = Environment::new(parse("https://app.example/"));
        client.network_partition_key = self.partition.map(NetworkPartitionKey::new);
        request.client = Some(Arc::new(client));
        if self.is_include {
            request.credentials_mode = CredentialsMode::Include;
        }
        request
    }

    fn has_key_of(self, other: Self) -> bool {
        Self { is_include: other.is_include, ..self } == other
    }
}

/// What happens to a cache.
#[derive(Clone, Debug)]
enum CacheStep {
    Store(Who, Vec<Grant<'static>>, u64),
    Clear(Who),
    ClearOrigin(&'static str),
    ClearPartition(Option<&'static str>),
    RemoveExpired,
    Wait(u64),
}

fn cache_steps() -> impl Strategy<Value = CacheStep> {
    let grant = prop_oneof![
        select(&METHODS[..]).prop_map(Grant::Method),
        select(&CACHED_NAMES[..]).prop_map(Grant::HeaderName),
    ];
    let max_age = prop_oneof![0..6_u64, Just(u64::MAX)];
    let who = || select(Who::all());
    prop_oneof![
        8 => (who(), vec(grant, 0..6), max_age)
            .prop_map(|(who, grants, max_age)| CacheStep::Store(who, grants, max_age)),
        1 => who().prop_map(CacheStep::Clear),
        1 => select(vec!["https://app.example", "null"]).prop_map(CacheStep::ClearOrigin),
        1 => select(vec![None, Some("")]).prop_map(CacheStep::ClearPartition),
        1 => Just(CacheStep::RemoveExpired),
        3 => prop_oneof![0..3_000_u64, select(vec![999, 1_000, 1_001])].prop_map(CacheStep::Wait),
    ]
}

/// What a hostile server has the cache store.
#[derive(Clone, Debug)]
struct HostileStore {
    tokens: usize,
    token_length: usize,
    urls: usize,
    url_length: usize,
    max_age: u64,
    credentials_mode: CredentialsMode,
}

fn hostile_stores() -> impl Strategy<Value = HostileStore> {
    let lengths = prop_oneof![3 => 0..40_usize, 1 => 0..8_000_usize];
    (
        prop_oneof![
            3 => (0..20_usize, lengths.clone(), 1..40_usize),
            1 => (900..1_200_usize, 0..10_usize, 1..2_usize),
        ],
        lengths,
        select(vec![0, 1, 3, u64::MAX]),
        select(vec![CredentialsMode::SameOrigin, CredentialsMode::Include]),
    )
        .prop_map(|((tokens, token_length, urls), url_length, max_age, credentials_mode)| {
            HostileStore { tokens, token_length, urls, url_length, max_age, credentials_mode }
        })
}

fn header_name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&HEADER_NAMES[..]).prop_map(str::to_owned),
        1 => "[!#$%&'*+.^_`|~0-9a-zA-Z-]{1,12}",
    ]
}

fn header_value() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        select(&HEADER_VALUES[..]).prop_map(|text| text.as_bytes().to_vec()),
        (100..140_usize).prop_map(|length| vec![b'a'; length]),
        vec(any::<u8>(), 0..40),
    ];
    text.prop_map(|bytes| {
        let mut value: Vec<u8> =
            bytes.into_iter().filter(|byte| !matches!(byte, 0 | b'\n' | b'\r')).collect();
        while value.last().is_some_and(|byte| matches!(byte, b'\t' | b' ')) {
            value.pop();
        }
        let start = value.iter().position(|byte| !matches!(byte, b'\t' | b' ')).unwrap_or(0);
        value.split_off(start)
    })
}

/// A header that may not be one.
fn raw_header() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let name = prop_oneof![
        8 => select(vec!["a", "A", "b", "B-", "b_", "set-cookie", "Set-Cookie"])
            .prop_map(|name| name.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..3),
    ];
    (name, prop_oneof![4 => "[a-c]{0,3}".prop_map(String::into_bytes), 1 => vec(any::<u8>(), 0..4)])
}

fn origin_text() -> impl Strategy<Value = String> {
    let scheme = select(vec!["http", "https", "ws", "wss", "ftp"]);
    let host = prop_oneof![
        "[a-c]{1,2}\\.example",
        "[A-Cä]{1,2}\\.example",
        any::<[u8; 4]>().prop_map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")),
        any::<[u16; 2]>().prop_map(|[a, b]| format!("[{a:x}::{b:x}]")),
    ];
    let port = prop_oneof![
        select(vec!["", ":80", ":443", ":21"]).prop_map(str::to_owned),
        any::<u16>().prop_map(|port| format!(":{port}")),
    ];
    (scheme, host, port).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
}

/// Registrable domains for a network whose public suffixes have one label.
#[derive(Debug)]
struct LastTwoLabels;

impl RegistrableDomain for LastTwoLabels {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        let (rest, _) = domain.rsplit_once('.')?;
        Some(rest.rfind('.').map_or(domain, |dot| &domain[dot + 1..]))
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn fail(reason: &'static str) -> TestCaseError {
    TestCaseError::fail(reason)
}

fn parse(url: &str) -> Url {
    Url::parse(url).expect("a URL")
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).expect("a method")
}

fn header_list(headers: &[(String, Vec<u8>)]) -> HeaderList {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.append(name, value).expect("a header");
    }
    list
}

fn pairs(list: &HeaderList) -> Vec<(String, Vec<u8>)> {
    list.iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect()
}

fn sorted(entries: impl IntoIterator<Item = impl Debug>) -> Vec<String> {
    let mut entries: Vec<_> = entries.into_iter().map(|entry| format!("{entry:?}")).collect();
    entries.sort_unstable();
    entries
}

const fn grant_name(grant: Grant<'_>) -> &str {
    match grant {
        Grant::Method(name) | Grant::HeaderName(name) => name,
    }
}

/// The standard's text once more, as naively as it goes.
mod naive {
    use super::{Grant, Who};

    pub(super) fn is_token(bytes: &[u8]) -> bool {
        !bytes.is_empty()
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
    }

    pub(super) fn is_header_value(bytes: &[u8]) -> bool {
        let is_edge = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
        !is_edge(bytes.first())
            && !is_edge(bytes.last())
            && !bytes.iter().any(|byte| [0, b'\n', b'\r'].contains(byte))
    }

    /// A header list as a list.
    #[derive(Default)]
    pub(super) struct HeaderList(pub(super) Vec<(String, Vec<u8>)>);

    impl HeaderList {
        pub(super) fn values(&self, name: &str) -> Vec<Vec<u8>> {
            let named = self.0.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
            named.map(|(_, value)| value.clone()).collect()
        }

        pub(super) fn get(&self, name: &str) -> Option<Vec<u8>> {
            let values = self.values(name);
            (!values.is_empty()).then(|| values.join(&b", "[..]))
        }

        pub(super) fn append(&mut self, name: &str, value: Vec<u8>) {
            let known = self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            let name = known.map_or(name, |(known, _)| known).to_owned();
            self.0.push((name, value));
        }

        pub(super) fn set(&mut self, name: &str, value: Vec<u8>) {
            let Some(first) = self.0.iter().position(|(other, _)| other.eq_ignore_ascii_case(name))
            else {
                return self.append(name, value);
            };
            self.0[first].1 = value;
            let rest = self.0.split_off(first + 1);
            self.0.extend(rest.into_iter().filter(|(other, _)| !other.eq_ignore_ascii_case(name)));
        }

        pub(super) fn combine(&mut self, name: &str, value: Vec<u8>) {
            match self.0.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
                Some((_, old)) => *old = [old.clone(), value].join(&b", "[..]),
                None => self.append(name, value),
            }
        }

        pub(super) fn delete(&mut self, name: &str) {
            self.0.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        }

        pub(super) fn sort_and_combine(&self) -> Vec<(String, Vec<u8>)> {
            let mut names: Vec<_> =
                self.0.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
            names.sort();
            names.dedup();
            let mut headers = Vec::new();
            for name in names {
                if name == "set-cookie" {
                    headers.extend(self.values(&name).into_iter().map(|v| (name.clone(), v)));
                } else if let Some(value) = self.get(&name) {
                    headers.push((name, value));
                }
            }
            headers
        }
    }

    /// The items of a value: a character at a time, with a flag for quotes and one for escapes.
    pub(super) fn split(value: &[u8]) -> Vec<String> {
        let mut items = vec![String::new()];
        let (mut is_quoted, mut is_escaped) = (false, false);
        for byte in value {
            if *byte == b',' && !is_quoted {
                items.push(String::new());
                continue;
            }
            if *byte == b'"' && !is_escaped {
                is_quoted = !is_quoted;
            }
            is_escaped = is_quoted && *byte == b'\\' && !is_escaped;
            items.last_mut().expect("an item").push(char::from(*byte));
        }
        items.iter().map(|item| item.trim_matches([' ', '\t']).to_owned()).collect()
    }

    /// What stands between the commas of all lines, without what is empty.
    pub(super) fn tokens(headers: &[(String, Vec<u8>)], name: &str) -> Vec<String> {
        headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .flat_map(|(_, value)| value.split(|byte| *byte == b','))
            .map(|member| String::from_utf8_lossy(member).trim_matches([' ', '\t']).to_owned())
            .filter(|member| !member.is_empty())
            .collect()
    }

    pub(super) fn single_range(
        value: &str,
        allow_whitespace: bool,
    ) -> Option<(Option<u128>, Option<u128>)> {
        let spaces: &[char] = if allow_whitespace { &[' ', '\t'] } else { &[] };
        let range = value.strip_prefix("bytes")?.trim_start_matches(spaces).strip_prefix('=')?;
        let (start, end) = range.split_once('-')?;
        let number = |digits: &str| match digits {
            "" => Some(None),
            _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
            _ => None,
        };
        match (number(start.trim_matches(spaces))?, number(end.trim_start_matches(spaces))?) {
            (None, None) => None,
            (Some(start), Some(end)) if start > end => None,
            range => Some(range),
        }
    }

    pub(super) fn is_safelisted(name: &str, value: &[u8]) -> bool {
        let is_unsafe =
            |byte: &u8| (*byte < 0x20 && *byte != b'\t') || b"\"():<>?@[\\]{}\x7F".contains(byte);
        let text: String = value.iter().map(|byte| char::from(*byte)).collect();
        value.len() <= 128
            && match &*name.to_ascii_lowercase() {
                "accept" => !value.iter().any(is_unsafe),
                "accept-language" | "content-language" => value
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte)),
                "content-type" => {
                    let essence = text.split(';').next().unwrap_or_default();
                    !value.iter().any(is_unsafe)
                        && [
                            "application/x-www-form-urlencoded",
                            "multipart/form-data",
                            "text/plain",
                        ]
                        .contains(&&*essence.trim_matches([' ', '\t']).to_ascii_lowercase())
                }
                "range" => single_range(&text, false).is_some_and(|(start, _)| start.is_some()),
                _ => false,
            }
    }

    pub(super) fn unsafe_names(headers: &[(String, Vec<u8>)]) -> Vec<String> {
        let (safe, others): (Vec<_>, Vec<_>) =
            headers.iter().partition(|(name, value)| is_safelisted(name, value));
        let total: usize = safe.iter().map(|(_, value)| value.len()).sum();
        let mut names: Vec<String> = if total > 1024 { headers.iter().collect() } else { others }
            .into_iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    pub(super) fn passes_cors_check(
        headers: &[(String, Vec<u8>)],
        origin: &str,
        is_include: bool,
    ) -> bool {
        let headers = HeaderList(headers.to_vec());
        let allowed = headers.get("access-control-allow-origin").unwrap_or_default();
        if !is_include && allowed == b"*" {
            return true;
        }
        let credentials = headers.get("access-control-allow-credentials");
        allowed == origin.as_bytes() && (!is_include || credentials.as_deref() == Some(b"true"))
    }

    /// The cache as the list of entries that the standard says it is.
    #[derive(Default)]
    pub(super) struct Cache(pub(super) Vec<Entry>);

    pub(super) struct Entry {
        pub(super) who: Who,
        grant: Grant<'static>,
        stored: u64,
        max_age: u64,
    }

    impl Entry {
        fn is_live(&self, now: u64) -> bool {
            u128::from(now) < u128::from(self.stored) + u128::from(self.max_age) * 1000
        }

        fn is_match(&self, who: Who, grant: Grant<'_>, now: u64) -> bool {
            let covers = match (self.grant, grant) {
                (Grant::Method(stored), Grant::Method(asked)) => stored == asked || stored == "*",
                (Grant::HeaderName(stored), Grant::HeaderName(asked)) => {
                    stored.eq_ignore_ascii_case(asked)
                        || (stored == "*" && !asked.eq_ignore_ascii_case("authorization"))
                }
                _ => false,
            };
            covers
                && self.is_live(now)
                && self.who.has_key_of(who)
                && (self.who.is_include || !who.is_include)
        }
    }

    impl Cache {
        pub(super) fn store(
            &mut self,
            who: Who,
            grants: &[Grant<'static>],
            max_age: u64,
            now: u64,
        ) {
            for grant in grants {
                if self.matches(who, *grant, now) {
                    let matching = self.0.iter_mut().filter(|e| e.is_match(who, *grant, now));
                    matching.for_each(|entry| entry.max_age = max_age);
                } else {
                    self.0.push(Entry { who, grant: *grant, stored: now, max_age });
                }
            }
        }

        pub(super) fn matches(&self, who: Who, grant: Grant<'_>, now: u64) -> bool {
            self.0.iter().any(|entry| entry.is_match(who, grant, now))
        }

        pub(super) fn live(&self, now: u64) -> usize {
            self.0.iter().filter(|entry| entry.is_live(now)).count()
        }
    }
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

const SAFELISTED_RESPONSE_HEADER_NAMES: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

const ORIGINS: [&str; 5] = [
    "https://app.example",
    "https://app.example",
    "http://app.example:8080",
    "https://www.app.example",
    "",
];

const URLS: [&str; 18] = [
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

const METHODS: [&str; 10] =
    ["GET", "GET", "HEAD", "POST", "PUT", "PATCH", "patch", "OPTIONS", "CONNECT", "*"];

const CACHED_NAMES: [&str; 6] = ["x-a", "X-A", "x-b", "authorization", "Authorization", "*"];

const HEADER_NAMES: [&str; 16] = [
    "Accept",
    "Accept-Language",
    "Authorization",
    "AUTHORIZATION",
    "Authorization",
    "Content-Language",
    "Content-Type",
    "content-type",
    "Cookie",
    "If-None-Match",
    "Pragma",
    "Range",
    "User-Agent",
    "X-A",
    "X-Token",
    "x-token",
];

const HEADER_VALUES: [&str; 16] = [
    "",
    "*/*",
    "text/plain",
    "Text/Plain ; charset=utf-8",
    "text/ plain",
    "application/json",
    "application/x-www-form-urlencoded;a",
    "multipart/form-data; boundary=x",
    "bytes=0-",
    "bytes=0-100",
    "bytes=100-0",
    "bytes=-100",
    "bytes=0-,1-2",
    "de, en;q=0.5",
    "Basic YTpi",
    "a(b)",
];

const STATUSES: [u16; 17] =
    [0, 100, 200, 200, 200, 204, 206, 301, 302, 303, 304, 307, 308, 401, 407, 500, 999];

const LOCATIONS: [&str; 22] = [
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

const ANSWER_NAMES: [&str; 18] = [
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

const FILTERED_NAMES: [&str; 7] = [
    "Access-Control-Expose-Headers",
    "access-control-expose-headers",
    "Expires",
    "Set-Cookie",
    "set-cookie2",
    "X-Id",
    "Server",
];

const EXPOSED: [&str; 6] = ["*", "set-cookie, x-id", "Set-Cookie2,,X-ID", "a b", "expires", ""];

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
