"""Read what a ground permits, as a clinician with a key file.

    CONSENTRY_PATIENT=REF CONSENTRY_READER=dr_bose.keystore CONSENTRY_PURPOSE=TREAT CONSENTRY_GATEWAY=URL \\
        tools/brownie run read --network consentry-local
"""

from __future__ import annotations

from scripts.consentry_command import consentry, required


def main() -> None:
    patient = required("CONSENTRY_PATIENT", "the gateway's reference of the patient")
    reader = required("CONSENTRY_READER", "the clinician's key file")
    purpose = required("CONSENTRY_PURPOSE", "why, for example TREAT")
    consentry("read", "--patient", patient, "--as", reader, "--purpose", purpose, "--out", "-")
