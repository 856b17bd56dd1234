//! User agents of every kind: any release of any engine, with any departures more or fewer.

use browser_cors::{
    code::Code,
    console::{Asker, messages, recognize},
    engine::{Departure, Engine, Profile},
    fetch::{
        Action, Context, Exchange, Outcome, Redirect, Refusal, TransportFailure, fetch, redirect,
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{RedirectMode, Request},
    response::Response,
    transcript::Transcript,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    cases,
    machine::{Session, sessions},
    pairs,
};

proptest! {
    #![proptest_config(cases(200))]

    /// Where an answer leads is read once: the next exchange goes there.
    /// <https://fetch.spec.whatwg.org/#concept-response-location-url>
    #[test]
    fn locations_are_read_once(session in sessions(), profile in profiles()) {
        for transcript in transcripts(&session, profile, |answer| answer) {
            for pair in transcript.exchanges.windows(2) {
                if pair[0].preflight.is_none() {
                    prop_assert_eq!(&pair[0].location, &Ok(Some(pair[1].url.clone())));
                }
            }
        }
    }

    /// A console that says where a refused redirect leads names the URL that would be asked next if
    /// the server allowed it.
    /// <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
    #[test]
    fn consoles_name_the_next_url(
        mut session in sessions(),
        profile in profiles_of(Engine::Webkit),
        bytes in prop::option::of(vec(0x21..=0xFF_u8, 1..9)),
    ) {
        session.redirect_first();
        let location = |mut answer: Response| {
            if let Some(bytes) = &bytes {
                // A line of the author's making, unless a header cannot have it.
                let _ = answer.header_list.set("Location", bytes);
            }
            answer
        };
        let allowed = transcripts(&session, profile, location);
        let refused = transcripts(&session, profile, |answer| {
            let mut answer = location(answer);
            answer.header_list.delete("Access-Control-Allow-Origin");
            answer
        });
        let (allowed, refused) = (&allowed[0], &refused[0]);
        let Outcome::NetworkError(error) = &refused.outcome else { return Ok(()) };
        if error.code() != Code::AllowOriginMissing || refused.exchanges[0].preflight.is_some() {
            return Ok(());
        }
        let Some(next) = allowed.exchanges.get(refused.exchanges.len()) else { return Ok(()) };
        let mut url = next.url.clone();
        prop_assert!(url.set_username("").is_ok() && url.set_password(None).is_ok());
        let line = messages(refused, Asker::Fetch).concat();
        let expected = format!("Cross-origin redirection to {url} denied by ");
        prop_assert!(line.starts_with(&expected), "{}\n{}", line, expected);
    }

    /// A console is that of the profile's engine, says nothing of what came through, and is
    /// recognized; as far as it says a reason, that is the reason.
    /// <https://fetch.spec.whatwg.org/#concept-network-error>
    #[test]
    fn consoles_say_the_reason(session in sessions(), profile in profiles()) {
        for transcript in transcripts(&session, profile, |answer| answer) {
            let lines = messages(&transcript, Asker::Fetch);
            prop_assert!(lines.is_empty() || profile.engine().is_some());
            let Outcome::NetworkError(error) = &transcript.outcome else {
                prop_assert!(lines.is_empty());
                continue;
            };
            for line in lines {
                let message = recognize(&line).expect("a line of a console");
                prop_assert_eq!(Some(message.console.as_str()), profile.engine().map(Engine::as_str));
                let fault = |code: Code| code.as_str().trim_start_matches("preflight-");
                let (said, found) = (fault(message.code()), fault(error.code()));
                prop_assert!(
                    said == found
                        || SAYS_LESS.contains(&said)
                        || SAYS_OTHERWISE.contains(&(said, found)),
                    "{}: {}, not {}", line, said, found
                );
            }
        }
    }

    /// A user agent with a loop of its own follows redirects as the machine does.
    /// <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
    #[test]
    fn redirect_agrees_with_the_machine(session in sessions(), profile in profiles()) {
        let user_agent = session.user_agent(profile);
        let (mut cache, mut number) = (PreflightCache::for_profile(&profile), 0);
        for request in session.requests() {
            let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
            let mut action = fetch(request, &mut context);
            while let Action::Send(exchange) = action {
                let answer = session.answer(number, &exchange);
                number += 1;
                let Some(response) = answer else {
                    action = exchange.fail(TransportFailure::new("no connection"), &mut context);
                    continue;
                };
                let asked = Followed::of(&exchange);
                action = exchange.receive(response.clone(), Timestamp::default(), &mut context);
                if let Some(asked) = asked {
                    asked.agrees(&response, &profile, &action)?;
                }
            }
        }
    }
}

#[cfg(feature = "scenario")]
proptest! {
    #![proptest_config(cases(200))]

    /// What is said to people and what is said to programs is the same.
    /// <https://fetch.spec.whatwg.org/#concept-network-error>
    #[test]
    fn text_and_json_agree(session in sessions(), profile in profiles()) {
        use browser_cors::compare::{Api, FetchOutcome};

        for transcript in transcripts(&session, profile, |answer| answer) {
            let outcome = FetchOutcome::Done { api: Api::Fetch, transcript: Box::new(transcript) };
            let json = serde_json::to_value(&outcome).expect("an outcome is JSON");
            let text = outcome.to_string();
            let exchanges = json["exchanges"].as_array().expect("there are exchanges");
            let is_number = |line: &&str| {
                line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
            };
            prop_assert_eq!(text.lines().filter(is_number).count(), exchanges.len());
            for (number, exchange) in exchanges.iter().enumerate() {
                let line = format!(
                    "{}. {} {}  (",
                    number + 1,
                    exchange["method"].as_str().expect("a method"),
                    exchange["url"].as_str().expect("a URL"),
                );
                prop_assert!(text.contains(&line), "{}\n{}", text, line);
            }
            let result = &json["result"];
            let parts = match result["type"].as_str() {
                Some("basic" | "cors") => {
                    vec!["allowed: ".to_owned(), format!("status {}\n", result["status"])]
                }
                Some(_) => vec![" opaque: ".to_owned()],
                None => {
                    let member = |name: &str| result[name].as_str().expect("a text").to_owned();
                    vec!["blocked: ".to_owned(), member("step"), member("fix")]
                }
            };
            for part in parts {
                prop_assert!(text.contains(&part), "{}\n{}", text, part);
            }
        }
    }
}

/// What a line says where it does not say why.
const SAYS_LESS: [&str; 3] = ["no-reason", "origin-not-allowed", "no-response"];

/// What a line says, and what the step of the standard is about that the engine says it of.
const SAYS_OTHERWISE: &[(&str, &str)] = &[
    // A value with a comma in it.
    ("allow-origin-several", "allow-origin-mismatch"),
    // A `Location` that is no URL has no scheme.
    ("redirect-scheme", "location"),
    // A console that names the URL does not say whether a redirect led there.
    ("not-http-scheme", "redirect-scheme"),
    // A console says that there is a user name, not which step minds.
    ("redirect-credentials", "redirect-credentials-after-cors"),
    // Where several headers are refused, a console names one.
    ("header", "authorization"),
];

/// What the fetches of a session come to, where `change` has its way with the answers.
fn transcripts(
    session: &Session,
    profile: Profile,
    change: impl Fn(Response) -> Response,
) -> Vec<Transcript> {
    let user_agent = session.user_agent(profile);
    let (mut cache, mut number) = (PreflightCache::for_profile(&profile), 0);
    let mut answer = |exchange: &Exchange| {
        let answer = session.answer(number, exchange);
        number += 1;
        answer.map(&change).ok_or_else(|| TransportFailure::new("no connection"))
    };
    session
        .requests()
        .map(|request| {
            let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
            Transcript::record(request, &mut context, &mut answer)
        })
        .collect()
}

/// A request of which the machine follows redirects, before its answer.
struct Followed(Request);

impl Followed {
    fn of(exchange: &Exchange) -> Option<Self> {
        let request = exchange.request();
        let is_followed = !exchange.is_preflight()
            && exchange.url().scheme().starts_with("http")
            && request.redirect_mode == RedirectMode::Follow;
        is_followed.then(|| Self(request.clone()))
    }

    fn agrees(
        self,
        response: &Response,
        profile: &Profile,
        action: &Action,
    ) -> Result<(), TestCaseError> {
        let count = self.0.url_list().len();
        let redirected = redirect(self.0, response, profile);
        let followed = match &redirected {
            Ok(Redirect::To(request) | Redirect::UpToPreflight { request, .. }) => Some(request),
            _ => None,
        };
        match action {
            Action::Send(next) => {
                let next = next.request();
                let request = followed.expect("the machine follows it");
                prop_assert_eq!(request.url_list(), next.url_list());
                prop_assert_eq!(request.redirect_count(), next.redirect_count());
                prop_assert_eq!(&request.method, &next.method);
                prop_assert_eq!(&request.body, &next.body);
                prop_assert_eq!(pairs(&request.header_list), pairs(&next.header_list));
            }
            Action::Finish(Outcome::NetworkError(error)) if error.url_list.len() > count => {
                let request = followed.expect("the machine follows it");
                prop_assert_eq!(request.url_list(), &error.url_list);
            }
            Action::Finish(Outcome::NetworkError(error)) => match &error.refusal {
                Refusal::Location(_)
                | Refusal::NetworkLocation(_)
                | Refusal::RedirectScheme { .. }
                | Refusal::RedirectCount { .. }
                | Refusal::RedirectCredentials { .. }
                | Refusal::RedirectCredentialsWithinOrigin { .. }
                | Refusal::RedirectCredentialsAfterCors { .. }
                | Refusal::RedirectStream { .. } => {
                    prop_assert_eq!(redirected.map(drop), Err(error.refusal.clone()));
                }
                // What is judged before redirects are.
                _ => {}
            },
            Action::Finish(Outcome::Response { response, .. })
                if response.internal_response().url_list().len() > count =>
            {
                prop_assert!(followed.is_some());
            }
            Action::Finish(Outcome::Response { .. }) => {
                prop_assert!(matches!(redirected, Ok(Redirect::Not(_))), "{:?}", redirected);
            }
        }
        Ok(())
    }
}

/// Any profile.
fn profiles() -> impl Strategy<Value = Profile> {
    changed(Profile::of_recorded_releases().chain([Profile::STANDARD]).collect())
}

/// Any profile that began as a release of this engine.
fn profiles_of(engine: Engine) -> impl Strategy<Value = Profile> {
    let releases = Profile::of_recorded_releases();
    changed(releases.filter(|profile| profile.engine() == Some(engine)).collect())
}

/// One of these profiles with some departures more or fewer.
fn changed(profiles: Vec<Profile>) -> impl Strategy<Value = Profile> {
    let departures: Vec<_> = Departure::all().collect();
    let changes = prop_oneof![
        vec((select(departures.clone()), any::<bool>()), 0..4),
        vec((select(departures), any::<bool>()), 0..80),
    ];
    (select(profiles), changes).prop_map(|(profile, changes)| {
        changes.into_iter().fold(profile, |profile, (departure, is_more)| {
            if is_more { profile.with(departure) } else { profile.without(departure) }
        })
    })
}
