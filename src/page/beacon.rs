//! [`navigator.sendBeacon()`](https://w3c.github.io/beacon/#sendbeacon-method).

use std::sync::Arc;

use http::Method;
use thiserror::Error;

use super::{body::BodyInit, engines::BeaconTypeLength};
use crate::{
    engine::Profile,
    environment::Environment,
    fetch::{KEEPALIVE_LIMIT, Outcome},
    header::{
        HeaderList, normalize_value,
        safelist::{NotSafelisted, cors_safelisted_request_header},
    },
    origin::has_http_scheme,
    request::{CredentialsMode, InitiatorType, Mode, Request, Written},
    transcript::Transcript,
};

/// Why `sendBeacon()` throws a `TypeError`.
///
/// ```
/// # use browser_cors::page::beacon::BeaconTypeError;
/// let error = BeaconTypeError::Scheme { scheme: "ftp".to_owned() };
/// assert_eq!(error.to_string(), "beacons are for http and https, not ftp");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum BeaconTypeError {
    /// The URL cannot be parsed.
    #[error("`{text}` is not a URL: {reason}")]
    Url {
        /// What was given.
        text: String,
        /// What the URL parser says.
        reason: url::ParseError,
    },
    /// The URL is not an HTTP(S) URL.
    #[error("beacons are for http and https, not {scheme}")]
    Scheme {
        /// The URL's scheme.
        scheme: String,
    },
    /// The body is a stream, which keepalive does not allow.
    #[error("a beacon cannot have a stream for its body")]
    Stream,
}

/// The [`sendBeacon()`] method: makes the request. `Ok(None)` means that the method returns false,
/// because the body is larger than what keepalive requests may carry.
///
/// `profile` says whether there is such a limit; what else engines do differently happens when a fetch
/// of the request begins.
///
/// Ours: the unsafe-request flag is set. The letter of the standard does not set it, so a type that
/// is not safelisted would need no preflight; but the Beacon Standard's own [security
/// considerations](https://w3c.github.io/beacon/#privacy-and-security) say that it needs one.
///
/// # Errors
///
/// If the standard throws a `TypeError`.
///
/// [`sendBeacon()`]: https://w3c.github.io/beacon/#sendbeacon-method
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile, environment::Environment, page::{beacon::send_beacon, body::BodyInit},
///     request::Mode, url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let data = BodyInit::Text("bye".to_owned());
/// let request = send_beacon("https://log.example/", Some(data), &page, &Profile::STANDARD)?.unwrap();
/// assert_eq!(request.mode, Mode::NoCors);
///
/// let data = BodyInit::Blob { bytes: b"{}".to_vec(), kind: "application/json".to_owned() };
/// let request = send_beacon("https://log.example/", Some(data), &page, &Profile::STANDARD)?.unwrap();
/// assert_eq!(request.mode, Mode::Cors);
/// # Ok::<(), browser_cors::page::beacon::BeaconTypeError>(())
/// ```
pub fn send_beacon(
    url: &str,
    data: Option<BodyInit>,
    client: &Arc<Environment>,
    profile: &Profile,
) -> Result<Option<Request>, BeaconTypeError> {
    // Steps 1 to 3.
    let url = client
        .api_base_url
        .join(url)
        .map_err(|reason| BeaconTypeError::Url { text: url.to_owned(), reason })?;
    if !has_http_scheme(&url) {
        return Err(BeaconTypeError::Scheme { scheme: url.scheme().to_owned() });
    }
    // Steps 4 and 5.
    let mut header_list = HeaderList::new();
    let mut cors_mode = Mode::NoCors;
    // Step 6.
    let mut transmitted_data = None;
    if let Some(data) = data {
        // Step 6.1.
        if data == BodyInit::ReadableStream {
            return Err(BeaconTypeError::Stream);
        }
        let (body, content_type) = data.extract();
        // Step 6.2.
        // Departs(BeaconLimit)
        if profile.choices.beacon_limit.holds()
            && body.length().is_some_and(|length| length > KEEPALIVE_LIMIT)
        {
            return Ok(None);
        }
        // Step 6.3.
        if let Some(content_type) = content_type {
            let content_type = normalize_value(content_type.as_bytes());
            cors_mode = mode_for(content_type, &Profile::STANDARD);
            header_list.append_valid(b"Content-Type", content_type);
        }
        transmitted_data = Some(body);
    }
    // Step 7.
    let mut request = Request::new(url, client.origin.clone());
    request.method = Method::POST;
    request.client = Some(Arc::clone(client));
    request.header_list = header_list;
    request.keepalive = true;
    request.body = transmitted_data;
    request.mode = cors_mode;
    request.credentials_mode = CredentialsMode::Include;
    request.initiator_type = Some(InitiatorType::Beacon);
    request.unsafe_request = true;
    request.written = Some(Arc::new(Beacon));
    Ok(Some(request))
}

/// Step 6.3: the mode of a beacon with this `Content-Type`.
fn mode_for(content_type: &[u8], profile: &Profile) -> Mode {
    match cors_safelisted_request_header("Content-Type", content_type, profile) {
        Ok(()) => Mode::NoCors,
        Err(_) => Mode::Cors,
    }
}

/// Whether a `Content-Type` is too long for the safelist, and nothing else keeps it out.
fn is_safelisted_but_for_length(content_type: &[u8], profile: &Profile) -> bool {
    let essence = content_type.split(|byte| *byte == b';').next().unwrap_or_default();
    let verdict = cors_safelisted_request_header("Content-Type", content_type, profile);
    matches!(verdict, Err(NotSafelisted::TooLong { .. }))
        && mode_for(essence, profile) == Mode::NoCors
}

/// Whether `sendBeacon()` returns true. By the standard it does so if it makes a request at all.
pub(crate) fn is_queued(transcript: &Transcript) -> bool {
    let Outcome::NetworkError(error) = &transcript.outcome else { return true };
    // Departs(BeaconRefusal)
    let refusal = transcript.profile.choices.beacon_refusal;
    !transcript.exchanges.is_empty() || !refusal.is_told(&error.refusal)
}

/// The request that `sendBeacon()` makes.
#[derive(Debug)]
struct Beacon;

impl Written for Beacon {
    fn make(&self, request: &mut Request, profile: &Profile) {
        let Some(content_type) = request.header_list.get("Content-Type") else { return };
        if request.mode != mode_for(&content_type, &Profile::STANDARD) {
            return;
        }
        // Departs(BeaconType)
        let choices = &profile.choices;
        if choices.beacon_type.is_dropped(&content_type) {
            request.header_list.delete("Content-Type");
            request.mode = Mode::NoCors;
            return;
        }
        // Departs(BeaconTypeLength)
        let is_too_long = is_safelisted_but_for_length(&content_type, profile);
        let mode = mode_for(&content_type, profile);
        (request.mode, request.unsafe_request) = match choices.beacon_type_length {
            BeaconTypeLength::Ignored if is_too_long => (Mode::NoCors, true),
            BeaconTypeLength::IgnoredByPreflight if is_too_long => (mode, false),
            _ => (mode, true),
        };
    }
}
