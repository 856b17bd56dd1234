#!/usr/bin/env python3
"""Holds the command to a recorded corpus: every outcome and every console must be the recorded one.

    python3 .ci/corpus.py CORPUS COMMAND

CORPUS is a folder: `scenarios.jsonl`, what each of `standard.jsonl`, `chromium.jsonl` and so on did
with them, `flaky.txt` with the ids whose outcome hangs on timing, and `norm.py` with the normal form
in which outcomes are compared. COMMAND is a `browser-cors`.

`fixtures/corpus-exceptions.txt` names what may differ, a line each: engine, id, reason. What differs
and is not named there fails, and so does what is named there and does not differ.
"""

import json
import subprocess
import sys
from pathlib import Path

EXCEPTIONS = Path(__file__).parent.parent / "fixtures" / "corpus-exceptions.txt"
ENGINES = ("standard", "chromium", "firefox", "webkit")
SHOWN = 20


def by_id(lines):
    return {record["id"]: record for record in map(json.loads, filter(str.strip, lines))}


def read(path):
    return by_id(path.read_text().splitlines())


def exceptions():
    """The reasons, by engine and id."""
    found = {}
    for number, line in enumerate(EXCEPTIONS.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        engine, *rest = line.split(maxsplit=2)
        if engine not in ENGINES or len(rest) != 2:
            sys.exit(f"{EXCEPTIONS}:{number}: `engine id reason` was expected")
        if (engine, rest[0]) in found:
            sys.exit(f"{EXCEPTIONS}:{number}: {rest[0]} is named twice")
        found[engine, rest[0]] = rest[1]
    return found


def console(record):
    """What was printed. Firefox adds a general message to most others; it counts only by itself."""
    printed = record.get("console", [])
    general = "(Reason: CORS request did not succeed)"
    return [text for text in printed if general not in text] or printed[:1]


def difference(normal_form, scenario, recorded, answered, engine):
    """What differs, if anything does."""
    expected, actual = normal_form(scenario, recorded), normal_form(scenario, answered)
    if json.dumps(expected) != json.dumps(actual):
        return expected, actual
    # The standard has no console. Where a recording has none, it may have been lost.
    if engine != "standard" and "failed" not in recorded and recorded.get("console"):
        expected, actual = console(recorded), console(answered)
        if expected != actual:
            return expected, actual
    return None


def main(corpus, command):
    corpus = Path(corpus)
    sys.path.insert(0, str(corpus))
    from norm import outcome

    scenarios = read(corpus / "scenarios.jsonl")
    flaky = {line.split()[0] for line in (corpus / "flaky.txt").read_text().splitlines() if line}
    named = exceptions()
    differing = {}
    for engine in ENGINES:
        run = [command, "simulate", "--engine", engine, "--format", "json"]
        run.append(str(corpus / "scenarios.jsonl"))
        answered = by_id(subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines())
        recorded = read(corpus / f"{engine}.jsonl")
        asked = [id for id in scenarios if id in recorded and id not in flaky]
        consoles = 0
        for id in asked:
            record = recorded[id]
            consoles += engine != "standard" and bool(record.get("console"))
            answer = answered.get(id, {"failed": "no outcome"})
            if found := difference(outcome, scenarios[id], record, answer, engine):
                differing[engine, id] = found
        if not asked:
            sys.exit(f"{engine}: nothing was recorded")
        count = sum(key[0] == engine for key in differing)
        print(f"{engine}: {len(asked)} outcomes, {consoles} consoles, {count} differ")

    surprises = [key for key in differing if key not in named]
    for engine, id in surprises[:SHOWN]:
        expected, actual = differing[engine, id]
        print(f"{engine} {id}\n    recorded {expected}\n    answered {actual}")
    if len(surprises) > SHOWN:
        print(f"and {len(surprises) - SHOWN} more")
    stale = [key for key in named if key not in differing]
    for engine, id in stale:
        print(f"{engine} {id} does not differ: take it out of {EXCEPTIONS}")
    return 1 if surprises or stale else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
