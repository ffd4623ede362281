"""Publish a FHIR Bundle through a gateway.

    CONSENTRY_BUNDLE=visit.json CONSENTRY_PATIENT=REF CONSENTRY_CLIENT_KEY_FILE=his.key CONSENTRY_GATEWAY=URL \\
        tools/brownie run publish --network consentry-local
"""

from __future__ import annotations

from scripts.consentry_command import consentry, required


def main() -> None:
    bundle = required("CONSENTRY_BUNDLE", "the file with the FHIR Bundle")
    patient = required("CONSENTRY_PATIENT", "the gateway's reference of the patient")
    consentry("publish", bundle, "--patient", patient)
