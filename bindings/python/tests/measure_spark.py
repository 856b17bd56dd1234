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

EXAMPLES = Path(__file__).parent.parent / "examples"


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


def judge(cores: int, folder: Path) -> None:
    """Judges the recordings twice, so that Spark has started by the second time, and prints its seconds."""
    sys.path.insert(0, str(EXAMPLES))
    import spark_hars
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master(f"local[{cores}]").getOrCreate()
    spark.sparkContext.addPyFile(str(EXAMPLES / "spark_hars.py"))
    for _ in range(2):
        begun = time.monotonic()
        spark_hars.judge_folder(spark, folder).write.format("noop").mode("overwrite").save()
    print(time.monotonic() - begun)


def watch(cores: int, folder: Path) -> tuple[float, int]:
    """The seconds that judging takes, and the bytes of its greatest worker."""
    process = subprocess.Popen(
        [sys.executable, __file__, "judge", str(cores), str(folder)],
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    greatest = 0
    while process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                if child.name().startswith("python"):
                    greatest = max(greatest, child.memory_info().rss)
            except psutil.Error:
                continue
        time.sleep(0.1)
    assert process.returncode == 0 and process.stdout is not None
    return float(process.stdout.read()), greatest


def main(recordings: int = 60, entries: int = 1000) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        text = recording(entries)
        for number in range(recordings):
            Path(temporary, f"{number}.har").write_text(text)
        size = len(text) / 1e6
        print(f"{recordings} recordings of {entries} entries and {size:.1f} MB")
        for cores in (1, 2):
            seconds, memory = watch(cores, Path(temporary))
            print(
                f"{cores} core(s): {seconds:.1f} s, {recordings * size / seconds:.0f} MB/s, "
                f"{recordings * entries / seconds:.0f} entries/s, "
                f"{memory / 2**20:.0f} MiB in the greatest worker"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["judge"]:
        judge(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
