"""Guardians of alice's identity: their set, its commitment, and what they and the controller sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.contracts.calls import view
from tests.contracts.consents import Person
from tests.contracts.typed import typed_data

DELAY = 7 * 86400
ZERO_ADDRESS = "0x" + "00" * 20
NONE = "0x" + "00" * 32
SALT = "0x" + "6a" * 32
STATEMENTS = {
    "SetGuardians": "I name guardians who together can give my identity to a new owner. "
    "A commitment of zero names none.",
    "Recovery": "As a guardian I agree that this new owner takes over this identity.",
    "VetoRecovery": "I stop this recovery of my identity. I cannot stop the next one.",
}
FIELDS = {
    "SetGuardians": ["identity address", "commitment bytes32", "statement string", "nonce uint256"],
    "Recovery": ["identity address", "newOwner address", "statement string", "attempt uint256"],
    "VetoRecovery": [
        "identity address",
        "newOwner address",
        "statement string",
        "attempt uint256",
        "nonce uint256",
    ],
}


@dataclass(frozen=True)
class Circle:
    """m of n guardians. `keys` sign; a guardian whose address is another account's is a wallet contract's key."""

    threshold: int
    guardians: tuple[str, ...]
    salt: str = SALT

    @classmethod
    def of(cls, threshold: int, *people: Any) -> Circle:
        return cls(threshold, tuple(sorted((str(one.address) for one in people), key=lambda a: int(a, 16))))

    @property
    def revealed(self) -> tuple[int, list[str], str]:
        return (self.threshold, list(self.guardians), self.salt)

    def commitment(self, identities: Any, identity: str) -> str:
        return "0x" + view(identities, "guardianCommitment", identity, self.revealed).hex()

    def signed(self, typed: dict[str, Any], *people: Person) -> list[bytes]:
        """Signatures beside their guardians, empty bytes for who did not sign."""
        by_address = {one.address: one for one in people}
        return [by_address[one].sign(typed) if one in by_address else b"" for one in self.guardians]


def attempt(identities: Any, identity: str) -> int:
    return int(identities.recoveryOf(identity)[2])


def recovery(identities: Any, identity: str, new_owner: str, deadline: int, number: int | None = None) -> Any:
    number = attempt(identities, identity) if number is None else number
    words = {"newOwner": new_owner, "attempt": number}
    return _typed(identities, "Recovery", identity, words, deadline)


def naming(identities: Any, identity: str, commitment: str, deadline: int) -> dict[str, Any]:
    words = {"commitment": commitment, "nonce": int(identities.nonce(identity))}
    return _typed(identities, "SetGuardians", identity, words, deadline)


def veto(identities: Any, identity: str, deadline: int) -> dict[str, Any]:
    words = {
        "newOwner": identities.recoveryOf(identity)[0],
        "attempt": attempt(identities, identity),
        "nonce": int(identities.nonce(identity)),
    }
    return _typed(identities, "VetoRecovery", identity, words, deadline)


def _typed(
    identities: Any, struct: str, identity: str, words: dict[str, Any], deadline: int
) -> dict[str, Any]:
    fields = [tuple(one.split()) for one in [*FIELDS[struct], "deadline uint256"]]
    message = {"identity": identity, "statement": STATEMENTS[struct], **words, "deadline": deadline}
    return typed_data(struct, {struct: fields}, message, identities, "Consentry Identity")
