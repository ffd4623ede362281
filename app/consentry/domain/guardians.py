"""Guardians: people who together give a lost identity to a new key (IGuardianship; specification I-4 and after).

The patient signs a salted commitment, so that nobody sees who guards whom. Lost is a key, not the identity: guardians show
the set, sign for the new owner, and after the delay anybody finishes the recovery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consentry.domain import eip712, fields
from consentry.domain.addresses import Address, to_bytes
from consentry.domain.canonical import keccak

MOST_GUARDIANS = 10
NAMING = "I name guardians who together can give my identity to a new owner. A commitment of zero names none."
AGREEMENT = "As a guardian I agree that this new owner takes over this identity."
VETO = "I stop this recovery of my identity. I cannot stop the next one."
_SET_TYPE = keccak(b"GuardianSet(address identity,uint8 threshold,address[] guardians,bytes32 salt)")

TYPES = {
    "SetGuardians": eip712.struct(
        identity="address", commitment="bytes32", statement="string", nonce="uint256", deadline="uint256"
    ),
    "Recovery": eip712.struct(
        identity="address", newOwner="address", statement="string", attempt="uint256", deadline="uint256"
    ),
    "VetoRecovery": eip712.struct(
        identity="address",
        newOwner="address",
        statement="string",
        attempt="uint256",
        nonce="uint256",
        deadline="uint256",
    ),
}


@dataclass(frozen=True)
class GuardianSet:
    """`threshold` of 1 to 10 guardians, in ascending order; `salt` 32 random bytes that nobody but the patient and the
    guardians keeps."""

    threshold: int
    guardians: tuple[Address, ...]
    salt: bytes

    def __post_init__(self) -> None:
        if not 1 <= len(self.guardians) <= MOST_GUARDIANS:
            fields.refuse("guardians", f"be 1 to {MOST_GUARDIANS}")
        for guardian in self.guardians:
            fields.address(guardian, "guardians")
        if list(self.guardians) != sorted(set(self.guardians)) or int(self.guardians[0], 16) == 0:
            fields.refuse("guardians", "stand in ascending order, each once, none the zero address")
        fields.integer(self.threshold, "threshold", 1, len(self.guardians))
        fields.raw_bytes(self.salt, "salt")

    @classmethod
    def of(cls, threshold: int, guardians: Sequence[Address], salt: bytes) -> GuardianSet:
        """Guardians in any order."""
        return cls(threshold, tuple(sorted(guardians)), salt)

    def commitment(self, identity: Address) -> bytes:
        """What the chain keeps of the set, 32 bytes."""
        words = [
            _SET_TYPE,
            _word(identity),
            self.threshold.to_bytes(32, "big"),
            (5 * 32).to_bytes(32, "big"),
            self.salt,
            len(self.guardians).to_bytes(32, "big"),
            *(_word(guardian) for guardian in self.guardians),
        ]
        return keccak(*words)

    def beside(self, signatures: Mapping[Address, bytes]) -> list[bytes]:
        """Each guardian's signature in the set's order, empty for who did not sign. Raises LayoutInvalid for a stranger's."""
        if signatures.keys() - set(self.guardians):
            fields.refuse("signatures", "be of these guardians")
        return [signatures.get(guardian, b"") for guardian in self.guardians]

    def to_json(self) -> dict[str, Any]:
        return {
            "guardians": list(self.guardians),
            "salt": fields.to_hex(self.salt),
            "threshold": self.threshold,
        }

    @classmethod
    def from_json(cls, obj: Any) -> GuardianSet:
        """Read and check. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, ("guardians", "salt", "threshold"), "guardianSet")
        listed = fields.array(got["guardians"], "guardians", 1, MOST_GUARDIANS)
        guardians = tuple(fields.address(one, "guardians") for one in listed)
        threshold = fields.integer(got["threshold"], "threshold", 1, MOST_GUARDIANS)
        return cls(threshold, guardians, fields.hex_bytes(got["salt"], "salt"))


def name_guardians(
    chain_id: int, contract: Address, *, identity: Address, commitment: bytes, nonce: int, deadline: int
) -> dict[str, Any]:
    """What the controller signs to name guardians, or none by a commitment of zeros."""
    message = {"identity": identity, "commitment": fields.to_hex(commitment), "statement": NAMING}
    return _typed(chain_id, contract, "SetGuardians", message | {"nonce": nonce, "deadline": deadline})


def recovery(
    chain_id: int, contract: Address, *, identity: Address, new_owner: Address, attempt: int, deadline: int
) -> dict[str, Any]:
    """What each guardian signs; `attempt` is the chain's `recoveryOf`."""
    message = {"identity": identity, "newOwner": new_owner, "statement": AGREEMENT}
    return _typed(chain_id, contract, "Recovery", message | {"attempt": attempt, "deadline": deadline})


def veto(
    chain_id: int,
    contract: Address,
    *,
    identity: Address,
    new_owner: Address,
    attempt: int,
    nonce: int,
    deadline: int,
) -> dict[str, Any]:
    """What the controller signs to stop the pending recovery, once."""
    message = {"identity": identity, "newOwner": new_owner, "statement": VETO}
    more = {"attempt": attempt, "nonce": nonce, "deadline": deadline}
    return _typed(chain_id, contract, "VetoRecovery", message | more)


def _typed(chain_id: int, contract: Address, primary: str, message: dict[str, Any]) -> dict[str, Any]:
    domain = {
        "name": "Consentry Identity",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": contract,
    }
    return eip712.typed_data(domain, primary, {primary: TYPES[primary]}, message)


def _word(account: Address) -> bytes:
    return bytes(12) + to_bytes(account)
