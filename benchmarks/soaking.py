"""The network of the soak, and what its processes hold."""

from __future__ import annotations

import re
from pathlib import Path
from stat import S_ISREG

from consentry.network.configs import HOST
from consentry.network.plan import LICENCE_YEARS, member_named
from consentry.network.processes import free_port
from consentry.network.run import Network

THIRD = "council"
DOCTORS = {"city": "dr_bose", "mercy": "dr_moreau"}
"""Whose system asks for whom: a hospital's, and its doctor."""

_KIB, _MIB = 1024, 2**20


class SoakNetwork(Network):
    """A network with a third gateway, the patients' council's, where patients look who read; and a doctor at each hospital."""

    def start_gateways(self) -> None:
        keys = self.members[THIRD]
        self.sender_of(THIRD).transact("MemberRegistry", "addDirectoryKey", keys.directory_key)
        ends = self.ledger.head().timestamp + LICENCE_YEARS * 365 * 86_400
        self._enrol(THIRD, keys.system, "system", "any", ends)
        doctor = DOCTORS["mercy"]
        self.people[doctor] = self.place.new_wallet(doctor)
        self._enrol("mercy", self.people[doctor], "attending", "endocrinology", ends)
        self.gateways[THIRD] = f"http://{HOST}:{free_port()}"
        super().start_gateways()
        self._start_gateway(THIRD, member_named(THIRD).name)


def memory(network: Network) -> dict[str, float]:
    """Resident MB of keepers, gateways and nodes of the chain. What several processes share is counted once, in parts (proc(5),
    Pss): one that serves shares nearly all that the one above it has, which starts it again."""
    root = str(network.place.root)
    found: dict[str, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name = _name((folder / "cmdline").read_text("utf-8", "replace").split("\0"), root)
            used = (folder / "smaps_rollup").read_text("ascii", "replace") if name else ""
        except OSError:  # it has ended meanwhile
            continue
        proportional = re.search(r"^Pss:\s+(\d+) kB", used, re.MULTILINE)
        if proportional:
            found[name] = found.get(name, 0.0) + int(proportional[1]) * _KIB / _MIB
    return dict(sorted(found.items()))


def _name(command: list[str], root: str) -> str:
    """By the member's folder or the validator's that its command names; empty for others' processes."""
    for word in command:
        if word.startswith(root):
            kind = next((one for one in ("keeper", "gateway") if f"consentry.{one}" in command), "")
            parts = Path(word).relative_to(root).parts
            return f"{kind} {parts[-2]}" if kind and len(parts) > 1 else f"{parts[0]} {parts[1]}"
    return ""


def sizes(network: Network) -> dict[str, float]:
    """MB by first folder of the network's place."""
    return {
        folder.name: sum(_bytes(one) for one in folder.rglob("*")) / _MIB
        for folder in sorted(network.place.root.iterdir())
        if folder.is_dir()
    }


def _bytes(path: Path) -> int:
    try:
        status = path.stat()
    except FileNotFoundError:  # a file of a database that is no longer needed
        return 0
    return status.st_size if S_ISREG(status.st_mode) else 0
