"""Runs one `consentry` command from a Brownie script; Brownie passes no arguments, so they come from the environment."""

from __future__ import annotations

import os
import sys

from consentry.cli.main import run

GATEWAY = "CONSENTRY_GATEWAY"


def required(name: str, meaning: str) -> str:
    """A setting, or the sentence that asks for it."""
    value = os.environ.get(name)
    if not value:
        sys.exit(f"Set {name}: {meaning}.")
    return value


def consentry(*arguments: str) -> None:
    """Run the command against CONSENTRY_GATEWAY; exits with its code when it fails."""
    required(GATEWAY, "the gateway's URL, as `consentry up` prints it")
    code = run(arguments)
    if code:
        sys.exit(code)
