//! Runs: which rows are asked for, how much is said, when a run ends, and where its reports go.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::server::{Answer, Outcome, Server, answer, browser_cors, expect, folder, good, written};

const FILE: &str = "[pages]\napp = \"https://app.example\"\n\
                    [[allow]]\nname = \"items\"\npaths = [\"/items\"]\n\
                    [[allow]]\nname = \"others\"\npaths = [\"/reflect\", \"/other\"]\ncredentials = \"include\"\n\
                    [[deny]]\npaths = [\"/items\"]\nfrom = [\"null\"]\ncredentials = \"omit\"\n";

/// A server where the row `others` fails.
fn server() -> Server {
    Server::new(|request| match request.target.as_str() {
        "/items" => good(request),
        _ => answer(200, ["Access-Control-Allow-Origin: *"]),
    })
}

#[test]
fn only_some_rows() {
    let server = server();
    let rows = |args: &[&str]| {
        let (code, lines) = server.json(FILE, args);
        let rows = lines.iter().map(|line| line["row"].as_str().unwrap().to_owned());
        (code, rows.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(rows(&[]), (1, "items others others deny 1".to_owned()));
    assert_eq!(rows(&["--only=items"]), (0, "items".to_owned()));
    assert_eq!(rows(&["--only=deny 1", "--only=1"]), (0, "items deny 1".to_owned()));
    let outcome = server.expect(FILE, &["--only=item"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (
            2,
            "browser-cors: cors.toml: no row is called `item`: one of `items`, `others`, `deny 1` was \
             expected, or its number\n"
        )
    );
    for number in ["0", "4"] {
        assert_eq!(server.expect(FILE, &[&format!("--only={number}")]).code, 2);
    }
}

#[test]
fn less_and_more() {
    let server = server();
    let outcome = server.expect(FILE, &["--quiet", "--engine=standard"]);
    assert_eq!(
        outcome.stdout,
        "FAILED others: 0 passed, 2 failed\n\
         cors.toml against http://127.0.0.1:PORT/ in standard: 2 passed, 2 failed\n"
    );
    let outcome = server.expect(FILE, &["-v", "--engine=standard"]);
    assert!(
        outcome.stdout.starts_with(
            "ok     items: 1 passed, 0 failed\n       passed: items: GET /items from app\n\
             FAILED others: 0 passed, 2 failed\n\
             ok     deny 1: 1 passed, 0 failed (GET arrives, but its answer cannot be read)\n       \
             passed: deny 1: GET /items from null, credentials omit\n\n  others: GET /reflect from app"
        ),
        "{}",
        outcome.stdout
    );
    assert_eq!(outcome.stdout.matches("\n    expected: ").count(), 2);
    // Those alike are explained once, with the fix of each.
    let outcome = server.expect(FILE, &["--engine=standard"]);
    assert_eq!(outcome.stdout.matches("\n    expected: ").count(), 1);
    assert!(
        outcome.stdout.contains(
            "  also others: GET /other from app, credentials include\n       fix: Answer GET \
             http://127.0.0.1:PORT/other with `Access-Control-Allow-Origin: https://app.example`, \
             `Access-Control-Allow-Credentials: true` and `Vary: Origin`"
        ),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_run_ends_after_failures() {
    let server = Server::new(|_| answer(200, []));
    let paths: Vec<_> = (0..20).map(|number| format!("\"/{number}\"")).collect();
    let toml = format!(
        "[pages]\napp = \"https://app.example\"\n[[allow]]\nname = \"items\"\npaths = [{}]\n",
        paths.join(", ")
    );
    for (args, count, ended) in
        [(&["--fail-fast"][..], 1, "1 failure"), (&["--max-failures=3"], 3, "3 failures")]
    {
        let outcome = server.expect(&toml, &[args, &["--jobs=1", "--engine=standard"]].concat());
        assert_eq!(outcome.code, 2);
        let end = format!(
            "cors.toml against http://127.0.0.1:PORT/ in standard: 0 passed, {count} failed, {left} could \
             not be judged; the run ended after {ended}, and {left} were not asked\n",
            left = 20 - count
        );
        assert!(outcome.stdout.ends_with(&end), "{}", outcome.stdout);
    }
    assert_eq!(server.requests().len(), 4);
}

/// A server that is down is not asked 20 times, nor reported as often.
#[test]
fn a_dead_server_ends_a_run() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let paths: Vec<_> = (0..100).map(|number| format!("\"/{number}\"")).collect();
    let toml = format!(
        "[pages]\napp = \"https://app.example\"\n[[allow]]\nname = \"items\"\npaths = [{}]\n",
        paths.join(", ")
    );
    let (file, folder) = (written("cors.toml", &toml), folder());
    let mut command = expect();
    command.arg(&file).arg(format!("--base=http://127.0.0.1:{port}"));
    command.args(["--retries=0", "--jobs=1"]);
    command.arg(format!("--gitlab={}", folder.join("gitlab.json").display()));
    let outcome = Outcome::of(&mut command).about(&file, port);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, ""));
    assert_eq!(outcome.stdout.matches("refused: nothing listens there").count(), 3);
    assert!(outcome.stdout.lines().count() < 30, "{}", outcome.stdout);
    assert!(
        outcome.stdout.ends_with(
            "0 passed, 0 failed, 100 could not be judged; the run ended after 8 combinations in a row \
             without an answer, and 92 were not asked\n"
        ),
        "{}",
        outcome.stdout
    );
    let issues = fs::read(folder.join("gitlab.json")).unwrap();
    let issues: Vec<Value> = serde_json::from_slice(&issues).unwrap();
    assert_eq!(issues.len(), 8);
}

/// A server that answers most requests is asked to the end.
#[test]
fn one_silent_path_does_not_end_a_run() {
    let server = Server::new(|request| match request.target.as_str() {
        "/0" => good(request),
        _ => answer(0, []),
    });
    let paths: Vec<_> = (0..20).map(|number| format!("\"/{number}\"")).collect();
    let toml = format!(
        "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [{}]\n",
        paths.join(", ")
    );
    let outcome = server.expect(&toml, &["--retries=0", "--jobs=1"]);
    assert!(outcome.stdout.ends_with("1 passed, 0 failed, 19 could not be judged\n"));
}

#[test]
fn standard_input_and_output() {
    let server = server();
    let run = |args: &[&str]| {
        let mut command = expect();
        command.arg("-").arg(format!("--base={}", server.base())).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end before it reads.
        let _ = child.stdin.take().unwrap().write_all(FILE.as_bytes());
        let output = child.wait_with_output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, stdout, stderr) = run(&[]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(stdout.contains("\nstandard input against http://127.0.0.1:"), "{stdout}");
    for (option, start) in
        [("--junit=-", "<?xml"), ("--sarif=-", "{\n  \"$schema\""), ("--gitlab=-", "[\n  {\n")]
    {
        let (code, stdout, stderr) = run(&[option]);
        assert_eq!((code, stderr.as_str()), (1, ""));
        assert!(stdout.starts_with(start), "{stdout}");
        assert!(!stdout.contains("FAILED"), "{stdout}");
    }
    let (code, stdout, stderr) = run(&["--junit=-", "--sarif=-"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_eq!(
        stderr,
        "browser-cors: two reports would go to standard output: one `-` was expected\n"
    );
}

#[test]
fn gitlab() {
    let (server, folder) = (server(), folder());
    let path = folder.join("gitlab.json");
    let outcome =
        server.expect(FILE, &[&format!("--gitlab={}", path.display()), "--engine=standard"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let issues: Vec<Value> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(issues.len(), 2);
    let issue = &issues[0];
    assert_eq!(issue["check_name"], "allow-origin-wildcard-with-credentials");
    assert_eq!(issue["severity"], "major");
    assert_eq!(issue["location"]["lines"]["begin"], 6);
    assert!(issue["location"]["path"].as_str().unwrap().ends_with("cors.toml"));
    assert!(
        issue["description"].as_str().unwrap().starts_with(
            "others: GET /reflect from app, credentials include: in standard: \
             Access-Control-Allow-Origin is `*`"
        ),
        "{issue}"
    );
    let prints: Vec<_> = issues.iter().map(|it| it["fingerprint"].as_str().unwrap()).collect();
    assert!(prints.iter().all(|print| print.len() == 32) && prints[0] != prints[1]);
    // They are the same in the next run.
    server.expect(FILE, &[&format!("--gitlab={}", path.display()), "--engine=standard"]);
    let again: Vec<Value> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(again[0]["fingerprint"], issues[0]["fingerprint"]);
}

#[test]
fn each_report_is_written_on_its_own() {
    let (server, folder) = (server(), folder());
    let at = |name: &str| folder.join(name).display().to_string();
    let outcome = server.expect(
        FILE,
        &[
            &format!("--junit={}", at("nowhere/cors.xml")),
            &format!("--sarif={}", at("cors.sarif")),
            &format!("--gitlab={}", at("nowhere/gitlab.json")),
            "--github",
        ],
    );
    assert_eq!(outcome.code, 2);
    assert_eq!(outcome.stderr.matches("cannot be written: ").count(), 2);
    assert!(outcome.stderr.contains("::error file=cors.toml"), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("FAILED others"));
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["cors.sarif"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (server, folder) = (server(), folder());
    fs::create_dir(folder.join("sub")).unwrap();
    let target = folder.join("sub/real.xml");
    fs::write(&target, "old").unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    let links = ["link.xml", "dangling.xml"].map(|name| folder.join(name));
    symlink("sub/real.xml", &links[0]).unwrap();
    symlink("sub/new.xml", &links[1]).unwrap();
    for link in &links {
        let outcome = server.expect(FILE, &[&format!("--junit={}", link.display())]);
        assert_eq!(outcome.stderr, "");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(fs::read_to_string(link).unwrap().starts_with("<?xml"));
    }
    assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<_> = fs::read_dir(folder.join("sub")).unwrap().collect();
    assert_eq!(names.len(), 2);
}

/// A signal ends a run with what is known, and with whole files.
#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_with_what_is_known() {
    let server = Server::new(|request| {
        thread::sleep(Duration::from_millis(100));
        good(request)
    });
    let folder = folder();
    let paths: Vec<_> = (0..200).map(|number| format!("\"/{number}\"")).collect();
    let toml = format!(
        "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [{}]\n",
        paths.join(", ")
    );
    for signal in ["-INT", "-TERM"] {
        let file = written("cors.toml", &toml);
        let mut command = expect();
        command.arg(&file).arg(format!("--base={}", server.base())).arg("--jobs=1");
        command.arg(format!("--junit={}", folder.join("cors.xml").display()));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (begin, before) = (Instant::now(), server.requests().len());
        while server.requests().len() < before + 3 && begin.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(10));
        }
        let killed = std::process::Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        let code = child.wait().unwrap().code();
        let mut stdout = String::new();
        child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        assert_eq!(code, Some(2), "{stdout}");
        assert!(stdout.contains(" passed, 0 failed, "), "{stdout}");
        assert!(stdout.contains("; the run was interrupted, and "), "{stdout}");
        let xml = fs::read_to_string(folder.join("cors.xml")).unwrap();
        assert_eq!(xml.matches("<testcase ").count(), 200);
        assert!(xml.trim_end().ends_with("</testsuites>"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}

/// What a server sends cannot deceive a reader, in any report.
#[test]
fn reports_show_what_is_hidden() {
    let server = Server::new(|_| {
        Answer(
            200,
            vec![
                "Access-Control-Allow-Origin: https://app.example".to_owned(),
                "Access-Control-Expose-Headers: ~~~, |<b>, \u{9b}31m\u{202e}, [a](http://b.invalid)"
                    .to_owned(),
                "Vary: ##[add-mask]a, ::error::b".to_owned(),
            ],
        )
    });
    let folder = folder();
    let toml = "[pages]\napp = \"https://app.example\"\n[[allow]]\nname = \"a\u{202e}b|<i>\"\npaths = [\"/\"]\nread = [\"ETag\"]\n";
    let at = |name: &str| folder.join(name).display().to_string();
    let file = written("cors.toml", toml);
    let texts: Vec<_> = ["text", "markdown", "json"]
        .iter()
        .map(|format| {
            let mut command = expect();
            command.arg(&file).arg(format!("--base={}", server.base()));
            command.args([
                &format!("--format={format}"),
                &format!("--junit={}", at("junit.xml")),
                &format!("--sarif={}", at("cors.sarif")),
                &format!("--gitlab={}", at("gitlab.json")),
                "--github",
            ]);
            command.env("GITHUB_STEP_SUMMARY", at("summary.md"));
            let outcome = Outcome::of(&mut command);
            assert_eq!(outcome.code, 1);
            [outcome.stdout, outcome.stderr]
        })
        .collect();
    let files = ["junit.xml", "cors.sarif", "gitlab.json", "summary.md"];
    let files = files.map(|name| fs::read_to_string(at(name)).unwrap());
    let [text, markdown, json] = &texts[..] else { panic!() };
    let shown = [&text[0], &text[1], &markdown[0]].into_iter().chain(&files);
    for text in shown {
        let is_deceptive = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{200b}' | '\u{2066}')
        };
        assert!(!text.contains(is_deceptive), "{text}");
    }
    for log in [&text[0], &markdown[0], &json[0]] {
        assert!(!log.contains("##["), "{log}");
        assert!(!log.lines().any(|line| line.trim_start().starts_with("::")), "{log}");
    }
    // JSON stays faithful.
    let line: Value = serde_json::from_str(&json[0]).unwrap();
    assert_eq!(line["row"], "a\u{202e}b|<i>");
    assert!(line["findings"][0]["explanation"].as_str().unwrap().contains("##[add-mask]a"));
    // No fence is closed early, and no cell is.
    let fences: Vec<_> = markdown[0].lines().filter(|line| line.starts_with("~~~")).collect();
    assert_eq!(fences, ["~~~~text", "~~~~"]);
    assert!(markdown[0].contains("\n| a\\\\u{202e}b\\|\\<i\\> | 0 | 1 | 0 |\n"), "{}", markdown[0]);
    let sarif: Value = serde_json::from_str(&files[1]).unwrap();
    let text = sarif["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(!text.contains("]("), "{text}");
}

#[test]
fn differences_that_are_alike_are_told_once() {
    let (a, b) = (
        Server::new(|request| {
            let origin =
                format!("Access-Control-Allow-Origin: {}", request.header("Origin").unwrap());
            answer(200, [&origin[..], "Access-Control-Allow-Methods: PUT"])
        }),
        Server::new(|_| answer(200, [])),
    );
    let toml = "[pages]\napp = \"https://app.example\"\ndocs = \"https://docs.example\"\n\
                [[allow]]\nname = \"items\"\npaths = [\"/1\", \"/2\"]\n\
                [[deny]]\nname = \"others\"\npaths = [\"/1\"]\nfrom = [\"foreign\", \"null\"]\n";
    let file = written("cors.toml", toml);
    let diff = |args: &[&str]| {
        let mut command = browser_cors();
        command.args(["diff", &a.base(), &b.base()]).arg(&file).args(args);
        Outcome::of(&mut command)
    };
    let outcome = diff(&[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert_eq!(outcome.stdout.matches(": a page can tell\n").count(), 1, "{}", outcome.stdout);
    assert_eq!(outcome.stdout.matches("\n  also ").count(), 6);
    assert!(outcome.stdout.lines().count() < 30, "{}", outcome.stdout);
    assert_eq!(diff(&["--verbose"]).stdout.matches(": a page can tell\n").count(), 6);
    assert_eq!(
        diff(&["--quiet", "--only=others"]).stdout,
        "4 combinations: 4 are answered differently, 2 so that a page can tell\n"
    );
}
