//! The [`Headers` class](https://fetch.spec.whatwg.org/#headers-class): a header list with a guard,
//! as a page uses it.

use std::borrow::Cow;

use thiserror::Error;

use crate::{
    engine::Profile,
    header::{
        HeaderList, InvalidHeader, is_header_name,
        list::check,
        normalize_value,
        safelist::{
            PRIVILEGED_NO_CORS_REQUEST_HEADER_NAME, is_forbidden_request_header,
            is_forbidden_response_header_name, is_no_cors_safelisted_request_header,
            is_no_cors_safelisted_request_header_name, is_privileged_no_cors_request_header_name,
        },
    },
    spec::Step,
};

/// A [headers guard].
///
/// [headers guard]: https://fetch.spec.whatwg.org/#concept-headers-guard
///
/// ```
/// # use browser_cors::page::headers::{Guard, Headers};
/// let mut headers = Headers::new(Guard::Immutable);
/// assert!(headers.append("a", "b").is_err());
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Guard {
    /// "immutable": no header can be changed.
    Immutable,
    /// "request": drops forbidden request-headers.
    Request,
    /// "request-no-cors": drops all but no-CORS-safelisted request-headers.
    RequestNoCors,
    /// "response": drops forbidden response-header names.
    Response,
    /// "none"
    #[default]
    None,
}

/// A [`Headers`] object.
///
/// [`Headers`]: https://fetch.spec.whatwg.org/#headers-class
///
/// # Examples
///
/// ```
/// use browser_cors::page::headers::{Guard, Headers};
///
/// let mut headers = Headers::new(Guard::Request);
/// assert_eq!(headers.append("X-Token", " 1 "), Ok(true));
/// assert_eq!(headers.append("Cookie", "a=b"), Ok(false));
/// assert_eq!(headers.get("x-token").unwrap().as_deref(), Some(&b"1"[..]));
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Headers {
    header_list: HeaderList,
    guard: Guard,
    profile: Profile,
}

/// Why a method of [`Headers`] throws a `TypeError`.
///
/// ```
/// # use browser_cors::page::headers::{Guard, Headers};
/// let error = Headers::new(Guard::None).append("a b", "").unwrap_err();
/// assert_eq!(error.to_string(), "`a b` is not a header name: a token was expected");
/// assert_eq!(error.step().to_string(), "#headers-validate step 1");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum HeadersTypeError {
    /// The name or the value is invalid.
    #[error(transparent)]
    Invalid(#[from] InvalidHeader),
    /// The guard is "immutable".
    #[error("these headers are immutable")]
    Immutable,
}

impl HeadersTypeError {
    /// The step of the standard that throws.
    ///
    /// ```
    /// # use browser_cors::page::headers::HeadersTypeError;
    /// assert_eq!(HeadersTypeError::Immutable.step().path(), "2");
    /// ```
    pub const fn step(&self) -> Step {
        Step::new(
            "headers-validate",
            match self {
                Self::Invalid(_) => "1",
                Self::Immutable => "2",
            },
        )
    }
}

impl Headers {
    /// An object with an empty header list.
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// assert!(Headers::new(Guard::None).header_list().is_empty());
    /// ```
    pub const fn new(guard: Guard) -> Self {
        Self { header_list: HeaderList::new(), guard, profile: Profile::STANDARD }
    }

    /// An object with this header list, which the guard does not filter.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, page::headers::{Guard, Headers}};
    /// let list = HeaderList::try_from([("Set-Cookie", "a=b")]).unwrap();
    /// assert_eq!(Headers::with_header_list(list, Guard::Response).has("set-cookie"), Ok(true));
    /// ```
    pub const fn with_header_list(header_list: HeaderList, guard: Guard) -> Self {
        Self { header_list, guard, profile: Profile::STANDARD }
    }

    /// Sets the profile, which may judge headers differently.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, page::headers::{Guard, Headers}};
    /// let mut headers = Headers::new(Guard::RequestNoCors).for_profile(&Profile::FIREFOX);
    /// assert_eq!(headers.append("Accept", b"caf\xE9"), Ok(false));
    /// ```
    #[must_use]
    pub const fn for_profile(mut self, profile: &Profile) -> Self {
        self.profile = *profile;
        self
    }

    /// The [header list](https://fetch.spec.whatwg.org/#concept-headers-header-list).
    ///
    /// ```
    /// # use browser_cors::page::headers::Headers;
    /// assert_eq!(Headers::default().header_list().len(), 0);
    /// ```
    pub const fn header_list(&self) -> &HeaderList {
        &self.header_list
    }

    /// Returns the header list.
    ///
    /// ```
    /// # use browser_cors::page::headers::Headers;
    /// assert!(Headers::default().into_header_list().is_empty());
    /// ```
    pub fn into_header_list(self) -> HeaderList {
        self.header_list
    }

    /// The [guard](https://fetch.spec.whatwg.org/#concept-headers-guard).
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// assert_eq!(Headers::default().guard(), Guard::None);
    /// ```
    pub const fn guard(&self) -> Guard {
        self.guard
    }

    /// [Validates] a header. Returns whether the guard lets it pass.
    ///
    /// # Errors
    ///
    /// If the name or the value is invalid, or the guard is "immutable".
    ///
    /// [Validates]: https://fetch.spec.whatwg.org/#headers-validate
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// assert_eq!(Headers::new(Guard::Request).validate("Host", b"a"), Ok(false));
    /// ```
    pub fn validate(&self, name: impl AsRef<[u8]>, value: &[u8]) -> Result<bool, HeadersTypeError> {
        self.validated(name.as_ref(), value).map(|name| name.is_some())
    }

    /// [Appends] a header. `Ok(false)` means that the guard dropped it.
    ///
    /// # Errors
    ///
    /// If the name or the value is invalid, or the guard is "immutable".
    ///
    /// [Appends]: https://fetch.spec.whatwg.org/#concept-headers-append
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// let mut headers = Headers::new(Guard::RequestNoCors);
    /// assert_eq!(headers.append("Accept", "text/html"), Ok(true));
    /// assert_eq!(headers.append("Range", "bytes=0-"), Ok(false));
    /// ```
    pub fn append(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<bool, HeadersTypeError> {
        // Step 1.
        let value = normalize_value(value.as_ref());
        // Step 2.
        let Some(name) = self.validated(name.as_ref(), value)? else { return Ok(false) };
        // Step 3.
        if self.guard == Guard::RequestNoCors {
            let temporary = match self.header_list.get(name) {
                None => Cow::Borrowed(value),
                Some(old) => Cow::Owned([&old, &b", "[..], value].concat()),
            };
            if !is_no_cors_safelisted_request_header(name, &temporary, &self.profile) {
                return Ok(false);
            }
        }
        // Step 4.
        self.header_list.append_valid(name.as_bytes(), value);
        // Step 5.
        self.remove_privileged_no_cors_request_headers();
        Ok(true)
    }

    /// The [`delete()`] method. `Ok(false)` means that the guard kept the header, or that there was
    /// none.
    ///
    /// # Errors
    ///
    /// If the name is invalid, or the guard is "immutable".
    ///
    /// [`delete()`]: https://fetch.spec.whatwg.org/#dom-headers-delete
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// let mut headers = Headers::new(Guard::None);
    /// headers.append("a", "1").unwrap();
    /// assert_eq!(headers.delete("A"), Ok(true));
    /// assert_eq!(headers.delete("A"), Ok(false));
    /// ```
    pub fn delete(&mut self, name: impl AsRef<[u8]>) -> Result<bool, HeadersTypeError> {
        // Step 1.
        let Some(name) = self.validated(name.as_ref(), b"")? else { return Ok(false) };
        // Step 2.
        if self.guard == Guard::RequestNoCors
            && !is_no_cors_safelisted_request_header_name(name)
            && !is_privileged_no_cors_request_header_name(name)
        {
            return Ok(false);
        }
        // Step 3.
        if !self.header_list.contains(name) {
            return Ok(false);
        }
        // Step 4.
        self.header_list.delete(name);
        // Step 5.
        self.remove_privileged_no_cors_request_headers();
        Ok(true)
    }

    /// The [`get()`] method.
    ///
    /// # Errors
    ///
    /// If the name is invalid.
    ///
    /// [`get()`]: https://fetch.spec.whatwg.org/#dom-headers-get
    ///
    /// ```
    /// # use browser_cors::page::headers::Headers;
    /// assert_eq!(Headers::default().get("a"), Ok(None));
    /// assert!(Headers::default().get("").is_err());
    /// ```
    pub fn get(&self, name: impl AsRef<[u8]>) -> Result<Option<Cow<'_, [u8]>>, InvalidHeader> {
        // Step 1.
        let name = header_name(name.as_ref())?;
        // Step 2.
        Ok(self.header_list.get(name))
    }

    /// The [`getSetCookie()`] method.
    ///
    /// [`getSetCookie()`]: https://fetch.spec.whatwg.org/#dom-headers-getsetcookie
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// let mut headers = Headers::new(Guard::None);
    /// headers.append("Set-Cookie", "a=1").unwrap();
    /// headers.append("set-cookie", "b=2").unwrap();
    /// assert_eq!(headers.get_set_cookie().collect::<Vec<_>>(), [b"a=1", b"b=2"]);
    /// ```
    pub fn get_set_cookie(&self) -> impl Iterator<Item = &[u8]> {
        // Steps 1 and 2.
        self.header_list.values("Set-Cookie")
    }

    /// The [`has()`] method.
    ///
    /// # Errors
    ///
    /// If the name is invalid.
    ///
    /// [`has()`]: https://fetch.spec.whatwg.org/#dom-headers-has
    ///
    /// ```
    /// # use browser_cors::page::headers::Headers;
    /// assert_eq!(Headers::default().has("a"), Ok(false));
    /// ```
    pub fn has(&self, name: impl AsRef<[u8]>) -> Result<bool, InvalidHeader> {
        // Step 1.
        let name = header_name(name.as_ref())?;
        // Step 2.
        Ok(self.header_list.contains(name))
    }

    /// The [`set()`] method. `Ok(false)` means that the guard dropped the header.
    ///
    /// # Errors
    ///
    /// If the name or the value is invalid, or the guard is "immutable".
    ///
    /// [`set()`]: https://fetch.spec.whatwg.org/#dom-headers-set
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// let mut headers = Headers::new(Guard::Response);
    /// assert_eq!(headers.set("Set-Cookie", "a=1"), Ok(false));
    /// ```
    pub fn set(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<bool, HeadersTypeError> {
        // Step 1.
        let value = normalize_value(value.as_ref());
        // Step 2.
        let Some(name) = self.validated(name.as_ref(), value)? else { return Ok(false) };
        // Step 3.
        if self.guard == Guard::RequestNoCors
            && !is_no_cors_safelisted_request_header(name, value, &self.profile)
        {
            return Ok(false);
        }
        // Step 4.
        self.header_list.set_valid(name.as_bytes(), value);
        // Step 5.
        self.remove_privileged_no_cors_request_headers();
        Ok(true)
    }

    /// [Fills] the object, pair by pair.
    ///
    /// # Errors
    ///
    /// If [`append`](Self::append) refuses a pair. The pairs before it have been appended.
    ///
    /// [Fills]: https://fetch.spec.whatwg.org/#concept-headers-fill
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// let mut headers = Headers::new(Guard::None);
    /// headers.fill([("a", "1"), ("A", "2")]).unwrap();
    /// assert_eq!(headers.get("a").unwrap().as_deref(), Some(&b"1, 2"[..]));
    /// ```
    pub fn fill<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &mut self,
        object: impl IntoIterator<Item = (N, V)>,
    ) -> Result<(), HeadersTypeError> {
        // Steps 1 and 2.
        object.into_iter().try_for_each(|(name, value)| self.append(name, value).map(drop))
    }

    /// The headers over which the object iterates: the header list, sorted and combined.
    ///
    /// ```
    /// # use browser_cors::page::headers::{Guard, Headers};
    /// let mut headers = Headers::new(Guard::None);
    /// headers.fill([("B", "1"), ("a", "2")]).unwrap();
    /// assert_eq!(headers.sorted().iter().next(), Some(("a", &b"2"[..])));
    /// ```
    pub fn sorted(&self) -> HeaderList {
        self.header_list.sort_and_combine()
    }

    /// [Removes privileged no-CORS request-headers], if the guard is "request-no-cors".
    ///
    /// [Removes privileged no-CORS request-headers]: https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers
    fn remove_privileged_no_cors_request_headers(&mut self) {
        if self.guard == Guard::RequestNoCors {
            // Step 1.
            self.header_list.delete(PRIVILEGED_NO_CORS_REQUEST_HEADER_NAME);
        }
    }

    /// Validates a header. Returns its name as text if the guard lets it pass.
    fn validated<'a>(
        &self,
        name: &'a [u8],
        value: &[u8],
    ) -> Result<Option<&'a str>, HeadersTypeError> {
        // Step 1.
        check(name, value)?;
        let name = header_name(name)?;
        // Step 2.
        if self.guard == Guard::Immutable {
            return Err(HeadersTypeError::Immutable);
        }
        // Step 3.
        if self.guard == Guard::Request && is_forbidden_request_header(name, value) {
            return Ok(None);
        }
        // Step 4.
        if self.guard == Guard::Response && is_forbidden_response_header_name(name) {
            return Ok(None);
        }
        // Step 5.
        Ok(Some(name))
    }
}

/// The name as text, if it is a valid header name.
pub(crate) fn header_name(name: &[u8]) -> Result<&str, InvalidHeader> {
    match str::from_utf8(name) {
        Ok(text) if is_header_name(name) => Ok(text),
        _ => Err(InvalidHeader::Name { name: name.to_owned() }),
    }
}
