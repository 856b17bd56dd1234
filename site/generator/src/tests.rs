use std::{collections::BTreeSet, fs};

use browser_cors::code::Code;
use serde_json::Value;

use crate::{
    examples::{Example, Examples, WITHOUT},
    guide::Guide,
    markdown::{self, Page},
    repository::Repository,
    texts::Texts,
};

fn guide() -> Guide {
    Guide::of(&Repository::here()).unwrap_or_else(|problem| panic!("{problem}"))
}

fn page<'a>(guide: &'a Guide, path: &str) -> &'a Page {
    let found = guide.pages.iter().find(|page| page.path == path);
    found.unwrap_or_else(|| panic!("there is no page {path}"))
}

#[track_caller]
fn assert_has(page: &Page, wanted: &str) {
    assert!(page.body.contains(wanted), "{} has no {wanted:?}:\n{}", page.path, page.body);
}

/// A page for each reason, with an example; those without one say why.
#[test]
fn each_reason() {
    let guide = guide();
    for code in Code::ALL {
        let page = page(&guide, &format!("reasons/{code}.md"));
        assert!(!page.body.contains("\n## What to change\n\n\n"), "{code} has no fix");
        let address = page.path.replace(".md", ".html");
        assert_eq!(code.guide(), format!("{}guide/{address}", env!("CARGO_PKG_HOMEPAGE")));
        let why = WITHOUT.iter().find(|(without, _)| without == code);
        let has_example = page.body.contains("\n## What happened\n");
        assert!(
            has_example || why.is_some(),
            "{code} has no page with an example: give it a scenario in fixtures/reasons.jsonl, or say in \
             examples::WITHOUT why it has none"
        );
        assert!(!has_example || why.is_none(), "{code} has an example: take it out of WITHOUT");
        assert_eq!(page.body.contains("\n## What to change\n"), has_example, "{code}");
    }
}

/// A scenario is named for the reason that it shows. Each is one of the standard, save these.
#[test]
fn each_scenario() {
    const OF_ENGINES: [(&str, &str); 4] = [
        ("url-credentials", "chromium"),
        ("own-header", "chromium"),
        ("opaque-response-blocking", "chromium"),
        ("redirect-credentials-within-origin", "chromium"),
    ];
    let examples = Examples::of(&Repository::here()).unwrap();
    let lines = Repository::here().read("fixtures/reasons.jsonl").unwrap();
    let mut names = BTreeSet::new();
    for line in lines.lines() {
        let scenario: Value = serde_json::from_str(line).unwrap();
        let id = scenario["id"].as_str().unwrap().to_owned();
        let code: Code = id.parse().unwrap();
        let (_, example) = examples.iter().find(|(of, _)| *of == code).unwrap();
        let Some(Example::Fetch { shown, .. }) = example else { panic!("{id}: {example:?}") };
        let expected = OF_ENGINES.iter().find(|(name, _)| *name == id);
        assert_eq!(shown.0.to_string(), expected.map_or("standard", |(_, engine)| engine), "{id}");
        assert!(names.insert(id), "{line}");
    }
    assert!(names.len() > 40, "{names:?}");
}

#[test]
fn a_reason_of_preflights() {
    let guide = guide();
    let page = page(&guide, "reasons/preflight-method.md");
    for part in [
        "# preflight-method\n\n`Access-Control-Allow-Methods` does not list the method.\n",
        "The answer to the preflight (an OPTIONS request) does not list `PUT`",
        "   Access-Control-Allow-Methods: GET, POST\n                                          ^ expected PUT\n",
        "**Where:** the server of api.example\n",
        "Answer OPTIONS https://api.example/items with `Access-Control-Allow-Methods: GET, POST, PUT`.",
        "::: details nginx (tested with nginx 1.22)\nIn the http block:\n",
        "    1 \"GET, HEAD, POST, PUT\";\n",
        "### Chromium 137 to 156\n",
        "has been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
        "### Firefox ESR 140, Firefox ESR 153 and Firefox 159\n",
        "(Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
        "### WebKitGTK 2.50\n",
        "\nMethod PUT is not allowed by Access-Control-Allow-Methods.\n",
        "| Chromium | `MethodDisallowedByPreflightResponse` |\n",
        "- The standard: <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>, step 7.5\n",
        "- MDN: <https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMethodNotFound>\n",
    ] {
        assert_has(page, part);
    }
    for label in ["\n    fix: ", "\n  where: ", "\n    see: ", "\n  guide: "] {
        assert!(!page.body.contains(label), "{label:?} stands there twice");
    }
}

#[test]
fn a_reason_that_engines_depart_from() {
    let guide = guide();
    assert_has(
        page(&guide, "reasons/preflight-authorization.md"),
        "### Chromium 137 to 156, Firefox ESR 140, Firefox ESR 153, Firefox 159 and WebKitGTK 2.50\n\nHere \
         the outcome is `cors`, because of \
         [authorization-under-wildcard](/departures.md#authorization-under-wildcard).\n",
    );
    assert_has(
        page(&guide, "departures.md"),
        "\n## authorization-under-wildcard\n\n- The standard: `*` in Access-Control-Allow-Headers \
         never covers Authorization\n",
    );
    assert_has(
        page(&guide, "departures.md"),
        "\n| [range-below-2-to-63](#range-below-2-to-63) |  |  |  |  | yes | yes |  |  |\n",
    );
}

#[test]
fn a_reason_that_only_consoles_have() {
    let guide = guide();
    let page = page(&guide, "reasons/header-not-exposed.md");
    assert_has(page, "the answer does not list it in Access-Control-Expose-Headers");
    assert_has(page, "Refused to get unsafe header \"x-request-id\"");
    assert_has(page, "| Chromium | `Refused to get unsafe header \"{header}\"` |");
}

#[test]
fn the_list_of_reasons() {
    let guide = guide();
    let index = page(&guide, "reasons/index.md");
    for code in Code::ALL {
        assert_has(index, &format!("\n| [`{code}`](/reasons/{code}.md) | "));
    }
}

/// A door for each kind of user; those of bindings are there as soon as these are.
#[test]
fn doors() {
    let guide = guide();
    let home = page(&guide, "index.md");
    for (path, title) in [
        ("rust.md", "Rust"),
        ("ci.md", "Any server, in CI"),
        ("terminal.md", "At a terminal"),
        ("user-agents.md", "Browsers and clients"),
    ] {
        assert_has(home, &format!("\n- [{title}](/{path}): "));
        assert_has(page(&guide, path), &format!("# {title}\n"));
    }
    for (path, readme) in
        [("node.md", "bindings/npm/README.md"), ("python.md", "bindings/python/README.md")]
    {
        let has_page = guide.pages.iter().any(|page| page.path == path);
        assert_eq!(has_page, Repository::here().has(readme), "{readme}");
    }
}

/// Links between files are links between pages, code is as people read it, and what rustdoc hides is
/// not there.
#[test]
fn what_other_files_say() {
    let guide = guide();
    assert_has(page(&guide, "terminal.md"), "[Live servers](/manual/live_servers.md)");
    assert_has(page(&guide, "terminal.md"), "[The scoreboard](/scoreboard.md)");
    assert_has(page(&guide, "rust.md"), "\n```rust\nuse axum::");
    assert_has(page(&guide, "ci.md"), "\n[[deny]]\n");
    assert_has(page(&guide, "manual/engines.md"), "\n```rust\nuse browser_cors::");
    let explain = concat!(env!("CARGO_PKG_HOMEPAGE"), "doc/browser_cors/explain/index.html");
    assert_has(page(&guide, "manual/fixes.md"), &format!("[`Cause`]({explain})"));
    for page in &guide.pages {
        assert!(!page.body.contains("](src/") && !page.body.contains("](../"), "{}", page.path);
    }
}

#[test]
fn servers() {
    let guide = guide();
    let servers = page(&guide, "servers.md");
    assert_has(
        servers,
        "\n## nginx\n\nTested with nginx 1.22.\n\nIn the http block:\n```text\nmap ",
    );
    assert_has(servers, "\n## s3\n\nNot tried.\n\n");
    assert_has(
        servers,
        "\n  methods: ['GET', 'HEAD', 'POST', 'PUT'],\n  allowedHeaders: ['content-type'],\n",
    );
}

#[test]
fn formats() {
    let guide = guide();
    let expectations = page(&guide, "reference/expectations.md");
    assert_has(
        expectations,
        "| `deny` |  | array of [deny](#deny); 1 items or more | What must not be readable, and for \
         whom. |\n",
    );
    assert_has(expectations, "\n## deny\n\n| member | required | value | what it is |\n");
    assert_has(expectations, "| `paths` | yes | [paths](#paths) |");
    let har = page(&guide, "reference/har.md");
    assert_has(har, "\n[exchange](#exchange) or [last](#last)\n");
    assert_has(har, "\n## exchange\n\nAn exchange of a page with a server of another origin.\n");
}

/// A repository of its own, with these files.
fn with_files(name: &str, files: &[(&str, &str)]) -> Repository {
    let root =
        std::env::temp_dir().join(format!("browser-cors-site-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    let always = [("src/manual/a.md", "# A\n"), ("scoreboard/README.md", "# Scoreboard\n")];
    for (path, text) in always.iter().chain(files) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Repository::at(root)
}

#[test]
fn a_binding_opens_its_door() {
    let door = ("site/guide/texts/1-x.md", "title: X\n\n<!-- include bindings/x/README.md -->\n");
    let texts = Texts::of(&with_files("closed", &[door])).unwrap();
    assert!(texts.doors.is_empty(), "{texts:?}");

    let readme = "# x\n\n[A](../../src/manual/a.md), [tests](tests/a.js)\n";
    let texts = with_files("open", &[door, ("bindings/x/README.md", readme)]);
    let texts = Texts::of(&texts).unwrap();
    let tests = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/bindings/x/tests/a.js");
    assert_eq!(texts.doors[0].body, format!("# X\n\n\n[A](/manual/a.md), [tests]({tests})\n"));
}

#[test]
fn a_section_that_is_not_there() {
    let door = ("site/guide/texts/1-x.md", "title: X\n<!-- include README.md#two -->\n");
    let repository = with_files("section", &[door, ("README.md", "# R\n\n## One\n")]);
    assert_eq!(
        Texts::of(&repository).unwrap_err().to_string(),
        "site/guide/texts/1-x.md: README.md has no section `#two`",
    );
}

#[test]
fn sections() {
    let text =
        "# Title\n\nFirst.\n\n## One\n\n1\n\n### Part\n\n```sh\n# no heading\n```\n\n## Two\n2\n";
    assert_eq!(markdown::section(text, "").as_deref(), Some("First."));
    assert_eq!(
        markdown::section(text, "one").as_deref(),
        Some("1\n\n## Part\n\n```sh\n# no heading\n```"),
    );
    assert_eq!(markdown::section(text, "two").as_deref(), Some("2"));
    assert_eq!(markdown::section(text, "three"), None);
}

#[test]
fn what_would_be_markup() {
    assert_eq!(
        markdown::prose("a <b> {{ c }} `<d>` *e*"),
        "a &lt;b> &#123;&#123; c }} `<d>` \\*e\\*"
    );
    assert_eq!(markdown::cell("a | `b | c`"), "a \\| `b \\| c`");
    assert_eq!(markdown::code("a `b`"), "`` a `b` ``");
    assert_eq!(markdown::block("text", "```\na\n"), "````text\n```\na\n````\n");
}
