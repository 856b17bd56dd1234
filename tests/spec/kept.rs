//! What a page keeps of its loads.

use browser_cors::{
    engine::{Departure, Profile},
    header::HeaderList,
    page::{
        elements::CorsSettingsAttribute::{Anonymous, NoCors, UseCredentials},
        kept::KeptLoads,
        loads::{Decoding, Load, Loaded},
    },
    response::{FilteredResponse, Response, ResponseType},
    url::Url,
};
use rstest::rstest;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// An image whose pixels the page may read.
fn loaded() -> Loaded {
    let response = FilteredResponse::new(ResponseType::Cors, Response::new(200, HeaderList::new()));
    Load::Image.judge(&response, Decoding::Succeeds, &Profile::STANDARD).unwrap()
}

/// Whether a load that succeeded is known when the page asks again with the same URL and
/// `crossorigin`, and with another `crossorigin`.
#[rstest]
#[case(Load::ModuleScript, [true, true])]
#[case(Load::Image, [true, false])]
#[case(Load::Texture, [true, false])]
#[case(Load::StyleSheet, [false, false])]
#[case(Load::ClassicScript, [false, false])]
#[case(Load::Video, [false, false])]
#[case(Load::Font, [false, false])]
#[case(Load::ShapeImage, [false, false])]
#[case(Load::EventSource, [false, false])]
fn kept_by_the_standard(#[case] load: Load, #[case] expected: [bool; 2]) {
    let (url, profile) = (url("https://cdn.example/a"), Profile::STANDARD);
    let mut kept = KeptLoads::new();
    kept.keep(load, &url, Anonymous, Some(loaded()), &profile);
    let found = [Anonymous, UseCredentials]
        .map(|crossorigin| kept.find(load, &url, crossorigin, &profile).is_some());
    assert_eq!(found, expected);
}

/// Whether a load that failed is asked for again.
#[rstest]
#[case(Load::ModuleScript, Profile::STANDARD, false)]
#[case(Load::ModuleScript, Profile::STANDARD.with(Departure::FAILED_MODULES_FORGOTTEN), true)]
#[case(Load::Image, Profile::STANDARD, true)]
#[case(Load::StyleSheet, Profile::STANDARD.with(Departure::STYLE_SHEETS_KEPT), true)]
fn failures(#[case] load: Load, #[case] profile: Profile, #[case] is_asked_again: bool) {
    let url = url("https://cdn.example/a");
    let mut kept = KeptLoads::new();
    kept.keep(load, &url, Anonymous, None, &profile);
    assert_eq!(kept.find(load, &url, Anonymous, &profile).is_none(), is_asked_again);
}

#[test]
fn style_sheets_kept_by_crossorigin() {
    let (url, profile) =
        (url("https://cdn.example/a.css"), Profile::STANDARD.with(Departure::STYLE_SHEETS_KEPT));
    let mut kept = KeptLoads::new();
    kept.keep(Load::StyleSheet, &url, NoCors, Some(loaded()), &profile);
    assert!(kept.find(Load::StyleSheet, &url, NoCors, &profile).is_some());
    assert!(kept.find(Load::StyleSheet, &url, Anonymous, &profile).is_none());
}

/// Whether an image is still known after the page asked for another URL, by the standard and by an
/// engine that keeps one image for a URL.
#[rstest]
#[case("https://cdn.example/a.png?b", [true, false])]
#[case("https://cdn.example/a.png?b#c", [true, false])]
#[case("https://cdn.example/a.png", [true, true])]
fn images_by_url(#[case] asked: &str, #[case] expected: [bool; 2]) {
    let image = url("https://cdn.example/a.png?b");
    let profiles = [Profile::STANDARD, Profile::STANDARD.with(Departure::AVAILABLE_IMAGES_BY_URL)];
    let known = profiles.map(|profile| {
        let mut kept = KeptLoads::new();
        kept.keep(Load::Image, &image, NoCors, Some(loaded()), &profile);
        kept.asked(&url(asked), &profile);
        kept.find(Load::Image, &image, NoCors, &profile).is_some()
    });
    assert_eq!(known, expected);
}

/// Whether the fragment is part of the key.
#[rstest]
#[case(Profile::STANDARD, false)]
#[case(Profile::STANDARD.with(Departure::AVAILABLE_IMAGES_BY_URL), true)]
fn fragments_of_images(#[case] profile: Profile, #[case] is_known: bool) {
    let mut kept = KeptLoads::new();
    kept.keep(Load::Image, &url("https://cdn.example/a#b"), NoCors, Some(loaded()), &profile);
    let found = kept.find(Load::Image, &url("https://cdn.example/a#c"), NoCors, &profile);
    assert_eq!(found.is_some(), is_known);
}

/// Beyond the limit, nothing is added, but what is there can still change.
#[test]
fn limit() {
    let profile = Profile::STANDARD;
    let mut kept = KeptLoads::new();
    let keep = |kept: &mut KeptLoads, index: usize, loaded: Option<Loaded>| {
        let url = url(&format!("https://cdn.example/{index}.mjs"));
        kept.keep(Load::ModuleScript, &url, Anonymous, loaded, &profile);
        kept.find(Load::ModuleScript, &url, Anonymous, &profile)
    };
    for index in 0..10_000 {
        keep(&mut kept, index, None);
    }
    assert_eq!(kept.len(), 10_000);
    assert_eq!(keep(&mut kept, 10_000, None), None);
    assert_eq!(kept.len(), 10_000);
    assert_eq!(keep(&mut kept, 0, Some(loaded())).unwrap().loaded, Some(loaded()));
}
