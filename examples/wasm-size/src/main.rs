//! One fetch with a preflight, in which the embedder tells sites apart itself. `.ci/run` builds it for
//! WebAssembly, and holds its size.

use std::{hint::black_box, process::ExitCode};

use browser_cors::{
    Action, Context, Origin, Outcome, PreflightCache, Request, Response, Timestamp, UserAgent,
    fetch, header::HeaderList, http::Method, origin::RegistrableDomain, request::Mode, url::Url,
};

/// Sites by the last two labels of a host.
#[derive(Debug)]
struct LastTwoLabels;

impl RegistrableDomain for LastTwoLabels {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        let (start, _) = domain.rmatch_indices('.').nth(1).unwrap_or((0, ""));
        Some(domain[start..].trim_start_matches('.'))
    }
}

fn main() -> ExitCode {
    let asked = (black_box("https://api.example/items"), black_box("https://app.example"));
    let (Ok(url), Ok(origin)) = (Url::parse(asked.0), asked.1.parse::<Origin>()) else {
        return ExitCode::from(2);
    };
    let mut request = Request::new(url, origin);
    (request.mode, request.method) = (Mode::Cors, Method::PUT);
    let user_agent = UserAgent::new(LastTwoLabels);
    let (mut cache, now) = (PreflightCache::new(), Timestamp::default());
    let mut context = Context::new(&user_agent, &mut cache, now);
    let mut action = fetch(request, &mut context);
    loop {
        match action {
            Action::Send(exchange) => {
                let mut headers = HeaderList::new();
                for (name, value) in black_box([("Access-Control-Allow-Origin", "*")]) {
                    if headers.append(name, value).is_err() {
                        return ExitCode::from(2);
                    }
                }
                action = exchange.receive(Response::new(200, headers), now, &mut context);
            }
            Action::Finish(Outcome::Response { .. }) => return ExitCode::SUCCESS,
            Action::Finish(Outcome::NetworkError(_)) => return ExitCode::FAILURE,
        }
    }
}
