"""Erasing records, on a real chain, with stores that hold blocks (X-1 to X-5)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from consentry.crypto import hpke
from consentry.crypto.signatures import sign_digest
from consentry.domain import fields
from consentry.domain.entries import Row
from consentry.domain.erasure import ErasureCertificate, ErasureOrder, OrderedEntry
from consentry.errors import (
    ConsentryError,
    CopyKeyWrong,
    ErasureBlocked,
    ErasureRefused,
    RecordUnknown,
    SignatureInvalid,
    StoreUnreachable,
)
from consentry.index.author import SqlPublications
from consentry.index.entries import SqlIndex
from consentry.index.erasures import SqlErasures
from consentry.index.scanner import Scanner
from consentry.ports.erasures import SignedCertificate, SignedOrder
from consentry.services.erasure import Erased, ErasurePorts, erase, order_elsewhere
from consentry.services.obeying import ObeyPorts, obey
from consentry.services.retention import Rule
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.gateway.content import bundle
from tests.app.gateway.filing import anchor, reads
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.world import World

TABLE = {"ZZ": (Rule("any", 0, "nothing is kept here"),), "US": (Rule("any", 40, "a long law"),)}


def book_of(hospital: Hospital) -> SqlErasures:
    publications = hospital.gateway.publishing.publications
    assert isinstance(publications, SqlPublications)
    return SqlErasures(publications.database)


def cids(case: Case, record_id: bytes) -> tuple[str, ...]:
    return tuple(one.cid for one in case.ports.own.entries_of(record_id))


def scan(hospital: Hospital) -> None:
    """As in the background: everything that is due, of whoever left others waiting too."""
    hospital.gateway.scanning._attempt()
    assert hospital.gateway.scanning.problem is None


@dataclass
class Case:
    """A patient whose records lie at Mercy, and what Mercy erases with."""

    world: World
    patient: Person
    ids: list[bytes]
    header_hash: bytes
    ports: ErasurePorts

    def erase(self, record_id: bytes, **changes: object) -> tuple[Erased, ...]:
        ports = replace(self.ports, **changes)  # type: ignore[arg-type]
        return erase(record_id, self.world.mercy.keys["copy"], self.world.mercy.gateway.author, ports)

    def found(self) -> set[bytes]:
        reading = reads(self.world.mercy, self.patient)
        assert reading.incomplete == ()
        return {one.header.record_id for one in reading.records}

    def content_of(self, record_id: bytes) -> str:
        (one,) = (
            one for one in reads(self.world.mercy, self.patient).records if one.header.record_id == record_id
        )
        return one.header.cid


@pytest.fixture
def case(world: World) -> Case:
    patient = world.patient(world.mercy)
    patient.open_session("PATRQT")
    number = f"E-{secrets.token_hex(3)}"
    world.mercy.link(number, patient)
    world.mercy.publish(bundle(number))
    parts = world.mercy.gateway
    ports = ErasurePorts(
        publishing=parts.publishing,
        own=book_of(world.mercy),
        here=parts.obeying,
        table=TABLE,
        jurisdiction="ZZ",
        chain_id=world.ledger.chain_id,
        sign=partial(sign_digest, world.mercy.keys["account"]),
    )
    found = [one.header for one in reads(world.mercy, patient).records]
    return Case(world, patient, [one.record_id for one in found], found[0].hash(), ports)


def test_erase_leaves_nothing_to_read_and_says_so(case: Case) -> None:
    """X-2, X-4, X-5: entries, content and copy are gone; the other records are read, without a word about the erased one."""
    gone, content = case.ids[0], case.content_of(case.ids[0])
    entries = cids(case, gone)
    (done,) = case.erase(gone)
    assert done.content_deleted and [one.deleted for one in done.certificates] == [entries]
    assert case.found() == set(case.ids[1:])
    store = case.world.store
    assert not any(store.has(cid) for cid in (content, *entries))
    assert case.ports.own.kept(gone) is None
    assert case.world.ledger.ask(
        case.world.ledger.retracted_call(case.world.mercy.gateway.author.address, gone)
    )


def test_erase_again_changes_nothing(case: Case) -> None:
    """X-2: the first certificate stays, for it says what was deleted."""
    first = case.erase(case.ids[0])
    again = case.erase(case.ids[0])
    assert [one.certificates for one in first] == [one.certificates for one in again]


@pytest.mark.parametrize("place", ["begin", "obeyed", "certify", "forget"])
def test_erase_is_completed_by_repeating_it(case: Case, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """X-2: whatever it stopped at."""
    with monkeypatch.context() as broken:

        def fails(*arguments: object) -> None:
            raise StoreUnreachable("full")

        broken.setattr(SqlErasures, place, fails)
        with pytest.raises(StoreUnreachable):
            case.erase(case.ids[0])
    (done,) = case.erase(case.ids[0])
    assert len(done.certificates) == 1 and case.ports.own.kept(case.ids[0]) is None
    assert case.found() == set(case.ids[1:])


def test_erase_is_blocked_while_the_law_keeps_it(case: Case) -> None:
    """X-1: said until when; nothing was retracted or deleted."""
    with pytest.raises(ErasureBlocked, match=r"20\d\d-.*a long law"):
        case.erase(case.ids[0], jurisdiction="US")
    with pytest.raises(ConsentryError, match="jurisdiction"):
        case.erase(case.ids[0], jurisdiction="")
    assert case.found() == set(case.ids)


def test_erase_needs_the_copy_key_and_a_record_of_its_own(case: Case) -> None:
    """X-1, X-2: before anything is done."""
    with pytest.raises(RecordUnknown):
        case.erase(secrets.token_bytes(32))
    with pytest.raises(CopyKeyWrong):
        erase(case.ids[0], hpke.generate_seed(), case.world.mercy.gateway.author, case.ports)
    assert case.found() == set(case.ids)


@pytest.fixture
def elsewhere(case: Case, tmp_path: Path) -> ObeyPorts:
    """City's gateway with a store of its own that holds every entry of the case."""
    store = EmbeddedBlockStore(tmp_path / "store")
    for record_id in case.ids:
        for cid in cids(case, record_id):
            store.put(case.world.store.get(cid, max_bytes=1 << 20))
    scan(case.world.city)
    return replace(case.world.city.gateway.obeying, store=store)


def test_order_is_obeyed_elsewhere_with_a_certificate(case: Case, elsewhere: ObeyPorts) -> None:
    """X-3, X-5: City's word on what City's store had."""
    gone = case.ids[0]
    entries = cids(case, gone)
    case.erase(gone)
    told = order_elsewhere(gone, "city", lambda url, order: obey(order, elsewhere), case.ports)
    assert told is not None and (told.member, told.deleted) == (elsewhere.member, entries)
    assert not any(elsewhere.store.has(cid) for cid in entries)
    (done,) = case.erase(gone)
    assert {one.member for one in done.certificates} == {elsewhere.member, case.ports.here.member}


def test_copies_by_others_neither_stop_nor_undo_an_erasure(case: Case) -> None:
    """X-3, X-4: City anchors the CID as its own before, and again afterwards: neither row is ever fetched."""
    world, gone = case.world, case.ids[0]
    (entry_cid,) = cids(case, gone)
    block = [b"".join(world.store.get(entry_cid, max_bytes=1 << 20))]
    copied = Row(secrets.token_bytes(32), entry_cid, secrets.token_bytes(32))
    anchor(world, world.city, [copied])
    scan(world.mercy)
    (done,) = case.erase(gone)
    assert [one.deleted for one in done.certificates] == [(entry_cid,)] and done.content_deleted
    world.store.put(block)  # City kept it
    again = Row(secrets.token_bytes(32), entry_cid, secrets.token_bytes(32))
    anchor(world, world.city, [again])
    scan(world.mercy)
    city = world.city.gateway.author.address
    rows = world.mercy.gateway.index.entries_by_tags(city, [copied.tag, again.tag])
    assert {tag: [(one.erased, one.stored) for one in found] for tag, found in rows.items()} == {
        copied.tag: [(True, False)],
        again.tag: [(True, False)],
    }
    assert case.found() == set(case.ids[1:])


def test_order_is_for_its_own_record_alone(case: Case, elsewhere: ObeyPorts) -> None:
    """X-3: one retraction, of whatever id, is no licence for the author's other records."""
    keys = case.world.mercy.keys["account"]
    case.erase(case.ids[0])
    live = case.ports.own.entries_of(case.ids[1])
    for changes in (
        {"entries": live},
        {"entries": live, "header_hash": secrets.token_bytes(32)},
        {"entries": tuple(replace(one, sealing_hash=secrets.token_bytes(32)) for one in live)},
    ):
        answer = obey(signed(order_of(case, **changes), keys), elsewhere)
        told = ErasureCertificate.parse(answer.raw)
        assert (told.deleted, told.absent, told.kept) == ((), (), tuple(one.cid for one in live))
    assert all(elsewhere.store.has(one.cid) for one in live)
    assert not elsewhere.erased.erased([one.cid for one in live])


def test_rebuilt_index_brings_nothing_back(case: Case, tmp_path: Path) -> None:
    """X-4: the block may still lie with somebody; it is not fetched again, and later positions are found."""
    case.erase(case.ids[0])
    parts = case.world.mercy.gateway
    index = SqlIndex(tmp_path / "index.sqlite")
    scanner = Scanner(parts.ledger, parts.store, index, erased=book_of(case.world.mercy).erased)
    scanner.scan(parts.clock.now())
    scanner.close()
    (order,) = [
        ErasureOrder.parse(signed.raw) for _, signed in filter(None, [case.ports.own.begun(case.ids[0])])
    ]
    assert {cid: author for cid, (author, _) in index.owners_of(order.cids).items()} == dict.fromkeys(
        order.cids, order.author
    )
    reading = replace(parts.everything.reading, index=index, scan=lambda: True)
    hospital = replace(
        case.world.mercy, gateway=replace(parts, everything=replace(parts.everything, reading=reading))
    )
    assert {one.header.record_id for one in reads(hospital, case.patient).records} == set(case.ids[1:])


def order_of(case: Case, **changes: object) -> ErasureOrder:
    order = ErasureOrder(
        author=case.world.mercy.gateway.author.address,
        chain_id=case.world.ledger.chain_id,
        entries=case.ports.own.entries_of(case.ids[0]),
        header_hash=case.header_hash,
        record_id=case.ids[0],
        time=case.world.mercy.gateway.clock.now(),
    )
    return replace(order, **changes)  # type: ignore[arg-type]


def signed(order: ErasureOrder, key: bytes) -> SignedOrder:
    return SignedOrder(order.raw, sign_digest(key, order.digest()))


def test_obey_refuses_without_the_chains_word(case: Case, elsewhere: ObeyPorts) -> None:
    """X-3: not retracted; signed by another member, or by nobody; another chain."""
    keys, order = case.world.mercy.keys["account"], order_of(case)
    with pytest.raises(ErasureRefused):
        obey(signed(order, keys), elsewhere)
    case.erase(case.ids[0])
    for wrong in (case.world.city.keys["account"], secrets.token_bytes(32)):
        with pytest.raises(SignatureInvalid):
            obey(signed(order, wrong), elsewhere)
    with pytest.raises(SignatureInvalid):
        obey(SignedOrder(order_of(case, time=1).raw, signed(order, keys).signature), elsewhere)
    with pytest.raises(ConsentryError):
        obey(signed(order_of(case, chain_id=5), keys), elsewhere)
    assert all(elsewhere.store.has(cid) for cid in order.cids)


def test_obey_deletes_only_what_may_be_an_entry(case: Case, elsewhere: ObeyPorts) -> None:
    """X-3: an author that anchors a document, a content or anything else as its entry cannot have it deleted."""
    world, city = case.world, case.world.city
    content = case.content_of(case.ids[1])
    document = json.dumps({"a": "b" * 4000}).encode()
    blocks = {
        "text": world.store.put([document + b" " * (5232 - len(document))]).cid,
        "of another size": world.store.put([secrets.token_bytes(5_000)]).cid,
        "a content of our own": content,
        "never anchored": world.store.put([secrets.token_bytes(5_232)]).cid,
    }
    record_id, header_hash = secrets.token_bytes(32), secrets.token_bytes(32)
    entries = tuple(OrderedEntry(cid, secrets.token_bytes(32)) for cid in blocks.values())
    order = order_of(
        case,
        author=city.gateway.author.address,
        entries=entries,
        record_id=record_id,
        header_hash=header_hash,
    )
    anchor(world, city, [Row(secrets.token_bytes(32), one.cid, order.digest_of(one)) for one in entries[:3]])
    city.account.transact("RecordRegistry", "retract", record_id)
    scan(world.mercy)
    answer = obey(signed(order, city.keys["account"]), case.ports.here)
    told = ErasureCertificate.parse(answer.raw)
    assert set(told.kept) == {one.cid for one in entries[:3]} and told.absent == (entries[3].cid,)
    assert all(world.store.has(cid) for cid in blocks.values())


def test_certificates_of_others_are_not_believed(case: Case, elsewhere: ObeyPorts) -> None:
    """X-5: another order, other entries, a stranger's signature."""
    case.erase(case.ids[0])
    good = ErasureCertificate.parse(obey(case.ports.own.begun(case.ids[0])[1], elsewhere).raw)  # type: ignore[index]
    city = case.world.city.keys["account"]
    wrong: list[tuple[ErasureCertificate, bytes]] = [
        (replace(good, order=bytes(32)), city),
        (replace(good, deleted=()), city),
        (replace(good, member=case.world.mercy.gateway.author.address), city),
        (good, secrets.token_bytes(32)),
    ]
    for certificate, key in wrong:
        answer = SignedCertificate(certificate.raw, sign_digest(key, certificate.digest()))
        send: Callable[..., SignedCertificate] = lambda url, order, told=answer: told  # noqa: E731
        with pytest.raises(SignatureInvalid):
            order_elsewhere(case.ids[0], "city", send, case.ports)


def test_route_takes_an_order_from_whoever_brings_it(case: Case) -> None:
    """X-3, X-5: signed by itself; what is no order is refused by name."""
    case.erase(case.ids[0])
    begun = case.ports.own.begun(case.ids[0])
    assert begun is not None
    body = {"order": fields.to_base64(begun[1].raw), "signature": fields.to_hex(begun[1].signature)}
    answer = case.world.city.client.post("/api/erasures", json=body)
    assert answer.status_code == 200, answer.text
    told = ErasureCertificate.parse(fields.base64_bytes(answer.json["certificate"], "certificate", 1, 20_000))
    assert told.member == case.world.city.gateway.obeying.member
    for change in ({"order": ""}, {"order": "e30="}, {"signature": "0x00"}, {"extra": 1}):
        refused = case.world.city.client.post("/api/erasures", json=body | change)
        assert refused.status_code == 400 and refused.json["code"] == "layout-invalid", refused.text
