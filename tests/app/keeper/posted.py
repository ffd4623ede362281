"""What is posted to a keeper."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from consentry.domain.requests import ReleaseRequest
from tests.app.keeper_world import World


def body(world: World, request: ReleaseRequest) -> dict[str, Any]:
    command = world.command(request)
    return {
        "request": fields.to_base64(command.signed.request),
        "signature": fields.to_base64(command.signed.signature),
        "shares": [None if share is None else fields.to_base64(share) for share in command.shares],
    }
