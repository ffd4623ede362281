"""What a process takes from its machine and what ends by itself: its certificate, the room on its disks (specification H-92)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from cryptography import x509

from consentry.errors import ConfigInvalid, StoreUnreachable
from consentry.telemetry.metrics import Source, Values

P = TypeVar("P")
_DAY_SECONDS: Final = 86_400
_GAUGES: Final = {
    "certificate_days": "Days until the TLS certificate ends that the process began with, or one that goes along with it; "
    "left out without TLS, below 0 afterwards",
    "disk_free_bytes": "Bytes free where the database's file and an embedded store lie, the disk that has the smaller share; "
    "left out where both are elsewhere",
    "disk_bytes": "Bytes that this disk holds in all",
}


@dataclass(frozen=True)
class Machine:
    """`certificate_ends` in seconds, None without TLS. `folders`: in which a process writes."""

    certificate_ends: int | None = None
    folders: tuple[Path, ...] = ()


def ends_at(certificate: Path) -> int:
    """When the first of its certificates (PEM) ends, in seconds. Raises ConfigInvalid."""
    try:
        found = x509.load_pem_x509_certificates(certificate.read_bytes())
    except (OSError, ValueError):
        raise ConfigInvalid(f"serving.tls: {certificate.name} holds no certificate (PEM)") from None
    return min(int(one.not_valid_after_utc.timestamp()) for one in found)


def machine_of(ask: Callable[[P], Machine]) -> Source[P]:
    def values(parts: P) -> Values:
        machine = ask(parts)
        told: dict[str, float] = {}
        if machine.certificate_ends is not None:
            told["certificate_days"] = (machine.certificate_ends - time.time()) / _DAY_SECONDS
        if machine.folders:
            told["disk_free_bytes"], told["disk_bytes"] = _fullest(machine.folders)
        return told

    return Source("machine", _GAUGES, values)


def _fullest(folders: tuple[Path, ...]) -> tuple[int, int]:
    """Free, and in all, of the disk that has the smaller share left. Raises StoreUnreachable."""
    try:
        disks = [shutil.disk_usage(one) for one in folders]
    except OSError as problem:
        raise StoreUnreachable(f"a folder of this process: {problem.strerror}") from None
    fullest = min(disks, key=lambda disk: disk.free / max(disk.total, 1))
    return fullest.free, fullest.total
