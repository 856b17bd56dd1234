//! Scenarios and outcomes as JSON. A scenario says what a page asks for and what the servers would
//! answer; its outcome says what goes over the wire and what the page sees. The format is for test
//! suites in any language.
//!
//! In strings that carry header values, each character is one byte, U+0000 to U+00FF.
//!
//! Each outcome has the version of its format, [`FORMAT`], as `format`; a scenario may have it.
//! Within a version, outcomes may gain members, and a reader must ignore members that it does not
//! know. Scenarios may gain members too, but an unknown one is an error here: if a misspelt or
//! newer member were ignored, the outcome would be that of another scenario.

mod input;
mod outcome;

use std::{sync::Arc, time::Duration};

use url::Position;

pub use input::{Fetch, Page, Rule, Scenario};
pub use outcome::ScenarioOutcome;

use crate::{
    compare::{Api, FetchOutcome, Question, Xhr},
    environment::Environment,
    fetch::{Context, UserAgent},
    header::HeaderList,
    origin::{Origin, url_as_sent},
    page::{
        fetch_api::RequestInit,
        kept::KeptLoads,
        loads::{Decoding, Load, RecordedLoad},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::CredentialsMode,
    response::Response,
    transcript::Transcript,
};
#[cfg(feature = "public-suffix")]
use crate::{
    compare::{Comparison, SideBySide},
    engine::Profile,
};

/// The version of the JSON formats. It grows when a member disappears or changes its meaning.
///
/// ```
/// # use browser_cors::scenario::{FORMAT, Scenario};
/// let scenario = |format: u32| format!(
///     r#"{{ "format": {format}, "id": "none", "page": {{ "origin": "http://foo.example" }}, "fetches": [] }}"#,
/// );
/// assert!(serde_json::from_str::<Scenario>(&scenario(FORMAT)).is_ok());
/// let error = serde_json::from_str::<Scenario>(&scenario(FORMAT + 1)).unwrap_err();
/// assert!(error.to_string().starts_with("unknown format 2: the newest known format is 1"));
/// ```
pub const FORMAT: u32 = 1;

impl Scenario {
    /// Runs the fetches one after another. They share a preflight cache. Time passes only as their
    /// `after_ms` say.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// use browser_cors::{fetch::UserAgent, scenario::Scenario};
    ///
    /// let scenario: Scenario = serde_json::from_str(r#"{
    ///     "id": "simple-get",
    ///     "page": { "origin": "https://foo.example" },
    ///     "fetches": [ { "url": "https://bar.other/" } ],
    ///     "server": [ { "url": "https://bar.other/", "status": 200,
    ///                   "headers": [["Access-Control-Allow-Origin", "*"]] } ]
    /// }"#).unwrap();
    /// let outcome = serde_json::to_value(scenario.run(&UserAgent::default())).unwrap();
    /// assert_eq!(outcome["fetches"][0]["result"]["type"], "cors");
    /// # }
    /// ```
    pub fn run(&self, user_agent: &UserAgent) -> ScenarioOutcome<'_> {
        let fetches = self.outcomes(user_agent);
        let console = if user_agent.profile.engine().is_some() {
            fetches.iter().map(FetchOutcome::console).collect()
        } else {
            Vec::new()
        };
        ScenarioOutcome { id: &self.id, fetches, console }
    }

    fn outcomes(&self, user_agent: &UserAgent) -> Vec<FetchOutcome> {
        let client = Arc::new(self.page.environment(user_agent));
        let (mut cache, mut kept) = (PreflightCache::new(), KeptLoads::new());
        let mut now = Duration::ZERO;
        let mut servers = Servers { rules: &self.server, used: vec![0; self.server.len()] };
        self.fetches
            .iter()
            .map(|fetch| {
                now = now.saturating_add(Duration::from_millis(fetch.after_ms));
                let question = fetch.question();
                if let Some(known) = question.look_up(&mut kept, &client, &user_agent.profile) {
                    return FetchOutcome::Kept(known);
                }
                let request = match question.clone().into_request(&client, &user_agent.profile) {
                    Ok(request) => request,
                    Err(error) => return FetchOutcome::NotAsked(error),
                };
                let mut context = Context::new(user_agent, &mut cache, Timestamp::new(now));
                // Ours: the body of a `data:` URL always fits the element that loads it.
                let mut body_of = Some(fetch.api);
                let transcript = Transcript::record(request, &mut context, |exchange| {
                    let method = exchange.method().as_str();
                    let (response, body) = servers.answer(method, &url_as_sent(exchange.url()));
                    body_of = body;
                    Ok(response)
                });
                let outcome = fetch.outcome(transcript, body_of);
                question.keep(&mut kept, &outcome, &client, &user_agent.profile);
                outcome
            })
            .collect()
    }
}

#[cfg(feature = "public-suffix")]
impl Scenario {
    /// Runs the fetches by the standard and by each of `profiles`, side by side.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, scenario::Scenario};
    /// # let scenario: Scenario = serde_json::from_str(
    /// #     r#"{ "id": "none", "page": { "origin": "http://foo.example" }, "fetches": [] }"#,
    /// # ).unwrap();
    /// let names = scenario.side_by_side(&[Profile::WEBKIT]).rows.into_iter().map(|row| row.profile.to_string());
    /// assert_eq!(names.collect::<Vec<_>>(), ["standard", "webkit"]);
    /// ```
    pub fn side_by_side(&self, profiles: &[Profile]) -> SideBySide {
        let others = profiles.iter().filter(|profile| **profile != Profile::STANDARD);
        let mut comparison = Comparison::new([Profile::STANDARD].iter().chain(others).copied());
        while let Some(profile) = comparison.profile() {
            comparison.provide(self.outcomes(&UserAgent::for_profile(profile)));
        }
        comparison.finish()
    }
}

impl Page {
    /// The page's environment. An opaque page keeps the base URL of its origin.
    /// The origin that was written.
    fn origin(&self) -> Origin {
        self.url[..Position::BeforePath].parse().unwrap_or_else(|_| Origin::opaque())
    }

    fn environment(&self, user_agent: &UserAgent) -> Environment {
        let mut environment = Environment::of_origin(&self.origin(), &*user_agent.sites);
        if self.opaque {
            environment.origin = Origin::opaque();
        }
        environment
    }
}

impl Fetch {
    /// The question that the page asks.
    fn question(&self) -> Question {
        match (self.api, self.api.load()) {
            (_, Some(load)) => Question::load(load, &self.url, self.crossorigin.as_deref()),
            (Api::Xhr, None) => Question::xhr(self.xhr()),
            (Api::Beacon, None) => Question::beacon(&self.url, self.body.clone()),
            (_, None) => Question::fetch(&self.url, self.init()),
        }
    }

    /// Explains how the fetch ended. `body_of` is the API that can decode the body of the last
    /// answer.
    fn outcome(&self, transcript: Transcript, body_of: Option<Api>) -> FetchOutcome {
        let Some(load) = self.api.load() else {
            return FetchOutcome::Done { api: self.api, transcript: Box::new(transcript) };
        };
        let is_image = |load| matches!(load, Load::Image | Load::Texture | Load::ShapeImage);
        let is_of_this_kind = body_of
            .and_then(Api::load)
            .is_some_and(|body| body == load || is_image(body) && is_image(load));
        let decoding = if is_of_this_kind { Decoding::Succeeds } else { Decoding::Fails };
        let crossorigin = self.crossorigin.clone();
        let load = RecordedLoad::new(load, crossorigin, transcript, decoding);
        FetchOutcome::Load(Box::new(load))
    }

    fn init(&self) -> RequestInit {
        RequestInit {
            method: self.method.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            referrer_policy: self.referrer_policy,
            mode: self.mode,
            credentials: self.credentials,
            cache: self.cache,
            redirect: self.redirect,
            ..RequestInit::default()
        }
    }

    fn xhr(&self) -> Xhr {
        let mut xhr = Xhr::new(self.method.as_deref().unwrap_or(b"GET"), &self.url);
        xhr.with_credentials = self.credentials == Some(CredentialsMode::Include);
        xhr.headers = self.headers.clone().unwrap_or_default();
        xhr.upload_listener = self.upload_listener;
        xhr.body.clone_from(&self.body);
        xhr
    }
}

/// A scenario's servers, and how many times each rule has answered.
struct Servers<'a> {
    rules: &'a [Rule],
    used: Vec<u64>,
}

impl Servers<'_> {
    /// The answer of the first rule that matches, and the API that can decode its body.
    fn answer(&mut self, method: &str, url: &str) -> (Response, Option<Api>) {
        for (rule, used) in self.rules.iter().zip(&mut self.used) {
            let is_match = rule.method.as_ref().is_none_or(|wanted| wanted == method)
                && rule.url[..Position::AfterQuery] == *url
                && rule.times.is_none_or(|times| *used < times);
            if is_match {
                *used += 1;
                return (Response::new(rule.status, rule.headers.clone()), rule.body_of);
            }
        }
        let mut headers = HeaderList::with_capacity(1, 32);
        headers.append_valid(b"Cache-Control", b"no-store");
        (Response::new(404, headers), None)
    }
}
