//! Which server answered, as far as its headers tell.

use super::{Tongue, policy::answer};
use crate::transcript::Transcript;

/// Which server answered, and by which header that was guessed.
///
/// ```
/// # use browser_cors::{explain::tongue::guess, transcript::Transcript};
/// # fn f(transcript: &Transcript) {
/// if let Some(guess) = guess(transcript) {
///     println!("{}, guessed from `{}`", guess.tongue, guess.from);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Guess {
    /// The server.
    pub tongue: Tongue,
    /// The header that tells, as `Name: value`.
    pub from: String,
}

/// What a header tells: its name, what its value begins with, in lower case, and the server. What is
/// nearer to the application comes first: that is where CORS is mended best.
const SIGNS: [(&str, &str, Tongue); 28] = [
    ("X-Powered-By", "express", Tongue::Express),
    ("X-Powered-By", "asp.net", Tongue::Aspnet),
    ("X-Powered-By", "phusion passenger", Tongue::Rails),
    ("Set-Cookie", "laravel_session", Tongue::Laravel),
    ("Set-Cookie", "jsessionid", Tongue::Spring),
    ("X-Application-Context", "", Tongue::Spring),
    ("X-AspNet-Version", "", Tongue::Aspnet),
    ("X-Runtime", "0.", Tongue::Rails),
    ("Server", "werkzeug", Tongue::Flask),
    ("Server", "wsgiserver", Tongue::Django),
    ("Server", "uvicorn", Tongue::Fastapi),
    ("Server", "hypercorn", Tongue::Fastapi),
    ("Server", "kestrel", Tongue::Aspnet),
    ("Server", "microsoft-iis", Tongue::Aspnet),
    ("Server", "apache-coyote", Tongue::Spring),
    ("Server", "puma", Tongue::Rails),
    ("Server", "amazons3", Tongue::S3),
    ("x-amz-apigw-id", "", Tongue::ApiGateway),
    ("apigw-requestid", "", Tongue::ApiGateway),
    ("Server", "caddy", Tongue::Caddy),
    ("Server", "nginx", Tongue::Nginx),
    ("Server", "openresty", Tongue::Nginx),
    ("Server", "apache", Tongue::Apache),
    ("Server", "haproxy", Tongue::Haproxy),
    ("Server", "cloudfront", Tongue::Cloudfront),
    ("x-amz-cf-id", "", Tongue::Cloudfront),
    ("Server", "cloudflare", Tongue::Cloudflare),
    ("cf-ray", "", Tongue::Cloudflare),
];

/// Guesses the server from `Server`, `X-Powered-By` and their like in the answer that was judged.
///
/// ```
/// # use browser_cors::{explain::tongue::guess, transcript::Transcript};
/// # fn f(transcript: &Transcript) {
/// let is_known = guess(transcript).is_some();
/// # }
/// ```
pub fn guess(transcript: &Transcript) -> Option<Guess> {
    let headers = answer(transcript)?;
    SIGNS.iter().find_map(|(name, begin, tongue)| {
        let mut values = headers.values(name);
        let value = values.find(|value| {
            let value = value.get(..begin.len()).unwrap_or_default();
            value.eq_ignore_ascii_case(begin.as_bytes())
        })?;
        // A cookie's value is nobody's business.
        let shown = value.split(|byte| *byte == b'=').next().unwrap_or_default();
        Some(Guess { tongue: *tongue, from: format!("{name}: {}", shown.escape_ascii()) })
    })
}
