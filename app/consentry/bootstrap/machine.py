"""What a process with these settings has of its machine."""

from __future__ import annotations

from pathlib import Path

from consentry.config import StoreConfig
from consentry.databases.place import Place
from consentry.domain.serving import TlsFiles
from consentry.telemetry.machine import Machine, ends_at


def machine_at(tls: TlsFiles, place: Place, store: StoreConfig) -> Machine:
    """Raises ConfigInvalid."""
    folders = [place.absolute().parent] if isinstance(place, Path) else []
    if store.kind == "embedded":
        folders.append(Path(store.path).absolute())
    return Machine(ends_at(Path(tls.certificate)) if tls.serves else None, tuple(folders))
