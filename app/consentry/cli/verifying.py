"""`consentry verify`: receipts against the chain, as seen through the verifier's own node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.account_files import is_account
from consentry.cli.account_told import verify_file
from consentry.cli.command import Command, takes_chain
from consentry.cli.files import read_json
from consentry.cli.problems import NotReceipts
from consentry.cli.settings import Settings, pass_settings
from consentry.domain.addresses import did
from consentry.domain.receipts import Receipt
from consentry.errors import LayoutInvalid, NotJson, ProofInvalid
from consentry.fhir.jsontext import write
from consentry.services.verify import Evidence, Link, links

if TYPE_CHECKING:
    from consentry.ports import Ledger

MAX_FILE_BYTES = 256 * 2**20
_SHARED = ("keeper", "chainId")
COMPLETENESS = (
    "Whether a receipt was left out, single receipts cannot show: `consentry receipts --export` writes an account "
    "that does."
)


@dataclass(frozen=True)
class Claim:
    """What a file says of one receipt: its evidence, the readable values beside it by name, the file's patient if any."""

    evidence: Evidence
    readable: dict[str, Any]
    patient: Any


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
    "consentry receipts --wallet alice.keystore --export account.jsonl\n"
    "consentry verify account.jsonl --rpc http://localhost:8545",
)
@click.argument("file", metavar="FILE")
@click.option(
    "--earlier",
    metavar="FILE",
    help="An account that you exported before: what a keeper signed there it must show now.",
)
@takes_chain
@pass_settings
def verify(settings: Settings, file: str, earlier: str | None) -> None:
    """Prove an account, or single receipts, against the chain.

    Through your own node, and nothing else: no gateway and no keeper is asked.

    FILE is an account that `consentry receipts --export` wrote. What is proven is said in words: an access, if enough
    keepers released a record to one reader, else a possible one. Each keeper signed how many receipts it has, and which:
    one that was dropped, altered, added, moved or doubled is named, and so is another root, a keeper that told nothing,
    and one that is silent where others agree. Keep what you export: with --earlier a keeper that lost or left out a receipt
    since then is named, by its own signatures.

    FILE may also hold one receipt with its evidence, or what `consentry receipts --out` wrote; the readable text beside
    the evidence must say the same. Such a file cannot show that a receipt was left out.

    An account names the contracts that it is proven by, so that --rpc is enough: the node has to serve that chain, with that
    code at those addresses. That these are the consortium's is the file's own word then, and is said; with --deployment
    it is checked.

    Exit code 0: proven and complete. 4: something does not hold; the first thing is named. 5: nothing is false, but a
    keeper or a proof is missing.
    """
    from consentry.chain.ledger import ChainLedger

    if is_account(Path(file)):
        before = None if earlier is None else Path(earlier)
        verify_file(settings, Path(file), before)
        return
    if earlier is not None:
        raise NotReceipts(
            f"{file} is not an exported account, which alone can be held against an earlier one"
        )
    try:
        _, tree = read_json(Path(file), MAX_FILE_BYTES)
    except NotJson as problem:
        raise NotReceipts(problem.diagnostics) from None
    try:
        claims = list(claims_in(tree))
    except LayoutInvalid as problem:
        raise NotReceipts(f"{file} is not a receipts file: {problem.diagnostics}") from None

    report(settings, claims, ChainLedger(settings.connection()))


def report(settings: Settings, claims: list[Claim], ledger: Ledger) -> None:
    """Check each and say so. Raises ProofInvalid when one doesn't prove, ChainUnreachable, ChainWrong."""
    with settings.output.working("Verifying") as words:
        checked = []
        for number, one in enumerate(claims, start=1):
            words(f"Verifying {number} of {len(claims)}")
            checked.append(Checked(number, tuple(_links(one, ledger))))
    failed = [one for one in checked if not one.ok]
    if not settings.output.as_json:
        for shown in checked if len(checked) == 1 else failed:
            _tell(settings, shown)
        settings.output.say(f"{len(checked) - len(failed)} of {len(checked)} receipts are proven.")
        settings.output.say(COMPLETENESS)
    if failed:
        last = failed[0].links[-1]
        which = f"receipt {failed[0].number} of {len(checked)}: " if len(checked) > 1 else ""
        raise ProofInvalid(f"{which}{last.name}: {last.detail}", expression=(last.name,))
    value = {
        "ok": True,
        "complete": None,
        "note": COMPLETENESS,
        "receipts": [one.to_json() for one in checked],
    }
    settings.output.result(value, lambda: None)


def claims_in(tree: Any) -> Iterator[Claim]:
    """The claims of a file: alone, in a list, in an account (`receipts`), or as a keeper's page. Raises LayoutInvalid."""
    patient = tree.get("patient") if isinstance(tree, dict) else None
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
        if isinstance(one, dict) and "evidence" in one:
            beside = {key: value for key, value in one.items() if key != "evidence" and key not in _SHARED}
            yield Claim(Evidence.parse(one["evidence"]), beside, patient)
        else:
            yield Claim(Evidence.parse(one), {}, patient)


def _links(claim: Claim, ledger: Ledger) -> Iterator[Link]:
    """What is readable first, since it is what people look at; then the proof of what is signed."""
    try:
        receipt = Receipt.parse(claim.evidence.receipt)
    except LayoutInvalid:
        yield from links(claim.evidence, ledger)  # fails, naming why
        return
    problem = _differs(claim, receipt)
    if problem is not None:
        yield Link("readable", ok=False, detail=problem)
        return
    if claim.readable or claim.patient is not None:
        yield Link("readable", ok=True, detail="says what the keeper signed")
    yield from links(claim.evidence, ledger)


def _differs(claim: Claim, receipt: Receipt) -> str | None:
    """Where the file says something else than the signed receipt."""
    own = did(receipt.patient, receipt.chain_id)
    if claim.patient is not None and claim.patient != own:
        return "patient: the file names another patient than the signed receipt"
    for name in claim.readable:
        if name != "receipt":
            return f"{name}: stands beside the receipt, and nothing signed says it"
    if "receipt" not in claim.readable:
        return None
    shown, signed = claim.readable["receipt"], receipt.to_json()
    if not isinstance(shown, dict):
        return "receipt: must be an object"
    for name in sorted(shown.keys() | signed.keys()):
        # as JSON, so that true is not 1 and the order of names does not matter
        if name not in shown or name not in signed or write(shown[name]) != write(signed[name]):
            return f"receipt.{name}: the readable text is not what the keeper signed"
    return None


def _tell(settings: Settings, one: Checked) -> None:
    for link in one.links:
        where = f"receipt {one.number}, " if one.number > 1 else ""
        settings.output.say(f"  {'✓' if link.ok else '✗'} {where}{link.name}: {link.detail}")
