"""Asking others by TLS: whom to believe, what to show, and in words why it failed (specification H-45)."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Final

from consentry.domain.serving import TlsFiles
from consentry.errors import ConfigInvalid

_ENDED: Final = 10
_NOT_YET: Final = 9
_OTHER_NAME: Final = (62, 63, 64)
_OTHER_AUTHORITY: Final = (2, 18, 19, 20, 21)


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """Believes the settings' authority alone, this machine's where they name none. Raises ConfigInvalid."""
    try:
        context = ssl.create_default_context(cafile=files.authority or None)
        if files.certificate:
            context.load_cert_chain(files.certificate, files.key)
    except (OSError, ValueError):
        names = ", ".join(Path(one).name for one in (files.authority, files.certificate, files.key) if one)
        raise ConfigInvalid(f"serving.tls: {names}: not certificates (PEM), or not the key of one") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def why(problem: ssl.SSLError) -> str:
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
    reason = problem.reason or ""
    if "CERTIFICATE_REQUIRED" in reason or "HANDSHAKE_FAILURE" in reason:
        return "it asks for a certificate, and was shown none that it takes"
    if "ALERT" in reason and any(one in reason for one in ("UNKNOWN_CA", "CERTIFICATE", "DECRYPT_ERROR")):
        return "it does not take the certificate that it was shown"
    return "it does not speak TLS as it should"
