"""Serving by TLS, and by mutual TLS where the settings ask for clients' certificates (specification H-44)."""

from __future__ import annotations

import ssl
from pathlib import Path

from consentry.errors import ConfigInvalid


def server_context(certificate: str, key: str, authority: str) -> ssl.SSLContext:
    """`authority`: who asks must show a certificate of its; empty: nobody need show one. Raises ConfigInvalid."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError):
        raise ConfigInvalid(
            f"serving.tls: {Path(certificate).name} and {Path(key).name} are no certificate (PEM) with its key"
        ) from None
    if authority:
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            context.load_verify_locations(authority)
        except (OSError, ValueError):
            raise ConfigInvalid(f"serving.tls: {Path(authority).name} holds no certificate (PEM)") from None
    return context
