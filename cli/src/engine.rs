//! The engines that commands imitate: the standard, and releases of browsers.

use std::{ffi::OsStr, str::FromStr};

use crate::output;
use browser_cors::engine::{Engine, Profile, Release, UnknownProfile};
use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, TypedValueParser},
};

/// The value of `--engine`: a release, `standard`, or `all`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum EngineArg {
    /// The standard, and the newest recorded release of each engine.
    All,
    /// One profile, with the user's text.
    One(String, Box<Profile>),
}

impl FromStr for EngineArg {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "all" => Ok(Self::All),
            text => Ok(Self::One(text.to_owned(), Box::new(text.parse()?))),
        }
    }
}

/// The profiles that the values name, without repetitions.
pub(crate) fn profiles(asked: &[EngineArg]) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    let all = asked.iter().flat_map(|asked| match asked {
        EngineArg::All => Profile::ALL.to_vec(),
        EngineArg::One(_, profile) => vec![**profile],
    });
    for profile in all {
        if !profiles.contains(&profile) {
            profiles.push(profile);
        }
    }
    profiles
}

/// The only profile; `None` if there are several, which are shown side by side.
pub(crate) fn only(asked: &[EngineArg]) -> Option<Profile> {
    match asked {
        [EngineArg::One(_, profile)] => Some(**profile),
        _ => None,
    }
}

/// Notes on standard error which release stands in for one that was not recorded.
pub(crate) fn note_stand_ins(asked: &[EngineArg]) {
    for asked in asked {
        let EngineArg::One(text, profile) = asked else { continue };
        let (release, recorded) = (profile.release(), profile.recorded_as());
        if let Some((release, recorded)) = release.zip(recorded)
            && release != recorded
        {
            output::note(format_args!("{release} was not recorded; {recorded} answers for it"));
        }
        if text == "safari"
            && let Some(product) = recorded.and_then(Release::product)
        {
            output::note(format_args!("Safari itself was not recorded; {product} answers for it"));
        }
    }
}

/// Parses the value of `--engine`.
#[derive(Clone)]
pub(crate) struct EngineParser;

impl TypedValueParser for EngineParser {
    type Value = EngineArg;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<EngineArg, Error> {
        let read = |text: &str| text.parse::<EngineArg>();
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let newest = |engine| Release::newest(engine).product().unwrap_or_default();
        let value = |name: &'static str, help: String| PossibleValue::new(name).help(help);
        let values = [
            value("standard", "The Fetch Standard".to_owned()),
            value("chromium", format!("{} (Chrome, Edge)", newest(Engine::Chromium))),
            value("firefox", newest(Engine::Firefox).to_owned()),
            value("webkit", format!("{} (Safari)", newest(Engine::Webkit))),
            value("all", "The standard and these engines".to_owned()),
        ];
        Some(Box::new(values.into_iter()))
    }
}
