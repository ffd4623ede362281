"""The dependency rules of docs/architecture.md, checked on the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "app" / "consentry"

EVERYONE = {"errors", "ports"}
PURE = {"domain", "fhir", "crypto"}
MAY_IMPORT = {
    "domain": {"errors", "domain"},
    "crypto": {"errors", "domain", "crypto"},
    "fhir": {"errors", "domain", "fhir"},
    "errors": {"errors"},
    "ports": {"errors", "domain", "ports"},
    "children": {"errors"},
    "databases": {"errors", "databases"},
    "config": {"errors", "domain", "databases"},
    "chain": EVERYONE | PURE | {"chain", "children", "remote"},
    "light": EVERYONE | PURE | {"chain", "light"},
    "storage": EVERYONE | PURE | {"children", "storage"},
    "index": EVERYONE | PURE | {"index", "databases"},
    "remote": EVERYONE | PURE | {"remote", "telemetry"},
    "serving": EVERYONE | {"serving"},
    "services": EVERYONE | PURE | {"services", "telemetry"},
    "telemetry": EVERYONE | {"telemetry"},
    "wallets": EVERYONE | PURE | {"services", "wallets"},
    "gateway": EVERYONE | PURE | {"services", "gateway", "config", "bootstrap", "telemetry", "serving"},
    "keeper": EVERYONE
    | PURE
    | {"services", "keeper", "config", "bootstrap", "databases", "telemetry", "serving"},
}
ANYTHING = {"bootstrap", "cli", "demo", "network"}


def modules() -> list[Path]:
    return sorted(
        path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE
    )


def area_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Every absolute module name that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = ["consentry", *path.relative_to(PACKAGE).parts][: -node.level] if node.level else []
            base = ".".join([*above, node.module or ""]).removesuffix(".")
            found |= {f"{base}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_imports_only_what_its_layer_may(path: Path) -> None:
    area = area_of(path)
    ours = {name.split(".")[1] for name in imports_of(path) if name.startswith("consentry.")} - {
        "__version__"
    }
    if area in ANYTHING:
        return
    assert area in MAY_IMPORT, f"{area} has no rule: give it one in docs/architecture.md and here"
    assert ours <= MAY_IMPORT[area], f"{area} must not import {sorted(ours - MAY_IMPORT[area])}"


def test_only_scripts_import_brownie() -> None:
    for path in modules():
        assert not any(name.split(".")[0] == "brownie" for name in imports_of(path)), path


def test_services_know_no_framework() -> None:
    for path in (PACKAGE / "services").rglob("*.py"):
        roots = {name.split(".")[0] for name in imports_of(path)}
        assert not roots & {
            "flask",
            "click",
            "web3",
            "requests",
            "urllib3",
            "sqlalchemy",
            "ipfshttpclient",
        }, path
