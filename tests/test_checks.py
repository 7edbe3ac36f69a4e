"""What `make check` counts: each count sees what it should, growth fails, and a fall says how to lower the pin."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from checks.__main__ import PINS, Change, compare
from checks.complexity import qualified
from checks.literals import count
from checks.sizes import FILE, TREE, too_large

ROOT = Path(__file__).parent.parent


def test_words_are_counted_and_labels_are_not() -> None:
    found = count(
        'A = ("boat", "ship", "ferry", "raft")\nB = "one two three four five".split()\nC = ("nsubj", "obj")\n'
    )
    assert (found["word lists"], found["words in lists"]) == (2, 9)
    assert not count('A = ("nsubj", "obj", "iobj", "obl")\nB = ("VERB", "NOUN", "ADJ", "ADV")\n')["word lists"]
    assert count('import re\nA = re.compile(r"\\b(?:boat|ship|ferry)\\b")\n')["words in patterns"] == 3


def test_a_number_with_a_name_is_no_bare_threshold() -> None:
    assert count("def f(x):\n    return 0.35 < x <= 7\n")["bare thresholds"] == 2
    assert count("LEAST = 0.35\ndef f(x):\n    return x > LEAST and x != 1\n")["bare thresholds"] == 0


def test_functions_are_named_with_what_they_stand_in() -> None:
    tree = ast.parse("class A:\n    def b(self):\n        def c():\n            pass\n")
    assert [qualified(tree, line) for line in (2, 3)] == ["A.b", "A.b.c"]


def test_growth_and_fall_are_told_apart() -> None:
    pins = {"complexity": {"a.py:f": 20, "a.py:g": 18}, "literals": {"events: word lists": 5}}
    now = {"complexity": {"a.py:f": 22, "a.py:h": 16}, "literals": {"events: word lists": 4}}
    grown, fallen = compare(pins, now)
    assert grown == [Change("a.py:f", 20, 22), Change("a.py:h", None, 16)]
    assert fallen == [Change("a.py:g", 18, 0), Change("events: word lists", 5, 4)]
    assert "not listed" in str(grown[1])


def test_large_files_and_a_large_tree_are_told() -> None:
    assert not too_large({"a": 1000})
    assert "large.bin" in too_large({"large.bin": (FILE + 1) * 10**6})[0]
    many = {f"kept/{n}": 20 * 10**6 for n in range(TREE // 20 + 1)}
    assert "the tree has" in too_large(many)[0]
    assert not too_large(many, exempt=("kept/",))


def test_the_pins_hold() -> None:
    done = subprocess.run([sys.executable, "-m", "checks"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert min(json.loads(PINS.read_text("utf-8"))["complexity"].values()) > 15
