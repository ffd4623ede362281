"""Why somebody could not be asked by TLS, in words (specification H-45)."""

from __future__ import annotations

import ssl
from typing import Final

# OpenSSL's codes (x509_vfy.h)
_ENDED: Final = 10
_NOT_YET: Final = 9
_OTHER_NAME: Final = (62, 63, 64)
_OTHER_AUTHORITY: Final = (2, 18, 19, 20, 21)


def why(problem: Exception) -> str:
    """In words, of whom it was tried to reach."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        code = problem.verify_code
        if code in (_ENDED, _NOT_YET):
            return "its certificate is not valid today"
        if code in _OTHER_NAME:
            return "its certificate is for another name"
        if code in _OTHER_AUTHORITY:
            return "its certificate is of no authority that is believed here"
        return "its certificate is not valid"
    reason = problem.reason or "" if isinstance(problem, ssl.SSLError) else ""
    if "CERTIFICATE_REQUIRED" in reason or "HANDSHAKE_FAILURE" in reason:
        return "it asks for a certificate, and was shown none that it takes"
    if "ALERT" in reason and any(one in reason for one in ("UNKNOWN_CA", "CERTIFICATE", "DECRYPT_ERROR")):
        return "it does not take the certificate that it was shown"
    return "it does not speak TLS as it should"
