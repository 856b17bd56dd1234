//! Headers, safelists, ranges, origins, and which headers of a response are visible.

use browser_cors::{
    engine::Profile,
    fetch::{filter, readable_headers},
    header::{
        HeaderList,
        extract::{extract_max_age, extract_tokens},
        list::get_decode_and_split_value,
        mime::parse_essence,
        range::{Whitespace, parse_a_single_range_header_value},
        safelist::{
            SAFELISTED_VALUE_LIMIT, cors_safelisted_request_header,
            cors_unsafe_request_header_names, is_cors_safelisted_response_header_name,
        },
    },
    http::HeaderMap,
    origin::{Origin, are_same_origin},
    request::{CredentialsMode, Request, ResponseTainting},
    response::{FilteredResponse, Response, ResponseType},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{Header, cases, header_list, naive, pairs, parse};

proptest! {
    #![proptest_config(cases(400))]

    /// A header list is a plain list of names and values.
    /// <https://fetch.spec.whatwg.org/#concept-header-list>
    #[test]
    fn header_list_is_a_list(steps in vec((0..12_u8, raw_header()), 0..80)) {
        let mut list = HeaderList::new();
        let mut model = naive::HeaderList::default();
        for (step, (name, value)) in steps {
            let is_valid = naive::is_token(&name) && naive::is_header_value(&value);
            let text = String::from_utf8_lossy(&name).into_owned();
            let result = match step {
                0 => list.set(&name, &value),
                1 => list.combine(&name, &value),
                2 => {
                    list.delete(&text);
                    Ok(())
                }
                _ => list.append(&name, &value),
            };
            match step {
                2 => model.delete(&text),
                _ if !is_valid => prop_assert!(result.is_err()),
                0 => model.set(&text, value),
                1 => model.combine(&text, value),
                _ => model.append(&text, value),
            }
            prop_assert_eq!(step == 2 || is_valid, result.is_ok());
            prop_assert_eq!(&pairs(&list), &model.0);
            prop_assert_eq!((list.len(), list.is_empty()), (model.0.len(), model.0.is_empty()));
            prop_assert_eq!(list.contains(&text), naive::get(&model.0, &text).is_some());
            prop_assert_eq!(list.get(&text).map(Vec::from), naive::get(&model.0, &text));
            let values: Vec<_> = list.values(&text).map(<[u8]>::to_vec).collect();
            prop_assert_eq!(values, naive::values(&model.0, &text));
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
        let names = cors_unsafe_request_header_names(&list, &Profile::STANDARD);
        prop_assert!(names.is_sorted_by(|a, b| a < b));
        prop_assert!(names.iter().all(|name| !name.contains(|c: char| c.is_ascii_uppercase())));
        prop_assert_eq!(&names, &naive::unsafe_names(&headers));
        let of_pairs = cors_unsafe_request_header_names(headers.as_slice(), &Profile::STANDARD);
        prop_assert_eq!(&names, &of_pairs);
        if let Ok(map) = HeaderMap::try_from(&list) {
            let of_map = cors_unsafe_request_header_names(&map, &Profile::STANDARD);
            prop_assert_eq!(&names, &of_map);
        }
        list.append(more.0, more.1).expect("a header");
        let more_names = cors_unsafe_request_header_names(&list, &Profile::STANDARD);
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
        prop_assert_eq!(cors_unsafe_request_header_names(&list, &Profile::STANDARD), names);
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
        let mut request = Request::new(parse("https://api.example/a"), Origin::opaque());
        request.set_response_tainting(tainting.parse().expect("a tainting"));
        if is_include {
            request.credentials_mode = CredentialsMode::Include;
        }
        let response = filter(&request, Response::new(200, header_list(&headers)));
        shows_no_more_than_it_may(&response)?;
        let (kind, mode) = (request.response_tainting(), request.credentials_mode);
        let of_pairs = readable_headers(kind, mode, headers.as_slice());
        // A list writes a name as it first came.
        let lower_case = |(name, value): (&str, &[u8])| (name.to_ascii_lowercase(), value.to_vec());
        prop_assert!(of_pairs.map(lower_case).eq(response.headers().map(lower_case)));
        let mut exposed = naive::tokens(&headers, "access-control-expose-headers");
        if !exposed.iter().all(|name| naive::is_token(name.as_bytes())) {
            exposed.clear();
        }
        let is_all = !is_include && exposed.iter().any(|name| name == "*");
        let is_visible = |name: &str| match tainting {
            "basic" => !naive::is_forbidden_response_name(name),
            "cors" => {
                naive::is_safelisted_response_name(name)
                    || (!naive::is_forbidden_response_name(name)
                        && (is_all || naive::has_name(&exposed, name)))
            }
            _ => false,
        };
        for (name, _) in &headers {
            let expected = is_visible(name);
            prop_assert_eq!(response.is_readable(name), expected);
            prop_assert_eq!(response.header_list().contains(name), expected);
            let listed: Vec<_> = exposed.iter().map(|name| &**name).collect();
            if tainting == "cors" && !is_all {
                prop_assert_eq!(is_cors_safelisted_response_header_name(name, &listed), expected);
            }
        }
    }

    /// A header is safelisted as a second reading of the standard's text says; none with a value of
    /// more than 128 bytes is.
    ///
    /// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
    #[test]
    fn safelist(
        name in header_name(),
        value in header_value(),
        excess in prop_oneof![Just(1), 1..100_usize],
    ) {
        let is_safelisted = cors_safelisted_request_header(&name, &value, &Profile::STANDARD).is_ok();
        prop_assert_eq!(is_safelisted, naive::is_safelisted(&name, &value));
        let mut long = value;
        long.resize(SAFELISTED_VALUE_LIMIT + excess, b'a');
        prop_assert!(cors_safelisted_request_header(&name, &long, &Profile::STANDARD).is_err());
        long.truncate(SAFELISTED_VALUE_LIMIT);
        prop_assert_eq!(
            cors_safelisted_request_header(&name, &long, &Profile::STANDARD).is_ok(),
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
        let whitespace =
            if allow_whitespace { Whitespace::Allowed } else { Whitespace::Refused };
        let found = parse_a_single_range_header_value(value.as_bytes(), whitespace, &Profile::STANDARD);
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
        let headers = |name: &str, lines: &[String]| -> Vec<Header> {
            lines.iter().map(|line| (name.to_owned(), line.trim().into())).collect()
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

pub(crate) fn shows_no_more_than_it_may(response: &FilteredResponse) -> Result<(), TestCaseError> {
    let headers = pairs(&response.header_list());
    for (name, _) in &headers {
        prop_assert!(!naive::is_forbidden_response_name(name));
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

pub(crate) fn header_name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&HEADER_NAMES[..]).prop_map(str::to_owned),
        1 => "[!#$%&'*+.^_`|~0-9a-zA-Z-]{1,12}",
    ]
}

pub(crate) fn header_value() -> impl Strategy<Value = Vec<u8>> {
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

/// A name and a value, which may not be valid.
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

pub(crate) const HEADER_NAMES: [&str; 16] = [
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
