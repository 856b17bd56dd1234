//! What made a header value that browsers do not accept, read from its bytes.
//!
//! A value that is wrong often shows how it came about: a variable that nothing replaced, quotes of a
//! configuration file, a setting of a library that was written out as text. Each [`Cause`] is a kind
//! of such mistakes and says in one or two sentences what happened and what to change.

mod list;
mod max_age;
mod origin;
mod text;

use std::fmt;

pub(crate) use list::{clean_members, of_list, usual_method};
pub(crate) use max_age::of_max_age;
pub(crate) use origin::{of_allow_credentials, of_allow_origin};

use crate::explain::remedy::words;

macro_rules! causes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal: $text:expr,)+) => {
        /// What made a header value that browsers do not accept. [`Display`](fmt::Display) says it in
        /// sentences, for people, with what to change.
        ///
        /// ```
        /// use browser_cors::explain::Cause;
        ///
        /// let cause = Cause::UnexpandedVariable;
        /// assert_eq!(cause.as_str(), "unexpanded-variable");
        /// assert!(cause.to_string().starts_with("The server sent the name of a variable"));
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Cause {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Cause {
            /// All causes.
            ///
            /// ```
            /// # use browser_cors::explain::Cause;
            /// assert!(Cause::ALL.contains(&Cause::Empty));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in JSON.
            ///
            /// ```
            /// # use browser_cors::explain::Cause;
            /// assert_eq!(Cause::TrailingDot.as_str(), "trailing-dot");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The sentences.
            pub(crate) const fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

causes! {
    /// There is nothing in it.
    Empty = "empty":
        "The value is empty: the variable or setting behind it is not set.",
    /// It is what Apache writes for a variable that is not set.
    ApacheNull = "apache-null":
        "Apache writes `(null)` for a variable that is not set: send the header only where the \
         variable is set (`env=NAME`), and set it for this origin.",
    /// It is `null`.
    Null = "null":
        "A CORS library or a template writes `null` where it knows no allowed origin: add this \
         origin to the origins that the server allows. Do not allow `null` itself.",
    /// It is `true` or `false`.
    Boolean = "boolean":
        "A setting of the server's CORS library was sent as text: write there what is allowed.",
    /// It is how a language writes a value that does not exist.
    MissingValue = "missing-value":
        "The server's code wrote out a value that does not exist: the setting behind the header \
         is not read, or has another name.",
    /// It is how a language writes an object, a list or a function.
    Object = "object":
        "The server's code wrote out an object or a list in place of a text: write its members out.",
    /// It holds a variable that nothing replaced.
    UnexpandedVariable = "unexpanded-variable":
        "The server sent the name of a variable in place of its value: this place of the \
         configuration replaces no variables, or not those that are written like this.",
    /// It is a regular expression.
    RegularExpression = "regular-expression":
        "Browsers know no regular expressions and compare the value as it is: have the server match \
         `Origin`, and answer with the origin that asked.",
    /// It has a `*` that is not alone.
    Pattern = "pattern":
        words::NO_PATTERNS,
    /// It has quotes.
    Quotes = "quotes":
        "The quotes are sent as a part of the value: write it without them.",
    /// It has brackets.
    Brackets = "brackets":
        "The brackets are sent as a part of the value: a list of the configuration was written out as \
         text.",
    /// It ends with a semicolon or a comma.
    Punctuation = "punctuation":
        "The punctuation at the end is sent as a part of the value: write it without that.",
    /// It has the name of the header in it.
    HeaderName = "header-name":
        "The name of the header stands in its value as well: write the value alone.",
    /// It has a word of a configuration file in it.
    ConfigurationWord = "configuration-word":
        "A word of the configuration is sent as a part of the value: close the quotes before that word.",
    /// It has characters that nobody sees.
    InvisibleCharacter = "invisible-character":
        "There is a character in it that nobody sees: type the value anew.",
    /// It is percent-encoded.
    PercentEncoded = "percent-encoded":
        "The value is percent-encoded: send it decoded.",
    /// It is escaped for HTML.
    HtmlEscaped = "html-escaped":
        "The value is escaped for HTML: send it as it is.",
    /// The same value is there more than once.
    Repeated = "repeated":
        "The same value is there more than once, and browsers read that as one value. If the server \
         and a proxy both add it, one of them must stop.",
    /// It has several origins.
    SeveralOrigins = "several-origins":
        words::ONE_ORIGIN,
    /// It has a path.
    Path = "path":
        "An origin has no path.",
    /// It has a slash at its end.
    Slash = "slash":
        "An origin has no path, not even a slash.",
    /// It has a user name or a password.
    UserName = "user-name":
        "An origin has no user name and no password.",
    /// It has upper-case letters.
    UpperCase = "upper-case":
        words::LOWER_CASE,
    /// It has the port of the scheme.
    DefaultPort = "default-port":
        "Browsers leave the port away that is the scheme's own: leave it away as well.",
    /// It has another port, or none.
    Port = "port":
        "The port is part of an origin, unless it is the scheme's own.",
    /// It has another scheme, or none.
    Scheme = "scheme":
        "The scheme is part of an origin.",
    /// What stands between the scheme and the host is wrong.
    Slashes = "slashes":
        "Between the scheme and the host stands `://`.",
    /// It has a host that is not in ASCII.
    UnicodeHost = "unicode-host":
        "Browsers send a host in ASCII, with `xn--` before what was not: list it like that.",
    /// Its host ends in a dot.
    TrailingDot = "trailing-dot":
        "To browsers, a host with a dot at its end is another host: leave the dot away.",
    /// It differs in `www.`.
    Www = "www":
        "With `www.` and without, these are two origins: list both, if both are yours.",
    /// It is another name of the own machine.
    LoopbackName = "loopback-name":
        "To browsers, `localhost` and `127.0.0.1` are two origins, although it is one machine: list \
         both, or open the page with the name that is listed.",
    /// It is the origin of the server.
    ServerOrigin = "server-origin":
        "That is the server's own origin: the header names the origin of the page.",
    /// It is the domain above the page's.
    ParentDomain = "parent-domain":
        "A domain does not stand for the domains below it: list the page's whole origin.",
    /// It has members that are not separated by commas alone.
    Separators = "separators":
        words::NAMES_AND_COMMAS,
    /// It has a word for everything that is not `*`.
    WordForAll = "word-for-all":
        "There is no word for all: only `*` is that, and only without credentials.",
    /// It has a method in lower case.
    LowerCaseMethod = "lower-case-method":
        "Methods are compared byte for byte: list them in upper case.",
    /// It means `true` but is not that.
    NotTrue = "not-true":
        "Only `true` counts, in these four bytes.",
    /// It is `false`.
    False = "false":
        "`false` grants nothing: the server's setting for credentials is off.",
    /// It is no number of seconds in digits alone.
    NoSeconds = "no-seconds":
        "Access-Control-Max-Age is a number of seconds, in digits alone, on one line.",
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(feature = "scenario")]
impl serde::Serialize for Cause {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
