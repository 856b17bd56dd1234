//! A question to a live server, exchange by exchange.

use std::{thread, time::Duration};

use browser_cors::{
    compare::{Browsers, Question},
    engine::Profile,
    environment::Environment,
    origin::PublicSuffixList,
    page::fetch_api::RequestInit,
};
use browser_cors_audit::client::Client;

use crate::{APP, serve};

/// When the time of the fetch is over, the server may have got the request.
#[test]
fn late_requests_may_have_arrived() {
    let base = serve(|_| {
        thread::sleep(Duration::from_secs(10));
        None
    });
    let client = Client::new().max_time(Duration::from_secs(1));
    let page = Environment::of_origin(&APP.parse().unwrap(), &PublicSuffixList);
    let browsers = Browsers::new(page, [client.user_agent(Profile::STANDARD)]);
    let mut fetching =
        client.fetching(browsers.ask(Question::fetch(&base, RequestInit::default())));
    let sent = fetching.send().unwrap_err();
    assert!(sent.may_have_arrived, "{sent}");
    assert!(sent.to_string().ends_with("was not over within 1 s"), "{sent}");
    // There is no time left to send it again.
    let not_sent = fetching.send().unwrap_err();
    assert!(!not_sent.may_have_arrived, "{not_sent}");
    assert_eq!(not_sent.to_string(), sent.to_string());
}
