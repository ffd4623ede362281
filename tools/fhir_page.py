"""Write docs/fhir.md from the CapabilityStatement that a gateway serves; `--check` only compares."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fhir_words import BEFORE, BEHIND
from generated_page import write_or_check

from consentry.fhir import capability, interactions
from consentry.fhir.capability import Endpoint
from consentry.fhir.search_parameters import RESULT_PARAMETERS

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "fhir.md"
SYSTEM = "https://gateway.example/fhir"
CONDITIONS = ("conditionalCreate", "conditionalUpdate", "conditionalDelete")

Row = dict[str, Any]


def statement() -> Row:
    """What `/fhir/metadata` says, of a gateway at an example's address."""
    endpoint = Endpoint(url=SYSTEM, description="", version="", released="")
    made: Row = capability.capability_statement(endpoint, interactions.rows())
    rest: Row = made["rest"][0]
    return rest


def clients() -> str:
    """The clients that tests drive, at the versions that the locks name."""
    locked = (ROOT / "requirements-dev.txt").read_text("utf-8")
    found = []
    for name in ("fhirpy", "fhirclient"):
        version = re.search(rf"^{name}==([^ ;\\]+)", locked, re.MULTILINE)
        assert version is not None, f"{name} is in no lock"
        found.append(f"PyPI `{name}` {version[1]}")
    package = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    return f"{', '.join(found)} and npm `fhir-kit-client` {package['fhir-kit-client']}"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(header)
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def codes(values: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in values) or "–"


def types(resources: Iterable[Row]) -> str:
    return ", ".join(one["type"] for one in resources)


def interaction_table(resources: list[Row]) -> str:
    """Types that can do the same share a line."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Row]] = {}
    for one in resources:
        can = tuple(each["code"] for each in one.get("interaction", []))
        groups.setdefault((can, tuple(name for name in CONDITIONS if name in one)), []).append(one)
    rows = [
        (types(group), codes(can), codes(conditions))
        for (can, conditions), group in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]
    return table(("types", "interactions", "conditional"), rows)


def operation_table(resources: list[Row]) -> str:
    found: dict[str, list[Row]] = {}
    told: dict[str, Row] = {}
    for one in resources:
        for operation in one.get("operation", []):
            found.setdefault(operation["name"], []).append(one)
            told[operation["name"]] = operation
    rows = [
        (
            f"`${name}`",
            "all types" if len(found[name]) > len(resources) // 2 else types(found[name]),
            told[name]["definition"].removeprefix("http://hl7.org/fhir/OperationDefinition/"),
            told[name].get("documentation", "–"),
        )
        for name in sorted(found)
    ]
    return table(("operation", "types", "definition", "says"), rows)


def parameters(one: Row) -> list[Row]:
    found: list[Row] = one.get("searchParam", [])
    return found


def parameter_tables(resources: list[Row]) -> str:
    searched = [one for one in resources if parameters(one)]
    clinical = [one for one in searched if "patient" in names(one)]
    shared = set.intersection(*map(names, clinical))
    common = [each for each in parameters(clinical[0]) if each["name"] in shared or each["name"][0] == "_"]
    of_all = table(
        ("parameter", "type", "says"),
        [(f"`{each['name']}`", each["type"], each.get("documentation", "–")) for each in common],
    )
    rows = [(one["type"], "; ".join(filter(None, beside(one, common))) or "–") for one in searched]
    return (
        f"Of every type unless it is said:\n\n{of_all}\nAnd of each:\n\n{table(('type', 'parameters'), rows)}"
    )


def names(one: Row) -> set[str]:
    return {each["name"] for each in parameters(one)}


def beside(one: Row, common: list[Row]) -> tuple[str, str]:
    """What a type has of its own or says otherwise, and what it lacks."""
    told = {each["name"]: each.get("documentation") for each in common}
    own = [
        f"`{each['name']}` ({': '.join(filter(None, (each['type'], each.get('documentation'))))})"
        for each in parameters(one)
        if each["name"] not in told or each.get("documentation", told[each["name"]]) != told[each["name"]]
    ]
    lacking = sorted(told.keys() - names(one))
    return ", ".join(own), f"not {codes(lacking)}" if lacking else ""


def page() -> str:
    rest = statement()
    resources: list[Row] = rest["resource"]
    whole = codes(one["code"] for one in rest["interaction"])
    return "".join(
        (
            BEFORE.replace("{clients}", clients()),
            f"## Interactions\n\nOf the whole endpoint: {whole}, by `POST` of a Bundle to `/fhir`.\n\n",
            interaction_table(resources),
            "\n## Operations\n\n",
            operation_table(resources),
            f"\n## Search\n\nHow to answer: {codes(RESULT_PARAMETERS)}; `_format` and `_pretty` are accepted. ",
            "`_include` takes each reference parameter of a type, `_revinclude` ",
            f"{codes(sorted({name for one in resources for name in one.get('searchRevInclude', [])}))}.\n\n",
            parameter_tables(resources),
            BEHIND,
        )
    )


def main() -> int:
    return write_or_check(TARGET, page(), "the CapabilityStatement says")


if __name__ == "__main__":
    sys.exit(main())
