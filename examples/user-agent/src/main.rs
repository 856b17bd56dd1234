//! A user agent in one loop: `cargo run -p example-user-agent -- URL ORIGIN` fetches `http://`
//! URLs as a page of that origin would.

use std::{env, error::Error, time::Instant};

use browser_cors::{
    environment::Environment,
    fetch::{Action, Context, Exchange, Outcome, TransportFailure, UserAgent, fetch},
    http,
    page::fetch_api::{RequestInit, construct_request},
    preflight_cache::{PreflightCache, Timestamp},
    request::Body,
    response::Response,
    url::Url,
};
use ureq::Agent;

fn main() -> Result<(), Box<dyn Error>> {
    let [url, origin] =
        env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "usage: URL ORIGIN")?;
    let config = Agent::config_builder().max_redirects(0).http_status_as_error(false);
    let agent = config.allow_non_standard_methods(true).build().new_agent();
    let (user_agent, mut cache, start) =
        (UserAgent::default(), PreflightCache::new(), Instant::now());

    let page = Environment::new(Url::parse(&origin)?).shared();
    let init = RequestInit::new().method(b"PUT");
    let request = construct_request(url.as_str(), init, &page)?;

    let mut context = Context::new(&user_agent, &mut cache, Timestamp::new(start.elapsed()));
    let mut action = fetch(request, &mut context);
    let outcome = loop {
        action = match action {
            Action::Finish(outcome) => break outcome,
            Action::Send(exchange) => match send(&agent, &exchange) {
                Ok(response) => {
                    exchange.receive(response, Timestamp::new(start.elapsed()), &mut context)
                }
                Err(error) => exchange.fail(TransportFailure::new(error.to_string()), &mut context),
            },
        };
    };
    match outcome {
        Outcome::Response { response, .. } => println!("the page sees {}", response.status()),
        Outcome::NetworkError(error) => println!("{error}, at {}", error.step()),
    }
    Ok(())
}

fn send(agent: &Agent, exchange: &Exchange) -> Result<Response, Box<dyn Error>> {
    println!("{} {}", exchange.method(), exchange.url());
    let request = http::Request::try_from(exchange)?;
    let body = match exchange.body() {
        Some(Body::Source(bytes)) => &bytes[..],
        Some(Body::Replayable { .. } | Body::Stream) | None => &[],
    };
    Ok(Response::from(&agent.run(request.map(|()| body))?))
}
