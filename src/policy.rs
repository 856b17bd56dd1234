//! The [policies](https://html.spec.whatwg.org/multipage/browsers.html#policy-container) of a document
//! or worker that decide something here.

use crate::name::named;

/// An [embedder policy value].
///
/// [embedder policy value]: https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy-value
///
/// ```
/// # use browser_cors::policy::EmbedderPolicy;
/// assert_eq!(EmbedderPolicy::default(), EmbedderPolicy::UnsafeNone);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum EmbedderPolicy {
    /// "unsafe-none": the default.
    #[default]
    UnsafeNone,
    /// "credentialless": no-CORS requests to other origins go without credentials.
    Credentialless,
    /// "require-corp": other origins' resources must opt in by `Cross-Origin-Resource-Policy`.
    RequireCorp,
}

/// A [referrer policy].
///
/// [referrer policy]: https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
///
/// ```
/// # use browser_cors::policy::ReferrerPolicy;
/// assert_eq!("same-origin".parse(), Ok(ReferrerPolicy::SameOrigin));
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ReferrerPolicy {
    /// The empty string: that of the client.
    #[default]
    Empty,
    /// "no-referrer"
    NoReferrer,
    /// "no-referrer-when-downgrade"
    NoReferrerWhenDowngrade,
    /// "same-origin"
    SameOrigin,
    /// "origin"
    Origin,
    /// "strict-origin"
    StrictOrigin,
    /// "origin-when-cross-origin"
    OriginWhenCrossOrigin,
    /// "strict-origin-when-cross-origin"
    StrictOriginWhenCrossOrigin,
    /// "unsafe-url"
    UnsafeUrl,
}

named!("policy", ReferrerPolicy {
    Empty = "",
    NoReferrer = "no-referrer",
    NoReferrerWhenDowngrade = "no-referrer-when-downgrade",
    SameOrigin = "same-origin",
    Origin = "origin",
    StrictOrigin = "strict-origin",
    OriginWhenCrossOrigin = "origin-when-cross-origin",
    StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
    UnsafeUrl = "unsafe-url",
});
