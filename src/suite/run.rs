//! A call in one engine after another, up to the exchanges that must go out.

use http::HeaderValue;
use url::Host;

use super::{Call, Fetched, Page, fetched::Row};
use crate::{
    fetch::{Exchange, TransportFailure},
    page::fetch_api::{RequestInfo, construct_request},
    response::Response,
    transcript::{Recording, Sent, Waiting},
};

type Answer = Result<Response, TransportFailure>;

/// A call that is under way.
pub(super) struct Run<'a> {
    page: &'a Page,
    call: Call,
    /// Where the cookie belongs.
    home: Option<Host<String>>,
    /// What went out, what came, and whether the engine at hand has had it.
    known: Vec<(Sent, Answer, bool)>,
    /// The fetch of the engine at hand.
    waiting: Option<Waiting>,
    /// What came of the call in the engines before.
    rows: Vec<Row>,
}

impl<'a> Run<'a> {
    pub(super) fn new(page: &'a Page, call: Call) -> Self {
        let url = page.client.api_base_url.join(&call.url);
        let home = url.ok().and_then(|url| Some(url.host()?.to_owned()));
        let (known, rows) = (Vec::new(), Vec::with_capacity(page.user_agents.len()));
        let mut run = Self { page, call, home, known, waiting: None, rows };
        run.next_engine();
        run
    }

    /// What must be sent, with the cookie that goes along; `None` if the call is over.
    pub(super) fn exchange(&self) -> Option<(&Exchange, Option<&HeaderValue>)> {
        let exchange = &self.waiting.as_ref()?.exchange;
        let is_at_home = exchange.url().host().map(|host| host.to_owned()) == self.home;
        let cookie = self.call.cookie.as_ref();
        Some((exchange, cookie.filter(|_| exchange.includes_credentials() && is_at_home)))
    }

    /// Continues with what came for it.
    pub(super) fn answered(&mut self, answer: Answer) {
        let Some(waiting) = self.waiting.take() else { return };
        self.known.push((Sent::of(&waiting.exchange), answer.clone(), true));
        if self.advance(waiting, answer) {
            self.next_engine();
        }
    }

    /// What came of it.
    pub(super) fn fetched(self) -> Fetched {
        Fetched::new(&self.call, self.rows)
    }

    /// Starts the call in the engines that are left, up to one that must send something.
    fn next_engine(&mut self) {
        while let Some(user_agent) = self.page.user_agents.get(self.rows.len()) {
            self.known.iter_mut().for_each(|(_, _, is_used)| *is_used = false);
            let request = construct_request(
                RequestInfo::Url(&self.call.url),
                self.call.init.clone(),
                &self.page.client,
                &user_agent.profile,
            );
            let is_over = match request {
                Ok(request) => {
                    let recording = self.page.with_context(self.rows.len(), |context| {
                        Recording::start(request, context)
                    });
                    self.record(recording)
                }
                Err(error) => {
                    self.rows.push(Row { profile: user_agent.profile, result: Err(error) });
                    true
                }
            };
            if !is_over {
                return;
            }
        }
    }

    fn advance(&mut self, waiting: Waiting, answer: Answer) -> bool {
        let recording =
            self.page.with_context(self.rows.len(), |context| waiting.answered(answer, context));
        self.record(recording)
    }

    /// Takes the answers that are known already. Whether the fetch is over.
    fn record(&mut self, recording: Recording) -> bool {
        match recording {
            Recording::Over(transcript) => {
                let profile = self.page.user_agents[self.rows.len()].profile;
                self.rows.push(Row { profile, result: Ok(transcript) });
                true
            }
            Recording::Waiting(waiting) => {
                let sent = Sent::of(&waiting.exchange);
                let known = self.known.iter_mut().find(|known| !known.2 && known.0 == sent);
                match known {
                    Some((_, answer, is_used)) => {
                        *is_used = true;
                        let answer = answer.clone();
                        self.advance(waiting, answer)
                    }
                    None => {
                        self.waiting = Some(waiting);
                        false
                    }
                }
            }
        }
    }
}
