"""Every signed function of the contracts, each as a case of one suite.

A new signed function gets a case here: test_signature_cases.py compares with the ABIs.
"""

from tests.contracts.signatures import consent_cases, emergency_cases, identity_cases

CASES = [*identity_cases.CASES, *consent_cases.CASES, *emergency_cases.CASES]

# OpenZeppelin's own, unchanged: votes of the consortium with OpenZeppelin's nonces and digests.
FOREIGN = {"Consortium.castVoteBySig", "Consortium.castVoteWithReasonAndParamsBySig"}
