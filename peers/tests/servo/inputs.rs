//! What the fixtures and the recorded corpus ask: header lists, methods, and pages with their URLs.

use std::{collections::BTreeSet, fs, path::Path};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use url::Url;

/// Each once.
#[derive(Default)]
pub struct Inputs {
    pub header_lists: BTreeSet<Vec<(String, String)>>,
    pub methods: BTreeSet<String>,
    /// The origin of a page, and the URLs that its server knows, in order.
    pub chains: BTreeSet<(String, Vec<String>)>,
}

/// Header lists that the fixtures do not have: their values are at the edges of the standard's steps.
const EDGES: [(&str, &str); 25] = [
    ("range", "bytes=0-1-2"),
    ("range", "bytes=5-3"),
    ("range", "bytes=+1-3"),
    ("range", "bytes=0"),
    ("range", "bytes=99999999999999999999-"),
    ("range", "bytes= 0-1"),
    ("range", "bytes=\u{b2}-"),
    ("content-type", "text/plain;"),
    ("content-type", "text/plain; charset"),
    ("content-type", "text/plain; charset=utf-8; charset=utf-16"),
    ("content-type", "TEXT/PLAIN"),
    ("content-type", "text/plain; a=\u{e9}"),
    ("content-type", "text/plain, text/html"),
    ("content-type", "text/plain ;x=1"),
    ("content-type", "multipart/form-data; boundary=a,b"),
    ("content-type", "text"),
    ("accept", "a\u{b}b"),
    ("accept", "a\u{1f}b"),
    ("accept", "a\u{7f}b"),
    ("accept", "a\tb"),
    ("accept", "\u{e9}"),
    ("accept-language", "de;q=0,5"),
    ("x-content-type-options", "nosniff, x"),
    ("x-content-type-options", ", nosniff"),
    ("x-content-type-options", "\"nosniff\""),
];

impl Inputs {
    /// Those of this repository.
    pub fn of_repository() -> Self {
        let mut inputs = Self::default();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
        for directory in ["wpt", "documents", "departures", "cases"] {
            let mut paths: Vec<_> = fs::read_dir(fixtures.join(directory))
                .expect("a directory")
                .map(|entry| entry.expect("an entry").path())
                .collect();
            paths.sort();
            for path in paths {
                json_values(&path).iter().for_each(|value| inputs.collect(value));
            }
        }
        let edges = EDGES.map(|(name, value)| vec![(name.to_owned(), value.to_owned())]);
        inputs.header_lists.extend(edges);
        inputs
    }

    /// Those of the recorded corpus, where it is beside this repository.
    pub fn of_corpus() -> Option<Self> {
        let mut inputs = Self::default();
        corpus("scenarios.jsonl")?.iter().for_each(|scenario| inputs.collect(scenario));
        Some(inputs)
    }

    fn collect(&mut self, value: &Value) {
        if let Some(list) = value.get("headers").and_then(pairs) {
            self.header_lists.insert(list);
        }
        self.methods.extend(value.get("method").and_then(Value::as_str).map(str::to_owned));
        if let (Some(origin), Some(server)) =
            (value.pointer("/page/origin").and_then(Value::as_str), value.get("server"))
        {
            let urls =
                server.as_array().into_iter().flatten().filter_map(|rule| rule["url"].as_str());
            // Only their origins matter.
            let urls = urls.filter_map(|url| Url::parse(url).ok()?.join("/").ok());
            let mut urls: Vec<String> = urls.map(String::from).collect();
            urls.dedup();
            if Url::parse(origin).is_ok() && !urls.is_empty() {
                self.chains.insert((origin.to_owned(), urls));
            }
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(members) => members.values().for_each(|member| self.collect(member)),
            _ => {}
        }
    }
}

/// The values of JSON, or of JSON lines.
fn json_values(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a text");
    let values = serde_json::Deserializer::from_str(&text).into_iter();
    values.map(|value| value.expect("JSON")).collect()
}

/// A file of the recorded corpus, where that is beside this repository.
pub fn corpus(name: &str) -> Option<Vec<Value>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracle");
    let path = directory.join(name);
    path.is_file().then(|| json_values(&path))
}

fn pairs(value: &Value) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| match pair.as_array()?.as_slice() {
        [Value::String(name), Value::String(value)] => Some((name.clone(), value.clone())),
        _ => None,
    };
    value.as_array()?.iter().map(pair).collect()
}

/// The bytes of a value: a character of a fixture is a byte, and the network takes off the spaces at
/// the ends.
pub fn value_bytes(value: &str) -> Option<Vec<u8>> {
    let value = value.trim_matches([' ', '\t', '\n', '\r']);
    value.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// What `http` can represent of a list.
pub fn header_map(list: &[(String, String)]) -> Option<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in list {
        let value = HeaderValue::from_bytes(&value_bytes(value)?).ok()?;
        map.append(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    Some(map)
}

/// What `http` can represent of a method.
pub fn method(text: &str) -> Option<Method> {
    Method::from_bytes(text.as_bytes()).ok()
}
