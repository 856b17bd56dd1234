#!/usr/bin/env python3
"""Makes src/engine/catalogue.rs and spec-notes/departures.md from src/engine/catalogue.toml.

python3 spec-notes/catalogue.py           writes both files
python3 spec-notes/catalogue.py --check   writes nothing, and fails if one of them is stale
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

<!-- spec-notes/catalogue.py makes this file from src/engine/catalogue.toml: edit that one. -->

A departure is one thing that an engine does differently from the [Fetch
Standard](https://fetch.spec.whatwg.org/), at one step. `src/engine/catalogue.toml` lists all of them.
In the code, each place where engines differ is a choice: an enum in the file `engines.rs` beside the
algorithm, whose first variant is the standard's and whose other variants are departures. A profile
holds one variant of each choice. Each departure was seen in the releases that its section names, on
Linux and over loopback; nobody knows what other ports do.

Pages in the real engines ran scenarios against a server that recorded every request. The numbers
below count three kinds of runs:

* **random scenarios**: 5,000 of them. "27 of 5,000 random scenarios need this departure" means that
  a model of the engine without the departure answers 27 of them wrongly;
* **redirect probes**: 5,720 of them, with each method and status, over one to four hops between the
  page's own origin and others. "Need" means the same; a probe would contradict a departure if the
  engine did not do there what the departure says;
* **probes**: written for the one departure. "9 of 9 probes showed it" says how many showed the
  departure, of how many were run.

A cause was read in the engine's public source, mostly of 2024 to 2026 and not always of the release
that was recorded. A believed cause was not read there, or nobody followed it to its end.

For each departure, `fixtures/departures/` has a scenario and a recording of what the engines did with
it. `tests/departures.rs` turns a profile's answer into the same form: a text for each fetch, with a
line for each exchange and a last line for what the page got. A cookie in the recording shows that
the browser sent credentials, and requests for videos are listed without the `Range` that the engine
adds. If only the console shows a departure, `console` has what the engine printed; if only the
`Sec-Fetch-…` headers show it, `fetch_metadata` is `true`, and each line tells their values. The profile of
each release must give the recorded answer, and must give another one without the departure. A
departure that was only read in a source has no recording; tests of the library check it.

[CONTRIBUTING](../CONTRIBUTING.md#engines) shows how to add a departure or a release.
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
        for member in ("standard", "instead"):
            assert not departure[member].endswith("."), f"{departure['id']}: {member} is a fragment"
        for member in ("cause", "evidence"):
            sentences = departure.get(member, ".").rstrip()
            assert sentences.endswith("."), f"{departure['id']}: {member} ends with a full stop"
        for engine, sighting in departure["seen"].items():
            assert set(sighting) <= {"since", "until", "certainty"}, departure["id"]
            for member in ("since", "until"):
                if member in sighting:
                    version(sighting[member])
    return catalogue


def rust(catalogue):
    out = [
        "//! `spec-notes/catalogue.py` makes this file from `catalogue.toml`: edit that one.",
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
        print(f"{path} is stale: run python3 spec-notes/catalogue.py")
    sys.exit(bool(stale))


if __name__ == "__main__":
    main()
