"""What the pages say exists in both languages, and nowhere else than in the texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.node import evaluate

BROWSER = Path(__file__).resolve().parents[2] / "app" / "browser"
AREAS = sorted(path.stem for path in (BROWSER / "text").glob("*.ts"))
# The text of G-4's challenge is compared with the gateway's letter by letter, and is not the page's to translate.
COMPARED = BROWSER / "core" / "links.ts"
VIEWS = sorted(
    path
    for folder in ("patient", "clinician", "ui", "core")
    for path in (BROWSER / folder).rglob("*.ts")
    if path != COMPARED
)
CHINESE = re.compile(r"[\u3400-\u9fff]")
# A half-width mark beside a Chinese character; straight quotes and three dots in English.
HALF = re.compile(r"[\u3400-\u9fff] ?[,;:!?()]|[,;()] ?[\u3400-\u9fff]|[\u3400-\u9fff]\.(?!\w)|\.\.\.")
TYPED = re.compile(r"\w'\w|\"|\.\.\.")
# Comments, then literals: a quote inside a comment is none.
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", re.DOTALL
)
# What reads as a sentence or a title; a capitalised word alone only where it would be shown, as FHIR's types look the same.
SENTENCE = re.compile(r"[A-Z][a-z’']+ [a-z]|[a-z]{2,} [a-z]{2,}.*[.!?:…]$|[a-z] [A-Z][a-z]+ ")
WORD = re.compile(r"^[A-Z][a-z]{2,}$")
SHOWN = re.compile(r"\b(?:element|button|card|notice|badge|quiet|say|link|foldable|empty|ask|tell)\(")
# Messages of exceptions are for developers; names of browsers, keys, algorithms and contracts are not words of a page.
EXEMPT = re.compile(
    r"\b(?:Error|Invalid|Wrong|Problem|Mismatch|Failure|Corrupt)\($|\bthrow .*$|Error\(\s*$|console\.\w+\($"
)
# File names and abbreviations are the same in both.
NEUTRAL = re.compile(r"^[a-z-]+\.(?:json|txt|ndjson)$|^[A-Z]{2,5}$")

_LEAVES = """
import { changeLanguage } from "./app/browser/core/language";
import * as area from "./app/browser/text/AREA";
const told: Record<string, Record<string, string>> = { en: {}, zh: {} };
const walk = (node: unknown, path: string, into: Record<string, string>): void => {
  if (typeof node === "string") into[path] = node;
  else if (typeof node === "function") into[path] = say(node as (...given: unknown[]) => unknown);
  else for (const [key, value] of Object.entries(node ?? {})) walk(value, `${path}.${key}`, into);
};
const say = (words: (...given: unknown[]) => unknown): string => {
  for (const given of [["7", "8", "9", "10"], [7, 8, 9, 10], [["7"], ["8"]]]) {
    try { const said = words(...given); if (typeof said === "string") return said; } catch { continue; }
  }
  return "";
};
for (const language of ["en", "zh"] as const) {
  changeLanguage(language);
  for (const [name, value] of Object.entries(area)) {
    if (typeof value !== "function" || value.length > 0) continue;
    walk((value as () => unknown)(), name, told[language]!);
  }
}
console.log(JSON.stringify(told));
"""


@pytest.mark.parametrize("area", AREAS)
def test_text_is_said_in_both_languages(area: str) -> None:
    """W-9: in Chinese by Chinese characters, in English by none, never the same but for names; each with its own punctuation."""
    told = evaluate(_LEAVES.replace("AREA", area))
    assert told["en"].keys() == told["zh"].keys()
    for path, english in told["en"].items():
        chinese = told["zh"][path]
        if (
            not re.search(r"[A-Za-z]{3}", english)
            or path.endswith("otherLanguage")
            or NEUTRAL.search(english)
        ):
            continue
        assert not CHINESE.search(english), f"{area}{path}: {english}"
        assert CHINESE.search(chinese), f"{area}{path} is not translated: {chinese}"
        assert not HALF.search(chinese), f"{area}{path} is punctuated as English: {chinese}"
        assert not TYPED.search(english), f"{area}{path} is punctuated as code: {english}"


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(BROWSER)))
def test_view_holds_no_words_of_its_own(path: Path) -> None:
    """W-9: a word that stands in code stands there in one language."""
    code = path.read_text("utf-8")
    found = []
    for token in TOKEN.finditer(code):
        literal = token.group()
        if literal.startswith("/"):
            continue
        before = code[code.rfind("\n", 0, token.start()) + 1 : token.start()]
        previous = code[: token.start()].rstrip()[-60:]
        inner = re.sub(r"\$\{[^}]*\}", "0", literal[1:-1])
        exempt = EXEMPT.search(before.rstrip()) or EXEMPT.search(previous)
        worded = (
            SENTENCE.search(inner) or CHINESE.search(inner) or (WORD.search(inner) and SHOWN.search(before))
        )
        if worded and not exempt:
            found.append(literal)
    assert not found
