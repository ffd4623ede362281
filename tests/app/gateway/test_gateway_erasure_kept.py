"""An erasure that a store does not finish: nothing is certified before (X-2, H-29)."""

from __future__ import annotations

import pytest

from consentry.errors import ContentStillKept
from tests.app.gateway.test_gateway_erasure import Case, case, cids

__all__ = ["case"]  # a fixture


def test_nothing_is_certified_while_a_node_still_keeps_it(
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """X-2, H-29: not even when the own node let go of its blocks meanwhile; the one that keeps them is asked again each time."""
    store, (gone, *_) = case.world.store, case.ids
    delete, asked = store.delete, list[str]()

    def keeps(cid: str) -> None:
        asked.append(cid)
        delete(cid)
        raise ContentStillKept(f"node-3: {cid} is still pinned there")

    with monkeypatch.context() as keeping:
        keeping.setattr(store, "delete", keeps)
        for _ in range(2):
            with pytest.raises(ContentStillKept, match="node-3"):
                case.erase(gone)
    (entry,) = cids(case, gone)
    assert asked == [entry, entry]
    assert case.ports.own.certificates(gone) == ()
    (done,) = case.erase(gone)
    assert [one.absent for one in done.certificates] == [(entry,)]
