//! Measures `browser-cors simulate --format json` against a program that only parses and writes the
//! same JSON Lines.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use browser_cors::{fetch::UserAgent, scenario::Scenario};
use divan::{Bencher, black_box, counter::BytesCount};
use serde_json::{Value, json};

const SCENARIOS: usize = 2_000;
const ROUNDS: usize = 25;

fn main() {
    divan::main();
    if std::env::args().any(|argument| argument == "--bench") {
        print_ratio();
    }
}

/// Prints the ratio of the shortest rounds. The rounds alternate, so that load on the machine
/// affects both alike.
fn print_ratio() {
    let (text, user_agent) = (scenarios(), UserAgent::default());
    let mut output = Vec::with_capacity(2 * text.len());
    let (mut simulated, mut copied) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        simulate(black_box(&text), &user_agent, &mut output);
        simulated = simulated.min(start.elapsed());
        let start = Instant::now();
        copy(black_box(&text), &mut output);
        copied = copied.min(start.elapsed());
    }
    let ratio = simulated.as_secs_f64() / copied.as_secs_f64();
    println!("simulated in {simulated:?}, copied in {copied:?}: {ratio:.2} times");
}

#[divan::bench]
fn simulate_json(bencher: Bencher<'_, '_>) {
    let (text, user_agent) = (scenarios(), UserAgent::default());
    let mut output = Vec::with_capacity(2 * text.len());
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| simulate(black_box(&text), &user_agent, &mut output));
}

#[divan::bench]
fn copy_json(bencher: Bencher<'_, '_>) {
    let text = scenarios();
    let mut output = Vec::with_capacity(2 * text.len());
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| copy(black_box(&text), &mut output));
}

fn simulate(text: &str, user_agent: &UserAgent, output: &mut Vec<u8>) {
    output.clear();
    for line in text.lines() {
        let scenario: Scenario = serde_json::from_str(line).expect("a scenario");
        serde_json::to_writer(&mut *output, &scenario.run(user_agent)).expect("room");
        output.push(b'\n');
    }
    black_box(output);
}

fn copy(text: &str, output: &mut Vec<u8>) {
    output.clear();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        serde_json::to_writer(&mut *output, &value).expect("room");
        output.push(b'\n');
    }
    black_box(output);
}

/// Scenarios of six kinds, in turn. No two are alike.
fn scenarios() -> String {
    let mut text = String::new();
    for number in 0..SCENARIOS {
        let scenario = match number % 6 {
            0 => simple(number),
            1 => preflighted(number),
            2 => refused(number),
            3 => redirected(number),
            4 => exposed(number),
            _ => cached(number),
        };
        writeln!(text, "{scenario}").expect("a string has room");
    }
    text
}

fn scenario(kind: &str, number: usize, fetches: Value, server: Value) -> Value {
    json!({
        "id": format!("{kind}-{number:05}"),
        "page": { "origin": "http://foo.example", "opaque": (number.is_multiple_of(11)) },
        "fetches": fetches,
        "server": server,
    })
}

fn url(kind: &str, number: usize) -> String {
    let host = ["bar.other", "api.foo.example", "baz.other:8080"][number % 3];
    format!("http://{host}/{kind}-{number:05}/resource?n={}", number * 7)
}

fn simple(number: usize) -> Value {
    let url = url("simple", number);
    scenario(
        "simple",
        number,
        json!([{ "url": url, "credentials": (["omit", "same-origin", "include"][number / 6 % 3]) }]),
        json!([{
            "url": url,
            "status": 200,
            "headers": [
                ["Cache-Control", "no-store"],
                ["Access-Control-Allow-Origin", (["*", "http://foo.example"][number / 18 % 2])],
                ["Content-Type", "text/plain"],
                ["Content-Language", "en"],
            ],
        }]),
    )
}

fn preflighted(number: usize) -> Value {
    let (url, method) = (url("preflighted", number), ["PUT", "DELETE", "PATCH"][number / 6 % 3]);
    scenario(
        "preflighted",
        number,
        json!([{
            "url": url,
            "method": method,
            "headers": [
                ["X-Token", format!("{:x}", number * 7_919)],
                ["Content-Type", "application/json"],
                ["Accept-Language", "de, en"],
            ],
            "body": { "text": "{}" },
        }]),
        json!([
            {
                "method": "OPTIONS",
                "url": url,
                "status": 204,
                "headers": [
                    ["Cache-Control", "no-store"],
                    ["Access-Control-Allow-Origin", "*"],
                    ["Access-Control-Allow-Methods", format!("GET, {method}")],
                    ["Access-Control-Allow-Headers", "content-type, x-token, x-request-id"],
                    ["Access-Control-Max-Age", number.to_string()],
                ],
            },
            {
                "url": url,
                "status": 200,
                "headers": [
                    ["Cache-Control", "no-store"],
                    ["Access-Control-Allow-Origin", "*"],
                    ["Content-Type", "application/json"],
                ],
            },
        ]),
    )
}

fn refused(number: usize) -> Value {
    let url = url("refused", number);
    let origin = ["http://foo.example/", "null", "http://foo.example, *"][number / 6 % 3];
    scenario(
        "refused",
        number,
        json!([{ "url": url, "method": "POST", "credentials": "include" }]),
        json!([{
            "url": url,
            "status": 200,
            "headers": [
                ["Cache-Control", "no-store"],
                ["Access-Control-Allow-Origin", origin],
                ["Access-Control-Allow-Credentials", "True"],
                ["ETag", format!("\"{number}\"")],
            ],
        }]),
    )
}

fn redirected(number: usize) -> Value {
    let (first, second) = (url("redirected", number), url("target", number + 1));
    let status = [301, 302, 303, 307, 308][number / 6 % 5];
    scenario(
        "redirected",
        number,
        json!([{ "url": first, "method": "POST", "body": { "urlencoded": "a=1&b=2" } }]),
        json!([
            {
                "url": first,
                "status": status,
                "headers": [
                    ["Cache-Control", "no-store"],
                    ["Access-Control-Allow-Origin", "*"],
                    ["Location", second],
                ],
            },
            {
                "url": second,
                "status": 200,
                "headers": [["Access-Control-Allow-Origin", "*"], ["Content-Type", "text/plain"]],
            },
        ]),
    )
}

fn exposed(number: usize) -> Value {
    let url = url("exposed", number);
    scenario(
        "exposed",
        number,
        json!([{ "url": url, "api": (["fetch", "xhr"][number / 6 % 2]) }]),
        json!([{
            "url": url,
            "status": 200,
            "headers": [
                ["Cache-Control", "no-store"],
                ["Access-Control-Allow-Origin", "*"],
                ["Access-Control-Expose-Headers", (["X-Secret, X-Other", "*", "x-other x-secret"][number / 12 % 3])],
                ["X-Secret", format!("s{number}")],
                ["X-Other", "o"],
                ["Content-Type", "text/html;charset=utf-8"],
                ["Expires", "0"],
                ["Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT"],
            ],
        }]),
    )
}

fn cached(number: usize) -> Value {
    let url = url("cached", number);
    let fetch = |after: usize| {
        json!({
            "url": url,
            "method": "PUT",
            "after_ms": after,
            "headers": [["X-Token", "1"]],
            "cache": "no-store",
        })
    };
    scenario(
        "cached",
        number,
        json!([fetch(0), fetch(1_000), fetch(number)]),
        json!([
            {
                "method": "OPTIONS",
                "url": url,
                "status": 200,
                "headers": [
                    ["Access-Control-Allow-Origin", "*"],
                    ["Access-Control-Allow-Methods", "*"],
                    ["Access-Control-Allow-Headers", "X-Token"],
                    ["Access-Control-Max-Age", "2"],
                ],
            },
            {
                "url": url,
                "status": 200,
                "headers": [["Access-Control-Allow-Origin", "*"], ["Content-Type", "text/plain"]],
            },
        ]),
    )
}
