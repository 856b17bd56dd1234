"""The examples of the README, as they are printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"


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
