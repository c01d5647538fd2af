"""The documentation is under test: links lead somewhere, commands exist, examples of TOML are TOML."""

import importlib.util
import pkgutil
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from consilience.cli.main import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"^(?:    |\$ )?(consilience .+)$", re.MULTILINE)
BLOCK = re.compile(r"```toml\n(.*?)```", re.DOTALL)


def named(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_to_a_file(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_example_of_toml_can_be_read(page):
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        tomllib.loads(block)


def commands():
    for page in PAGES:
        for line in COMMAND.findall(page.read_text(encoding="utf-8")):
            yield named(page), re.sub(r"\s+#.*|\s{3,}.*", "", line)


def resolve(words):
    """Walk from `consilience` down to the command the words name, and return it with the words left over."""
    command, rest = cli, words
    context = click.Context(cli)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        inner = [command.get_command(context, name) for name in rest[0].split("|")]
        assert all(inner), f"no command {rest[0]}"
        command, rest = inner[0], rest[1:]
    return command, rest


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_every_command_and_option_named_in_the_documentation_exists(page, line):
    words = shlex.split(line.replace("[", " ").replace("]", " ").replace("...", " "))[1:]
    command, rest = resolve(words)
    known = {name for parameter in command.params for name in parameter.opts} | {"--help", "--version"}
    options = {part for word in rest for part in re.findall(r"^--[a-z-]+", word)}
    assert options <= known


def test_every_command_has_help():
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.help


def test_every_function_named_in_the_life_of_a_record_exists():
    text = (ROOT / "docs" / "design" / "life-of-a-record.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:\w+\.)+\w+)`", text)
    packages = {path.name for path in (ROOT / "src" / "consilience").iterdir() if path.is_dir()}
    inside = [name for name in names if name.split(".")[0] in packages and not name.endswith(".csv")]
    assert len(inside) > 15
    for name in inside:
        if name.startswith("node."):  # Django is not set up here: that the module is there must do
            assert importlib.util.find_spec(f"consilience.{name}"), name
        else:
            assert pkgutil.resolve_name(f"consilience.{name}"), name
