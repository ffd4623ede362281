"""The file that `consentry consortium propose committee` takes, shaped as `consentry keeper list --json` prints it."""

from __future__ import annotations

import json

from consentry.cli.problems import CommandInvalid
from consentry.domain import fields
from consentry.domain.ledger import Chamber, KeeperInfo
from consentry.errors import LayoutInvalid


def parse_committee(text: str) -> tuple[list[KeeperInfo], int]:
    """Keepers by seat, and the threshold. Raises CommandInvalid."""
    try:
        told = json.loads(text)
        keepers = [
            KeeperInfo(
                seat,
                fields.address(one["account"], "account"),
                fields.address(one["member"]["address"], "member.address"),
                Chamber[one["chamber"]],
                str(one["url"]),
                fields.base64_bytes(one["sealingKey"], "sealingKey", 1216),
            )
            for seat, one in enumerate(told["keepers"])
        ]
        return keepers, fields.integer(told["threshold"], "threshold", 2)
    except (ValueError, KeyError, TypeError, LayoutInvalid) as problem:
        detail = (
            problem.diagnostics if isinstance(problem, LayoutInvalid) else "a field is missing or malformed"
        )
        raise CommandInvalid(f"the committee's file: {detail}") from None
