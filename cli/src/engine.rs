//! Whose behaviour the commands show: the standard, and releases of engines.

use std::{ffi::OsStr, str::FromStr};

use browser_cors::engine::{Engine, Profile, Release, UnknownProfile};
use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, TypedValueParser},
};

/// What stands after `--engine`: a release, `standard`, or `all`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Asked {
    /// The standard, and the newest recorded release of each engine.
    All,
    /// One of them, as it was written.
    One(String, Box<Profile>),
}

impl FromStr for Asked {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "all" => Ok(Self::All),
            text => Ok(Self::One(text.to_owned(), Box::new(text.parse()?))),
        }
    }
}

/// The profiles that are asked for, each once.
pub(crate) fn profiles(asked: &[Asked]) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    let all = asked.iter().flat_map(|asked| match asked {
        Asked::All => Profile::ALL.to_vec(),
        Asked::One(_, profile) => vec![**profile],
    });
    for profile in all {
        if !profiles.contains(&profile) {
            profiles.push(profile);
        }
    }
    profiles
}

/// The one profile that is asked for; `None` if there are several, to be shown side by side.
pub(crate) fn only(asked: &[Asked]) -> Option<Profile> {
    match asked {
        [Asked::One(_, profile)] => Some(**profile),
        _ => None,
    }
}

/// Says on standard error what stands in for a release that was not recorded.
pub(crate) fn note_stand_ins(asked: &[Asked]) {
    for asked in asked {
        let Asked::One(text, profile) = asked else { continue };
        let (release, recorded) = (profile.release(), profile.recorded_as());
        if let Some((release, recorded)) = release.zip(recorded)
            && release != recorded
        {
            eprintln!("note: {release} was not recorded; {recorded} answers for it");
        }
        if text == "safari"
            && let Some(product) = recorded.and_then(Release::product)
        {
            eprintln!("note: Safari itself was not recorded; {product} answers for it");
        }
    }
}

/// Reads what stands after `--engine`.
#[derive(Clone)]
pub(crate) struct EngineParser;

impl TypedValueParser for EngineParser {
    type Value = Asked;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Asked, Error> {
        let read = |text: &str| text.parse::<Asked>();
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let newest = |engine| Release::newest(engine).product().unwrap_or_default();
        let value = |name: &'static str, help: String| PossibleValue::new(name).help(help);
        let values = [
            value("standard", "The Fetch Standard, step by step".to_owned()),
            value("chromium", format!("{}: Chrome, Edge", newest(Engine::Chromium))),
            value("firefox", newest(Engine::Firefox).to_owned()),
            value("webkit", format!("{}: Safari", newest(Engine::Webkit))),
            value("all", "The standard and all of these, side by side".to_owned()),
        ];
        Some(Box::new(values.into_iter()))
    }
}
