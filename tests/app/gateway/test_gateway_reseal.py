"""An author moves its records to the current committee, on a real chain with keepers that were replaced (K-35, K-36)."""

from __future__ import annotations

import base64
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from consentry.chain.sender import ChainSender
from consentry.crypto import hpke
from consentry.domain.directory import SERVICE
from consentry.domain.receipts import RELEASED, Receipt
from consentry.errors import CopyKeyWrong
from consentry.index.author_tables import own_records
from consentry.services.reseal import survey
from tests.app.gateway.committees import ChangingWorld, reseal_ports, resealed
from tests.app.gateway.content import bundle, proposal
from tests.app.gateway.filing import reads
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_exchange import grant, revoke
from tests.app.gateway.test_gateway_positions import distinct, patient, publishes, results, values
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChangingWorld]:
    """Taken off the chain at the end, with its committees."""
    made = ChangingWorld(deployed_chain, tmp_path_factory.mktemp("changing"))
    yield made
    made.close()


def published(world: ChangingWorld, count: int) -> tuple[Person, list[float]]:
    """A patient with so many records at mercy."""
    somebody, wanted = patient(world), distinct(count)
    assert publishes(world, somebody, results(*wanted))
    return somebody, wanted


def versions_opened(who: Person) -> set[int]:
    """Of which committees enough keepers noted that they released records."""
    told = who.send("GET", "/api/receipts").json["receipts"]
    receipts = [Receipt.parse(base64.b64decode(one["evidence"]["receipt"])) for one in told]
    keepers = {
        (one.committee_version, one.keeper)
        for one in receipts
        if one.item.record_id and one.decision == RELEASED
    }
    return {version for version, count in Counter(version for version, _ in keepers).items() if count >= 3}


def test_reseal_moves_every_record_once_and_readers_find_each_once(world: ChangingWorld) -> None:
    """K-35, K-36: two patients' records go to version 2; reading asks its keepers; again there is nothing to do."""
    resealed(world.mercy)
    people = [published(world, 7), published(world, 3)]
    world.replace_keepers(4)
    ports = reseal_ports(world.mercy)
    before = survey(ports)
    assert before.version == world.committee.version and before.records.older == 10
    done = resealed(world.mercy)
    assert (done.version, done.moved, done.retracted, done.unfiled, done.unreadable) == (
        before.version,
        10,
        0,
        0,
        0,
    )
    for somebody, wanted in people:
        assert values(world, somebody) == wanted
        assert max(versions_opened(somebody)) == done.version
    again = resealed(world.mercy)
    assert (again.moved, again.gas_used) == (0, 0)
    assert survey(ports).records.older == 0 == survey(ports).records.without_copy


def test_records_are_read_by_their_old_sealing_when_too_few_new_keepers_answer(world: ChangingWorld) -> None:
    """K-36, K-33: three keepers of the new version are silent; those before them still run. A further version, of whom all
    answer, takes the records over again."""
    somebody, wanted = published(world, 2)
    old = world.committee.version
    world.replace_keepers(0, 2, 4, silent=True)
    assert resealed(world.mercy).moved >= 2
    assert values(world, somebody) == wanted
    assert versions_opened(somebody) == {old}
    world.replace_keepers(0, 2, 4)
    assert resealed(world.mercy).version == old + 2
    assert values(world, somebody) == wanted
    assert versions_opened(somebody) == {old, old + 2}


def test_retracted_records_are_passed_over_and_stay_retracted(world: ChangingWorld) -> None:
    """K-35, R-2: a retraction names the record's id, whichever way it is sealed."""
    somebody, wanted = published(world, 3)
    ids = {record.header.record_id: record.header for record in reads(world.mercy, somebody).records}
    first, second = sorted(ids)[:2]
    world.mercy.account.transact("RecordRegistry", "retract", first)
    world.replace_keepers(3)
    done = resealed(world.mercy)
    assert done.retracted == 1 and done.moved >= 2
    world.mercy.account.transact("RecordRegistry", "retract", second)
    left = reads(world.mercy, somebody)
    assert [one.header.record_id for one in left.records] == [
        one for one in ids if one not in (first, second)
    ]
    assert left.records[0].header == ids[left.records[0].header.record_id]
    assert len(values(world, somebody)) == len(wanted) - 2


def test_a_consent_of_before_permits_what_was_moved_and_nothing_when_revoked(world: ChangingWorld) -> None:
    """K-35: its reader needs no new one; G-6 holds as before."""
    alice = world.patient(world.city)
    mrn = secrets.token_hex(4)
    at_mercy, at_city = world.mercy.link(mrn, alice), world.city.link(mrn, alice)
    assert world.mercy.publish(bundle(mrn), **{"X-Consentry-Patient-Ref": at_mercy}).status_code == 200
    made = world.city.send("POST", "/api/consents/proposals", proposal(at_city)).json
    assert grant(alice, made).status_code == 200
    world.replace_keepers(1)
    assert resealed(world.mercy).moved >= 2
    bose = world.staff(world.city)
    bose.open_session("TREAT")
    found = bose.send("GET", f"/fhir/Patient/{at_city}/$everything")
    assert found.status_code == 200 and "7.1" in found.text and "F32.1" not in found.text
    assert revoke(alice, made["id"]).status_code == 200
    assert bose.send("GET", f"/fhir/Patient/{at_city}/$everything").status_code == 403


def test_reseal_says_what_it_cannot_move(world: ChangingWorld) -> None:
    """K-35: another copy key; what was kept is damaged; a patient's directory is gone; the others are moved."""
    (damaged, _), (gone, _), (somebody, wanted) = (published(world, 1) for _ in range(3))
    world.replace_keepers(2)
    ports = reseal_ports(world.mercy)
    mercy = replace(world.mercy, keys=world.mercy.keys | {"copy": hpke.generate_seed()})
    with pytest.raises(CopyKeyWrong):
        resealed(mercy)
    (record,) = reads(world.mercy, damaged).records
    others = survey(ports).records.older - 3
    book = ports.publishing.publications.database  # type: ignore[attr-defined]
    with book.write() as connection:
        of = own_records.c.record_id == record.header.record_id
        connection.execute(own_records.update().where(of).values(sealed=bytes(2000)))
    close_directory(world, gone)
    done = resealed(world.mercy)
    assert (done.moved + done.retracted, done.unreadable, done.unfiled) == (others + 1, 1, 1)
    assert values(world, somebody) == wanted
    assert survey(ports).records.older == 2 + done.retracted
    with book.write() as connection:
        connection.execute(own_records.delete().where(own_records.c.committee_version < done.version))
    assert survey(ports).records.without_copy == 2 + done.retracted and resealed(world.mercy).moved == 0


def close_directory(world: ChangingWorld, who: Person) -> None:
    """The patient ends the directory: the attribute that names it is revoked."""
    address = who.wallet.address
    change = world.ledger.latest_attribute(address, SERVICE)
    assert change is not None
    sender = ChainSender(world.ledger.connection, who.wallet.private_key)
    name = SERVICE.encode().ljust(32, b"\0")
    sender.transact("IdentityRegistry", "revokeAttribute", address, name, change.value)
