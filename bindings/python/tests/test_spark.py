"""The example with Spark, run by real Spark on two cores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="`scripts/package.d/python-test --spark` installs it")

EXAMPLE = Path(__file__).parent.parent / "examples" / "spark_hars.py"
RECORDINGS = Path(__file__).parents[3] / "fixtures" / "har"


def test_a_folder_of_recordings(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "short.har").write_bytes((RECORDINGS / "short.har").read_bytes())
    (folder / "chromium.har").write_bytes((RECORDINGS / "chromium.har").read_bytes())
    (folder / "cut.har").write_bytes((RECORDINGS / "short.har").read_bytes()[:-100])
    (folder / "notes.txt").write_text("no recording")
    output = tmp_path / "judged"

    environment = {**os.environ, "MASTER": "local[2]", "PYSPARK_PYTHON": sys.executable}
    run = subprocess.run(
        [sys.executable, str(EXAMPLE), str(folder), str(output)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    table = [line for line in run.stdout.splitlines() if line.startswith("|")]
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in table] == [
        ["verdict", "reason", "count"],
        ["blocked", "allow-origin-wildcard-with-credentials", "1"],
        ["blocked", "preflight-method", "1"],
        ["broken", "739:11: entry 5: EOF while parsing a string", "1"],
        ["fine", "NULL", "7"],
        ["fragile", "NULL", "2"],
        ["fragile", "preflight-authorization", "3"],
        ["unanswered", "NULL", "1"],
    ]

    judged = [json.loads(line) for part in sorted(output.glob("part-*")) for line in part.read_text().splitlines()]
    seen = [row for row in judged if row["verdict"] in ("blocked", "broken")]
    assert sorted((Path(row["path"]).name, row.get("entry"), row["reason"]) for row in seen) == [
        ("chromium.har", 8, "preflight-method"),
        ("chromium.har", 11, "allow-origin-wildcard-with-credentials"),
        ("cut.har", None, "739:11: entry 5: EOF while parsing a string"),
    ]
