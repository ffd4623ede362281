"""Alice loses her key: guardians whom nobody knew of give her identity to a new one, and everything goes on."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from consentry.chain.guardianships import ChainGuardianships
from consentry.demo.actors import Patient
from consentry.demo.cast import Cast, terms_for
from consentry.demo.telling import Step, StepDiffers, Telling
from consentry.domain import guardians
from consentry.domain.addresses import Address
from consentry.domain.guardians import GuardianSet
from consentry.errors import ConsentryError, TransactionReverted
from consentry.network.run import Network
from consentry.services import recovery
from consentry.services.recovery import NameGuardians, StartRecovery
from consentry.wallets.keyfile import Wallet

GUARDIANS = ("guardian-sister", "guardian-friend", "guardian-notary")
ENOUGH = 2
SIGNED_SECONDS = 600
FINISH_SECONDS = 60.0
POLL_SECONDS = 0.25


def key_lost(cast: Cast, telling: Telling) -> None:
    network = cast.network
    chain = ChainGuardianships(network.ledger)
    telling.heading("Alice loses her key")
    with telling.tell(
        "she had thought of it, and named three guardians by a salted hash: nobody sees who they are"
    ) as step:
        guarding = _named(cast, network, step)
    with telling.tell("one of them alone can't take her identity") as step:
        try:
            _started(cast, network, guarding, GUARDIANS[:1])
        except TransactionReverted as error:
            step.saw(f"the contract says {error.name}")
        else:
            step.expect(False, "one guardian sufficed")
    with telling.tell("two of them give it to her new key, after a delay in which she could object") as step:
        step.saw(_started(cast, network, guarding, GUARDIANS[:ENOUGH]))
        step.saw(_finished(cast, network, chain))
    with telling.tell("whoever finds the old key can grant nothing any more") as step:
        step.saw(_with_the_old_key(cast))
    with telling.tell(
        "she goes on with the new key: the same identity, the same records, a new consent"
    ) as step:
        cast.alice = Patient.sign_in(network, "alice-new", "city", patient=cast.alice.patient)
        proposed = cast.city.propose(cast.ref_at_city, terms_for(cast.category), days=30)
        granted = cast.alice.grant(proposed)
        step.transaction("consent", granted["transaction"], granted["gasUsed"], granted["block"])
        step.expect(bool(cast.bose.everything(cast.ref_at_city)["total"]), "nothing was read")
        revoked = cast.alice.revoke(granted["id"])
        step.transaction("revocation", revoked["transaction"], revoked["gasUsed"], revoked["block"])


def _named(cast: Cast, network: Network, step: Step) -> GuardianSet:
    people = [network.place.new_wallet(slug) for slug in GUARDIANS]
    guarding = GuardianSet.of(ENOUGH, people, secrets.token_bytes(32))
    patient, deadline = cast.alice.patient, int(time.time()) + SIGNED_SECONDS
    commitment = guarding.commitment(patient)
    typed = guardians.name_guardians(
        network.ledger.chain_id,
        _registry(network),
        identity=patient,
        commitment=commitment,
        nonce=network.ledger.identity_nonce(patient),
        deadline=deadline,
    )
    signature = cast.alice.wallet.sign_typed(typed)
    receipt = recovery.name(
        NameGuardians(patient, commitment, deadline, signature), network.sender_of("mercy")
    )
    step.transaction("guardians", "0x" + receipt.hash.hex(), receipt.gas_used, receipt.block)
    return guarding


def _started(cast: Cast, network: Network, guarding: GuardianSet, slugs: Sequence[str]) -> str:
    """The named guardians sign for alice's new key. Raises TransactionReverted when they are too few."""
    chain, patient = ChainGuardianships(network.ledger), cast.alice.patient
    if "alice-new" not in network.people:
        network.people["alice-new"] = network.place.new_wallet("alice-new")
    new_owner, deadline = network.people["alice-new"], int(time.time()) + SIGNED_SECONDS
    typed = guardians.recovery(
        network.ledger.chain_id,
        _registry(network),
        identity=patient,
        new_owner=new_owner,
        attempt=chain.recovery_of(patient).attempt,
        deadline=deadline,
    )
    wallets = [Wallet(network.place.wallet_key(slug)) for slug in slugs]
    signatures = {one.address: one.sign_typed(typed) for one in wallets}
    command = StartRecovery(patient, new_owner, guarding, signatures, deadline)
    receipt = recovery.start(command, chain, network.sender_of("city"))
    pending = chain.recovery_of(patient)
    return f"recovery started in block {receipt.block}, {receipt.gas_used:,} gas, attempt {pending.attempt}"


def _finished(cast: Cast, network: Network, chain: ChainGuardianships) -> str:
    """Wait for the delay on chain, then anybody finishes."""
    patient, began = cast.alice.patient, time.monotonic()
    due = chain.recovery_of(patient).executable_at
    while network.ledger.head().timestamp < due:
        if time.monotonic() - began > FINISH_SECONDS:
            raise StepDiffers("the chain's time does not go on")
        time.sleep(POLL_SECONDS)
    receipt = recovery.finish(patient, network.sender_of("mercy"))
    if network.ledger.identity_owner(patient) != network.people["alice-new"]:
        raise StepDiffers("the new key does not control her identity")
    return f"finished by Mercy in block {receipt.block}, {receipt.gas_used:,} gas"


def _with_the_old_key(cast: Cast) -> str:
    """Her old wallet signs what City proposes."""
    proposed = cast.city.propose(cast.ref_at_city, terms_for(cast.category), days=30)
    try:
        cast.alice.grant(proposed)
    except ConsentryError as error:
        return f"the gateway says {error.code}"
    raise StepDiffers("the lost key still grants")


def _registry(network: Network) -> Address:
    return Address(network.ledger.address_of("IdentityRegistry"))
