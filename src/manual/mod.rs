//! Prose: what the commands read and write, and how the model was made.

#[doc = include_str!("audits.md")]
pub mod audits {}
#[doc = include_str!("console.md")]
pub mod console {}
#[doc = include_str!("engines.md")]
pub mod engines {}
#[doc = include_str!("expectations.md")]
pub mod expectations {}
#[doc = include_str!("fixes.md")]
pub mod fixes {}
#[doc = include_str!("installing.md")]
pub mod installing {}
#[doc = include_str!("live_servers.md")]
pub mod live_servers {}
#[doc = include_str!("recordings.md")]
pub mod recordings {}
#[doc = include_str!("scenarios.md")]
pub mod scenarios {}
#[doc = include_str!("speed.md")]
pub mod speed {}
#[doc = include_str!("test_suites.md")]
pub mod test_suites {}
