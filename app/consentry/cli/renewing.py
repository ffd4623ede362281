"""Renewing the directory after a revocation (specification D-8)."""

from __future__ import annotations

from typing import Any

from consentry.cli.directories import ROTATE, directory_of, open_next
from consentry.cli.settings import Settings
from consentry.cli.sign_in import SignedIn
from consentry.errors import ConsentryError


def renew_after(
    settings: Settings, session: SignedIn, shown: dict[str, Any], relayed: dict[str, Any]
) -> dict[str, Any] | None:
    """The next directory after a consent that held was taken back; None where there is nothing to renew.

    A revocation that was relayed before is followed by it only while the gateway advises it: then the earlier attempt ended
    in between. Raises what failed, saying that the consent is revoked all the same.
    """
    try:
        known = directory_of(session)
        open_now = known.state.cid is not None and known.state.in_force
        just_ended = relayed.get("transaction") is not None and shown.get("status") != "proposed"
        if not open_now or not (just_ended or known.rotation):
            return None
        return open_next(settings, session, known.state)
    except ConsentryError as problem:
        problem.diagnostics = (
            f"the consent is revoked, but the directory is not renewed: {problem.diagnostics}"
        )
        problem.next_step = f"Renew it with `{ROTATE}`, or repeat this command."  # type: ignore[misc]
        raise
