//! An async user agent on tokio and hyper: `cargo run -p example-async-user-agent -- URL ORIGIN` fetches
//! an `http://` URL as a page of that origin would, and prints the body while it comes.
//!
//! [`Browser::fetch`] is the driver: it holds the preflight cache only for a step, never while it waits.

#[cfg(test)]
mod tests;

use std::{
    env,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use browser_cors::{
    environment::Environment,
    fetch::{Action, Context, Exchange, NetworkError, Outcome, TransportFailure, UserAgent, fetch},
    http,
    page::fetch_api::{RequestInit, construct_request},
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, Request},
    response::{FilteredResponse, Response},
    url::Url,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

/// A user agent. Clones share its connections and its caches.
#[derive(Clone)]
struct Browser(Arc<Inner>);

struct Inner {
    user_agent: UserAgent,
    preflights: Mutex<PreflightCache>,
    client: Client<HttpConnector, Full<Bytes>>,
    timeout: Duration,
    start: Instant,
}

impl Browser {
    fn new(user_agent: UserAgent, timeout: Duration) -> Self {
        Self(Arc::new(Inner {
            user_agent,
            preflights: Mutex::default(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            timeout,
            start: Instant::now(),
        }))
    }

    /// Fetches until the last head is judged. The body of the response comes as a stream; that of a
    /// refused one is dropped. To cancel the fetch, drop the future.
    async fn fetch(
        &self,
        request: Request,
    ) -> Result<(FilteredResponse, Option<Incoming>), Box<NetworkError>> {
        let mut body = None;
        let mut action = self.step(|_, context| fetch(request, context));
        loop {
            action = match action {
                Action::Finish(Outcome::Response { response, .. }) => {
                    // Scripts must not read an opaque response; an image decoder may.
                    let body = body.filter(|_| !response.has_null_body());
                    return Ok((response, body));
                }
                Action::Finish(Outcome::NetworkError(error)) => return Err(error),
                Action::Send(exchange) => match self.send(&exchange).await {
                    Ok(answer) => {
                        let head = Response::from(&answer);
                        body = Some(answer.into_body());
                        self.step(|now, context| exchange.receive(head, now, context))
                    }
                    Err(failure) => self.step(|_, context| exchange.fail(failure, context)),
                },
            };
        }
    }

    /// One step of a fetch, which waits for nothing.
    fn step(&self, step: impl FnOnce(Timestamp, &mut Context<'_>) -> Action) -> Action {
        let now = Timestamp::new(self.0.start.elapsed());
        let mut cache = self.0.preflights.lock().unwrap_or_else(PoisonError::into_inner);
        step(now, &mut Context::new(&self.0.user_agent, &mut cache, now))
    }

    /// Sends one exchange. A cookie store is asked, and fed, where `exchange.includes_credentials()`.
    async fn send(
        &self,
        exchange: &Exchange,
    ) -> Result<http::Response<Incoming>, TransportFailure> {
        let request = http::Request::try_from(exchange);
        let request = request.map_err(|error| TransportFailure::from_error(&error))?;
        let body = match exchange.body() {
            Some(Body::Source(bytes)) => bytes.clone(),
            Some(Body::Replayable { .. } | Body::Stream) => {
                return Err(TransportFailure::new("this user agent sends bytes only"));
            }
            None => Bytes::new(),
        };
        let sending = self.0.client.request(request.map(|()| Full::new(body)));
        match timeout(self.0.timeout, sending).await {
            Ok(answer) => answer.map_err(|error| TransportFailure::from_error(&error)),
            Err(_) => Err(TransportFailure::new("the server did not answer in time")),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [url, origin] =
        env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "usage: URL ORIGIN")?;
    let browser = Browser::new(UserAgent::default(), Duration::from_secs(30));
    let page = Environment::new(Url::parse(&origin)?).shared();
    let request = construct_request(url.as_str(), RequestInit::new().method("PUT"), &page)?;
    let (response, body) = match browser.fetch(request).await {
        Ok(seen) => seen,
        Err(error) => {
            println!("{error}, at {}", error.step());
            return Ok(());
        }
    };
    println!("the page sees {}", response.status());
    let Some(mut body) = body else { return Ok(()) };
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            print!("{}", String::from_utf8_lossy(&data));
        }
    }
    Ok(())
}
