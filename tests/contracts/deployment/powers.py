"""Every function that writes and is open to keys, with the reason why that gives nobody a power over others.

What is not named here must be closed to every key. A new function that is neither fails the test beside this file.
"""

SIGNED = "counts for whoever signed, whoever sends"
OWN_IDENTITY = "an identity's controller decides on that identity alone"
PATIENT = "the patient's side decides on the patient's own consents"
OWN_STAFF = "an active member decides on its own staff"
TOKENS = "tokens sent to it move nothing"
OWN_ROLE = "an account gives up its own role"

OPEN: dict[str, dict[str, str]] = {
    "Authority": {
        "multicall": "calls its own functions in the caller's name, each with its own check",
        "renounceRole": OWN_ROLE,
        "schedule": "only what the caller may call with a delay; nobody has such a role",
        "execute": "only what the caller may call",
        "cancel": "only what the caller scheduled",
        "consumeScheduledOp": "only what was scheduled for the calling contract",
    },
    "Timelock": {
        "execute": "only what the Consortium scheduled, after the delay",
        "executeBatch": "only what the Consortium scheduled, after the delay",
        "renounceRole": OWN_ROLE,
        "onERC721Received": TOKENS,
        "onERC1155Received": TOKENS,
        "onERC1155BatchReceived": TOKENS,
        "receive": "what a decision pays comes from here",
    },
    "Consortium": {
        "propose": "a seated, active member's word, for others to vote on",
        "cancel": "the proposer takes back its own proposal before votes count",
        "castVote": "a seated, active member's one vote",
        "castVoteWithReason": "a seated, active member's one vote",
        "castVoteWithReasonAndParams": "a seated, active member's one vote",
        "castVoteBySig": "a seated, active member's one vote, signed",
        "castVoteWithReasonAndParamsBySig": "a seated, active member's one vote, signed",
        "queue": "only what passed",
        "execute": "only what passed and waited",
        "onERC721Received": "refuses every token",
        "onERC1155Received": "refuses every token",
        "onERC1155BatchReceived": "refuses every token",
        "receive": "refuses all money",
    },
    "MemberSeat": {"safeTransferFrom": "refuses every transfer"},
    "FastSuspension": {
        "suspend": "the regulator alone, for 72 hours, twice at once at most: a vote or a chamber decides",
        "confirm": "a seated, active member's word; more than half of a chamber is needed",
    },
    "IdentityRegistry": {
        "changeOwner": OWN_IDENTITY,
        "changeOwnerBySignature": SIGNED,
        "addDelegate": OWN_IDENTITY,
        "addDelegateBySignature": SIGNED,
        "revokeDelegate": OWN_IDENTITY,
        "revokeDelegateBySignature": SIGNED,
        "setAttribute": OWN_IDENTITY,
        "setAttributeBySignature": SIGNED,
        "revokeAttribute": OWN_IDENTITY,
        "revokeAttributeBySignature": SIGNED,
        "setGuardians": OWN_IDENTITY,
        "setGuardiansBySignature": SIGNED,
        "startRecovery": "the guardians whom the identity chose, as many as it wanted",
        "finishRecovery": "only what guardians started, after the delay",
        "vetoRecovery": OWN_IDENTITY,
        "vetoRecoveryBySignature": SIGNED,
    },
    "MemberRegistry": {
        "addDirectoryKey": "an active member's own keys",
        "rotateKey": "a member's own key",
        "enrol": OWN_STAFF,
        "dismiss": OWN_STAFF,
        "resign": "an account's own enrolment",
        "allowEnrolment": "an account decides who may enrol it",
        "refuseEnrolment": "an account decides who may enrol it",
    },
    "ConsentRegistry": {
        "grant": PATIENT,
        "grantBySignature": SIGNED,
        "grantMany": SIGNED,
        "replace": PATIENT,
        "replaceBySignature": SIGNED,
        "revoke": PATIENT,
        "revokeBySignature": SIGNED,
        "grantMandate": PATIENT,
        "grantMandateBySignature": SIGNED,
        "grantUnderMandate": "a representative, within what the patient delegated",
        "grantUnderMandateBySignature": SIGNED,
        "revokeUnderMandate": "a representative, within what the patient delegated",
        "revokeUnderMandateBySignature": SIGNED,
    },
    "EmergencyAccess": {
        "open": "two licensed people of one active member, for some hours, reviewed by a third",
        "close": "an opener, or a person of that member in good standing, ends it",
        "closeBySignature": SIGNED,
        "review": "licensed staff of that member who did not open it",
        "reviewBySignature": SIGNED,
    },
    "RecordRegistry": {
        "anchor": "an active member's own records",
        "retract": "an active member's own records",
    },
    "KeeperCommittee": {},
    "AuditLog": {
        "commit": "a keeper's own receipts",
        "attest": "a keeper's own word on its own receipts",
    },
}
