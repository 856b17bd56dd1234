//! Remedies in the tongues of servers.

use browser_cors::{
    explain::tongue::{Policy, Proof, Tongue, guess},
    fetch::{Context, UserAgent},
    header::HeaderList,
    http::Method,
    origin::RegistrableDomain,
    preflight_cache::{PreflightCache, Timestamp},
    request::{CredentialsMode, Mode, Request},
    response::Response,
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

#[derive(Debug)]
struct NoSuffixes;

impl RegistrableDomain for NoSuffixes {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        Some(domain)
    }
}

/// A page that asks with a method and headers that need a preflight, which gets this answer.
fn asked(origin: &str, status: u16, headers: &[(&str, &str)]) -> Transcript {
    let url = Url::parse("https://api.example/items").unwrap();
    let mut request = Request::new(url, origin.parse().unwrap());
    request.mode = Mode::Cors;
    request.unsafe_request = true;
    request.method = Method::PUT;
    request.credentials_mode = CredentialsMode::Include;
    request.header_list.append("X-Token", b"1").unwrap();
    request.header_list.append("Access-Control-Allow-Origin", b"*").unwrap();
    let (user_agent, mut cache) = (UserAgent::new(NoSuffixes), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    Transcript::record(request, &mut context, |_| {
        let mut list = HeaderList::new();
        for (name, value) in headers {
            list.append(name, value.as_bytes()).unwrap();
        }
        Ok(Response::new(status, list))
    })
}

/// What a page needs, and what the server grants already; not what is no name, or means everything.
#[test]
fn policies() {
    let headers = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "'get', DELETE, *"),
        ("Access-Control-Allow-Headers", "X-A, $http_x, x-token"),
        ("Access-Control-Expose-Headers", "ETag, *"),
        ("Access-Control-Max-Age", "7200"),
    ];
    let policy = Policy::of(&asked("https://app.example", 200, &headers)).unwrap();
    assert_eq!(policy.origins, ["https://app.example"]);
    assert_eq!(policy.methods, ["GET", "HEAD", "POST", "PUT", "DELETE"]);
    assert_eq!(policy.headers, ["x-token", "X-A"]);
    assert_eq!(policy.exposed, ["ETag"]);
    assert!(policy.credentials);
    assert_eq!(policy.max_age, 7200);
    // No server can safely name `null`.
    assert_eq!(Policy::of(&asked("null", 200, &headers)), None);
}

fn policy(has_all: bool) -> Policy {
    let mut policy = Policy::new("https://app.example").unwrap();
    if has_all {
        policy.origins.push("https://www.app.example:8443".to_owned());
        policy.methods.extend(["PUT", "PROPFIND"].map(str::to_owned));
        policy.headers = ["Content-Type", "X-Token"].map(str::to_owned).to_vec();
        policy.exposed = ["ETag", "Location"].map(str::to_owned).to_vec();
        policy.credentials = true;
    }
    policy
}

/// The snippets, to be read. Each names its origins, and nothing is left of its template.
#[test]
fn snippets() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/tongues");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for tongue in Tongue::ALL {
        let all = tongue.snippet(&policy(true));
        let text = all.to_string();
        settings.bind(|| insta::assert_snapshot!(tongue.as_str(), text));
        // In regular expressions, dots are escaped.
        let plain = text.replace('\\', "");
        for origin in ["https://app.example", "https://www.app.example:8443"] {
            assert!(plain.contains(origin), "{text}");
        }
        let least = tongue.snippet(&policy(false)).to_string();
        for text in [&text, &least] {
            for left in
                ["[origin", "[method", "[header", "[expose", "[max", "[cred", "?cred", "?exp"]
            {
                assert!(!text.contains(left), "{left} in {text}");
            }
            assert!(!text.contains("?head") && !text.contains("?!head"), "{text}");
        }
        assert!(!all.parts.is_empty());
        assert!(all.parts.iter().all(|part| !part.place.is_empty() && !part.text.is_empty()));
        // What would let everybody in, with the user's cookies.
        for reflecting in ["origin: true", "\"*\"", "['*']", "AllowAnyOrigin", "mirror"] {
            let is_path = *tongue == Tongue::Rails && reflecting == "\"*\"";
            let is_path = is_path || *tongue == Tongue::Laravel && reflecting == "['*']";
            assert!(is_path || !text.contains(reflecting), "{text}");
        }
    }
}

#[test]
fn names() {
    assert_eq!(
        Tongue::NAMES,
        [
            "nginx",
            "apache",
            "caddy",
            "haproxy",
            "express",
            "fastify",
            "hono",
            "nest",
            "fastapi",
            "django",
            "flask",
            "spring",
            "aspnet",
            "rails",
            "laravel",
            "go",
            "axum",
            "actix",
            "s3",
            "cloudfront",
            "api-gateway",
            "cloudflare",
        ]
    );
    for (tongue, name) in Tongue::ALL.iter().zip(Tongue::NAMES) {
        assert_eq!(name.parse(), Ok(*tongue));
        assert_eq!(tongue.to_string(), *name);
        assert!(!matches!(tongue.proof(), Proof::Tests("") | Proof::Tried("")));
    }
}

/// The manual lists all of them, with what they were tried with.
#[test]
fn manual() {
    let manual = include_str!("../src/manual/fixes.md");
    let rows: Vec<&str> = manual.lines().filter(|line| line.starts_with("| `")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|line| !line.contains("--for")).collect();
    let expected: Vec<String> =
        Tongue::ALL.iter().map(|tongue| format!("| `{tongue}` | {} |", tongue.proof())).collect();
    assert_eq!(rows, expected);
}

#[rstest]
#[case(&[("Server", "nginx/1.22.1")], Some((Tongue::Nginx, "Server: nginx/1.22.1")))]
#[case(&[("server", "NGINX")], Some((Tongue::Nginx, "Server: NGINX")))]
#[case(&[("Server", "openresty")], Some((Tongue::Nginx, "Server: openresty")))]
#[case(&[("Server", "Apache/2.4.71 (Debian)")], Some((Tongue::Apache, "Server: Apache/2.4.71 (Debian)")))]
#[case(&[("Server", "Apache-Coyote/1.1")], Some((Tongue::Spring, "Server: Apache-Coyote/1.1")))]
#[case(
    &[("Server", "nginx"), ("X-Powered-By", "Express")],
    Some((Tongue::Express, "X-Powered-By: Express"))
)]
#[case(
    &[("Set-Cookie", "laravel_session=secret; path=/")],
    Some((Tongue::Laravel, "Set-Cookie: laravel_session"))
)]
#[case(&[("Server", "uvicorn")], Some((Tongue::Fastapi, "Server: uvicorn")))]
#[case(&[("Server", "AmazonS3"), ("X-Amz-Cf-Id", "a")], Some((Tongue::S3, "Server: AmazonS3")))]
#[case(&[("Server", "cloudflare"), ("CF-RAY", "a")], Some((Tongue::Cloudflare, "Server: cloudflare")))]
#[case(&[("Server", "gunicorn")], None)]
#[case(&[("Server", "")], None)]
#[case(&[], None)]
fn guesses(#[case] headers: &[(&str, &str)], #[case] expected: Option<(Tongue, &str)>) {
    let guess = guess(&asked("https://app.example", 200, headers));
    let guess = guess.as_ref().map(|guess| (guess.tongue, &*guess.from));
    assert_eq!(guess, expected);
}
