"""Verifying a receipt names the first link that fails (A-2, L-5, L-18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto.signatures import sign_digest
from consentry.domain.ledger import CommitteeInfo, ReceiptsCommit
from consentry.domain.receipts import signing_digest
from consentry.errors import LayoutInvalid, ProofInvalid
from consentry.services.commit import commit_next
from consentry.services.receipts import receipts
from consentry.services.release import release
from consentry.services.verify import Evidence, links, verify
from tests.app.keeper_world import World
from tests.app.memory_sender import MemorySender

Change = Callable[[World, Evidence], Evidence]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def evidence(world: World) -> Evidence:
    """The second of three receipts, committed."""
    desk = world.desk()
    for _ in range(3):
        release(world.command(world.request()), desk)
    commit_next(desk.book, world.ledger, MemorySender(world.ledger, desk.account))
    return receipts(world.signed_query(after=1), desk).evidence[0]


def signed_again(world: World, evidence: Evidence, raw: bytes) -> Evidence:
    """What a keeper that rewrites its book can do: sign other bytes."""
    signature = sign_digest(world.keeper_keys[0], signing_digest(evidence.chain_id, raw))
    return replace(evidence, receipt=raw, signature=signature)


def test_verify_accepts_a_receipt_from_signature_to_chain(world: World, evidence: Evidence) -> None:
    """A-2, K-9."""
    assert verify(evidence, world.ledger).seq == 1
    assert [link.name for link in links(evidence, world.ledger)] == [
        "signature",
        "layout",
        "proof",
        "root",
        "seat",
    ]
    assert Evidence.parse(evidence.to_json()) == evidence


def flipped(world: World, evidence: Evidence) -> Evidence:
    return replace(evidence, receipt=evidence.receipt.replace(b"TREAT", b"TREAS"))


def broken_signature(world: World, evidence: Evidence) -> Evidence:
    return replace(evidence, signature=evidence.signature[:64])


def not_canonical(world: World, evidence: Evidence) -> Evidence:
    return signed_again(world, evidence, evidence.receipt + b" ")


def of_another_keeper(world: World, evidence: Evidence) -> Evidence:
    raw = evidence.receipt.replace(evidence.keeper.encode(), world.account("city").encode())
    return signed_again(world, evidence, raw)


def of_another_chain(world: World, evidence: Evidence) -> Evidence:
    raw = evidence.receipt.replace(b'"chainId":1337', b'"chainId":1338')
    return signed_again(world, replace(evidence, chain_id=1338), raw)


def uncommitted(world: World, evidence: Evidence) -> Evidence:
    return replace(evidence, commit=None)


def rewritten(world: World, evidence: Evidence) -> Evidence:
    return signed_again(world, evidence, evidence.receipt.replace(b"TREAT", b"HRESCH"))


def renumbered(world: World, evidence: Evidence) -> Evidence:
    return signed_again(world, evidence, evidence.receipt.replace(b'"seq":1', b'"seq":2'))


def of_another_transaction(world: World, evidence: Evidence) -> Evidence:
    """The root is on chain, but not where the evidence says."""
    assert evidence.commit is not None
    return replace(evidence, commit=replace(evidence.commit, transaction=bytes(32)))


def of_another_keepers_commit(world: World, evidence: Evidence) -> Evidence:
    world.ledger.commits[0] = replace(world.ledger.commits[0], keeper=world.account("mallory"))
    return evidence


def never_committed(world: World, evidence: Evidence) -> Evidence:
    world.ledger.commits.clear()
    return evidence


def of_another_range(world: World, evidence: Evidence) -> Evidence:
    world.ledger.commits[0] = replace(world.ledger.commits[0], first_seq=7)
    return evidence


def without_a_seat(world: World, evidence: Evidence) -> Evidence:
    world.ledger.committees[1] = CommitteeInfo(1, 3, world.committee.keepers[1:])
    return evidence


def of_an_unknown_committee(world: World, evidence: Evidence) -> Evidence:
    world.ledger.committees.clear()
    return evidence


@pytest.mark.parametrize(
    "change, link",
    [
        (flipped, "signature"), (broken_signature, "signature"), (not_canonical, "layout"),
        (of_another_keeper, "layout"), (of_another_chain, "layout"), (uncommitted, "proof"),
        (rewritten, "proof"), (renumbered, "proof"), (never_committed, "root"), (of_another_range, "root"),
        (of_another_transaction, "root"), (of_another_keepers_commit, "root"),
        (without_a_seat, "seat"), (of_an_unknown_committee, "seat"),
    ],
)  # fmt: skip
def test_verify_names_the_first_link_that_fails(
    world: World, evidence: Evidence, change: Change, link: str
) -> None:
    """A-2: everything before it holds."""
    changed = change(world, evidence)
    with pytest.raises(ProofInvalid) as failure:
        verify(changed, world.ledger)
    assert failure.value.expression == (link,) and failure.value.diagnostics.startswith(f"{link}: ")
    *held, failed = links(changed, world.ledger)
    assert failed.name == link and not failed.ok and all(one.ok for one in held)


def test_verify_looks_where_the_evidence_says_and_searches_only_without(
    world: World, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-2: one question finds the root in its transaction; without one, it is found by its keeper and itself."""
    assert evidence.commit is not None
    searched: list[bytes] = []
    search = world.ledger.receipts_commit

    def counted(keeper: str, root: bytes) -> ReceiptsCommit | None:
        searched.append(root)
        return search(keeper, root)

    monkeypatch.setattr(world.ledger, "receipts_commit", counted)
    verify(evidence, world.ledger)
    assert searched == []
    bare = replace(evidence, commit=replace(evidence.commit, transaction=None))
    assert Evidence.parse(bare.to_json()) == bare
    verify(bare, world.ledger)
    assert searched == [evidence.commit.root]


@pytest.mark.parametrize("text", [None, {}, [], {"keeper": 1}])
def test_evidence_parse_refuses_what_is_none(text: object) -> None:
    """A-2: an evidence file that is something else."""
    with pytest.raises(LayoutInvalid):
        Evidence.parse(text)
