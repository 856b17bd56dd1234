//! [`EventSource`](https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface),
//! as far as it decides which request is made.

use std::sync::Arc;

use url::Url;

use super::elements::{CorsSettingsAttribute, create_a_potential_cors_request};
use crate::{
    environment::Environment,
    header::HeaderList,
    request::{CacheMode, Destination, InitiatorType, Request},
};

/// The request of an `EventSource`, as its [constructor] makes it.
///
/// [constructor]: https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     environment::Environment, page::event_source::event_source_request,
///     request::{CredentialsMode, Mode}, url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://api.example/events").unwrap();
/// let request = event_source_request(url, true, &page);
/// assert_eq!((request.mode, request.credentials_mode), (Mode::Cors, CredentialsMode::Include));
/// ```
pub fn event_source_request(
    url: Url,
    with_credentials: bool,
    client: &Arc<Environment>,
) -> Request {
    // Steps 1 to 5. The caller parses the URL.
    // Steps 6 and 7.
    let cors_attribute_state = if with_credentials {
        CorsSettingsAttribute::UseCredentials
    } else {
        CorsSettingsAttribute::Anonymous
    };
    // Steps 8 and 9.
    let mut request = create_a_potential_cors_request(
        url,
        Destination::Empty,
        cors_attribute_state,
        false,
        client,
    );
    // Step 10.
    request.header_list = HeaderList::with_capacity(2, 64);
    request.header_list.append_valid(b"Accept", b"text/event-stream");
    // Step 11.
    request.cache_mode = CacheMode::NoStore;
    // Step 12.
    request.initiator_type = Some(InitiatorType::Other);
    request
}
