//! Scenarios and outcomes as JSON: what a page asks for and what the servers would answer, against
//! what goes over the wire and what the page then sees. The format is for test suites in any
//! language.
//!
//! Strings that carry header values hold one byte a character, U+0000 to U+00FF.

mod input;
mod outcome;

use std::{sync::Arc, time::Duration};

use url::Position;

pub use input::{Api, Fetch, Page, Rule, Scenario};
pub use outcome::{FetchOutcome, ScenarioOutcome};

use crate::{
    console,
    engine::Profile,
    environment::{Environment, NetworkPartitionKey},
    fetch::{Context, UserAgent},
    header::HeaderList,
    origin::Origin,
    page::{
        fetch_api::{RequestInfo, RequestInit, construct_request},
        xml_http_request::{XhrError, XmlHttpRequest},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{CredentialsMode, Request},
    response::Response,
    transcript::{Transcript, url_as_sent},
};

impl Scenario {
    /// Runs the fetches one after another. They share a preflight cache, and time stands still but
    /// for their `after_ms`.
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
        let client = Arc::new(self.page.environment(user_agent));
        let mut cache = PreflightCache::new();
        let mut now = Duration::ZERO;
        let mut servers = Servers { rules: &self.server, used: vec![0; self.server.len()] };
        let fetches = self
            .fetches
            .iter()
            .map(|fetch| {
                now = now.saturating_add(Duration::from_millis(fetch.after_ms));
                let request = match fetch.request(&client, &user_agent.profile) {
                    Ok(request) => request,
                    Err(outcome) => return outcome,
                };
                let mut context = Context::new(user_agent, &mut cache, Timestamp::new(now));
                let transcript = Transcript::record(request, &mut context, |exchange| {
                    Ok(servers.answer(exchange.method().as_str(), &url_as_sent(exchange.url())))
                });
                let console = user_agent.profile.console.map_or_else(Vec::new, |engine| {
                    console::messages(engine, &transcript, fetch.api.asker())
                });
                FetchOutcome::Done { api: fetch.api, transcript: Box::new(transcript), console }
            })
            .collect();
        ScenarioOutcome { id: &self.id, fetches }
    }
}

impl Page {
    /// The environment of the page. An opaque page keeps the base URL of its origin.
    fn environment(&self, user_agent: &UserAgent) -> Environment {
        let mut environment = Environment::new(self.url.clone());
        environment.network_partition_key =
            NetworkPartitionKey::determine(&environment.origin, None, &*user_agent.sites);
        if self.opaque {
            environment.origin = Origin::opaque();
        }
        environment
    }
}

impl Fetch {
    /// What the fetch asks for, or how it ends before anything is sent.
    fn request(
        &self,
        client: &Arc<Environment>,
        profile: &Profile,
    ) -> Result<Request, FetchOutcome> {
        match self.api {
            Api::Fetch => {
                construct_request(RequestInfo::Url(&self.url), self.init(), client, profile)
                    .map_err(FetchOutcome::TypeError)
            }
            Api::Xhr => self.xhr(client, profile).map_err(FetchOutcome::XhrError),
            Api::Img
            | Api::Script
            | Api::Module
            | Api::Style
            | Api::Font
            | Api::Eventsource
            | Api::Beacon => Err(FetchOutcome::NotModelled { api: self.api }),
        }
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

    fn xhr(&self, client: &Arc<Environment>, profile: &Profile) -> Result<Request, XhrError> {
        let method = self.method.as_deref().unwrap_or(b"GET");
        let mut xhr = XmlHttpRequest::open(method, &self.url, client)?;
        xhr.with_credentials = self.credentials == Some(CredentialsMode::Include);
        for (name, value) in self.headers.iter().flatten() {
            xhr.set_request_header(name, value)?;
        }
        xhr.upload_listener = self.upload_listener;
        Ok(xhr.send(self.body.clone(), profile))
    }
}

/// The servers of a scenario, and how often each rule has answered.
struct Servers<'a> {
    rules: &'a [Rule],
    used: Vec<u64>,
}

impl Servers<'_> {
    /// The first rule that matches answers.
    fn answer(&mut self, method: &str, url: &str) -> Response {
        for (rule, used) in self.rules.iter().zip(&mut self.used) {
            let is_match = rule.method.as_ref().is_none_or(|wanted| wanted == method)
                && rule.url[..Position::AfterQuery] == *url
                && rule.times.is_none_or(|times| *used < times);
            if is_match {
                *used += 1;
                return Response::new(rule.status, rule.headers.clone());
            }
        }
        let mut headers = HeaderList::with_capacity(1, 32);
        headers.append_valid(b"Cache-Control", b"no-store");
        Response::new(404, headers)
    }
}
