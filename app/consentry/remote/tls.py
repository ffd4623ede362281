"""Asking others by TLS: whom to believe, and what to show (specification H-45)."""

from __future__ import annotations

import ssl
from pathlib import Path

from consentry.domain.serving import TlsFiles
from consentry.errors import ConfigInvalid


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
