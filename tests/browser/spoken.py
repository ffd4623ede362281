"""The words of the pages in one language, as they stand in app/browser/text."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.browser.node import evaluate

_AREAS = {
    "frame": "frame",
    "pages": "pages",
    "directory": "directory",
    "hospitals": "hospitals",
    "consents": "consents",
    "readers": "readers",
    "news": "news",
    "emergency": "emergency",
    "patient": "clinic_patient",
    "clinicConsents": "clinic_consents",
    "asking": "clinic_asking",
    "reading": "clinic_reading",
}
_FUNCTIONS = """
import { changeLanguage } from "./app/browser/core/language";
import { categoryWords, purposeWords, rolesWords } from "./app/browser/text/codes";
import { readersPurpose } from "./app/browser/text/clinic_purposes";
import { emergency as opening } from "./app/browser/text/clinic_emergency";
declare const given: "en" | "zh";
changeLanguage(given);
// What is put into a sentence stands there as {0}, {1}, … for Python to fill in.
const plain = (value: unknown): unknown => {
  if (typeof value === "function") return plain(value(...Array.from({ length: value.length }, (_, at) => `{${at}}`)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
};
const acknowledged = { all: consents().acknowledged(5, 5, "all") };
const codes = {
  TREAT: purposeWords("TREAT"), ETREAT: purposeWords("ETREAT"), reads: readersPurpose("TREAT"),
  laboratory: categoryWords("laboratory"), attending: rolesWords("attending"),
};
"""


@cache
def words(language: str) -> dict[str, Any]:
    """By area and name. Functions of the texts are templates for `str.format`; `codes` are the few that journeys need."""
    imports = "".join(
        f'import {{ {name} }} from "./app/browser/text/{file}";\n' for name, file in _AREAS.items()
    )
    areas = ", ".join((*_AREAS, "opening"))
    return dict(
        evaluate(
            f"{imports}{_FUNCTIONS}console.log(JSON.stringify({{ ...plain({{ {areas} }}) as object, acknowledged, codes }}));",
            language,
        )
    )
