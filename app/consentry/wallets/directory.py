"""The patient's client for directories: makes the category seeds here, signs the attribute that names the document.

The seeds exist whole only in this process, sealed to the keepers before they leave it (design D4).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from consentry.crypto.directory_keys import new_directory
from consentry.domain import identity_typed
from consentry.domain.addresses import Address
from consentry.domain.cids import raw_cid
from consentry.domain.directory import SERVICE
from consentry.domain.ledger import CommitteeInfo
from consentry.services.directory import SCHEME, VALIDITY_SECONDS
from consentry.wallets.keyfile import Wallet

RELAY_SECONDS = 15 * 60
"""How long the signature may wait for its relay."""


@dataclass(frozen=True)
class DirectoryState:
    """What the chain says now: the document to follow (None: no directory yet), whether it holds and the gateway can read it,
    and the identity's nonce. One that nobody can read is followed like any other, so that its patient is not locked out."""

    cid: str | None
    version: int | None
    identity_nonce: int
    in_force: bool = True


@dataclass(frozen=True)
class IdentityContract:
    chain_id: int
    address: Address


@dataclass(frozen=True)
class SignedDirectory:
    """A document's bytes, its CID, and the signature (65 bytes) that names it until `deadline` (seconds)."""

    document: bytes
    cid: str
    version: int
    deadline: int
    signature: bytes


def sign_directory(
    wallet: Wallet,
    patient: Address,
    committee: CommitteeInfo,
    contract: IdentityContract,
    state: DirectoryState,
    now: int,
) -> SignedDirectory:
    """The first directory, or the one after that in force, with fresh seeds for every category."""
    version = (state.version or 0) + 1
    made = new_directory(patient, contract.chain_id, committee, version=version, previous=state.cid)
    document = made.document.to_bytes()
    cid = raw_cid(sha256(document).digest())
    deadline = now + RELAY_SECONDS
    data = identity_typed.set_attribute(
        contract.chain_id,
        contract.address,
        identity=patient,
        name=SERVICE,
        value=SCHEME + cid,
        validity=VALIDITY_SECONDS,
        nonce=state.identity_nonce,
        deadline=deadline,
    )
    return SignedDirectory(document, cid, version, deadline, wallet.sign_typed(data))
