//! The templates' little language. `[name.form]` stands for a list in some form, `[origin]` repeats
//! its line for each origin, and a `?name` at the end of a line drops the line if there is none of
//! that; `?!name` if there is.

use super::Policy;

pub(super) fn fill(template: &str, policy: &Policy) -> String {
    let mut text = String::with_capacity(2 * template.len());
    for line in template.lines() {
        let Some(line) = kept(line, policy) else { continue };
        let line = replace_all(line, policy);
        let repeated =
            if line.contains("[origin]") { &policy.origins[..] } else { &[String::new()] };
        for origin in repeated {
            text.push_str(&line.replace("[origin]", origin));
            text.push('\n');
        }
    }
    text
}

/// The line without its condition, if that is met.
fn kept<'a>(line: &'a str, policy: &Policy) -> Option<&'a str> {
    let conditions = [
        ("?credentials", policy.credentials),
        ("?expose", !policy.exposed.is_empty()),
        ("?headers", !policy.headers.is_empty()),
        ("?!headers", policy.headers.is_empty()),
    ];
    for (condition, is_met) in conditions {
        if let Some(line) = line.strip_suffix(condition) {
            return is_met.then_some(line);
        }
    }
    Some(line)
}

fn replace_all(line: &str, policy: &Policy) -> String {
    let mut line = line
        .replace("[credentials]", if policy.credentials { "true" } else { "false" })
        .replace("[max_age]", &policy.max_age.to_string());
    let lists = [
        ("origins", &policy.origins),
        ("methods", &policy.methods),
        ("headers", &policy.headers),
        ("expose", &policy.exposed),
    ];
    for (name, list) in lists {
        for (form, write) in FORMS {
            let place = format!("[{name}.{form}]");
            if line.contains(&place) {
                line = line.replace(&place, &write(list));
            }
        }
    }
    line
}

type Form = (&'static str, fn(&[String]) -> String);

const FORMS: [Form; 10] = [
    ("comma", |list| list.join(", ")),
    ("space", |list| list.join(" ")),
    ("lower", |list| list.join(" ").to_ascii_lowercase()),
    ("count", |list| list.len().to_string()),
    ("single", |list| each(list, |member| format!("'{member}'"))),
    ("double", |list| each(list, |member| format!("\"{member}\""))),
    ("regex", |list| {
        let escaped = list
            .iter()
            .map(|member| member.replace('.', "\\.").replace('[', "\\[").replace(']', "\\]"));
        escaped.collect::<Vec<_>>().join("|")
    }),
    ("header_values", |list| {
        each(list, |member| format!("axum::http::HeaderValue::from_static(\"{member}\")"))
    }),
    ("header_names", |list| {
        each(list, |member| {
            format!("axum::http::HeaderName::from_static(\"{}\")", member.to_ascii_lowercase())
        })
    }),
    ("axum", |list| {
        each(list, |method| match method.as_str() {
            "CONNECT" | "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT"
            | "TRACE" => {
                format!("axum::http::Method::{method}")
            }
            _ => format!("axum::http::Method::from_bytes(b\"{method}\").unwrap()"),
        })
    }),
];

fn each(list: &[String], write: impl Fn(&String) -> String) -> String {
    list.iter().map(write).collect::<Vec<_>>().join(", ")
}
