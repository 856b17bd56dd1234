//! The page of the servers in whose words there are fixes.

use browser_cors::explain::tongue::{Policy, Tongue};

use crate::markdown::{Page, block, prose};

pub(crate) fn page() -> Page {
    let mut body = "# Servers\n\nPages of `https://app.example` may send GET, POST and PUT with JSON and \
                    the user's cookies, and read the answers; nobody else may. This is how each server is \
                    told so. `browser-cors check --for nginx` and its like write what your own page \
                    needs; [Fixes](/manual/fixes.md) says more, and the [scoreboard](/scoreboard.md) what \
                    servers do by default.\n"
        .to_owned();
    let mut policy = Policy::new("https://app.example").expect("this is an origin");
    policy.methods.push("PUT".to_owned());
    policy.headers.push("content-type".to_owned());
    policy.credentials = true;
    for tongue in Tongue::ALL {
        let proof = tongue.proof().to_string();
        body.push_str(&format!(
            "\n## {tongue}\n\n{}.\n\n{}",
            prose(&capital(&proof)),
            snippet(*tongue, &policy),
        ));
    }
    Page {
        path: "servers.md".to_owned(),
        title: "Servers".to_owned(),
        about: "CORS in the words of nginx, Express, FastAPI, Spring and other servers".to_owned(),
        source: None,
        body,
    }
}

/// A policy in the words of a server: each part after the place where it belongs.
pub(crate) fn snippet(tongue: Tongue, policy: &Policy) -> String {
    let parts = tongue.snippet(policy).parts;
    let parts = parts
        .iter()
        .map(|part| format!("In {}:\n{}", prose(&part.place), block("text", &part.text)));
    parts.collect::<Vec<_>>().join("\n")
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
