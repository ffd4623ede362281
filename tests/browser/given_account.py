"""The page as it is, but for who is asked: an account that Python's services made takes the place of keepers and chain."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

ROOT = Path(__file__).resolve().parents[2]
_BUILD = """
import { build } from "esbuild";
const given = {
  name: "given",
  setup: (to) => to.onResolve({ filter: /core\\/(account|reading_session)$/ }, ({ path }) => ({
    path: `${process.cwd()}/tests/browser/given/${path.split("/").pop()}.ts`,
  })),
};
await build({
  entryPoints: { patient: "app/browser/patient/main.ts", page: "app/browser/css/page.css" }, outdir: process.argv[2],
  bundle: true, splitting: true, format: "esm", target: "es2022", chunkNames: "chunks/[name]-[hash]",
  logLevel: "error", plugins: [given],
});
"""
_TYPES = {".js": "text/javascript", ".css": "text/css"}


def build_given(folder: Path) -> None:
    """The page's script with the modules of tests/browser/given in place of those that ask."""
    command = ["node", "--input-type=module", "-", str(folder)]
    subprocess.run(command, cwd=ROOT, input=_BUILD, text=True, check=True, timeout=180, capture_output=True)


def give(page: Page, folder: Path, account: dict[str, Any]) -> None:
    """Let this page run that script, with this account."""

    def script(route: Route) -> None:
        path = folder / route.request.url.split("/static/dist/")[1]
        route.fulfill(body=path.read_bytes(), content_type=_TYPES[path.suffix])

    page.route("**/static/dist/**", script)
    page.route(
        "**/given/account.json",
        lambda route: route.fulfill(body=json.dumps(account), content_type="application/json"),
    )
