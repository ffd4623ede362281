"""What somebody at the desk proposed, and what became of it (specification W-70)."""

from __future__ import annotations

from consentry.services.consent import ConsentPorts, Shown, shown, states_of

MOST = 200


def proposed_by(by: str, ports: ConsentPorts) -> tuple[Shown, ...]:
    """What this client or staff account proposed here, the newest first, with what the chain says of each now."""
    kept = ports.book.proposed_by(by, MOST)
    return tuple(shown(one, state, ports) for one, state in zip(kept, states_of(kept, ports), strict=True))
