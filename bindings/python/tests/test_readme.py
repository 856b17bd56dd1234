"""The examples of the README, as they are printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).parent.parent / "README.md"


def test_the_failure() -> None:
    (example, *_) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example.replace('    allow_methods=["PUT"],\n', ""), names)
    with pytest.raises(AssertionError) as failure:
        names["test_our_page_can_save"]()
    (printed,) = re.findall(r"```text\n(.*?)```", README.read_text(), re.DOTALL)
    # `...` stands for what is left out.
    pattern = ".*".join(re.escape(part.strip()) for part in printed.split("..."))
    assert re.fullmatch(pattern, str(failure.value), re.DOTALL)


def test_examples() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 3
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)
    tests = [name for name in names if name.startswith("test_")]
    assert tests == ["test_our_page_can_save", "test_nobody_else_can"]
    for name in tests:
        names[name]()
