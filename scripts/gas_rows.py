"""What scripts/gas.py measures: each operation once, in a world whose keys, salts and times are always the same.

A row is (name, gas). Add one where its area is measured; goals and peers' figures stand in scripts/gas.py.
"""

from __future__ import annotations

import hashlib
import itertools
from types import SimpleNamespace
from typing import Any

import brownie
from brownie import accounts, web3

from scripts import deploy, settings
from tests.contracts.calls import calldata, view
from tests.contracts.consents import (
    CITY,
    MERCY,
    REPRESENTATIVE,
    Draft,
    Person,
    asked,
    asker,
    facts,
    provision,
    revocation,
    terms,
    text32,
)
from tests.contracts.identity.changes import BY_NAME

DAY = 86400
SALTS = itertools.count()
# 2033-05-18: later than any clock that runs this, so that every run has the same time
START = 2_000_000_000
Rows = list[tuple[str, int]]


def measure() -> Rows:
    network = _network()
    return [
        *_consents(network),
        *_identity(network),
        *_members(network),
        *_keepers(network),
        *_views(network),
    ]


def _network() -> SimpleNamespace:
    consortium, mercy, city, relayer = accounts[:4]
    web3.provider.make_request("evm_setNextBlockTimestamp", [START])
    brownie.chain.mine()
    entries = deploy.deploy(consortium, {})["contracts"]
    contracts = {
        name: getattr(brownie, name).at(web3.to_checksum_address(entry["address"]))
        for name, entry in entries.items()
    }
    deploy.wire(contracts, consortium)
    members = contracts["MemberRegistry"]
    admitted = members.admit(mercy, MERCY, "hospital", _by(consortium))
    members.admit(city, CITY, "hospital", _by(consortium))
    return SimpleNamespace(
        consortium=consortium,
        mercy=mercy,
        city=city,
        relayer=relayer,
        alice=Person.named("alice"),
        dr_bose=Person.named("dr bose"),
        now=START,
        admitted=admitted,
        **contracts,
    )


def _consents(network: Any) -> Rows:
    registry, alice = network.ConsentRegistry, network.alice
    guardian, daughter = Person.named("guardian"), Person.named("daughter")
    wallet = brownie.WalletMock.deploy(guardian.address, _by(network.consortium))
    carol = Person.named("carol")
    network.IdentityRegistry.changeOwner(carol.address, wallet, _by(carol.account))
    network.IdentityRegistry.addDelegate(
        alice.address, REPRESENTATIVE, daughter.address, DAY, _by(alice.account)
    )

    def grant(patient: Person, signer: Person) -> Any:
        one = _draft(network, patient)
        signature = signer.sign(one.typed(registry))
        return registry.grantBySignature(one.grant(registry), signature, _by(network.relayer))

    first = grant(alice, alice)
    consent_id = first.events["ConsentGranted"]["consentId"]
    signature = alice.sign(revocation(alice.address, str(consent_id), registry))
    second = registry.grant(_draft(network, alice).grant(registry), _by(alice.account))
    return [
        ("grant by the controller's signature", first.gas_used),
        ("grant by a representative's signature", grant(alice, daughter).gas_used),
        ("grant by a wallet contract (ERC-1271)", grant(carol, guardian).gas_used),
        ("grant in an own transaction", second.gas_used),
        (
            "revoke by signature",
            registry.revokeBySignature(alice.address, consent_id, signature, _by(network.relayer)).gas_used,
        ),
        (
            "revoke in an own transaction",
            registry.revoke(
                alice.address, second.events["ConsentGranted"]["consentId"], _by(alice.account)
            ).gas_used,
        ),
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
        sent = twin(bob.address, *change.arguments, deadline, signature, _by(network.relayer))
        rows.append((f"{label}{change.twin}", sent.gas_used))
    return rows


def _members(network: Any) -> Rows:
    registry, end = network.MemberRegistry, network.now + DAY
    arguments = (network.dr_bose.address, text32("attending"), text32("cardiology"), end)
    enrolled = registry.enrol(*arguments, _by(network.city))
    keys = [registry.addDirectoryKey(_word(f"key {one}"), _by(network.city)) for one in range(8)]
    records = network.RecordRegistry
    anchored = records.anchor(_word("root"), _word("manifest"), 100, _by(network.mercy))
    retracted = records.retract(_word("record"), _by(network.mercy))
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
        network.MemberRegistry.admit(homes[seat], f"Trustee {seat}", "trustee", _by(network.consortium))
    for seat, home in enumerate(homes):
        network.MemberSeat.give(home, seat % 3, _by(network.consortium))
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
    published = network.KeeperCommittee.publish(keepers, 3, _by(network.consortium))
    account = people[0].account
    first = network.AuditLog.commit(_word("audit"), 0, 40, _by(account))
    later = network.AuditLog.commit(_word("audit 2"), 40, 2, _by(account))
    attested = network.AuditLog.attest(42, _by(account))
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
        one = _draft(network, network.alice, said)
        said = one.terms
        registry.grant(one.grant(registry), _by(network.alice.account))
        arguments = (asked(one.grant(registry), said, asker(network.dr_bose)), facts(network.mercy))
        if view(registry, "permits", *arguments) != 0:
            raise SystemExit("the measured request is not permitted: the number would say nothing")
        rows.append((f"`permits` as a view, {label}", _estimate(registry, arguments)))
    return rows


def _estimate(registry: Any, arguments: tuple[Any, ...]) -> int:
    return int(
        web3.eth.estimate_gas({"to": registry.address, "data": calldata(registry, "permits", *arguments)})
    )


def _draft(network: Any, patient: Person, said: dict[str, Any] | None = None) -> Draft:
    said = (said or terms(network.city)) | {"salt": _word(f"salt {next(SALTS)}")}
    return Draft(patient.address, said, network.now - DAY, network.now + 30 * DAY, network.now + DAY)


def _word(text: str) -> str:
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


def _by(account: Any) -> dict[str, Any]:
    return {"from": account, "gas_price": settings.GAS_PRICE, "silent": True}
