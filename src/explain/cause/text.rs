//! What any value may be in place of what was meant: nothing, a value that some language wrote out,
//! or a variable that nothing replaced.

use std::borrow::Cow;

use super::Cause;

/// The text of a value. Bytes that are not UTF-8 are taken for Latin-1.
pub(super) fn decode(value: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => value.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
    }
}

/// What is wrong with a value of any header, where it is wrong as a whole.
pub(super) fn of_any(text: &str) -> Option<Cause> {
    let text = text.trim_matches([' ', '\t']);
    Some(if text.is_empty() {
        Cause::Empty
    } else if text.contains(is_invisible) {
        Cause::InvisibleCharacter
    } else if text.eq_ignore_ascii_case("(null)") {
        Cause::ApacheNull
    } else if is_missing_value(text) {
        Cause::MissingValue
    } else if is_object(text) {
        Cause::Object
    } else if has_variable(text) {
        Cause::UnexpandedVariable
    } else {
        return None;
    })
}

/// Controls, spaces that are none in ASCII, and characters without a width.
fn is_invisible(character: char) -> bool {
    (character.is_control() && character != '\t')
        || (character.is_whitespace() && !character.is_ascii())
        || matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// How JavaScript, Python, Ruby, Go, Java and their like write a value that is not there. What a
/// literal `null` means hangs on the header.
pub(super) fn is_missing_value(text: &str) -> bool {
    ["undefined", "none", "nil", "<nil>", "<null>", "nan", "<none>", "(nil)", "%!s(<nil>)"]
        .iter()
        .any(|missing| text.eq_ignore_ascii_case(missing))
}

/// How these languages write objects, lists and functions.
pub(super) fn is_object(text: &str) -> bool {
    let begins = |begin: &str| text.starts_with(begin);
    begins("[object ")
        || begins("[Ljava.")
        || begins("[Function")
        || begins("System.")
        || begins("Microsoft.Extensions.")
        || begins("java.util.")
        || begins("java.lang.")
        || begins("map[")
        || begins("#<")
        || begins("<function")
        || begins("<bound method")
        || begins("function ")
        || begins("function(")
        || begins("async ")
        || begins("Symbol(")
        || begins("%!")
        || text == "Array"
        || text == "HASH"
        || text.contains("=>")
        || (begins("<") && text.contains(" object at 0x"))
        || text.contains(".class@")
}

/// Whether there is a variable as shells, web servers, templates and build tools write it.
pub(super) fn has_variable(text: &str) -> bool {
    const BRACKETS: [(&str, &str); 11] = [
        ("${", "}"),
        ("$(", ")"),
        ("$[", "]"),
        ("%{", "}"),
        ("%(", ")"),
        ("{{", "}}"),
        ("{%", "%}"),
        ("#{", "}"),
        ("<%", "%>"),
        ("<?", "?>"),
        ("@{", "}"),
    ];
    BRACKETS
        .iter()
        .any(|(open, close)| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close)))
        || is_name_after(text, '$')
        || is_name_after(text, '@')
        || is_braced_name(text)
        || is_percent_name(text)
}

/// `$name` or `@name`, but no `$` that ends a regular expression and no `@` behind a user name.
fn is_name_after(text: &str, sign: char) -> bool {
    let is_start =
        |rest: &str| rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    match sign {
        '@' => text.strip_prefix('@').is_some_and(is_start),
        _ => text.split(sign).skip(1).any(is_start),
    }
}

/// `{name}`, as Caddy and format strings write it, with or without text around it.
fn is_braced_name(text: &str) -> bool {
    let Some((_, rest)) = text.split_once('{') else { return false };
    let Some((name, _)) = rest.split_once('}') else { return false };
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-:>$".contains(&byte))
        // `{2,3}` and `{2}` count in regular expressions.
        && (name.is_empty() || name.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// `%NAME%`, as Windows and some build tools write it, and `%s`, as format strings do.
fn is_percent_name(text: &str) -> bool {
    let mut parts = text.split('%');
    let _ = parts.next();
    let is_name = |name: &str| {
        name.len() > 2
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
    };
    let is_name = |name: &str| {
        is_name(name)
            || (name.contains('_')
                && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
    };
    (text.matches('%').count() >= 2 && parts.any(is_name))
        || matches!(text, "%s" | "%v" | "%o" | "%e")
}

/// `__NAME__`, as build tools write it.
fn is_underscored(text: &str) -> bool {
    text.strip_prefix("__").and_then(|rest| rest.strip_suffix("__")).is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Whether it is an expression of a program, such as `process.env.ORIGIN` or `env('APP_URL')`, or the
/// name of a setting, such as `FRONTEND_URL` or `__ORIGIN__`. Names of headers may look like that.
pub(super) fn is_setting(text: &str) -> bool {
    const BEGINNINGS: [&str; 13] = [
        "process.env",
        "import.meta",
        "os.environ",
        "os.getenv",
        "env.",
        "env(",
        "ENV[",
        "getenv(",
        "req.headers",
        "req.get",
        "request.headers",
        "ctx.request",
        "http.request.",
    ];
    is_underscored(text)
        || BEGINNINGS.iter().any(|begin| text.starts_with(begin))
        || (text.contains('_')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'))
}

/// The text without quotes of any kind around it.
pub(super) fn unquoted(text: &str) -> &str {
    text.trim_matches([' ', '\t', '"', '\'', '`', '\\', '“', '”', '‘', '’', '„', '«', '»'])
}

pub(super) fn has_quotes(text: &str) -> bool {
    text.contains(['"', '\'', '`', '“', '”', '‘', '’', '„', '«', '»'])
}

/// Whether the value begins with the name of its header, as `name: value` or `name value`, or with
/// what stood between them.
pub(super) fn has_name(text: &str, name: &str) -> bool {
    let text = unquoted(text);
    text.starts_with([':', '='])
        || text.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
}
