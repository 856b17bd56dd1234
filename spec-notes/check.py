#!/usr/bin/env python3
"""Compares index.toml with a copy of fetch.bs, the source of the Fetch Standard.

    python3 spec-notes/check.py fetch.bs              what differs; exit 1 if anything does
    python3 spec-notes/check.py fetch.bs ANCHOR...    what the index says of each, as it is now
"""

import hashlib
import re
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
LISTS = ("ol", "ul", "dl")
BLOCKS = (*LISTS, *HEADINGS, "p", "div", "pre", "table")
ITEMS = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd")}
IDL = {"method", "attribute", "constructor", "argument", "dict-member", "enum-value"}


class Node:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, dict(attributes), parent
        self.children = []

    def elements(self):
        return [child for child in self.children if isinstance(child, Node)]

    def text(self):
        """The text without tags, each run of white space folded into one space."""
        text = "".join(c if isinstance(c, str) else c.text() for c in self.children)
        return re.sub(r"\s+", " ", f" {text} " if self.tag in (*BLOCKS, *ITEMS) else text)

    def walk(self):
        for child in self.elements():
            yield child
            yield from child.walk()

    def around(self, test):
        node = self
        while node and not test(node):
            node = node.parent
        return node

    def next(self):
        siblings = self.parent.elements()
        return next(iter(siblings[siblings.index(self) + 1 :]), None)


class Reader(HTMLParser):
    """Reads the markup into a tree, and closes the paragraphs and items that it leaves open."""

    def __init__(self, text):
        super().__init__()
        self.root = self.at = Node("root", (), None)
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag in ITEMS:
            self.leave(ITEMS[tag], LISTS)
        elif tag in BLOCKS:
            self.leave(("p",), (*LISTS, *ITEMS, "div"))
        node = Node(tag, attributes, self.at)
        self.at.children.append(node)
        if tag not in ("br", "img", "wbr", "link", "meta", "input"):
            self.at = node

    def handle_endtag(self, tag):
        self.leave((tag,), ())

    def handle_data(self, data):
        self.at.children.append(data)

    def leave(self, tags, borders):
        node = self.at.around(lambda node: not node.parent or node.tag in (*tags, *borders))
        if node.tag in tags:
            self.at = node.parent


def anchor_of(dfn):
    """The id of a definition: its own, or the one that Bikeshed derives."""
    if own := dfn.attributes.get("id"):
        return own
    text = dfn.attributes.get("lt", dfn.text()).split("|")[0].strip().lower()
    scope = dfn.attributes.get("for", "").split(",")[0].lower()
    if IDL & dfn.attributes.keys():
        scope, text = f"dom {scope}", text.split("(")[0]
    return re.sub(r"[^a-z0-9_?-]", "", re.sub(r"[\s/]+", "-", f"{scope} {text}".strip(" /")))


def read(path):
    """Each definition by its anchor: section, name, number of steps (or None), text, block."""
    numbers, section, definitions = [0] * 7, "", {}
    for node in Reader(Path(path).read_text()).root.walk():
        if node.tag in HEADINGS and "no-num" not in node.attributes.get("class", ""):
            level = int(node.tag[1])
            numbers[level:] = [numbers[level] + 1] + [0] * (6 - level)
            section = ".".join(map(str, numbers[2 : level + 1]))
            if own := node.attributes.get("id"):
                definitions[own] = (section, node.text().strip(), None, "", None)
        if node.tag != "dfn" and "dfn" not in node.attributes:
            continue
        block = node.around(lambda node: node.tag in ("p", "td", *ITEMS, *HEADINGS))
        block = block or node
        algorithm = node.around(lambda node: "algorithm" in node.attributes)
        behind = list(algorithm.walk()) if algorithm else []
        behind = behind[behind.index(node) :] if algorithm else [block.next()]
        steps = next((node for node in behind if node and node.tag == "ol"), None)
        if steps:
            count = sum(item.tag == "li" for item in steps.elements())
            text = steps.text()
        else:
            count, text, following = None, block.text(), block.next()
            if block.tag == "p" and following and following.tag in LISTS:
                text += following.text()
        name = node.text().strip()
        definitions[anchor_of(node)] = (section, name, count, text, algorithm or block)
    return definitions


def digest(text):
    return hashlib.sha256(re.sub(r"\s+", " ", text).strip().encode()).hexdigest()[:16]


def compare(index, definitions):
    """What differs, a line each."""
    seen = set()
    for entry in [*index["algorithm"], *index["definition"], *index["left-out"]]:
        anchor = entry["anchor"]
        if anchor not in definitions:
            yield f"#{anchor}: gone"
            continue
        section, _, steps, text, block = definitions[anchor]
        seen.add(id(block))
        if entry.get("steps", steps) != steps:
            yield f"#{anchor}: {steps} steps, {entry['steps']} in the index"
        if entry.get("digest", digest(text)) != digest(text):
            yield f"#{anchor}: the text has changed (section {section}); its digest is {digest(text)}"
    for entry in index["section"]:
        if entry["anchor"] not in definitions and not entry.get("idl"):
            yield f"#{entry['anchor']}: gone"
    for anchor, (section, name, steps, _, block) in definitions.items():
        if steps and id(block) not in seen:
            seen.add(id(block))
            yield f"#{anchor}: not in the index: {name} (section {section}), {steps} steps"


def main(path, *anchors):
    definitions = read(path)
    for anchor in anchors:
        section, name, steps, text, _ = definitions[anchor]
        print(f'anchor = "{anchor}"\nname = "{name}"\nsection = "{section}"')
        print(f'steps = {steps}\ndigest = "{digest(text)}"\n')
    if anchors:
        return 0
    index = tomllib.loads(Path(__file__).with_name("index.toml").read_text())
    differences = list(compare(index, definitions))
    print("\n".join(differences) or f"as at {index['standard']['commit']}")
    return 1 if differences else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
