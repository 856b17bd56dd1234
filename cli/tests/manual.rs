//! `browser-cors completions` and `browser-cors man`.

use std::process::Command;

fn stdout_of(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_browser-cors")).args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_of_each_shell() {
    for (shell, line) in [
        ("bash", "complete -F _browser__cors"),
        ("elvish", "set edit:completion:arg-completer[browser-cors]"),
        ("fish", "complete -c browser-cors"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName 'browser-cors'"),
        ("zsh", "#compdef browser-cors"),
    ] {
        let text = stdout_of(&["completions", shell]);
        assert!(text.contains(line), "{shell}: {text}");
        for word in ["simulate", "check", "resolve"] {
            assert!(text.contains(word), "{shell} without {word}");
        }
    }
}

#[test]
fn manual_of_the_whole_program() {
    let text = stdout_of(&["man"]);
    for title in [
        "\n.TH browser-cors 1 ",
        "\n.TH browser-cors-simulate 1 ",
        "\n.TH browser-cors-check 1 ",
        "\n.TH browser-cors-expect 1 ",
        "\n.TH browser-cors-diff 1 ",
        "\n.TH browser-cors-har 1 ",
        "\n.TH browser-cors-completions 1 ",
        "\n.TH browser-cors-man 1 ",
    ] {
        assert!(text.contains(title), "no {title:?} in {text}");
    }
    assert!(text.contains("the page may read the response"));
}

#[test]
fn manual_page_of_a_command() {
    let text = stdout_of(&["man", "check"]);
    assert!(text.contains("\n.TH browser-cors-check 1 "), "{text}");
    assert_eq!(text.matches("\n.TH ").count(), 1);

    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("man");
    std::fs::create_dir_all(&folder).unwrap();
    assert_eq!(stdout_of(&["man", "--folder", &folder.display().to_string()]), "");
    let page = std::fs::read_to_string(folder.join("browser-cors-check.1")).unwrap();
    assert_eq!(page, text);
    assert!(folder.join("browser-cors.1").is_file());

    let output = Command::new(env!("CARGO_BIN_EXE_browser-cors")).args(["man", "chek"]).output();
    let problem = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(problem.contains("expected one of simulate, check, expect, audit, diff"), "{problem}");
}

#[test]
fn help_of_each_command() {
    for command in ["simulate", "check", "expect", "audit", "diff", "har", "completions", "man"] {
        let text = stdout_of(&["help", command]);
        assert!(text.contains("\nExamples:\n"), "{command}: {text}");
    }
    for command in ["simulate", "check", "expect", "audit", "diff", "har"] {
        let text = stdout_of(&["help", command]);
        assert!(text.contains("\nExit status:\n"), "{command}: {text}");
    }
}

#[test]
fn help_fits_a_terminal() {
    const COMMANDS: [&str; 11] = [
        "simulate",
        "check",
        "expect",
        "audit",
        "diff",
        "explain",
        "har",
        "engines",
        "schema",
        "completions",
        "man",
    ];
    for command in COMMANDS {
        for line in stdout_of(&["help", command]).lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
    }
}
