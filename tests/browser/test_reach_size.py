"""What the pages weigh, and that the same sources give the same bytes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.stand_in import StandIn
from tools import check_pages

ROOT = Path(__file__).resolve().parents[2]
FIRST_LOAD_BYTES = 200_000


def test_first_page_is_small(page: Page, stand_in: StandIn) -> None:
    """W-4: all that a browser loads before somebody signs in, as it comes over the wire, of both pages."""
    for path in ("/", "/clinic"):
        answers: list[Response] = []
        heard = partial(lambda kept, one: kept.append(one), answers)
        page.on("response", heard)
        page.goto(stand_in.url + path)
        expect(page.get_by_text("No wallet was found in this browser.")).to_be_visible()
        page.remove_listener("response", heard)
        sizes = {one.url: one.request.sizes() for one in answers}
        total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
        scripts = [one for one in answers if one.url.endswith(".js")]
        assert scripts and all(one.headers["content-encoding"] == "gzip" for one in scripts)
        assert total <= FIRST_LOAD_BYTES, {url: size["responseBodySize"] for url, size in sizes.items()}


def test_same_sources_give_the_same_pages(bundle: Path, tmp_path: Path) -> None:
    """W-5: also in another folder, so that anybody can compare what a member serves with what they built themselves."""
    other = tmp_path / "elsewhere"
    ignored = shutil.ignore_patterns("dist")
    shutil.copytree(ROOT / "app" / "browser", other / "app" / "browser")
    shutil.copytree(
        ROOT / "app/consentry/gateway/static", other / "app/consentry/gateway/static", ignore=ignored
    )
    (other / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    built = subprocess.run(
        ["node", "app/browser/build.mjs"], cwd=other, check=True, capture_output=True, text=True, timeout=120
    )
    told = json.loads((bundle / "digest.json").read_text("utf-8"))
    printed = re.search(r"^digest of the pages  ([0-9a-f]{64})$", built.stdout, re.MULTILINE)
    assert printed and printed[1] == told["digest"]
    assert json.loads((other / "app/consentry/gateway/static/dist/digest.json").read_text("utf-8")) == told


def test_served_pages_are_compared_with_the_sources(
    bundle: Path, stand_in: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """W-5: by fetching every file; one that differs is named."""
    assert check_pages.main([stand_in.url]) == 0
    told = json.loads((bundle / "digest.json").read_text("utf-8"))
    assert told["digest"] in capsys.readouterr().out
    told["files"]["patient.js"] = told["files"]["service-worker.js"] = "0" * 64
    other = tmp_path / "digest.json"
    other.write_text(json.dumps(told), "utf-8")
    found = check_pages.differences(stand_in.url, other)
    assert found == ["/static/dist/patient.js", "/service-worker.js"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"body": lambda page: page.replace("</head>", "<SCRIPT src=/other.js></SCRIPT></head>")}, "/"),
        ({"body": lambda page: page.replace("<head>", '<head><base href="/other/">')}, "/"),
        ({"policy": lambda policy: policy.replace("script-src 'self'", "script-src 'self' *")}, "Policy"),
        ({"policy": lambda policy: policy.replace("connect-src 'self'", "connect-src 'self' *")}, "Policy"),
    ],
)
def test_pages_that_run_something_else_are_told_apart(
    bundle: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], named: str
) -> None:
    """W-5: page and policy decide what runs as much as the scripts do."""
    honest = check_pages._fetched

    def fetched(gateway: str, path: str) -> tuple[bytes, str]:
        content, policy = honest(gateway, path)
        if path == "/":
            content = change.get("body", str)(content.decode()).encode()
            policy = change.get("policy", str)(policy)
        return content, policy

    monkeypatch.setattr(check_pages, "_fetched", fetched)
    (found,) = check_pages.differences(stand_in.url)
    assert named in found
