//! What a page asks, and what a server answers.

use browser_cors::{
    fetch::{Action, Exchange},
    header::HeaderList,
    request::{Mode, Request},
    response::Response,
    url::Url,
};

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// A request with the mode "cors" by `https://app.example`.
pub(crate) fn request(target: &str, change: impl FnOnce(&mut Request)) -> Request {
    let mut request = Request::new(url(target), "https://app.example".parse().unwrap());
    request.mode = Mode::Cors;
    request.unsafe_request = true;
    change(&mut request);
    request
}

pub(crate) fn response(status: u16, headers: &[(&str, &str)]) -> Response {
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    Response::new(status, list)
}

pub(crate) fn sent(action: Action) -> Exchange {
    match action {
        Action::Send(exchange) => exchange,
        Action::Finish(outcome) => panic!("nothing to send: {outcome:?}"),
    }
}
