"""Judges a folder of HARs with Spark: which exchanges are blocked, and why.

    spark-submit spark_hars.py FOLDER OUTPUT

FOLDER holds the recordings (*.har), in folders of any depth, where each worker can read them. OUTPUT becomes
a folder of JSON Lines, one for each exchange of a page with another origin. A summary is printed.

A worker reads a recording as a stream and hands over a thousand rows at a time, so that its memory depends
on neither the number nor the length of recordings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pandas
from pyspark.sql import DataFrame, SparkSession

from browser_cors import har_entries

COLUMNS = "path string, entry int, url string, origin string, status int, verdict string, reason string"
ROWS = 1000


def rows(path: str) -> Iterator[tuple[Any, ...]]:
    """The exchanges of a recording; last, where it is broken, if it is."""
    entries = har_entries(path)
    for entry in entries:
        blocked: dict[str, Any] = next((it for it in entry["engines"].values() if it["blocked"]), {})
        yield (
            path,
            entry["entries"][0],
            entry["url"],
            entry["origin"],
            entry.get("status"),
            entry["verdict"],
            blocked.get("reason"),
        )
    broken = entries.end()["broken"]
    if broken is not None:
        yield path, None, None, None, None, "broken", broken


def judge(frames: Iterable[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
    """What a worker does: paths in, rows out."""
    columns = [column.split()[0] for column in COLUMNS.split(", ")]
    judged = (row for frame in frames for path in frame["path"] for row in rows(path))
    while part := list(islice(judged, ROWS)):
        # Without the type, pandas would make fractions of numbers that may be missing.
        yield pandas.DataFrame(part, columns=columns, dtype="object")


def judge_folder(spark: SparkSession, folder: Path) -> DataFrame:
    """A row for each exchange of the recordings in the folder."""
    paths = [(str(path),) for path in sorted(folder.rglob("*.har"))]
    # Several parts for each core, as recordings differ in length.
    parts = max(1, min(len(paths), 4 * spark.sparkContext.defaultParallelism))
    return spark.createDataFrame(paths, "path string").repartition(parts).mapInPandas(judge, COLUMNS)


def main(folder: str, output: str) -> None:
    spark = SparkSession.builder.appName("judge HARs").getOrCreate()
    judge_folder(spark, Path(folder)).write.mode("overwrite").json(output)
    judged = spark.read.schema(COLUMNS).json(output)
    judged.groupBy("verdict", "reason").count().orderBy("verdict", "reason").show(100, truncate=False)
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: spark-submit spark_hars.py FOLDER OUTPUT")
    main(*sys.argv[1:])
