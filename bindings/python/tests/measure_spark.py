"""Measures the example with Spark: measure_spark.py [RECORDINGS] [ENTRIES]

Writes recordings, has real Spark judge them on one core and on two, and prints throughput, and the
greatest memory of a worker of Python.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

EXAMPLE = Path(__file__).parent.parent / "examples" / "spark_hars.py"


def recording(entries: int) -> str:
    """A page's requests for its server, with bodies as long as those of many APIs."""
    body = json.dumps({"items": list(range(1000))})
    return json.dumps(
        {
            "log": {
                "entries": [
                    {
                        "request": {
                            "method": "GET",
                            "url": f"https://api{number % 50}.example/items/{number}",
                            "headers": [
                                {"name": "Origin", "value": "https://app.example"},
                                {"name": "Accept", "value": "application/json"},
                            ],
                        },
                        "response": {
                            "status": 200,
                            "headers": [
                                {"name": "Access-Control-Allow-Origin", "value": "https://app.example"},
                                {"name": "Content-Type", "value": "application/json"},
                                *([{"name": "Vary", "value": "Origin"}] if number % 3 else []),
                            ],
                            "content": {"size": len(body), "mimeType": "application/json", "text": body},
                        },
                    }
                    for number in range(entries)
                ]
            }
        }
    )


def run(folder: Path, output: Path, cores: int) -> tuple[float, int]:
    """The seconds that the example takes, and the bytes of its greatest worker."""
    environment = {**os.environ, "MASTER": f"local[{cores}]", "PYSPARK_PYTHON": sys.executable}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLE), str(folder), str(output)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    greatest = 0
    while process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                if "pyspark" in " ".join(child.cmdline()) and child.name().startswith("python"):
                    greatest = max(greatest, child.memory_info().rss)
            except psutil.Error:
                continue
        time.sleep(0.1)
    assert process.returncode == 0
    return time.monotonic() - begun, greatest


def main(recordings: int = 60, entries: int = 1000) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "none").mkdir()
        (root / "none" / "empty.har").write_text(recording(0))
        folder = root / "recordings"
        folder.mkdir()
        text = recording(entries)
        for number in range(recordings):
            (folder / f"{number}.har").write_text(text)
        size = recordings * len(text) / 1e6
        print(f"{recordings} recordings, {recordings * entries} entries, {size:.0f} MB")
        for cores in (1, 2):
            start, _ = run(root / "none", root / "output", cores)
            seconds, memory = run(folder, root / "output", cores)
            rate = size / (seconds - start)
            print(
                f"{cores} core(s): {seconds:.1f} s, of which {start:.1f} s are Spark's start; {rate:.0f} MB/s, "
                f"{recordings * entries / (seconds - start):.0f} entries/s; "
                f"a worker has {memory / 2**20:.0f} MiB at most"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
