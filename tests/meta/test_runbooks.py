"""Runbooks: every alert has one, every page has its parts, and every command in the documents is one (H-77)."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from consentry.cli.main import cli
from consentry.cli.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "runbooks"
PAGES = sorted(FOLDER.glob("*.md"))
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GENERATED = ROOT / "docs" / "cli.md"
"""Its examples are the commands' own."""
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
NEXT = re.compile(r"&&|\|\||[|;]|\s\d?>\s*\S+|\n")
WITHIN = re.compile(r"\$\(([^()]*)\)")
MOST_LINES = 60
PARTS = ("## Now", "## Over when", "## Write down")


def commands(text: str) -> Iterator[list[str]]:
    """What is typed after `consentry` in the shell blocks of a page."""
    for block in SHELL.findall(text):
        plain = re.sub(r"(^|\s)#.*$", "", block.replace("\\\n", " "), flags=re.MULTILINE)
        for line in NEXT.split("\n".join([*WITHIN.findall(plain), WITHIN.sub("said", plain)])):
            if re.search(r"(^|\s)consentry\s", line):
                words = shlex.split(line.strip(), posix=True)
                yield words[words.index("consentry") + 1 :]


def parsed(words: list[str]) -> None:
    """As the program would understand them; nothing runs. Raises click.ClickException."""
    command: click.Command = cli
    context = cli.make_context("consentry", list(words), obj=Settings())
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages name once what commands take from the environment."""
    for name in ("WALLET", "GATEWAY", "RPC", "DEPLOYMENT", "CLIENT_KEY_FILE"):
        monkeypatch.setenv(f"CONSENTRY_{name}", "named-once")


@pytest.mark.parametrize("page", [one for one in DOCUMENTS if one != GENERATED], ids=lambda page: page.stem)
def test_each_command_of_a_page_is_one(page: Path) -> None:
    """H-77: group, command, arguments and options as the command line has them."""
    for words in commands(page.read_text("utf-8")):
        if words[0] in ("--help", "--version"):
            continue
        try:
            parsed(words)
        except click.ClickException as problem:
            pytest.fail(f"{page.name}: consentry {shlex.join(words)}: {problem.format_message()}")


@pytest.mark.parametrize("words", ["status --gatway x", "keeper lost", "staff dismiss", "store check a b"])
def test_what_is_no_command_is_found(words: str) -> None:
    """H-77"""
    with pytest.raises(click.ClickException):
        parsed(words.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_page_is_short_and_whole(page: Path) -> None:
    """H-77: read at three in the morning; found from the index."""
    text = page.read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    if page.name != "README.md":
        assert f"({page.name})" in (FOLDER / "README.md").read_text("utf-8")
        assert [one for one in PARTS if one not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_imports_is_there(page: Path) -> None:
    """H-77"""
    for block in PYTHON.findall(page.read_text("utf-8")):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(str(node.module))
                assert not [
                    one.name
                    for one in node.names
                    if not hasattr(module, one.name) and not _is_module(module.__name__, one.name)
                ]


def _is_module(package: str, name: str) -> bool:
    return importlib.util.find_spec(f"{package}.{name}") is not None


def test_each_alert_has_its_page() -> None:
    """H-77: a path in the repository, so that a member's own address can stand before it."""
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text("utf-8"))
    alerts = {
        one["alert"]: one["annotations"]["runbook_url"] for group in rules["groups"] for one in group["rules"]
    }
    assert len(alerts) > 10
    for name, url in alerts.items():
        assert url.startswith("docs/runbooks/") and (ROOT / url).is_file(), name
        assert f"`{name}`" in (ROOT / url).read_text("utf-8"), f"{url} does not speak of {name}"
