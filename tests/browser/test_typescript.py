"""The pages' TypeScript without a browser: types, size, the shared vectors, the closed lists of words."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from consentry.domain.categories import Category
from consentry.domain.grounds import REFUSALS
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role

ROOT = Path(__file__).resolve().parents[2]


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["node", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)


def test_vectors_pass_in_typescript() -> None:
    """L-1 to L-20, C-1, C-2, C-11: every file of tests/vectors has a TypeScript suite, and it passes."""
    ran = node("tests/browser/run_vectors.mjs")
    passed = re.search(r"^# pass (\d+)$", ran.stdout, re.MULTILINE)
    files = list((ROOT / "tests" / "vectors").glob("*.json"))
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert passed and int(passed[1]) > len(files)


@pytest.mark.parametrize("project", ["app/browser", "tests/browser"])
def test_types_are_sound(project: str) -> None:
    """L-1 to L-20 rest on strict types: TypeScript's strictest settings find nothing."""
    checked = node("node_modules/typescript/bin/tsc", "--project", f"{project}/tsconfig.json")
    assert checked.returncode == 0, checked.stdout


def test_page_scripts_name_no_other_host(bundle: Path) -> None:
    """P-1: what the pages load comes from where they come from."""
    for script in bundle.rglob("*.js"):
        assert not re.search(r"""\b(?:import|fetch)\(\s*["'`]https?:""", script.read_text("utf-8")), script


def test_words_are_those_of_python() -> None:
    """C-11, L-2, K-6: the closed lists are the same in both languages."""
    script = "import { build } from 'esbuild'; const made = await build({ entryPoints: ['app/browser/layouts/words.ts'],"
    script += " write: false, format: 'esm' }); const text = Buffer.from(made.outputFiles[0].contents).toString('base64');"
    script += " console.log(JSON.stringify(await import('data:text/javascript;base64,' + text)));"
    words = json.loads(node("--input-type=module", "--eval", script).stdout)
    assert words["CATEGORIES"] == [str(category) for category in Category]
    assert set(words["PURPOSES"]) == set(Purpose)
    assert set(words["ROLES"]) == set(Role)
    assert set(words["REFUSAL_REASONS"]) == {str(reason) for reason in REFUSALS}
