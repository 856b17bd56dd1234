//! Lines of JSON, which programs read.

use serde::Serialize;

/// The version of the JSON of all but `simulate` and `expect`, whose lines have their own. It grows when
/// a member disappears or changes its meaning.
///
/// ```
/// # use browser_cors_audit::line::FORMAT;
/// assert_eq!(FORMAT, 1);
/// ```
pub const FORMAT: u32 = 1;

/// An object with the version of its format before its members.
///
/// ```
/// use std::collections::HashMap;
///
/// use browser_cors_audit::line::Line;
///
/// let line = serde_json::to_string(&Line::of(&HashMap::from([("blocked", 2)])))?;
/// assert_eq!(line, r#"{"format":1,"blocked":2}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Serialize)]
pub struct Line<'a, T> {
    format: u32,
    #[serde(flatten)]
    content: &'a T,
}

impl<'a, T: Serialize> Line<'a, T> {
    /// The object with these members.
    ///
    /// ```
    /// # use browser_cors_audit::line::Line;
    /// let line = Line::of(&serde_json::Map::new());
    /// ```
    pub const fn of(content: &'a T) -> Self {
        Self { format: FORMAT, content }
    }
}
