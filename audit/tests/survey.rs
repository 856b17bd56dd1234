//! A zoo of server configurations, each with the true findings beside it: what a survey says of them
//! is right, and nothing is missing or said too much.

use browser_cors::{
    compare::{Asking, Results},
    fetch::TransportFailure,
    header::HeaderList,
    http::HeaderValue,
    response::Response,
    url::Url,
};
use browser_cors_audit::survey::{Severity, Survey, Surveying, Who};
use rstest::rstest;

const APP: &str = "https://app.example";
const URL: &str = "https://api.example/items";

/// What a server is asked.
struct Asked {
    origin: Option<String>,
    is_preflight: bool,
    is_missing: bool,
    has_cookie: bool,
}

type Headers = Vec<(&'static str, String)>;

/// Adds CORS headers for an origin, as most layers do.
fn granted(asked: &Asked, origin: &str) -> Headers {
    let mut headers = vec![
        ("Access-Control-Allow-Origin", origin.to_owned()),
        ("Access-Control-Allow-Credentials", "true".to_owned()),
    ];
    if asked.is_preflight {
        headers.push(("Access-Control-Allow-Methods", "GET, PUT".to_owned()));
        headers.push(("Access-Control-Allow-Headers", "content-type".to_owned()));
        headers.push(("Access-Control-Max-Age", "600".to_owned()));
    }
    headers
}

fn vary(mut headers: Headers) -> Headers {
    headers.push(("Vary", "Origin".to_owned()));
    headers
}

/// A server that grants the origins for which `is_let_in` is true, with `Vary`.
fn list(asked: &Asked, is_let_in: impl Fn(&str) -> bool) -> Headers {
    match asked.origin.as_deref().filter(|origin| is_let_in(origin)) {
        Some(origin) => vary(granted(asked, origin)),
        None => vary(Vec::new()),
    }
}

fn survey(server: impl Fn(&Asked) -> Headers) -> Survey {
    survey_of(Surveying::new().page(APP.parse().unwrap()), URL, server)
}

fn survey_of(surveying: Surveying, url: &str, server: impl Fn(&Asked) -> Headers) -> Survey {
    let answer = |asking: &Asking| {
        let (exchange, cookie) = (asking.exchange().unwrap(), asking.cookie());
        let method = exchange.method().as_str();
        assert!(matches!(method, "GET" | "OPTIONS"), "{method} may change the server");
        let origin = exchange.header_list().get("Origin");
        let asked = Asked {
            origin: origin.map(|origin| String::from_utf8(origin.into_owned()).unwrap()),
            is_preflight: exchange.is_preflight(),
            is_missing: exchange.url().path().contains("no-such-path"),
            has_cookie: cookie.is_some(),
        };
        let mut list = HeaderList::new();
        for (name, value) in server(&asked) {
            list.append(name, value.as_bytes()).unwrap();
        }
        Ok(Response::new(if asked.is_missing { 404 } else { 200 }, list))
    };
    surveying.survey(&Url::parse(url).unwrap(), &mut |asking| answered(asking, answer))
}

/// The results of a question, each of whose exchanges has this answer.
fn answered(
    mut asking: Asking,
    mut answer: impl FnMut(&Asking) -> Result<Response, TransportFailure>,
) -> Results {
    while asking.exchange().is_some() {
        let answer = answer(&asking);
        asking.answered(answer);
    }
    asking.finish()
}

/// The findings as `severity code who`.
fn found(survey: &Survey) -> Vec<String> {
    let findings = survey.findings.iter();
    findings
        .map(|finding| format!("{} {} {:?}", finding.severity, finding.code, finding.who))
        .collect()
}

fn app_only(asked: &Asked) -> Headers {
    list(asked, |origin| origin == APP)
}

const fn nothing(_: &Asked) -> Headers {
    Vec::new()
}

fn reflecting(asked: &Asked) -> Headers {
    list(asked, |_| true)
}

fn reflecting_without_credentials(asked: &Asked) -> Headers {
    let mut headers = reflecting(asked);
    headers.retain(|(name, _)| *name != "Access-Control-Allow-Credentials");
    headers
}

fn reflecting_but_null(asked: &Asked) -> Headers {
    list(asked, |origin| origin != "null")
}

fn null_let_in(asked: &Asked) -> Headers {
    list(asked, |origin| origin == APP || origin == "null")
}

fn prefix(asked: &Asked) -> Headers {
    list(asked, |origin| origin.starts_with(APP))
}

fn prefix_of_the_host(asked: &Asked) -> Headers {
    list(asked, |origin| {
        origin.split_once("://").is_some_and(|(_, host)| host.starts_with("app.example"))
    })
}

fn suffix(asked: &Asked) -> Headers {
    list(asked, |origin| origin.ends_with("app.example"))
}

fn contained(asked: &Asked) -> Headers {
    list(asked, |origin| origin.contains("app.example"))
}

fn unescaped_dot(asked: &Asked) -> Headers {
    list(asked, |origin| {
        origin.len() == APP.len()
            && origin.starts_with("https://app")
            && origin.ends_with("example")
    })
}

fn any_sub_domain(asked: &Asked) -> Headers {
    list(asked, |origin| {
        origin == APP || origin.ends_with(".app.example") && origin.starts_with("https://")
    })
}

fn any_port(asked: &Asked) -> Headers {
    list(asked, |origin| {
        origin.strip_prefix(APP).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

fn any_scheme(asked: &Asked) -> Headers {
    list(asked, |origin| origin == APP || origin == "http://app.example")
}

fn any_top_level_domain(asked: &Asked) -> Headers {
    list(asked, |origin| origin.starts_with("https://app.") && !origin[12..].contains(['.', ':']))
}

fn public(_: &Asked) -> Headers {
    vec![("Access-Control-Allow-Origin", "*".to_owned())]
}

fn public_with_credentials(asked: &Asked) -> Headers {
    granted(asked, "*")
}

fn localhost_left_in(asked: &Asked) -> Headers {
    list(asked, |origin| origin == APP || origin.starts_with("http://localhost"))
}

fn any_extension(asked: &Asked) -> Headers {
    list(asked, |origin| origin == APP || origin.starts_with("chrome-extension://"))
}

fn an_app(asked: &Asked) -> Headers {
    list(asked, |origin| origin == APP || origin == "capacitor://localhost")
}

fn another_page(asked: &Asked) -> Headers {
    granted(asked, "https://www.example")
}

fn twice(asked: &Asked) -> Headers {
    let mut headers = app_only(asked);
    headers.extend(app_only(asked));
    headers
}

fn without_vary(asked: &Asked) -> Headers {
    match asked.origin.as_deref() {
        Some(APP) => granted(asked, APP),
        _ => Vec::new(),
    }
}

fn without_vary_and_kept(asked: &Asked) -> Headers {
    let mut headers = without_vary(asked);
    headers.push(("Cache-Control", "public, max-age=300".to_owned()));
    headers
}

fn without_vary_and_never_kept(asked: &Asked) -> Headers {
    let mut headers = without_vary(asked);
    headers.push(("Cache-Control", "no-store".to_owned()));
    headers
}

fn always_the_same(asked: &Asked) -> Headers {
    granted(asked, APP)
}

fn vary_with_origin_alone(asked: &Asked) -> Headers {
    match asked.origin.as_deref() {
        Some(APP) => vary(granted(asked, APP)),
        Some(_) => vary(Vec::new()),
        None => Vec::new(),
    }
}

fn not_on_errors(asked: &Asked) -> Headers {
    if asked.is_missing { Vec::new() } else { app_only(asked) }
}

fn open_preflights(asked: &Asked) -> Headers {
    if asked.is_preflight { reflecting(asked) } else { app_only(asked) }
}

fn no_max_age(asked: &Asked) -> Headers {
    let mut headers = app_only(asked);
    headers.retain(|(name, _)| *name != "Access-Control-Max-Age");
    headers
}

fn only_if_signed_in(asked: &Asked) -> Headers {
    if asked.has_cookie { reflecting(asked) } else { app_only(asked) }
}

#[rstest]
#[case::app_only(app_only, &[])]
#[case::nothing(nothing, &["medium own-page-blocked Own"])]
#[case::reflecting(reflecting, &["high read-with-cookies Foreign", "high write-with-cookies Foreign"])]
#[case::reflecting_without_credentials(
    reflecting_without_credentials,
    &["note read-without-cookies Foreign"]
)]
#[case::reflecting_but_null(
    reflecting_but_null,
    &["high read-with-cookies Foreign", "high write-with-cookies Foreign"]
)]
#[case::null_let_in(null_let_in, &["high read-with-cookies Null", "high write-with-cookies Null"])]
#[case::prefix(prefix, &["high read-with-cookies Registrable", "medium read-with-cookies Neighbour"])]
#[case::prefix_of_the_host(
    prefix_of_the_host,
    &[
        "high read-with-cookies Registrable",
        "medium read-with-cookies Neighbour",
        "medium read-with-cookies Neighbour",
    ]
)]
#[case::suffix(
    suffix,
    &[
        "high read-with-cookies Registrable",
        "medium read-with-cookies Neighbour",
        "medium read-with-cookies Neighbour",
    ]
)]
#[case::contained(
    contained,
    &[
        "high read-with-cookies Registrable",
        "high read-with-cookies Registrable",
        "medium read-with-cookies Neighbour",
        "medium read-with-cookies Neighbour",
        "medium read-with-cookies Neighbour",
    ]
)]
#[case::unescaped_dot(unescaped_dot, &["high read-with-cookies Registrable"])]
#[case::any_sub_domain(any_sub_domain, &["medium read-with-cookies Neighbour"])]
#[case::any_port(any_port, &["medium read-with-cookies Neighbour"])]
#[case::any_scheme(any_scheme, &["medium read-with-cookies Neighbour"])]
#[case::any_top_level_domain(any_top_level_domain, &["high read-with-cookies Registrable"])]
#[case::public(public, &["note read-without-cookies Foreign"])]
#[case::public_with_credentials(
    public_with_credentials,
    &["low wildcard-with-credentials Own", "note read-without-cookies Foreign"]
)]
#[case::localhost_left_in(localhost_left_in, &["low read-with-cookies Localhost"])]
#[case::any_extension(any_extension, &["medium read-with-cookies Extension"])]
#[case::an_app(an_app, &["medium read-with-cookies App"])]
#[case::another_page(another_page, &["medium own-page-blocked Own"])]
#[case::twice(twice, &["medium own-page-blocked Own"])]
#[case::without_vary(without_vary, &["low cached-for-another Own"])]
#[case::without_vary_and_kept(without_vary_and_kept, &["medium cached-for-another Own"])]
#[case::without_vary_and_never_kept(without_vary_and_never_kept, &[])]
#[case::always_the_same(always_the_same, &[])]
#[case::vary_with_origin_alone(vary_with_origin_alone, &["low cached-for-another Own"])]
#[case::not_on_errors(not_on_errors, &["low errors-hidden Own"])]
#[case::open_preflights(open_preflights, &["high write-with-cookies Foreign"])]
#[case::no_max_age(no_max_age, &["note preflights-repeated Own"])]
#[case::signed_out(only_if_signed_in, &[])]
fn zoo(#[case] server: fn(&Asked) -> Headers, #[case] expected: &[&str]) {
    assert_eq!(found(&survey(server)), expected);
}

/// Only who owns a site gives its sub-domains away; another domain of almost its name is anybody's.
#[rstest]
#[case::end_of_the_host("app.shop.com", &["medium Neighbour", "medium Neighbour"])]
#[case::end_of_the_site("shop.com", &["high Registrable", "medium Neighbour", "medium Neighbour"])]
#[case::any_sub_domain(".app.shop.com", &["medium Neighbour", "medium Neighbour"])]
fn ends_of_a_host_with_a_site(#[case] end: &str, #[case] expected: &[&str]) {
    let surveying = Surveying::new().page("https://app.shop.com".parse().unwrap());
    let survey = survey_of(surveying, "https://api.shop.com/items", |asked| {
        list(asked, |origin| origin == "https://app.shop.com" || origin.ends_with(end))
    });
    let found = survey.findings.iter();
    let found: Vec<_> =
        found.map(|finding| format!("{} {:?}", finding.severity, finding.who)).collect();
    assert_eq!(found, expected);
}

/// `SameSite` keeps cookies back from pages of other sites, and http is another site than https.
#[rstest]
#[case::of_the_site(
    "https://api.app.example/items",
    &[
        "Whoever is between the user and http://app.example can read this with the user's cookies \
         (if they are SameSite=None).",
        "Any sub-domain, such as https://foreign.app.example, can read this with the user's cookies.",
    ]
)]
#[case::of_another_site(
    URL,
    &[
        "Whoever is between the user and http://app.example can read this with the user's cookies \
         (if they are SameSite=None).",
        "Any sub-domain, such as https://foreign.app.example, can read this with the user's cookies \
         (if they are SameSite=None).",
    ]
)]
fn cookies_travel_within_a_site(#[case] url: &str, #[case] expected: &[&str]) {
    let survey = survey_of(Surveying::new().page(APP.parse().unwrap()), url, |asked| {
        list(asked, |origin| origin.ends_with("/app.example") || origin.ends_with(".app.example"))
    });
    let texts: Vec<_> = survey.findings.iter().map(|finding| &*finding.text).collect();
    assert_eq!(texts, expected);
}

/// A server may grant more to a user who is signed in.
#[test]
fn a_cookie_shows_what_a_signed_in_user_is_granted() {
    let surveying =
        Surveying::new().page(APP.parse().unwrap()).cookie(HeaderValue::from_static("session=1"));
    let survey = survey_of(surveying, URL, only_if_signed_in);
    assert_eq!(found(&survey)[0], "high read-with-cookies Foreign");
}

#[test]
fn findings_say_who_in_which_engines_on_what_evidence_and_what_to_change() {
    let survey = survey(prefix);
    let finding = &survey.findings[0];
    assert_eq!((finding.severity, finding.who), (Severity::High, Who::Registrable));
    assert_eq!(
        finding.to_string(),
        "high: Whoever registers app.example.foreign.example can read this with the user's cookies \
         (if they are SameSite=None). [read-with-cookies]
     in: standard, chromium, firefox, webkit
because: GET with `Origin: https://app.example.foreign.example` => 200 \
         (`Access-Control-Allow-Origin: https://app.example.foreign.example`, \
         `Access-Control-Allow-Credentials: true`)
    fix: On the server of api.example: answer `Access-Control-Allow-Origin` and \
         `Access-Control-Allow-Credentials` only to the origins of a list, each compared whole. Today \
         only the start of the origin is compared, so anything may follow it.
"
    );
}

/// The fix names the mistake that lets a look-alike in.
#[rstest]
#[case(prefix, "Today only the start of the origin is compared, so anything may follow it.")]
#[case(suffix, "Today only the end of the origin is compared, so anything may stand before it.")]
#[case(unescaped_dot, "Today a dot in a pattern means any character: escape it.")]
#[case(any_top_level_domain, "Today the top-level domain is not compared.")]
#[case(any_scheme, "Today the scheme is not compared: list origins with `https://`.")]
#[case(any_port, "Today the port is not compared: it is a part of the origin.")]
#[case(any_sub_domain, "Today any sub-domain is let in: list those that need it.")]
fn the_mistake_is_named(#[case] server: fn(&Asked) -> Headers, #[case] mistake: &str) {
    let fix = &survey(server).findings[0].fix;
    assert!(fix.ends_with(mistake), "{fix}");
}

/// How long a preflight lasts differs between engines.
#[test]
fn each_engine_has_its_own_limit() {
    let survey = survey(|asked| {
        let mut headers = app_only(asked);
        headers.retain(|(name, _)| *name != "Access-Control-Max-Age");
        headers.push(("Access-Control-Max-Age", "86400".to_owned()));
        headers
    });
    let lasts = &survey.visits[0].with_cookies.preflight_lasts;
    let expected =
        [("standard", 86_400), ("chromium", 7_200), ("firefox", 86_400), ("webkit", 600)];
    assert_eq!(lasts.iter().map(|(name, age)| (&**name, *age)).collect::<Vec<_>>(), expected);
}

/// A finding names the engines that it is true of, and no other. Firefox drops the empty line of
/// `Access-Control-Allow-Credentials`, for the others it is `, true`.
#[test]
fn engines_of_which_it_is_not_true_are_not_named() {
    let survey = survey(|asked| {
        let mut headers = reflecting(asked);
        if !headers.is_empty() {
            headers.insert(0, ("Access-Control-Allow-Credentials", String::new()));
        }
        headers
    });
    let finding = &survey.findings[0];
    assert_eq!((finding.code, finding.who), ("read-with-cookies", Who::Foreign));
    assert_eq!(finding.engines, ["firefox"]);
}

/// A server that refuses a token without CORS headers: the page cannot tell a 401 from a failure of the
/// network.
#[test]
fn the_refusal_of_a_token_is_seen() {
    let url = Url::parse(URL).unwrap();
    let answer = |asking: &Asking| {
        let exchange = asking.exchange().unwrap();
        let origin = exchange.header_list().get("Origin").unwrap_or_default();
        let has_token = exchange.header_list().contains("Authorization");
        let mut headers = HeaderList::try_from([("Vary", "Origin")]).unwrap();
        if *origin == *APP.as_bytes() && !has_token {
            for (name, value) in [
                ("Access-Control-Allow-Origin", APP),
                ("Access-Control-Allow-Headers", "authorization"),
                ("Access-Control-Max-Age", "600"),
            ] {
                headers.append(name, value).unwrap();
            }
        }
        Ok(Response::new(if has_token { 401 } else { 200 }, headers))
    };
    let surveying = Surveying::new().page(APP.parse().unwrap());
    let survey = surveying.survey(&url, &mut |asking| answered(asking, answer));
    assert_eq!(found(&survey), ["low errors-hidden Own"]);
    assert_eq!(
        survey.findings[0].evidence,
        "GET https://api.example/items with a token that means nothing from https://app.example => \
         401 (no CORS headers)"
    );
}

#[test]
fn nothing_is_concluded_without_answers() {
    let url = Url::parse(URL).unwrap();
    let mut count = 0;
    let survey = Surveying::new().survey(&url, &mut |asking| {
        answered(asking, |_| {
            count += 1;
            Err(TransportFailure::new("the connection was refused"))
        })
    });
    assert_eq!(survey.unanswered(), Some("the connection was refused"));
    assert!(survey.findings.is_empty());
    assert_eq!(count, 2);
}
