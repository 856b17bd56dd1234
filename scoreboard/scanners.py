"""Two public scanners beside `browser-cors audit`, on the configurations of zoo.py."""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections import Counter

from servers import HERE, free_port, lines, running
from zoo import HOSTS, ZOO

# Who can read, by the scanners' names for it. A name that is not here makes no claim about who.
CORSY = {
    "wildcard value": "foreign",
    "origin reflected": "foreign",
    "post-domain wildcard": "registrable",
    "pre-domain wildcard": "registrable",
    "unrecognized underscore": "registrable",
    "broken parser": "registrable",
    "unescaped regex": "registrable",
    "null origin allowed": "null",
    "http origin allowed": "neighbour",
}
CORSCANNER = {
    "reflect_origin": "foreign",
    "custom_third_parties": "foreign",
    "prefix_match": "registrable",
    "suffix_match": "registrable",
    "include_match": "registrable",
    "not_escape_dot": "registrable",
    "special_characters_bypass": "registrable",
    "trust_null": "null",
    "trust_any_subdomain": "neighbour",
    "https_trust_http": "neighbour",
}
KINDS = {
    "who reads": ["read-with-cookies", "read-without-cookies"],
    "who changes": ["write-with-cookies"],
}
HEADS = ["", *(f"{kind}: found" for kind in [*KINDS, "what fails"]), "missed", "false"]


def truths():
    """The true findings of each configuration, as audit/tests/survey.rs has them."""
    text = (HERE.parent / "audit/tests/survey.rs").read_text().partition("fn zoo(")[0]
    cases = re.findall(r"#\[case::(\w+)\(\s*\w+,\s*&\[(.*?)\],?\s*\)\]", text, re.DOTALL)
    cases = {name: re.findall(r'"(.+?)"', findings) for name, findings in cases}
    assert list(cases) == list(ZOO), "zoo.py and audit/tests/survey.rs differ"
    return {
        name: [tuple(finding.lower().split()) for finding in findings]
        for name, findings in cases.items()
    }


def audit(browser_cors, port, page):
    """What `browser-cors audit` finds in each configuration."""
    urls = [f"http://127.0.0.1:{port}/{name}" for name in ZOO]
    surveys = lines(browser_cors, "audit", *urls, "--origin", page)
    return {
        name: [(each["severity"], each["code"], each["who"]) for each in survey["findings"]]
        for name, survey in zip(ZOO, surveys, strict=True)
    }


def scan(folder, port, command, report):
    """Runs a scanner on all URLs, and returns what it writes; `None` if it does not run here."""
    report = folder.path / report
    report.unlink(missing_ok=True)
    proxy = f"http://127.0.0.1:{port}"
    environment = {
        "HOME": str(folder.path),
        "HTTP_PROXY": proxy,
        "HTTPS_PROXY": proxy,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(folder.path / "scanners"),
    }
    urls = "".join(f"https://{host}/{name}\n" for host in HOSTS for name in ZOO)
    (folder.path / "urls.txt").write_text(urls)
    subprocess.run(
        [sys.executable, *command, "-o", report],
        cwd=folder.path,
        env=environment,
        input=urls,
        text=True,
        stdout=folder.log,
        stderr=folder.log,
        timeout=1800,
    )
    return json.loads(report.read_text()) if report.exists() else None


def claims(types, reports):
    """Who can read each configuration, as a scanner says of some host; each of its names counts once."""
    claimed = {name: set() for name in ZOO}
    for url, kind in reports:
        if kind in types:
            claimed[url.rpartition("/")[2]].add((types[kind], kind))
    return {name: [who for who, _ in each] for name, each in claimed.items()}


class Tally:
    """How much of what is true was found, and what was found besides."""

    def __init__(self):
        self.true, self.found, self.false = Counter(), Counter(), 0

    def add(self, expected, matches):
        """Counts a configuration. `matches` takes a true finding, and says whether it was found."""
        for truth in expected:
            kind = next((kind for kind, codes in KINDS.items() if truth[1] in codes), "what fails")
            self.true[kind] += 1
            self.found[kind] += matches(truth)

    def row(self, name):
        kinds = [*KINDS, "what fails"]
        found = [f"{self.found[kind]} of {self.true[kind]}" for kind in kinds]
        missed = sum(self.true.values()) - sum(self.found.values())
        return [name, *found, str(missed), str(self.false)]


def tally_of_audit(expected, found):
    tally = Tally()
    for name, truths in expected.items():
        left = Counter(found[name])

        def matches(truth):
            left[truth] -= 1
            return left[truth] >= 0

        tally.add(truths, matches)
        tally.false += sum(count for count in left.values() if count > 0)
    return tally


def tally_of_scanner(expected, claimed):
    """A scanner says who, and no more: neither severities nor cookies count."""
    tally = Tally()
    for name, truths in expected.items():
        left = Counter(claimed[name])

        def matches(truth):
            if truth[1] not in KINDS["who reads"]:
                return False
            left[truth[2]] -= 1
            return left[truth[2]] >= 0

        tally.add(truths, matches)
        readers = {truth[2] for truth in truths if truth[1] in KINDS["who reads"]}
        tally.false += sum(who not in readers for who in claimed[name])
    return tally


def compare(browser_cors, folder, corsy):
    """A row for each, of what it finds."""
    folder.pip_install(folder.path / "scanners", "scanners.txt")
    expected = truths()
    certificate = folder.path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-subj", "/CN=zoo",
            "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    folder.attempt(*make, "-keyout", certificate, "-out", folder.path / "public.pem")
    with open(certificate, "a") as file:
        file.write((folder.path / "public.pem").read_text())
    port = free_port()
    with running([sys.executable, HERE / "zoo.py", port, certificate], {}, port, folder):
        found = audit(browser_cors, port, "https://app.example")
        of_corsy = scan(folder, port, [corsy.resolve() / "corsy.py", "-q", "-t", "1"], "corsy.json")
        program = folder.path / "scanners/bin/cors"
        urls = ["-i", folder.path / "urls.txt", "-t", "8"]
        of_corscanner = scan(folder, port, [program, *urls], "corscanner.json")
    rows = [tally_of_audit(expected, found).row("`browser-cors audit`")]
    distributions = importlib.metadata.distributions(path=[str(folder.path / "scanners")])
    versions = {each.metadata["Name"]: each.version for each in distributions}
    names = f"CORScanner {versions.get('cors', '')}".strip(), "Corsy 1.0-beta"
    reports = [
        of_corscanner and [(each["url"], each["type"]) for each in of_corscanner],
        of_corsy and [(url, each["class"]) for url, each in of_corsy.items()],
    ]
    for name, types, report in zip(names, [CORSCANNER, CORSY], reports, strict=True):
        if report is None:
            rows.append([name, "does not run here", *[""] * (len(HEADS) - 2)])
        else:
            rows.append(tally_of_scanner(expected, claims(types, report)).row(name))
    return rows
