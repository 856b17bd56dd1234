//! The standard's names for the values of its closed sets, and the error for other texts.

/// Text that does not name a value of one of the standard's sets.
///
/// ```
/// # use browser_cors::request::Mode;
/// let error = "nocors".parse::<Mode>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`nocors` is not one of same-origin, cors, no-cors, navigate, websocket, webtransport",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{text}` is not one of {}", .expected.join(", "))]
pub struct UnknownKeyword {
    /// The text.
    pub text: String,
    /// The names that the standard knows.
    pub expected: &'static [&'static str],
}

/// Converts the values of an enum to the standard's names, and back.
macro_rules! named {
    ($module:literal, $type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// The standard's names, in its order.
            ///
            /// ```
            #[doc = concat!("use browser_cors::", $module, "::", stringify!($type), ";")]
            ///
            #[doc = concat!("let is_name = |name: &&str| name.parse::<", stringify!($type), ">().is_ok();")]
            #[doc = concat!("assert!(", stringify!($type), "::NAMES.iter().all(is_name));")]
            /// ```
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The standard's name for this value.
            ///
            /// ```
            #[doc = concat!("use browser_cors::", $module, "::", stringify!($type), ";")]
            ///
            #[doc = concat!("let name = ", stringify!($type), "::default().as_str();")]
            #[doc = concat!("assert_eq!(name.parse(), Ok(", stringify!($type), "::default()));")]
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::spec::UnknownKeyword;

            fn from_str(text: &str) -> Result<Self, $crate::spec::UnknownKeyword> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::spec::UnknownKeyword { text: text.to_owned(), expected: Self::NAMES }),
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// The name with the spelling most similar to `text`, if it is so similar that the user may have
/// meant it.
pub(crate) fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// The greatest length of a text that is compared, in bytes. All names are shorter.
    const LIMIT: usize = 64;
    if text.len() > LIMIT {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&text, name);
    let near = names.into_iter().map(|name| (distance(name), name));
    let near = near.filter(|(distance, name)| *distance <= 1 + name.len() / 4);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

pub(crate) use named;
