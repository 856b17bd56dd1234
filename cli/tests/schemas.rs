//! `browser-cors schema`: checks the schemas, and the output of commands against them. The tests of
//! `check`, `expect` and `diff` check the output of these.

mod schema;

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use browser_cors::scenario::Scenario;
use serde_json::{Value, json};

use schema::{assert_conform, schema, strict};

const NAMES: [&str; 11] = [
    "scenario",
    "outcome",
    "side-by-side",
    "check",
    "expectations",
    "expect",
    "audit",
    "diff",
    "har",
    "explain",
    "engines",
];

/// The output of a command for an input.
fn run(arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(folder);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.collect()
}

/// All scenarios of the fixtures, and some that fail before they send anything.
fn scenarios() -> Vec<Value> {
    let read = |path| serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).unwrap();
    let whole = ["documents", "engines", "loads"].into_iter().flat_map(files).map(read);
    let inner =
        files("departures").into_iter().map(read).map(|mut fixture| fixture["scenario"].take());
    let thrown = [
        json!({ "url": "https://" }),
        json!({ "url": "/", "api": "xhr", "method": "TRACE" }),
        json!({ "url": "data:,", "api": "beacon" }),
        json!({ "url": "/", "api": "beacon", "body": { "text": "x".repeat(65_537) } }),
        json!({ "url": "https://", "api": "img" }),
        json!({ "url": "https://", "api": "eventsource" }),
        json!({ "url": "http://foo.example:1/" }),
    ];
    let page = json!({ "origin": "http://foo.example" });
    // What cannot be parsed must go, as no header is asked for.
    let superfluous = json!({
        "format": 1, "id": "superfluous", "page": page,
        "fetches": [{ "url": "http://bar.other/", "method": "PUT" }],
        "server": [{
            "url": "http://bar.other/", "status": 204,
            "headers": [
                ["Access-Control-Allow-Origin", "*"],
                ["Access-Control-Allow-Methods", "PUT"],
                ["Access-Control-Allow-Headers", "\"\""],
            ],
        }],
    });
    let dropped = json!({
        "format": 1, "id": "dropped", "page": page,
        "fetches": [{ "url": "http://bar.other/", "mode": "no-cors", "headers": [["X-A", "1"]] }],
        "server": [{ "url": "http://bar.other/", "status": 200, "headers": [] }],
    });
    let thrown = thrown.into_iter().enumerate().map(|(index, fetch)| {
        json!({ "format": 1, "id": format!("thrown {index}"), "page": page, "fetches": [fetch] })
    });
    whole.chain(inner).chain(thrown).chain([superfluous, dropped]).collect()
}

fn lines(scenarios: &[Value]) -> String {
    scenarios.iter().map(|scenario| format!("{scenario}\n")).collect()
}

#[test]
fn list() {
    assert_eq!(
        run(&["schema"], ""),
        "\
scenario      What `simulate` reads
outcome       What `simulate --format json` writes
side-by-side  What `simulate --engine all --format json` writes
check         What `check --format json` writes
expectations  The TOML file that `expect` and `diff` read
expect        What `expect --format json` writes
audit         What `audit --format json` writes
diff          What `diff --format json` writes
har           What `har --format json` writes
explain       What `explain --format json` writes
engines       What `engines --format json` writes
"
    );
}

#[test]
fn schemas_are_valid() {
    for name in NAMES {
        let schema = schema(name);
        let error = jsonschema::meta::validate(&schema).err().map(|error| error.to_string());
        assert_eq!(error, None, "{name}");
    }
}

#[test]
fn expectations_are_those_of_expect() {
    assert_eq!(run(&["schema", "expectations"], ""), run(&["expect", "--schema"], ""));
}

/// Lists objects that are neither open nor closed, and members without a description.
fn unsaid(place: &str, schema: &Value, problems: &mut Vec<String>) {
    if !schema.is_object() {
        return;
    }
    if let Some(properties) = schema["properties"].as_object() {
        if schema["additionalProperties"].as_bool().is_none() {
            problems.push(format!("{place}: are other members allowed?"));
        }
        for (name, property) in properties {
            let place = format!("{place}/{name}");
            let is_said = |value: &Value| {
                value["description"].as_str().is_some_and(|text| text.ends_with('.'))
            };
            if !is_said(property) && property["$ref"].is_null() {
                problems.push(format!("{place}: there is no description"));
            }
            unsaid(&place, property, problems);
        }
    }
    for member in ["items", "additionalProperties"] {
        unsaid(&format!("{place}/{member}"), &schema[member], problems);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        let place = format!("{place}/$defs/{name}");
        if definition["description"].is_null() {
            problems.push(format!("{place}: there is no description"));
        }
        unsaid(&place, definition, problems);
    }
}

#[test]
fn every_member_is_described() {
    let mut problems = Vec::new();
    for name in NAMES.into_iter().filter(|name| *name != "expectations") {
        unsaid(name, &schema(name), &mut problems);
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Outputs may gain members; scenarios must not have unknown ones.
#[test]
fn outputs_may_gain_members() {
    let outcome = json!({ "format": 1, "id": "none", "fetches": [], "later": true });
    let schema = schema("outcome");
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&outcome));
    assert!(!strict(schema).is_valid(&outcome));
}

#[test]
fn outcomes() {
    let input = lines(&scenarios());
    let mut seen = String::new();
    for engine in ["standard", "chromium", "firefox", "webkit"] {
        let output = run(&["simulate", "--engine", engine, "--format", "json", "-"], &input);
        assert_eq!(output.lines().count(), input.lines().count());
        assert_conform("outcome", &output);
        seen.push_str(&output);
    }
    let output = run(&["simulate", "--engine", "all", "--format", "json", "-"], &input);
    assert_eq!(output.lines().count(), input.lines().count());
    assert_conform("side-by-side", &output);
    seen.push_str(&output);
    // A member that the schema describes but no output has is an error too.
    let unseen: Vec<_> =
        members(&schema("outcome")).difference(&members_of(&seen)).cloned().collect();
    // Only live servers fail to answer, and only `check` writes snippets and what arrived.
    assert_eq!(
        unseen,
        ["arrived", "for", "guessed_from", "network", "parts", "place", "proof", "snippet", "text"]
    );
}

#[test]
fn hars() {
    let mut seen = String::new();
    for path in files("har") {
        let output = run(&["har", "--format", "json", path.to_str().unwrap()], "");
        assert!(output.ends_with("}}\n"), "{output}");
        assert_conform("har", &output);
        seen.push_str(&output);
    }
    let unseen: Vec<_> = members(&schema("har")).difference(&members_of(&seen)).cloned().collect();
    // No recording has a header that must go.
    assert_eq!(unseen, ["without"]);
}

#[test]
fn explanations() {
    let input = lines(&scenarios());
    let mut printed = BTreeSet::new();
    for engine in ["chromium", "firefox", "webkit"] {
        let output = run(&["simulate", "--engine", engine, "--format", "json", "-"], &input);
        for line in output.lines() {
            let outcome: Value = serde_json::from_str(line).unwrap();
            let console = outcome["console"].as_array().into_iter().flatten();
            printed.extend(console.map(|line| line.as_str().unwrap().to_owned()));
        }
    }
    assert!(printed.len() > 50, "{}", printed.len());
    printed.extend(
        [
            "No 'Access-Control-Allow-Origin' header is pres",
            "（原因：CORS 头缺少 'Access-Control-Allow-Origin'）。",
        ]
        .map(str::to_owned),
    );
    let mut seen = String::new();
    for line in &printed {
        seen.push_str(&run(&["explain", "--format", "json", line], ""));
    }
    assert_eq!(seen.lines().count(), printed.len());
    assert_conform("explain", &seen);
    let unseen: Vec<_> =
        members(&schema("explain")).difference(&members_of(&seen)).cloned().collect();
    assert_eq!(unseen, Vec::<String>::new());
}

#[test]
fn engines() {
    let all = run(&["engines", "--engine", "all", "--format", "json"], "");
    let compared = run(&["engines", "--format", "json", "--diff", "chromium", "firefox"], "");
    assert!(all.lines().count() > 50 && compared.lines().count() > 10);
    let seen = all + &compared;
    assert_conform("engines", &seen);
    // The recordings decide whether any departure has an end yet.
    let mut unseen = members(&schema("engines"));
    unseen.retain(|name| name != "until" && !members_of(&seen).contains(name));
    assert_eq!(unseen, BTreeSet::new());
}

/// The members that a schema describes.
fn members(schema: &Value) -> BTreeSet<String> {
    match schema {
        Value::Object(object) => {
            let own = schema["properties"].as_object().into_iter().flatten();
            let own = own.map(|(name, _)| name.clone());
            own.chain(object.values().flat_map(members)).collect()
        }
        Value::Array(items) => items.iter().flat_map(members).collect(),
        _ => BTreeSet::new(),
    }
}

/// The members that lines have.
fn members_of(lines: &str) -> BTreeSet<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    names.insert(name.clone());
                    collect(value, names);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    for line in lines.lines() {
        collect(&serde_json::from_str(line).unwrap(), &mut names);
    }
    names
}

#[test]
fn scenarios_are_as_described() {
    assert_conform("scenario", &lines(&scenarios()));
}

/// A scenario with every member.
fn full() -> Value {
    json!({
        "format": 1,
        "id": "full",
        "page": { "origin": "https://app.example:8443", "opaque": true },
        "fetches": [{
            "api": "fetch", "after_ms": 1, "url": "/x", "method": "put", "headers": [["A", "\u{FF}"]],
            "body": { "blob": "b", "type": "a/b" }, "mode": "cors", "credentials": "include",
            "redirect": "follow", "referrerPolicy": "", "cache": "no-store",
            "upload_listener": true, "crossorigin": "anonymous",
        }],
        "server": [{
            "method": "PUT", "url": "https://api.example/", "times": 1, "status": 999,
            "headers": [["A", "b"]], "body_of": "img",
        }],
    })
}

/// The reader treats scenarios as the schema says.
#[test]
fn scenarios_are_read_as_described() {
    let validator = jsonschema::validator_for(&schema("scenario")).unwrap();
    let read = |scenario: &Value| serde_json::from_str::<Scenario>(&scenario.to_string());
    let full = full();
    let cases = [
        ("/format", json!(1), true),
        ("/format", json!(2), false),
        ("/format", json!(null), false),
        ("/format", json!("1"), false),
        ("/id", json!(1), false),
        ("/page/origin", json!("http://foo.example"), true),
        ("/page/origin", json!("http://foo.example/"), false),
        ("/page/origin", json!("ftp://foo.example"), false),
        ("/page/origin", json!("WSS://foo.example"), false),
        ("/page/origin", json!("foo.example"), false),
        ("/page/origin", json!("null"), true),
        ("/page/origin", json!("capacitor://localhost"), true),
        ("/page/origin", json!("capacitor://localhost/"), false),
        ("/page/origin", json!("chrome-extension://ejcilmageobnieflpodaljjkckjodbmm"), true),
        ("/page/origin", json!("file://"), true),
        ("/page/opaque", json!(null), false),
        ("/page/url", json!("http://foo.example"), false),
        ("/fetches", json!([]), true),
        ("/fetches", json!(null), false),
        ("/fetches/0/api", json!("Fetch"), false),
        ("/fetches/0/api", json!(null), false),
        ("/fetches/0/after_ms", json!(-1), false),
        ("/fetches/0/after_ms", json!(1.5), false),
        ("/fetches/0/url", json!(null), false),
        ("/fetches/0/method", json!(null), true),
        ("/fetches/0/method", json!("\u{100}"), false),
        ("/fetches/0/headers", json!(null), true),
        ("/fetches/0/headers", json!([["A", "b", "c"]]), false),
        ("/fetches/0/headers", json!([["A", "\u{100}"]]), false),
        ("/fetches/0/headers", json!({ "A": "b" }), false),
        ("/fetches/0/body", json!(null), true),
        ("/fetches/0/body", json!({}), false),
        ("/fetches/0/body", json!({ "text": "" }), true),
        ("/fetches/0/body", json!({ "bytes": "" }), true),
        ("/fetches/0/body", json!({ "urlencoded": "" }), true),
        ("/fetches/0/body", json!({ "blob": "" }), true),
        ("/fetches/0/body", json!({ "text": "", "type": "a/b" }), false),
        ("/fetches/0/body", json!({ "text": "", "bytes": "" }), false),
        ("/fetches/0/mode", json!(null), true),
        ("/fetches/0/mode", json!("nocors"), false),
        ("/fetches/0/credentials", json!("none"), false),
        ("/fetches/0/redirect", json!("none"), false),
        ("/fetches/0/referrerPolicy", json!("none"), false),
        ("/fetches/0/cache", json!("none"), false),
        ("/fetches/0/upload_listener", json!(null), false),
        ("/fetches/0/crossorigin", json!(null), true),
        ("/fetches/0/crossorigin", json!("anything"), true),
        ("/fetches/0/credential", json!("include"), false),
        ("/server/0/method", json!(null), true),
        ("/server/0/url", json!("/"), false),
        ("/server/0/url", json!("ftp://api.example/"), false),
        ("/server/0/times", json!(null), true),
        ("/server/0/times", json!(-1), false),
        ("/server/0/status", json!(0), true),
        ("/server/0/status", json!(1000), false),
        ("/server/0/headers", json!(null), false),
        ("/server/0/body_of", json!("sound"), false),
        ("/server/0/body_of", json!(null), true),
        ("/server/0/bodyOf", json!("img"), false),
    ];
    assert!(read(&full).is_ok() && validator.is_valid(&full), "{:?}", read(&full));
    for (pointer, value, is_good) in cases {
        let mut changed = full.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[name] = value.clone();
        let what = format!("{pointer} {value}");
        assert_eq!(validator.is_valid(&changed), is_good, "the schema on {what}");
        assert_eq!(read(&changed).is_ok(), is_good, "the reader on {what}: {:?}", read(&changed));
    }
}

/// The reader accepts each name that the schema lists, and members that are not required may be
/// missing.
#[test]
fn scenarios_are_read_with_each_name() {
    let schema = schema("scenario");
    let mut count = 0;
    for definition in ["fetch", "rule", "page"] {
        let members = schema["$defs"][definition]["properties"].as_object().unwrap();
        for (name, member) in members {
            let (pointer, required) = match definition {
                "fetch" => ("/fetches/0", &["url"][..]),
                "rule" => ("/server/0", &["url", "status"][..]),
                _ => ("/page", &["origin"][..]),
            };
            let read = |scenario: &Value| serde_json::from_str::<Scenario>(&scenario.to_string());
            for value in member["enum"].as_array().into_iter().flatten() {
                let mut scenario = full();
                scenario.pointer_mut(pointer).unwrap()[name] = value.clone();
                assert!(read(&scenario).is_ok(), "{pointer}/{name} {value}: {:?}", read(&scenario));
                count += 1;
            }
            let mut scenario = full();
            scenario.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
            let is_required = required.contains(&name.as_str());
            assert_eq!(read(&scenario).is_err(), is_required, "without {pointer}/{name}");
        }
    }
    assert!(count > 50, "{count}");
}
