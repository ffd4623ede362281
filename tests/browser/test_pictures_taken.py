"""`make screenshots` finds its way through every page, as the pages are now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 280


def test_pictures_of_every_page_are_taken() -> None:
    """Of one size, language and scheme of colours; the others take the same way."""
    command = [sys.executable, "tools/screenshots.py", "--only", "phone-zh-light"]
    told = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    names = [line for line in told.stdout.splitlines() if line.endswith(".png")]
    assert len(names) == len(set(names)) > 20
    for page in ("patient-0-way-in", "patient-mandate-signed", "patient-behalf", "clinician-0-way-in"):
        assert any(name.startswith(page) for name in names), page
