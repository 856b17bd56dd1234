//! Asks a server that answers anything with every assertion. No two contradict each other.

#![no_main]

use arbitrary::Arbitrary;
use browser_cors::{
    Profile,
    fetch::TransportFailure,
    header::{HeaderList, normalize_value},
    request::CredentialsMode,
    response::Response,
    suite::{Call, Page},
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    engine: u8,
    origin: u8,
    method: u8,
    credentials: u8,
    headers: Vec<u8>,
    answers: Vec<Option<(u16, Vec<(u8, &'a [u8])>)>>,
}

const ORIGINS: [&str; 3] = ["https://app.example", "null", "https://api.example"];
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "patch"];
const HEADERS: [(&str, &str); 3] =
    [("X-Token", "1"), ("Content-Type", "application/json"), ("Authorization", "Bearer 1")];
const NAMES: [&str; 9] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Location",
    "Vary",
    "ETag",
];

fn pick<T: Copy>(list: &[T], index: u8) -> T {
    list[usize::from(index) % list.len()]
}

fuzz_target!(|input: Input<'_>| {
    let page = Page::at(pick(&ORIGINS, input.origin)).in_engines([pick(Profile::ALL, input.engine)]);
    let mode = pick(
        &[CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include],
        input.credentials,
    );
    let mut call =
        Call::with_method(pick(&METHODS, input.method), "https://api.example/a").credentials(mode);
    for index in input.headers.iter().take(3) {
        let (name, value) = pick(&HEADERS, *index);
        call = call.header(name, value);
    }
    let mut answers = input.answers.iter().cycle();
    let fetched = page.fetch(call).answered_by(|_, _| match answers.next() {
        Some(Some((status, lines))) => {
            let mut headers = HeaderList::new();
            for (name, value) in lines {
                let _ = headers.append(pick(&NAMES, *name), normalize_value(value));
            }
            Ok(Response::new(status % 1000, headers))
        }
        _ => Err(TransportFailure::new("nobody answers")),
    });
    let (shared, blocked) = (fetched.check_shared().is_ok(), fetched.check_blocked().is_ok());
    assert!(!(shared && blocked));
    assert!(!(fetched.check_not_sent().is_ok() && shared));
    assert!(!(fetched.check_preflight().is_ok() && fetched.check_no_preflight().is_ok()));
    for name in NAMES {
        let exposes = fetched.check_exposes(name).is_ok();
        assert!(!(exposes && fetched.check_hides(name).is_ok()), "{name}");
    }
    for result in [fetched.check_shared(), fetched.check_blocked(), fetched.check_not_sent()] {
        assert!(result.is_ok() || !result.unwrap_err().to_string().is_empty());
    }
});
