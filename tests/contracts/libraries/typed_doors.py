"""One door for each signed struct: a random message that the contract could accept, and the call that takes its signature.

A new struct of a contract needs one function here, listed in DOORS.
"""

from __future__ import annotations

from random import Random

from tests.contracts.libraries.consent_doors import consent, mandate, replacement, revocation
from tests.contracts.libraries.emergency_doors import closing, opening, review
from tests.contracts.libraries.identity_doors import identity_change, naming_guardians, recovery, veto
from tests.contracts.libraries.typed_world import STRUCTS, Asked, Door, World
from tests.typed_data.cases import cases_of

# a commitment by plain ABI encoding (I-4), never typed data
HASHED_ONLY = {"GuardianSet"}
DOORS: dict[str, Door] = {
    "Consent": consent,
    "Replacement": replacement,
    "Mandate": mandate,
    "Revocation": revocation,
    "ChangeOwner": identity_change("changeOwnerBySignature"),
    "AddDelegate": identity_change("addDelegateBySignature"),
    "RevokeDelegate": identity_change("revokeDelegateBySignature"),
    "SetAttribute": identity_change("setAttributeBySignature"),
    "RevokeAttribute": identity_change("revokeAttributeBySignature"),
    "SetGuardians": naming_guardians,
    "Recovery": recovery,
    "VetoRecovery": veto,
    "Opening": opening,
    "Closing": closing,
    "Review": review,
}


def asked(primary: str, number: int, world: World) -> Asked:
    """The case of that number, made acceptable: nobody and nothing (zeros) can be named in these places."""
    message = cases_of(primary, STRUCTS[primary])[number]["message"]
    if int(message.get("commitment", "0x1"), 16) == 0:
        message["commitment"] = "0x" + "00" * 31 + "01"
    for name in ("newOwner", "representative"):
        if primary != "ChangeOwner" and int(message.get(name, "0x1"), 16) == 0:
            message[name] = "0x" + "00" * 19 + "01"
    return DOORS[primary](world, message, Random(f"door {primary} {number}"))
