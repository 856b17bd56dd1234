#!/usr/bin/env python3
"""Makes src/engine/catalogue.rs and spec-notes/departures.md from src/engine/catalogue.toml.

python3 spec-notes/catalogue.py           writes both
python3 spec-notes/catalogue.py --check   fails if one of them is not what would be written
"""

import pathlib
import sys
import textwrap
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "src/engine/catalogue.toml"
RUST = ROOT / "src/engine/catalogue.rs"
NOTES = ROOT / "spec-notes/departures.md"
ENGINES = ("chromium", "firefox", "webkit")
CERTAINTIES = {"always": "Always", "repeated": "Repeated", "once": "Once", "source": "Source"}

INTRODUCTION = """\
# Where engines depart from the standard

<!-- Made from src/engine/catalogue.toml by spec-notes/catalogue.py: change that. -->

A departure is one thing that an engine does otherwise than the [Fetch
Standard](https://fetch.spec.whatwg.org/) says, at one step. `src/engine/catalogue.toml` is the
catalogue. What an engine does at a place is one variant of a choice, an enum in the file `engines.rs`
beside the algorithm; a profile holds one variant of each. Each departure was seen in the releases
that its section names, on Linux and over loopback; what other ports do is not known.

How it was seen: pages in the real engines ran scenarios against a server that wrote down all that
came over the wire. "Of 5,000" is the number of 5,000 random scenarios in which a model of the engine
goes wrong without the departure; "9 of 9" counts the probes that were made for it, and how many of
them showed it. "Of 5,720" counts the probes that have redirects: each method and status, over one to
four hops between the page's own origin and others. A cause was read in the engine's public source,
mostly of 2024 to 2026 and not always of the release named; a believed cause was not read there, or
not followed to its end.

`fixtures/departures/` has, for each, a scenario and what the engines were recorded doing with it, in
the form that `tests/departures.rs` makes of a model's outcome: a text for each fetch, a line for each
exchange, and what the page got. A cookie showed credentials; requests for videos are given without
their own `Range`. Where only the console tells, `console` has what was printed. Each profile must
answer so, and must not without the departure. Departures that were read in a source have no
recording; tests of the library hold them.

[CONTRIBUTING](../CONTRIBUTING.md#engines) says how to add a departure or a release.
"""

LEFT_OUT = ROOT / "spec-notes/not-modelled.md"


def flat(text):
    return " ".join(text.split())


def literal(text):
    return '"' + flat(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def version(text):
    numbers = [int(part) for part in text.split(".")] + [0]
    return numbers[0], numbers[1]


def constant(identifier):
    return identifier.upper().replace("-", "_")


def checked(catalogue):
    """The catalogue, if each member is known and the parts agree."""
    seen = set()
    releases = {engine: [] for engine in ENGINES}
    for release in catalogue["release"]:
        assert set(release) == {"engine", "version", "product", "build"}, release
        releases[release["engine"]].append(version(release["version"]))
    for engine, versions in releases.items():
        assert versions and versions == sorted(set(versions)), f"{engine}: releases in order, each once"
    for departure in catalogue["departure"]:
        known = {"id", "step", "standard", "instead", "seen", "cause", "evidence"}
        assert set(departure) <= known and set(departure) | {"cause"} == known, departure["id"]
        assert departure["id"] not in seen, f"{departure['id']} stands twice"
        seen.add(departure["id"])
        assert departure["seen"], f"{departure['id']} was seen nowhere"
        for engine, sighting in departure["seen"].items():
            assert set(sighting) <= {"since", "until", "certainty"}, departure["id"]
            for member in ("since", "until"):
                if member in sighting:
                    version(sighting[member])
    return catalogue


def rust(catalogue):
    out = [
        "//! Made from `catalogue.toml` by `spec-notes/catalogue.py`: change that.",
        "",
        "use super::{",
        "    Engine::{Chromium, Firefox, Webkit},",
        "    Version,",
        "    departure::{Certainty, Departure, Entry, Sighting},",
        "    release::{Recorded, Release},",
        "};",
        "use crate::spec::Step;",
        "",
        "/// The releases that were recorded: those of each engine together, the oldest first.",
        "#[rustfmt::skip]",
        "pub(super) const RELEASES: &[Recorded] = &[",
    ]
    for engine in ENGINES:
        for release in catalogue["release"]:
            if release["engine"] == engine:
                major, minor = version(release["version"])
                out.append(
                    f"    Recorded {{ release: Release::new({engine.capitalize()}, Version::new({major}, {minor})), "
                    f"product: {literal(release['product'])}, build: {literal(release['build'])} }},"
                )
    out += ["];", "", "impl Departure {"]
    for index, departure in enumerate(catalogue["departure"]):
        anchor, path = departure["step"]
        out += [
            f"    /// `{departure['id']}`: {flat(departure['instead'])}.",
            "    ///",
            f"    /// The standard, [#{anchor}](https://fetch.spec.whatwg.org/#{anchor}) step `{path}`: "
            f"{flat(departure['standard'])}.",
            "    ///",
            f"    /// Seen in {sightings(departure)}.",
            f"    pub const {constant(departure['id'])}: Self = Self({index});",
        ]
    out += ["}", "", "#[rustfmt::skip]", "pub(super) const ENTRIES: &[Entry] = &["]
    for departure in catalogue["departure"]:
        anchor, path = departure["step"]
        cause = f"Some({literal(departure['cause'])})" if "cause" in departure else "None"
        out += [
            "    Entry {",
            f"        id: {literal(departure['id'])},",
            f"        step: Step::new({literal(anchor)}, {literal(path)}),",
            f"        standard: {literal(departure['standard'])},",
            f"        instead: {literal(departure['instead'])},",
            "        seen_in: &[",
        ]
        for engine in ENGINES:
            if engine in departure["seen"]:
                sighting = departure["seen"][engine]
                out.append(
                    f"            Sighting {{ engine: {engine.capitalize()}, since: {moment(sighting, 'since')}, "
                    f"until: {moment(sighting, 'until')}, certainty: Certainty::{CERTAINTIES[sighting['certainty']]} }},"
                )
        out += ["        ],", f"        cause: {cause},", "    },"]
    out += ["];", ""]
    return "\n".join(out)


def moment(sighting, member):
    if member not in sighting:
        return "None"
    major, minor = version(sighting[member])
    return f"Some(Version::new({major}, {minor}))"


def sightings(departure):
    """The engines and the releases, for people: `chromium since 153, webkit before 2.52`."""
    names = []
    for engine in ENGINES:
        if engine in departure["seen"]:
            sighting = departure["seen"][engine]
            since = f" since {sighting['since']}" if "since" in sighting else ""
            until = f" before {sighting['until']}" if "until" in sighting else ""
            names.append(engine + since + until)
    return ", ".join(names)


def notes(catalogue):
    out = [INTRODUCTION]
    for departure in catalogue["departure"]:
        anchor, path = departure["step"]
        out.append(f"## {departure['id']}\n")
        out.append(f"{sightings(departure)}; #{anchor} step {path}.\n")
        out.append(wrapped(f"The standard: {departure['standard']}. Instead: {departure['instead']}."))
        out.append(wrapped(departure["evidence"]))
        if "cause" in departure:
            cause = flat(departure["cause"])
            believed = cause.removeprefix("believed: ")
            out.append(wrapped(("Cause: " if believed == cause else "Believed cause: ") + believed))
    out.append(LEFT_OUT.read_text())
    return "\n".join(out)


def wrapped(text):
    return textwrap.fill(flat(text), 100, break_long_words=False, break_on_hyphens=False) + "\n"


def main():
    catalogue = checked(tomllib.loads(CATALOGUE.read_text()))
    stale = []
    for path, text in ((RUST, rust(catalogue)), (NOTES, notes(catalogue))):
        if "--check" not in sys.argv[1:]:
            path.write_text(text)
        elif path.read_text() != text:
            stale.append(path.relative_to(ROOT))
    for path in stale:
        print(f"{path} is not what src/engine/catalogue.toml says: run python3 spec-notes/catalogue.py")
    sys.exit(bool(stale))


if __name__ == "__main__":
    main()
