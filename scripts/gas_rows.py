"""What scripts/gas.py measures: each operation once, in a world whose keys, salts and times are always the same.

A row is (name, gas). Add one where its area is measured; goals and peers' figures stand in scripts/gas.py.
"""

from __future__ import annotations

import hashlib
from typing import Any

import brownie
from brownie import accounts, web3

from scripts import gas_steps
from scripts.gas_world import DAY, START, YEAR, by, draft, founded_network, word
from tests.contracts.calls import calldata, view
from tests.contracts.consents import (
    CITY,
    MERCY,
    REPRESENTATIVE,
    Person,
    asked,
    asker,
    facts,
    provision,
    revocation,
    terms,
    text32,
)
from tests.contracts.emergency.openings import JUSTIFIED, Box
from tests.contracts.identity.changes import BY_NAME
from tests.contracts.mandates import MandateDraft, replacement, scope

MANY = 32
Rows = list[tuple[str, int]]


def measure() -> Rows:
    network = founded_network()
    return [
        *_consents(network),
        *_wide_consents(network),
        *_emergencies(network),
        *_identity(network),
        *_members(network),
        *_keepers(network),
        *_views(network),
        *gas_steps.measure(network),
    ]


def _consents(network: Any) -> Rows:
    registry, alice = network.ConsentRegistry, network.alice
    guardian, daughter = Person.named("guardian"), Person.named("daughter")
    wallet = brownie.WalletMock.deploy(guardian.address, by(network.consortium))
    carol = Person.named("carol")
    network.IdentityRegistry.changeOwner(carol.address, wallet, by(carol.account))
    network.IdentityRegistry.addDelegate(
        alice.address, REPRESENTATIVE, daughter.address, DAY, by(alice.account)
    )

    def grant(patient: Person, signer: Person) -> Any:
        one = draft(network, patient)
        signature = signer.sign(one.typed(registry))
        return registry.grantBySignature(one.grant(registry), signature, by(network.relayer))

    first = grant(alice, alice)
    consent_id = first.events["ConsentGranted"]["consentId"]
    signature = alice.sign(revocation(alice.address, str(consent_id), registry))
    second = registry.grant(draft(network, alice).grant(registry), by(alice.account))
    return [
        ("grant by the controller's signature", first.gas_used),
        ("grant by a representative's signature", grant(alice, daughter).gas_used),
        ("grant by a wallet contract (ERC-1271)", grant(carol, guardian).gas_used),
        ("grant in an own transaction", second.gas_used),
        (
            "revoke by signature",
            registry.revokeBySignature(alice.address, consent_id, signature, by(network.relayer)).gas_used,
        ),
        (
            "revoke in an own transaction",
            registry.revoke(
                alice.address, second.events["ConsentGranted"]["consentId"], by(alice.account)
            ).gas_used,
        ),
    ]


def _wide_consents(network: Any) -> Rows:
    """Grants that do more than one thing."""
    registry, alice, daughter = network.ConsentRegistry, network.alice, Person.named("daughter")
    patients = [Person.named(f"patient {number}") for number in range(MANY)]
    drafts = [draft(network, one) for one in patients]
    signatures = [one.sign(a.typed(registry)) for one, a in zip(patients, drafts, strict=True)]
    many = registry.grantMany([one.grant(registry) for one in drafts], signatures, by(network.relayer))
    old, new = draft(network, alice), draft(network, alice)
    registry.grant(old.grant(registry), by(alice.account))
    signature = alice.sign(replacement(old.consent_id(registry), new, registry))
    replaced = registry.replaceBySignature(
        old.consent_id(registry), new.grant(registry), signature, by(network.relayer)
    )
    mandate = MandateDraft(alice.address, daughter.address, scope(), START - DAY, START + YEAR, START + DAY)
    signature = alice.sign(mandate.typed(registry))
    mandated = registry.grantMandateBySignature(mandate.carried(registry), signature, by(network.relayer))
    one = draft(network, alice)
    signature = daughter.sign(one.typed(registry))
    under = registry.grantUnderMandateBySignature(
        one.grant(registry), mandate.carried(registry), signature, by(network.relayer)
    )
    return [
        (f"each of {MANY} grants at once", many.gas_used // MANY),
        ("replace by signature (revokes one, grants one)", replaced.gas_used),
        ("give a mandate by signature", mandated.gas_used),
        ("grant under a mandate by signature", under.gas_used),
    ]


def _emergencies(network: Any) -> Rows:
    registry, staff = network.EmergencyAccess, [Person.named(f"opener {number}") for number in range(3)]
    for one in staff:
        arguments = (one.address, text32("attending"), text32("emergency"), START + YEAR)
        network.MemberRegistry.enrol(*arguments, by(network.city))
    first, second, third = staff
    boxes = []

    def opened() -> Any:
        salt, end = word(f"subject {len(boxes)}"), START + DAY // 2
        box = Box(network.alice.address, salt, CITY, first.address, second.address, end, end)
        boxes.append(box)
        signatures = [one.sign(box.typed(registry)) for one in (first, second)]
        return registry.open(box.declaration(registry), *signatures, by(network.relayer))

    fresh = [opened() for _ in range(2)]
    closed = registry.close(boxes[-1].opening_id(registry), by(first.account))
    reviewed = registry.review(boxes[-1].opening_id(registry), JUSTIFIED, by(third.account))
    return [
        ("open in an emergency, a member's first", fresh[0].gas_used),
        ("open in an emergency, one more than ever at once", fresh[1].gas_used),
        ("open in an emergency", opened().gas_used),
        ("close an opening", closed.gas_used),
        ("review an opening", reviewed.gas_used),
    ]


def _identity(network: Any) -> Rows:
    registry = network.IdentityRegistry
    rows = []
    for label, call in (
        ("first ", "setAttribute"),
        ("", "setAttribute"),
        ("", "addDelegate"),
        ("", "changeOwner"),
    ):
        change = BY_NAME[call]
        bob, deadline = Person.named("bob"), network.now + DAY
        signature = bob.sign(change.typed(registry, bob.address, deadline))
        twin = getattr(registry, change.twin)
        sent = twin(bob.address, *change.arguments, deadline, signature, by(network.relayer))
        rows.append((f"{label}{change.twin}", sent.gas_used))
    return rows


def _members(network: Any) -> Rows:
    registry, end = network.MemberRegistry, network.now + DAY
    arguments = (network.dr_bose.address, text32("attending"), text32("cardiology"), end)
    enrolled = registry.enrol(*arguments, by(network.city))
    keys = [registry.addDirectoryKey(word(f"key {one}"), by(network.city)) for one in range(8)]
    records = network.RecordRegistry
    anchored = records.anchor(word("root"), word("manifest"), 100, by(network.mercy))
    retracted = records.retract(word("record"), by(network.mercy))
    return [
        ("admit a member", network.admitted.gas_used),
        ("enrol staff", enrolled.gas_used),
        ("add a member's first directory key", keys[0].gas_used),
        ("add its eighth", keys[-1].gas_used),
        ("anchor 100 records", anchored.gas_used),
        ("retract a record", retracted.gas_used),
    ]


def _keepers(network: Any) -> Rows:
    people = [Person.named(f"keeper {seat}") for seat in range(5)]
    homes = [str(network.mercy), str(network.city), *(str(one) for one in accounts[4:7])]
    for seat in range(2, 5):
        network.MemberRegistry.admit(homes[seat], f"Trustee {seat}", "trustee", by(network.consortium))
    for seat, home in enumerate(homes):
        network.MemberSeat.give(home, seat % 3, by(network.consortium))
    keepers = [
        (
            one.address,
            homes[seat],
            seat % 3,
            f"https://keeper-{seat}.example",
            hashlib.shake_256(one.key).digest(1216),
        )
        for seat, one in enumerate(people)
    ]
    published = network.KeeperCommittee.publish(keepers, 3, by(network.consortium))
    account = people[0].account
    first = network.AuditLog.commit(word("audit"), 0, 40, by(account))
    later = network.AuditLog.commit(word("audit 2"), 40, 2, by(account))
    attested = network.AuditLog.attest(42, by(account))
    return [
        ("publish a committee of five", published.gas_used),
        ("first commit of receipts", first.gas_used),
        ("later commit of receipts", later.gas_used),
        ("say that there are no receipts", attested.gas_used),
    ]


def _views(network: Any) -> Rows:
    """`permits` as the node counts it, a transaction's 21,000 and calldata included."""
    registry = network.ConsentRegistry
    rows = []
    for label, provisions in (("one provision", 1), ("five provisions", 5)):
        said = terms(network.city, provisions=[provision(authors=[CITY, MERCY]) for _ in range(provisions)])
        one = draft(network, network.alice, said)
        said = one.terms
        registry.grant(one.grant(registry), by(network.alice.account))
        arguments = (asked(one.grant(registry), said, asker(network.dr_bose)), facts(network.mercy))
        if view(registry, "permits", *arguments) != 0:
            raise SystemExit("the measured request is not permitted: the number would say nothing")
        rows.append((f"`permits` as a view, {label}", _estimate(registry, arguments)))
    return rows


def _estimate(registry: Any, arguments: tuple[Any, ...]) -> int:
    return int(
        web3.eth.estimate_gas({"to": registry.address, "data": calldata(registry, "permits", *arguments)})
    )
