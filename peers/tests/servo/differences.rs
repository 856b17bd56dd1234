//! Where Servo's public functions differ from the standard.

use std::{collections::BTreeSet, fmt::Debug, fs, path::Path};

use browser_cors::{
    header::{
        ReadHeaders,
        extract::extract_tokens,
        mime::{determine_nosniff, extract_a_mime_type},
    },
    request::RedirectTaint,
};
use browser_cors_peers::servo::{
    safelist,
    types::{self, PubDomains},
};
use http::HeaderMap;
use net_traits::{
    fetch::headers as servo_headers,
    request as servo,
    response::{RedirectTaint as ServoTaint, ResponseType},
};

use crate::{
    adapter::{request, response},
    inputs::{Inputs, header_map, method, value_bytes},
};

/// A line of `differences.txt`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Difference {
    function: &'static str,
    /// The step at which the standard answers.
    step: String,
    input: String,
    servo: String,
    standard: String,
}

impl Difference {
    fn line(&self) -> String {
        let Self { function, step, input, servo, standard } = self;
        format!("{function} | {step} | {input} | Servo: {servo} | standard: {standard}")
    }

    /// Which function answers otherwise, where, and in which way if it answers yes or no.
    fn kind(line: &str) -> String {
        let parts: Vec<_> = line.split(" | ").collect();
        let answer =
            Some(parts[3]).filter(|answer| ["Servo: true", "Servo: false"].contains(answer));
        format!("{} | {} | {}", parts[0], parts[1], answer.unwrap_or_default())
    }
}

#[derive(Default)]
struct Comparison {
    compared: usize,
    differences: BTreeSet<Difference>,
}

impl Comparison {
    fn compare<A: PartialEq + Debug>(
        &mut self,
        function: &'static str,
        input: &str,
        servo: &A,
        standard: &A,
        step: impl FnOnce() -> String,
    ) {
        self.compared += 1;
        if servo != standard {
            self.differences.insert(Difference {
                function,
                step: step(),
                input: input.to_owned(),
                servo: format!("{servo:?}"),
                standard: format!("{standard:?}"),
            });
        }
    }

    fn of(inputs: &Inputs) -> Self {
        let mut this = Self::default();
        for list in &inputs.header_lists {
            for (name, value) in list {
                this.header(&name.to_ascii_lowercase(), &value_bytes(value).unwrap_or_default());
            }
            if let Some(headers) = header_map(list) {
                this.headers(&headers);
            }
        }
        for text in &inputs.methods {
            let Some(method) = method(text) else { continue };
            this.compare(
                "is_cors_safelisted_method",
                text,
                &servo::is_cors_safelisted_method(&method),
                &safelist::is_cors_safelisted_method(&method),
                || "#cors-safelisted-method".to_owned(),
            );
            this.compare(
                "is_forbidden_method",
                text,
                &servo_headers::is_forbidden_method(text.as_bytes()),
                &browser_cors::method::is_forbidden_method(text.as_bytes()),
                || "#forbidden-method".to_owned(),
            );
        }
        for (origin, urls) in &inputs.chains {
            this.redirect_taint(origin, urls);
        }
        this
    }

    /// The function takes bytes that `http` does not represent, too.
    fn header(&mut self, name: &str, value: &[u8]) {
        self.compare(
            "is_cors_safelisted_request_header",
            &format!("{name}: {}", value.escape_ascii()),
            &servo::is_cors_safelisted_request_header(&name, &value),
            &safelist::is_cors_safelisted_request_header(&name, &value),
            || format!("#cors-safelisted-request-header step 2[{name}]"),
        );
    }

    fn headers(&mut self, headers: &HeaderMap) {
        for name in headers.keys() {
            self.compare(
                "is_cors_non_wildcard_request_header_name",
                name.as_str(),
                &servo::is_cors_non_wildcard_request_header_name(name),
                &safelist::is_cors_non_wildcard_request_header_name(name),
                || "#cors-non-wildcard-request-header-name".to_owned(),
            );
            let values = headers.get_combined(name.as_str()).unwrap_or_default();
            let shown = format!("{name}: {}", values.escape_ascii());
            self.compare(
                "get_decode_and_split_header_name",
                &shown,
                &servo_headers::get_decode_and_split_header_name(name.as_str(), headers),
                &headers.get_and_split(name.as_str()),
                || "#concept-header-list-get-decode-split".to_owned(),
            );
        }
        // Where the two judge a header differently, the names of the list follow from that.
        let is_same = |(name, value)| {
            servo::is_cors_safelisted_request_header(name, value)
                == safelist::is_cors_safelisted_request_header(name, value)
        };
        if headers.iter().all(is_same) {
            self.compare(
                "get_cors_unsafe_header_names",
                &show(headers, |_| true),
                &servo::get_cors_unsafe_header_names(headers),
                &safelist::get_cors_unsafe_header_names(headers),
                || "#cors-unsafe-request-header-names".to_owned(),
            );
        }
        self.compare(
            "determine_nosniff",
            &show(headers, |name| name == "x-content-type-options"),
            &servo_headers::determine_nosniff(headers),
            &determine_nosniff(headers),
            || "#determine-nosniff".to_owned(),
        );
        let theirs = servo_headers::extract_mime_type_as_dataurl_mime(headers);
        let essence = theirs.map(|mime| format!("{}/{}", mime.type_, mime.subtype));
        self.compare(
            "extract_mime_type_as_dataurl_mime",
            &show(headers, |name| name == "content-type"),
            &essence,
            &extract_a_mime_type(headers).map(|mime| mime.essence()),
            || "#concept-header-extract-mime-type".to_owned(),
        );
        self.filtered(headers);
    }

    /// `to_filtered` reads the CORS-exposed header-name list, which `servo-net` makes.
    fn filtered(&mut self, headers: &HeaderMap) {
        let exposed = extract_tokens("Access-Control-Expose-Headers", headers);
        let mut exposed = exposed.ok().flatten().unwrap_or_default();
        if exposed.contains(&"*") {
            exposed = headers.keys().map(|name| name.as_str()).collect();
        }
        let mut answer = response("https://api.example/", 200, &[]);
        answer.headers = headers.clone();
        answer.cors_exposed_header_name_list = exposed.into_iter().map(str::to_owned).collect();
        for (tainting, kind) in [
            (servo::ResponseTainting::Basic, ResponseType::Basic),
            (servo::ResponseTainting::CorsTainting, ResponseType::Cors),
        ] {
            let mut asked = request("https://app.example", &["https://api.example/"]);
            asked.response_tainting = tainting;
            let filtered = types::filter(&asked, answer.clone());
            self.compare(
                "to_filtered",
                &show(headers, |_| true),
                &answer.clone().to_filtered(kind).headers,
                &filtered.headers,
                || "#concept-main-fetch step 14".to_owned(),
            );
        }
    }

    fn redirect_taint(&mut self, origin: &str, urls: &[String]) {
        let urls: Vec<_> = urls.iter().map(String::as_str).collect();
        let request = request(origin, &urls);
        let theirs = match request.redirect_taint_for_request() {
            ServoTaint::SameOrigin => RedirectTaint::SameOrigin,
            ServoTaint::SameSite => RedirectTaint::SameSite,
            ServoTaint::CrossSite => RedirectTaint::CrossSite,
        };
        self.compare(
            "redirect_taint_for_request",
            &format!("{origin} by way of {}", urls.join(" ")),
            &theirs,
            &types::hops(&request).redirect_taint(&PubDomains),
            || "#concept-request-tainted-origin".to_owned(),
        );
    }
}

fn show(headers: &HeaderMap, is_read: impl Fn(&str) -> bool) -> String {
    let lines = headers.iter().filter(|(name, _)| is_read(name.as_str()));
    let lines: Vec<_> =
        lines.map(|(name, value)| format!("{name}: {}", value.as_bytes().escape_ascii())).collect();
    lines.join("; ")
}

const LIST: &str = "tests/servo/differences.txt";

fn listed() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LIST);
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// To write the list anew, run this with `BLESS` set, and read what it wrote.
#[test]
fn the_list_has_all_differences_of_the_fixtures() {
    let found = Comparison::of(&Inputs::of_repository());
    let lines: Vec<_> = found.differences.iter().map(Difference::line).collect();
    if std::env::var_os("BLESS").is_some() {
        let about = "# Where Servo differs from the standard: function | where the standard answers | \
                     input | Servo | the standard.\n";
        let text = format!("{about}{}\n", lines.join("\n"));
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(LIST), text).expect("can be written");
    }
    assert!(found.compared > 1_000, "only {} were compared", found.compared);
    assert_eq!(lines, listed(), "see the doc comment of this test");
}

#[test]
fn the_corpus_has_no_other_kind_of_difference() {
    let Some(inputs) = Inputs::of_corpus() else {
        eprintln!("skipped: the recorded corpus is not beside this repository");
        return;
    };
    let kinds: BTreeSet<_> = listed().iter().map(|line| Difference::kind(line)).collect();
    let found = Comparison::of(&inputs);
    println!("{} compared, {} differ", found.compared, found.differences.len());
    let others: Vec<_> = found
        .differences
        .iter()
        .map(Difference::line)
        .filter(|line| !kinds.contains(&Difference::kind(line)))
        .collect();
    assert_eq!(others, [] as [String; 0]);
}
