"""Categories, purposes and roles are in the pages the words that patients sign."""

from __future__ import annotations

from consentry.domain import purposes, roles
from consentry.domain.wording import CATEGORY_WORDS
from tests.browser.node import evaluate

SOURCE = """
import { changeLanguage } from "./app/browser/core/language";
import { categoryWords, purposeWords, rolesWords, roleWords } from "./app/browser/text/codes";
declare const given: { categories: string[]; purposes: string[]; roles: string[] };
const all = (codes: string[], words: (code: string) => string) => codes.map((code) => [code, words(code)]);
console.log(JSON.stringify((["en", "zh"] as const).map((language) => {
  changeLanguage(language);
  return {
    categories: all(given.categories, categoryWords), purposes: all(given.purposes, purposeWords),
    roles: all(given.roles, rolesWords), role: all(given.roles, roleWords),
  };
})));
"""


def test_code_words_are_those_of_consents() -> None:
    """W-57: one wording in both languages, wherever a code is shown; a code that nobody knows stays as it is."""
    codes = {
        "categories": [str(one) for one in CATEGORY_WORDS],
        "purposes": [str(one) for one in purposes.WORDS],
        "roles": [str(one) for one in roles.WORDS],
    }
    asked = {name: [*values, "unheard-of"] for name, values in codes.items()}
    for column, told in enumerate(evaluate(SOURCE, asked)):
        said = {name: dict(pairs) for name, pairs in told.items()}
        assert said["categories"] == {str(one): words[column] for one, words in CATEGORY_WORDS.items()} | {
            "unheard-of": "unheard-of"
        }
        assert said["purposes"].items() >= (purposes.WORDS, purposes.WORDS_ZH)[column].items()
        assert said["roles"].items() >= (roles.WORDS, roles.WORDS_ZH)[column].items()
        assert set(said["role"]) == set(said["roles"]) and all(
            words != code or code == "unheard-of" for code, words in said["role"].items()
        )
