//! The file: problems are named with their places, and the schema agrees with the reader.

use std::{fs, path::Path};

use jsonschema::Validator;
use serde_json::Value;

use crate::server::{Outcome, Server, browser_cors, expect, good, written};

/// A file without problems. Nothing listens at its server's address.
const GOOD: &str = r#"
base = "http://127.0.0.1:2/api"

[pages]
app = "https://app.example"
"embedded.1" = "null"
preview = { pattern = "https://*.preview.example", samples = ["https://a.preview.example"] }
own = "${OWN}"

[secrets]
SHORT = { allow-short = true }

[[allow]]
name = "all that there is"
pages = ["app"]
methods = ["GET", "PUT", "patch"]
paths = ["/items", "/items/1?a=b"]
headers = [{ X-Token = "$$ ${HOME}" }, {}]
body = "{}"
credentials = ["omit", "include"]
cookie = "id=${HOME}"
send = "request"
status = 200
read = ["ETag"]
preflight-every = 600

[[allow]]
paths = ["/"]

[[deny]]
name = "others"
from = ["foreign", "null", "look-alike", "https://old.example:8080"]
pages = ["app", "embedded.1"]
paths = ["/items"]
credentials = "include"

[[deny]]
paths = ["/", "/${SHORT}?$filter=a"]
methods = ["DELETE"]
send = "preflight"

[[deny]]
paths = ["/"]
methods = ["POST"]
body-file = "cors.toml"
what = "send"
"#;

fn validator() -> Validator {
    let outcome = Outcome::of(expect().arg("--schema"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let schema: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(jsonschema::meta::validate(&schema).err().map(|error| error.to_string()), None);
    jsonschema::validator_for(&schema).unwrap()
}

fn as_json(toml: &str) -> Option<Value> {
    serde_json::to_value(toml::from_str::<toml::Table>(toml).ok()?).ok()
}

/// The message of the reader about a file whose server gives no answer.
fn read(toml: &str) -> String {
    let file = written("cors.toml", toml);
    let mut command = expect();
    command.arg(&file).args(["--retries=0", "--timeout=1"]).env("HOME", "/home/me");
    command.env("OWN", "https://own.example").env("SHORT", "s");
    let outcome = Outcome::of(&mut command).about(&file, 0);
    assert_eq!(outcome.code, 2, "{toml}");
    outcome.stderr
}

#[test]
fn everything_that_a_file_can_say() {
    assert_eq!(read(GOOD), "");
    let errors: Vec<_> =
        validator().iter_errors(&as_json(GOOD).unwrap()).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn what_is_wrong_has_its_place() {
    let validator = validator();
    for (old, new, place, message) in [
        (
            "base = \"http://127.0.0.1:2/api\"",
            "base = 1",
            "2:8",
            "a server, as in \"https://api.example\" was expected, not a TOML integer",
        ),
        (
            "http://127.0.0.1:2/api",
            "127.0.0.1",
            "2:8",
            "`127.0.0.1` is no URL (relative URL without a base): a server was expected, as in `https://api.example`",
        ),
        (
            "http://127.0.0.1:2/api",
            "ftp://a.example",
            "2:8",
            "`ftp://a.example` is no server: a server was expected, as in `https://api.example`",
        ),
        (
            "http://127.0.0.1:2/api",
            "http://a.example/?b",
            "2:8",
            "`http://a.example/?b` is no server: a server was expected, as in `https://api.example`",
        ),
        (
            "http://127.0.0.1:2/api",
            "http://me:pw@a.example",
            "2:8",
            "a base has no user name or password: a server was expected, as in `https://api.example`",
        ),
        (
            "base =",
            "bass =",
            "2:1",
            "`bass` is not known here: one of `base`, `secrets`, `pages`, `allow`, `deny` was expected",
        ),
        (
            "[pages]\n",
            "[pages2]\n",
            "1:1",
            "there is no page: pages were expected, as `[pages]` and `app = \"https://app.example\"`",
        ),
        (
            "https://a.preview.example",
            "https://preview.example",
            "7:63",
            "`https://preview.example` is no sample of `https://*.preview.example`: an origin that the pattern covers was expected",
        ),
        (
            "https://*.preview.example",
            "https://a.preview.example",
            "7:23",
            "`https://a.preview.example` has no `*`: a pattern was expected, as in `https://*.preview.example`",
        ),
        (
            ", samples = [\"https://a.preview.example\"]",
            "",
            "7:11",
            "a pattern and samples were expected, as in { pattern = \"https://*.preview.example\", samples = [\"https://a.preview.example\"] }",
        ),
        (
            "[\"https://a.preview.example\"]",
            "[]",
            "7:62",
            "a list of origins, which are samples was expected",
        ),
        (
            "\"https://app.example\"",
            "\"https://*.app.example\"",
            "5:7",
            "`https://*.app.example` is a pattern, and no page has such an origin: samples that are asked were expected, as in { pattern = \"https://*.app.example\", samples = [\"https://a.preview.example\"] }",
        ),
        (
            "\"${OWN}\"",
            "\"${MISSING}\"",
            "8:7",
            "the environment has no `MISSING`, or one that is no text",
        ),
        (
            "SHORT = { allow-short = true }",
            "SHORT = true",
            "11:9",
            "`[secrets]` and `NAME = { allow-short = true }` were expected, for `${NAME}`",
        ),
        (
            "allow-short = true",
            "short = true",
            "11:11",
            "`short` is not known here: one of `allow-short` was expected",
        ),
        (
            "body-file = \"cors.toml\"",
            "body-file = \"cors.toml\"\nbody = \"x\"",
            "45:13",
            "there is a `body` too: one of the two was expected",
        ),
        (
            "what = \"send\"",
            "what = \"send\"\nsend = \"request\"",
            "47:8",
            "with `what = \"send\"` the request itself is never sent: no `send` was expected",
        ),
        (
            "name = \"others\"",
            "name = \"${OWN}\"",
            "31:8",
            "a name was expected, without values of the environment",
        ),
        (
            "app = \"https://app.example\"",
            "app = \"https://app.example/\"",
            "5:7",
            "`https://app.example/` is not an origin: `https://app.example` or `null` was expected",
        ),
        (
            "app = \"https://app.example\"",
            "app = \"app.example\"",
            "5:7",
            "`app.example` is not an origin: a scheme, a host and maybe a port were expected",
        ),
        (
            "\"embedded.1\"",
            "\"embedded 1\"",
            "6:1",
            "`embedded 1` is no name of a page: letters, digits, `-`, `_` and `.` were expected",
        ),
        (
            "name = \"all that there is\"",
            "name = \"a\\nb\"",
            "14:8",
            "a name was expected, on one line",
        ),
        (
            "pages = [\"app\"]",
            "pages = [\"ap\"]",
            "15:10",
            "`ap` is no page: one of `app`, `embedded.1`, `own`, `preview` was expected",
        ),
        ("pages = [\"app\"]", "pages = []", "15:9", "a list of names of pages was expected"),
        ("\"PUT\"", "\"GET\"", "16:19", "`GET` stands twice: once was expected"),
        ("\"PUT\"", "\"P T\"", "16:19", "`P T` is not a method: a method of a page was expected"),
        (
            "\"PUT\"",
            "\"trace\"",
            "16:19",
            "the method trace is forbidden: a method of a page was expected",
        ),
        (
            "\"/items\", \"/items/1?a=b\"",
            "\"items\"",
            "17:10",
            "`items` is no path: one that begins with `/` was expected, without `#` and spaces",
        ),
        (
            "\"/items\", \"/items/1?a=b\"",
            "\"/a#b\"",
            "17:10",
            "`/a#b` is no path: one that begins with `/` was expected, without `#` and spaces",
        ),
        (
            "paths = [\"/items\", \"/items/1?a=b\"]\n",
            "",
            "13:1",
            "there is no path: `paths = [\"/items\"]` was expected",
        ),
        ("X-Token", "\"X Token\"", "18:14", "`X Token` is no header name: a token was expected"),
        (
            "X-Token",
            "Cookie",
            "18:14",
            "a page cannot set `Cookie`: `cookie` was expected, beside `headers`",
        ),
        ("X-Token", "Host", "18:14", "a page cannot set `Host`: another header was expected"),
        (
            "\"$$ ${HOME}\"",
            "\"$HOME\"",
            "18:24",
            "`${NAME}` was expected after `$`, or `$$` for the sign itself",
        ),
        ("\"$$ ${HOME}\"", "1", "18:24", "the header's value was expected, not a TOML integer"),
        (
            ", {}]",
            ", 1]",
            "18:40",
            "headers were expected, as in { \"X-Token\" = \"1\" }, or a list of such tables",
        ),
        ("body = \"{}\"", "body = {}", "19:8", "a text was expected, not a TOML table"),
        (
            "[\"omit\", \"include\"]",
            "\"always\"",
            "20:15",
            "`always` is no credentials mode: \"omit\", \"same-origin\" or \"include\" was expected",
        ),
        (
            "[\"omit\", \"include\"]",
            "true",
            "20:15",
            "\"omit\", \"same-origin\" or \"include\", or a list of these was expected",
        ),
        (
            "cookie = \"id=${HOME}\"",
            "cookie = \"a\\nb\"",
            "21:10",
            "a cookie has no control characters",
        ),
        (
            "send = \"request\"",
            "send = \"all\"",
            "22:8",
            "\"request\" or \"preflight\" was expected",
        ),
        ("status = 200", "status = 199", "23:10", "an integer from 200 to 599 was expected"),
        ("status = 200", "status = 600", "23:10", "an integer from 200 to 599 was expected"),
        (
            "\"ETag\"",
            "\"Set-Cookie\"",
            "24:9",
            "no page can read `Set-Cookie`: another was expected",
        ),
        ("\"ETag\"", "\"E Tag\"", "24:9", "`E Tag` is no header name"),
        (
            "preflight-every = 600",
            "preflight-every = 0",
            "25:19",
            "an integer from 1 to 86400 was expected",
        ),
        (
            "preflight-every = 600",
            "preflight-every = 86401",
            "25:19",
            "an integer from 1 to 86400 was expected",
        ),
        (
            "preflight-every = 600",
            "from = [\"null\"]",
            "25:1",
            "`from` is not known here: one of `name`, `pages`, `methods`, `paths`, `headers`, `body`, `body-file`, `credentials`, `cookie`, `send`, `status`, `read`, `preflight-every` was expected",
        ),
        (
            "\"look-alike\"",
            "\"lookalike\"",
            "32:28",
            "`lookalike` is not an origin: a scheme, a host and maybe a port were expected, \"foreign\" or \"look-alike\"",
        ),
        ("[[deny]]\nname", "[deny]\nname", "", ""),
        ("app = \"https://app.example\"", "app = https://app.example", "", ""),
    ] {
        let toml = GOOD.replacen(old, new, 1);
        assert_ne!(toml, GOOD, "{old}");
        let stderr = read(&toml);
        if place.is_empty() {
            // The TOML parser's words follow.
            assert!(stderr.starts_with("browser-cors: cors.toml:"), "{stderr}");
        } else {
            let problem = format!("browser-cors: cors.toml:{place}: {message}\n");
            assert!(stderr.contains(&problem), "expected {problem}, not {stderr}");
        }
        // A schema cannot express these: names of pages, and what the Fetch Standard forbids.
        let is_beyond = message.starts_with("`ap` is no page")
            || message.starts_with("a page cannot set")
            || message.starts_with("a cookie has no")
            || message.contains(" is no sample of ")
            || message.starts_with("the environment has no");
        if let Some(json) = as_json(&toml) {
            assert_eq!(validator.is_valid(&json), is_beyond, "{new}");
        }
    }
}

/// There is no page, and none that could be.
#[test]
fn no_page() {
    let message = "pages were expected, as `[pages]` and `app = \"https://app.example\"`";
    assert_eq!(read("[pages]\n"), format!("browser-cors: cors.toml:1:1: {message}\n"));
}

#[test]
fn all_that_is_wrong_is_listed_in_order() {
    let toml = "deny = 1\n[pages]\na = 1\nb = \"x\"\n\n[[allow]]\nwrong = true\n";
    assert_eq!(
        read(toml),
        "browser-cors: cors.toml:1:8: rows were expected, as `[[deny]]`\n\
         browser-cors: cors.toml:3:5: an origin, as in \"https://app.example\" was expected, not a \
         TOML integer\n\
         browser-cors: cors.toml:4:5: `x` is not an origin: a scheme, a host and maybe a port were \
         expected\n\
         browser-cors: cors.toml:6:1: there is no path: `paths = [\"/items\"]` was expected\n\
         browser-cors: cors.toml:7:1: `wrong` is not known here: one of `name`, `pages`, \
         `methods`, `paths`, `headers`, `body`, `body-file`, `credentials`, `cookie`, `send`, `status`, \
         `read`, `preflight-every` was expected\n"
    );
}

#[test]
fn rows_that_cannot_be_asked() {
    let head = "base = \"http://127.0.0.1:2\"\n[pages]\napp = \"https://app.example\"\n";
    for (rows, problem) in [
        ("", "1:1: there is no row: `[[allow]]` or `[[deny]]` was expected"),
        (
            "[[allow]]\npaths = [\"/\"]\nsend = \"preflight\"\n",
            "4:1: `send = \"preflight\"`, but GET / has no preflight (standard): a method or a \
             header that needs one was expected, or `send = \"request\"`",
        ),
        (
            "[[allow]]\npaths = [\"/\"]\nmethods = [\"PUT\"]\nsend = \"preflight\"\nstatus = 200\n",
            "8:10: `status` needs the answer, which does not come with `send = \"preflight\"`: no \
             `status` was expected",
        ),
        (
            "[[deny]]\npaths = [\"/\"]\nfrom = [\"http://127.0.0.1:2\"]\n",
            "4:1: no page is left to ask: origins other than the server's own were expected",
        ),
    ] {
        let toml = format!("{head}{rows}");
        assert_eq!(read(&toml), format!("browser-cors: cors.toml:{problem}\n"));
    }
}

#[test]
fn too_much() {
    let paths = |count: usize| {
        let paths: Vec<_> = (0..count).map(|number| format!("\"/{number}\"")).collect();
        format!("[pages]\na = \"https://a.example\"\n[[allow]]\npaths = [{}]\n", paths.join(", "))
    };
    let toml = format!("base = \"http://127.0.0.1:2\"\n{}", paths(50_001))
        .replace("[[allow]]", "[[allow]]\nmethods = [\"GET\", \"PUT\"]");
    assert_eq!(
        read(&toml),
        "browser-cors: cors.toml:4:1: there are too many combinations: at most 100000 were \
         expected\n"
    );
    let toml = format!("{GOOD}#{}", " ".repeat(1 << 20));
    assert_eq!(read(&toml), "browser-cors: cors.toml: is larger than 1024 KiB\n");
}

/// Reading takes linear time, whatever the shape of the file.
#[test]
fn large_files_are_read_at_once() {
    let head = "base = \"http://127.0.0.1:2\"\n[pages]\na = \"https://a.example\"\n";
    let long = |row: &dyn Fn(usize) -> String| {
        let mut toml = head.to_owned();
        for number in 0.. {
            let row = row(number);
            if toml.len() + row.len() > 1 << 18 {
                return toml;
            }
            toml.push_str(&row);
        }
        unreachable!()
    };
    let keys = long(&|number| format!("x{number} = 1\n"));
    let rows = long(&|_| "[[allow]]\npath = [\"/\"]\n".to_owned());
    let pages = long(&|number| format!("p{number} = \"https://p{number}.example\"\n"));
    let line = format!("{head}[[allow]]\npaths = [\"/\"]\nheaders = {{ {} }}\n", {
        let headers: Vec<_> = (0..28_000).map(|number| format!("x{number}=1")).collect();
        headers.join(",")
    });
    assert!(line.len() < 1 << 18 && line.len() > 200_000);
    for toml in [keys, rows, line, format!("{pages}[[deny]]\npaths = [1]\n")] {
        let begin = std::time::Instant::now();
        let stderr = read(&toml);
        assert!(stderr.lines().count() <= 50, "{stderr}");
        // Other tests run at the same time, without optimization.
        assert!(begin.elapsed().as_secs() < 20, "{} {:?}", &toml[..200], begin.elapsed());
    }
}

#[test]
fn no_file_and_no_base() {
    let outcome = Outcome::of(expect().arg("/nowhere/cors.toml"));
    let start = "browser-cors: /nowhere/cors.toml: cannot be read: ";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.starts_with(start), "{}", outcome.stderr);
    assert_eq!(
        read(&GOOD.replacen("base = \"http://127.0.0.1:2/api\"", "", 1)),
        "browser-cors: cors.toml: has no `base`, so `--base` and the URL of a server were \
         expected\n"
    );
    let mut command = browser_cors();
    command.args(["diff", "a.example", "http://b.example"]).arg(written("cors.toml", "x"));
    assert_eq!(Outcome::of(&mut command).code, 2);
}

#[test]
fn file_of_the_manual() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manual = fs::read_to_string(root.join("src/manual/expectations.md")).unwrap();
    let (_, rest) = manual.split_once("```toml\nbase = ").unwrap();
    let (toml, _) = rest.split_once("```").unwrap();
    let toml = format!("base = {toml}");
    assert!(validator().is_valid(&as_json(&toml).unwrap()));
    let (server, file) = (Server::new(good), written("cors.toml", &toml));
    let mut command = expect();
    command.arg(&file).arg(format!("--base={}", server.base())).env("API_TOKEN", "a token");
    let outcome = Outcome::of(&mut command).about(&file, server.port);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert!(server.requests().iter().all(|request| request.method != "DELETE"));
}

/// What `--validate` says about a file, with these variables in the environment.
fn validated(toml: &str, environment: &[(&str, &str)]) -> (i32, String) {
    let file = written("cors.toml", toml);
    let mut command = expect();
    command.arg(&file).arg("--validate").envs(environment.iter().copied());
    for name in ["OWN", "SHORT"] {
        if environment.iter().all(|(given, _)| *given != name) {
            command.env_remove(name);
        }
    }
    let outcome = Outcome::of(&mut command).about(&file, 0);
    assert_eq!(outcome.stdout, "");
    (outcome.code, outcome.stderr)
}

#[test]
fn a_file_is_validated_without_a_server() {
    let all = [("OWN", "https://own.example"), ("SHORT", "s"), ("HOME", "/home/me")];
    assert_eq!(validated(GOOD, &all), (0, String::new()));
    assert_eq!(
        validated(GOOD, &[("HOME", "/home/me")]),
        (
            0,
            "note: the environment has no `OWN`: what contains it is not checked\n\
             note: the environment has no `SHORT`: what contains it is not checked\n"
                .to_owned()
        )
    );
    // An unset variable hides no problem, not even if it is unset more often than problems are listed.
    let unset: Vec<_> = (0..60).map(|number| format!("\"/{number}/${{SHORT}}\"")).collect();
    let paths = format!("paths = [{}]\n\n[[deny]]\npaths = [\"items\"]\n", unset.join(", "));
    for wrong in ["[[deny]]\npaths = [\"items\"]\n", &format!("[[deny]]\n{paths}")] {
        let (code, problem) = validated(&format!("{GOOD}\n{wrong}"), &[("HOME", "/home/me")]);
        assert_eq!(code, 2, "{problem}");
        assert!(
            problem.contains(": `items` is no path: one that begins with `/` was expected"),
            "{problem}"
        );
        assert!(!problem.contains("the environment has no"), "{problem}");
    }
}

#[test]
fn a_file_is_validated_for_its_server() {
    let file = "[pages]\napp = \"https://app.example\"\n\n[[allow]]\npaths = [\"/\"]\n";
    assert_eq!(validated(file, &[]), (0, String::new()));
    let (code, problem) = validated(&format!("base = \"https://app.example\"\n{file}"), &[]);
    assert_eq!(code, 2);
    assert_eq!(
        problem,
        "browser-cors: cors.toml:5:1: no page is left to ask: origins other than the server's own were expected\n"
    );
}
