//! The addresses of steps in the Fetch Standard. Every refusal has one.

pub(crate) mod keyword;

use core::fmt;

pub use keyword::UnknownKeyword;

/// A step of an algorithm of the [Fetch Standard](https://fetch.spec.whatwg.org/).
///
/// The anchor leads to the algorithm's definition. The path is the step's number; sub-steps follow
/// a point, and brackets contain a branch of a switch, as in `12[no-cors].1`.
///
/// # Examples
///
/// ```
/// use browser_cors::cors_check::CorsCheckFailure;
///
/// let step = CorsCheckFailure::NoAllowOrigin.step();
/// assert_eq!(step.to_string(), "#concept-cors-check step 2");
/// assert_eq!(step.url(), "https://fetch.spec.whatwg.org/#concept-cors-check");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Step {
    anchor: &'static str,
    path: &'static str,
}

impl Step {
    pub(crate) const fn new(anchor: &'static str, path: &'static str) -> Self {
        Self { anchor, path }
    }

    /// The anchor of the algorithm's definition, without `#`.
    ///
    /// ```
    /// # use browser_cors::cors_check::CorsCheckFailure;
    /// assert_eq!(CorsCheckFailure::NoAllowOrigin.step().anchor(), "concept-cors-check");
    /// ```
    pub const fn anchor(self) -> &'static str {
        self.anchor
    }

    /// The number of the step.
    ///
    /// ```
    /// # use browser_cors::cors_check::CorsCheckFailure;
    /// assert_eq!(CorsCheckFailure::NoAllowOrigin.step().path(), "2");
    /// ```
    pub const fn path(self) -> &'static str {
        self.path
    }

    /// The address of the algorithm's definition.
    ///
    /// ```
    /// # use browser_cors::cors_check::CorsCheckFailure;
    /// let url = CorsCheckFailure::NoAllowOrigin.step().url();
    /// assert_eq!(url, "https://fetch.spec.whatwg.org/#concept-cors-check");
    /// ```
    pub fn url(self) -> String {
        format!("https://fetch.spec.whatwg.org/#{}", self.anchor)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} step {}", self.anchor, self.path)
    }
}
