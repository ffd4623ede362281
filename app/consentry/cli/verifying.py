"""`consentry verify`: receipts against the chain, as seen through the verifier's own node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Command, takes_chain
from consentry.cli.files import read_json
from consentry.cli.settings import Settings, pass_settings
from consentry.errors import LayoutInvalid, ProofInvalid
from consentry.services.verify import Evidence, Link, links

if TYPE_CHECKING:
    from consentry.ports import Ledger

MAX_FILE_BYTES = 256 * 2**20
_SHARED = ("keeper", "chainId")


@dataclass(frozen=True)
class Checked:
    """One receipt's links in order; the last one is the first that fails, if any."""

    number: int
    links: tuple[Link, ...]

    @property
    def ok(self) -> bool:
        return all(link.ok for link in self.links)

    def to_json(self) -> dict[str, Any]:
        return {
            "receipt": self.number,
            "ok": self.ok,
            "links": [{"name": link.name, "ok": link.ok, "detail": link.detail} for link in self.links],
        }


@click.command(
    cls=Command,
    example="consentry verify receipt.json --rpc http://localhost:8545 --deployment deployment.json\n"
    "consentry receipts --wallet alice.keystore --out account.json && consentry verify account.json",
)
@click.argument("file", metavar="FILE")
@takes_chain
@pass_settings
def verify(settings: Settings, file: str) -> None:
    """Prove receipts from the keeper's signature to the root on chain; names the first link that fails.

    FILE holds one receipt with its evidence, or what `consentry receipts --out` wrote. Exit code 4: not proven.
    """
    _, tree = read_json(Path(file), MAX_FILE_BYTES)
    evidence = list(evidence_in(tree))

    from consentry.chain.ledger import ChainLedger

    report(settings, evidence, ChainLedger(settings.connection()))


def report(settings: Settings, evidence: list[Evidence], ledger: Ledger) -> None:
    """Check each and say so. Raises ProofInvalid when one doesn't prove, ChainUnreachable, ChainWrong."""
    with settings.output.working("Verifying") as words:
        checked = []
        for number, one in enumerate(evidence, start=1):
            words(f"Verifying {number} of {len(evidence)}")
            checked.append(Checked(number, tuple(links(one, ledger))))
    failed = [one for one in checked if not one.ok]
    if not settings.output.as_json:
        for shown in checked if len(checked) == 1 else failed:
            _tell(settings, shown)
        settings.output.say(f"{len(checked) - len(failed)} of {len(checked)} receipts are proven.")
    if failed:
        last = failed[0].links[-1]
        which = f"receipt {failed[0].number} of {len(checked)}: " if len(checked) > 1 else ""
        raise ProofInvalid(f"{which}{last.name}: {last.detail}", expression=(last.name,))
    settings.output.result({"ok": True, "receipts": [one.to_json() for one in checked]}, lambda: None)


def evidence_in(tree: Any) -> Iterator[Evidence]:
    """The evidence in a file: alone, in a list, in an account (`receipts`), or as a keeper's page. Raises LayoutInvalid."""
    if isinstance(tree, dict) and isinstance(tree.get("receipts"), list):
        shared = {key: tree[key] for key in _SHARED if key in tree}
        items: list[Any] = [
            one | shared if isinstance(one, dict) and shared else one for one in tree["receipts"]
        ]
    else:
        items = tree if isinstance(tree, list) else [tree]
    if not items:
        raise LayoutInvalid("the file holds no receipt")
    for one in items:
        yield Evidence.parse(one["evidence"] if isinstance(one, dict) and "evidence" in one else one)


def _tell(settings: Settings, one: Checked) -> None:
    for link in one.links:
        where = f"receipt {one.number}, " if one.number > 1 else ""
        settings.output.say(f"  {'✓' if link.ok else '✗'} {where}{link.name}: {link.detail}")
