"""Revoke a consent with a wallet's key file.

    CONSENTRY_CONSENT=0x… CONSENTRY_WALLET=alice.keystore CONSENTRY_GATEWAY=URL tools/brownie run revoke \\
        --network consentry-local
"""

from __future__ import annotations

from scripts.consentry_command import consentry, required


def main() -> None:
    consent = required("CONSENTRY_CONSENT", "the id of the consent")
    wallet = required("CONSENTRY_WALLET", "the patient's key file")
    consentry("consent", "revoke", consent, "--wallet", wallet)
