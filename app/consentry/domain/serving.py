"""How a process is served and asks others: the part `serving` of a gateway's or keeper's settings (H-44 to H-46)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

GATEWAY_PER_SECOND = 200.0
GATEWAY_BURST = 2_000
MOST_PROXIES = 4


@dataclass(frozen=True)
class TlsFiles:
    """Paths of PEM files. `certificate` (with those between it and its authority) and `key`: by which this process serves, and
    which it shows to others who ask. `authority`: certificates by which other members' are verified; empty: this machine's own.
    `client_certificates`: whether who asks must show a certificate of `authority`."""

    certificate: str = ""
    key: str = ""
    authority: str = ""
    client_certificates: Literal["none", "required"] = "none"

    @property
    def serves(self) -> bool:
        return bool(self.certificate)

    @property
    def only(self) -> bool:
        """Whether other members are asked by TLS alone: who names their authority has them serve by it."""
        return bool(self.authority)

    @property
    def callers_authority(self) -> str:
        """Of which who asks must show a certificate; empty: nobody need show one."""
        return self.authority if self.client_certificates == "required" else ""

    @classmethod
    def read(cls, raw: Any) -> TlsFiles:
        """Raises TypeError, ValueError."""
        files = cls(**raw)
        if not all(isinstance(one, str) for one in (files.certificate, files.key, files.authority)):
            raise TypeError("serving.tls.certificate, key and authority are paths")
        if bool(files.certificate) != bool(files.key):
            raise ValueError("serving.tls.certificate and key go together")
        if files.client_certificates not in ("none", "required"):
            raise ValueError("serving.tls.client_certificates is none or required")
        if files.client_certificates == "required" and not (files.certificate and files.authority):
            raise ValueError("serving.tls.client_certificates goes with certificate, key and authority")
        return files


@dataclass(frozen=True)
class Serving:
    """`proxies`: how many stand in front of a gateway and append to X-Forwarded-For; what clients write there themselves counts
    for nothing. One caller (account, or address of who is not signed in) may ask a gateway `request_burst` times at once, then
    `requests_per_second`."""

    tls: TlsFiles = field(default_factory=TlsFiles)
    proxies: int = 0
    requests_per_second: float = GATEWAY_PER_SECOND
    request_burst: int = GATEWAY_BURST

    @classmethod
    def read(cls, raw: Any) -> Serving:
        """Raises TypeError, ValueError."""
        if not isinstance(raw, dict):
            raise TypeError("serving is an object")
        serving = cls(**{**raw, "tls": TlsFiles.read(raw.get("tls", {}))})
        if type(serving.proxies) is not int or not 0 <= serving.proxies <= MOST_PROXIES:
            raise ValueError(f"serving.proxies is a number from 0 to {MOST_PROXIES}")
        if type(serving.request_burst) is not int or serving.request_burst < 1:
            raise ValueError("serving.request_burst is a number from 1")
        if not isinstance(serving.requests_per_second, int | float) or serving.requests_per_second < 0.1:
            raise ValueError("serving.requests_per_second is at least 0.1")
        return serving


@dataclass(frozen=True)
class KeeperServing:
    """A keeper's. Who asks one signs with an account, wherever it is: how often that may ask stands beside this (K-13)."""

    tls: TlsFiles = field(default_factory=TlsFiles)

    @classmethod
    def read(cls, raw: Any) -> KeeperServing:
        """Raises TypeError, ValueError."""
        if not isinstance(raw, dict):
            raise TypeError("serving is an object")
        for name in sorted(set(raw) - {"tls"}):
            raise ValueError(f"serving.{name} is no setting of a keeper, whose serving holds tls alone")
        return cls(TlsFiles.read(raw.get("tls", {})))
