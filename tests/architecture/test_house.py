"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "consilience").rglob("*.py"))
INSIDE = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_longer_than_600_lines():
    assert [path.name for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 600] == []


def test_no_function_is_longer_than_60_lines():
    long = [
        f"{path.name}:{node.lineno} {node.name}"
        for path, tree in INSIDE.items()
        for node in functions(tree)
        if (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert long == []


def test_only_the_command_line_imports_inside_functions():
    inside = [
        f"{path.name}:{node.lineno}"
        for path, tree in INSIDE.items()
        if "cli" not in path.parts
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_nothing_catches_everything():
    broad = [
        f"{path.name}:{node.lineno}"
        for path, tree in INSIDE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]
    assert broad == []


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base2"}
    assert [path.name for path in SOURCES if path.stem in empty] == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_nothing_is_left_for_later_in_a_comment(word):
    pattern = re.compile(rf"#.*\b{word}\b")
    assert [path.name for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_no_tracked_file_is_large():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    large = [path.name for path in files if path.is_file() and path.stat().st_size > 1_500_000]
    assert large == []
