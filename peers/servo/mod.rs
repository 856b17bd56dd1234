//! The functions of Servo's network stack that decide about CORS, over the decisions of
//! `browser-cors`. They take `net_traits`' own requests and responses, and have the names and the
//! parameters of the functions that they replace. `README.md` lists what stays Servo's.

pub mod checks;
pub mod cors_cache;
pub mod preflight;
pub mod safelist;
pub mod types;

use browser_cors::engine::Profile;

/// What Servo wants where the standard leaves a choice. To let `*` cover `Authorization`, as Servo
/// does, put `.with(Departure::AuthorizationUnderWildcard)` here.
pub const PROFILE: Profile = Profile::STANDARD;
