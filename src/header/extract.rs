//! [Extracting header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) of the
//! CORS headers. Each line is parsed [by the header's
//! ABNF](https://fetch.spec.whatwg.org/#extract-header-values). The result can be null (`Ok(None)`),
//! failure (`Err`), or a list, which may be empty.

use thiserror::Error;

use super::{ReadHeaders, is_token_byte, trim_tab_or_space};

/// A header whose value does not match the header's ABNF. This is the standard's failure.
///
/// # Examples
///
/// ```
/// use browser_cors::header::{HeaderList, extract::extract_tokens};
///
/// let list = HeaderList::try_from([("Access-Control-Allow-Methods", "GET, two words")]).unwrap();
/// let failure = extract_tokens("Access-Control-Allow-Methods", &list).unwrap_err();
/// assert_eq!((failure.line, failure.index), (0, 8));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{name}: {}` cannot be parsed: {expected} was expected at index {index}", .value.escape_ascii())]
pub struct InvalidHeaderValue {
    /// The header's name, as the standard writes it.
    pub name: &'static str,
    /// The index of the line among the header's lines, beginning with 0.
    pub line: usize,
    /// The value of that line.
    pub value: Vec<u8>,
    /// The index of the first wrong byte in the value, or the value's length if something is
    /// missing.
    pub index: usize,
    /// What was expected at this index.
    pub expected: &'static str,
}

/// [Extracts header list values] of a header whose ABNF is a list of tokens (`#token` or
/// `#field-name`): `Access-Control-Allow-Methods`, `Access-Control-Allow-Headers` and
/// `Access-Control-Expose-Headers`. Empty members are skipped.
///
/// # Errors
///
/// If a member of any line is not a token. The members of the other lines are then lost, too.
///
/// [Extracts header list values]: https://fetch.spec.whatwg.org/#extract-header-list-values
///
/// # Examples
///
/// ```
/// use browser_cors::header::{HeaderList, extract::extract_tokens};
///
/// let name = "Access-Control-Allow-Headers";
/// let list = HeaderList::try_from([(name, ", a,,b"), (name, "c")]).unwrap();
/// assert_eq!(extract_tokens(name, &list).unwrap().unwrap(), ["a", "b", "c"]);
/// assert_eq!(extract_tokens(name, &HeaderList::new()), Ok(None));
/// ```
pub fn extract_tokens<'a, H: ReadHeaders + ?Sized>(
    name: &'static str,
    list: &'a H,
) -> Result<Option<Vec<&'a str>>, InvalidHeaderValue> {
    // Steps 1 to 3. Ours: step 4 shows whether there is a line.
    let mut values = Vec::new();
    let mut has_line = false;
    // Step 4.
    for (line, value) in list.values_of(name).enumerate() {
        has_line = true;
        // Extract header values steps 1 and 2.
        let mut start = 0;
        for member in value.split(|byte| *byte == b',') {
            let token = trim_tab_or_space(member);
            if let Some(wrong) = token.iter().position(|byte| !is_token_byte(*byte)) {
                let leading = member.iter().take_while(|byte| matches!(byte, b'\t' | b' ')).count();
                return Err(InvalidHeaderValue {
                    name,
                    line,
                    value: value.to_owned(),
                    index: start + leading + wrong,
                    expected: if wrong == 0 { "a token" } else { "a comma" },
                });
            }
            if !token.is_empty() {
                values.push(str::from_utf8(token).expect("a token is ASCII"));
            }
            start += member.len() + 1;
        }
    }
    // Step 5.
    Ok(has_line.then_some(values))
}

/// [Extracts header list values] of `Access-Control-Max-Age`: a number of seconds. Numbers above
/// `u64::MAX` become `u64::MAX`.
///
/// # Errors
///
/// If the value is empty or has anything but digits, or if there is more than one line.
///
/// [Extracts header list values]: https://fetch.spec.whatwg.org/#extract-header-list-values
///
/// # Examples
///
/// ```
/// use browser_cors::header::{HeaderList, extract::extract_max_age};
///
/// let name = "Access-Control-Max-Age";
/// assert_eq!(extract_max_age(&HeaderList::try_from([(name, "600")]).unwrap()), Ok(Some(600)));
/// assert!(extract_max_age(&HeaderList::try_from([(name, "-1")]).unwrap()).is_err());
/// assert_eq!(extract_max_age(&HeaderList::new()), Ok(None));
/// ```
pub fn extract_max_age(
    list: &(impl ReadHeaders + ?Sized),
) -> Result<Option<u64>, InvalidHeaderValue> {
    const NAME: &str = "Access-Control-Max-Age";
    // Steps 1 to 5.
    let Some(value) = single(NAME, list)? else { return Ok(None) };
    // Extract header values step 1.
    let wrong = value.iter().position(|byte| !byte.is_ascii_digit());
    if value.is_empty() || wrong.is_some() {
        return Err(InvalidHeaderValue {
            name: NAME,
            line: 0,
            value: value.to_owned(),
            index: wrong.unwrap_or(0),
            expected: "a digit",
        });
    }
    // Extract header values step 2.
    Ok(Some(value.iter().fold(0_u64, |seconds, digit| {
        seconds.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    })))
}

/// [Extracts header list values] of `Location`: the only line; `None` if there is none.
///
/// # Errors
///
/// If there is more than one line.
///
/// [Extracts header list values]: https://fetch.spec.whatwg.org/#extract-header-list-values
///
/// # Examples
///
/// ```
/// use browser_cors::header::{HeaderList, extract::extract_location};
///
/// let one = HeaderList::try_from([("Location", "/next")]).unwrap();
/// assert_eq!(extract_location(&one), Ok(Some(&b"/next"[..])));
/// let two = HeaderList::try_from([("Location", "/a"), ("Location", "/a")]).unwrap();
/// assert!(extract_location(&two).is_err());
/// ```
pub fn extract_location<H: ReadHeaders + ?Sized>(
    list: &H,
) -> Result<Option<&[u8]>, InvalidHeaderValue> {
    single("Location", list)
}

/// The value of a header whose ABNF allows only one line.
fn single<'a, H: ReadHeaders + ?Sized>(
    name: &'static str,
    list: &'a H,
) -> Result<Option<&'a [u8]>, InvalidHeaderValue> {
    // Steps 1 and 2.
    let mut values = list.values_of(name);
    let value = values.next();
    match values.next() {
        None => Ok(value),
        Some(second) => Err(InvalidHeaderValue {
            name,
            line: 1,
            value: second.to_owned(),
            index: 0,
            expected: "no second line of this header",
        }),
    }
}
