#!/usr/bin/env python3
"""Says where files are no PowerShell. Whether they do what they should, only PowerShell could say.

Usage: lint-powershell.py FILE...
"""

import sys
from pathlib import Path

import tree_sitter_powershell
from tree_sitter import Language, Parser


def faults(node):
    """The nodes that the parser could not place, or that it misses."""
    if node.is_error or node.is_missing:
        yield node
    else:
        for child in node.children:
            yield from faults(child)


def main(files):
    parser = Parser(Language(tree_sitter_powershell.language()))
    count = 0
    for file in files:
        for node in faults(parser.parse(Path(file).read_bytes()).root_node):
            row, column = node.start_point
            print(f"{file}:{row + 1}:{column + 1}: this is no PowerShell")
            count += 1
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
