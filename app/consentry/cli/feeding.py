"""`consentry keeper feed`: who asks for what, as keepers tell the regulator."""

from __future__ import annotations

from typing import Any

import click

from consentry.cli.command import Command, takes_chain
from consentry.cli.problems import CommandInvalid, Degraded, NotFound
from consentry.cli.settings import Settings, opened, pass_settings
from consentry.domain.ledger import KeeperInfo
from consentry.errors import ConsentryError, NoGround
from consentry.ports import Ledger
from consentry.remote.keepers import HttpKeepers
from consentry.services.feed_reading import FeedPorts, FeedReader, FeedTold, read_feeds
from consentry.wallets.account import open_feed_reader
from consentry.wallets.keyfile import Wallet, open_system

KEEPER_SECONDS = 10.0
MOST = 1_000
ONLY_REGULATOR = (
    "Give the keystore with the system account of the member that the consortium named regulator."
)


@click.command(
    "feed",
    cls=Command,
    example="consentry keeper feed --as regulator/gateway.keystore\n"
    "consentry keeper feed --as regulator/gateway.keystore --seat 2 --after 1000 --json",
)
@click.option(
    "--as",
    "system",
    metavar="FILE",
    required=True,
    help="The regulator's keystore with its system account. Passphrase: CONSENTRY_PASSPHRASE_FILE, CONSENTRY_PASSPHRASE, "
    "or asked for.",
)
@click.option("--seat", type=click.IntRange(0), help="Ask only the keeper in this seat.")
@click.option(
    "--after", type=click.IntRange(0), help="Go on with this number of that keeper; default: from its first."
)
@click.option(
    "--most",
    type=click.IntRange(1, 1_000_000),
    default=MOST,
    show_default=True,
    help="Receipts of each keeper.",
)
@takes_chain
@pass_settings
def feed(settings: Settings, system: str, seat: int | None, after: int | None, most: int) -> None:
    """Who asks for records, for the regulator: flows, and nobody's content.

    Each keeper tells actor, member, purpose, ground, time and decision of its receipts, and a pseudonym of the patient that
    is another one at each keeper and in each month. Never a record, a category or a consent; on the patient's own side no
    actor either. Only the system account of the member that the consortium named regulator is answered.

    Each keeper numbers its receipts from 0; go on with --seat and the number that is shown as next.
    """
    if after is not None and seat is None:
        raise CommandInvalid("--after is a number of one keeper: name it with --seat")
    from consentry.chain.ledger import ChainLedger

    wallet = opened(system, open_system)
    ledger = ChainLedger(settings.connection())
    keepers = _keepers(ledger, seat)
    reader = _reader(wallet, ledger)
    client = HttpKeepers(timeout_seconds=KEEPER_SECONDS)
    try:
        with settings.output.working("Asking the keepers"):
            told = read_feeds(reader, keepers, after or 0, most, FeedPorts(client, settings))
    finally:
        client.close()
    failed = [one for one in told if one.problem is not None]
    if len(failed) == len(told):
        raise _all_failed(failed)
    for one in failed:
        settings.output.note(f"Incomplete: {_failed(one)}")
    settings.output.result({"keepers": [_json(one) for one in told]}, lambda: _tell(settings, told))


def _reader(wallet: Wallet, ledger: Ledger) -> FeedReader:
    """Raises NotFound for an account that no member enrolled."""
    staff = ledger.staff(wallet.address)
    member = None if staff is None else ledger.member(staff.member)
    if member is None:
        raise NotFound(f"no member enrolled {wallet.address}")
    return open_feed_reader(wallet, member.name, ledger.chain_id)


def _keepers(ledger: Ledger, seat: int | None) -> tuple[KeeperInfo, ...]:
    committee = ledger.committee()
    found = tuple(one for one in committee.keepers if seat in (None, one.seat)) if committee else ()
    if not found:
        raise NotFound("the chain names no keeper" if seat is None else f"the committee has no seat {seat}")
    return found


def _all_failed(failed: list[FeedTold]) -> ConsentryError:
    """What they all say, if it is one thing."""
    problems = [one.problem for one in failed if one.problem is not None]
    if len({one.code for one in problems}) == 1:
        if isinstance(problems[0], NoGround):
            problems[0].next_step = ONLY_REGULATOR  # type: ignore[misc]
        return problems[0]
    return Degraded(f"no keeper told its feed: {'; '.join(_failed(one) for one in failed)}")


def _failed(one: FeedTold) -> str:
    problem = one.problem
    return f"keeper in seat {one.keeper.seat}: {problem.code}: {problem.diagnostics}" if problem else ""


def _json(one: FeedTold) -> dict[str, Any]:
    problem = one.problem
    return {
        "seat": one.keeper.seat,
        "keeper": one.keeper.account,
        "rows": [row.to_json() for row in one.rows],
        "next": one.next,
        "more": one.more,
        "problem": None if problem is None else {"code": problem.code, "detail": problem.diagnostics},
    }


def _tell(settings: Settings, told: tuple[FeedTold, ...]) -> None:
    rows = [
        (
            keeper.keeper.seat,
            row["seq"],
            row["time"],
            row["decision"],
            row["purpose"],
            row["ground"],
            row["member"],
            row["actor"],
            row["patient"],
        )
        for keeper in told
        for row in (one.to_json() for one in keeper.rows)
    ]
    columns = (
        "seat",
        "number",
        "time",
        "decision",
        "purpose",
        "ground",
        "member",
        "actor",
        "patient (pseudonym)",
    )
    settings.output.table(columns, rows)
    for one in told:
        more = "there may be more: " if one.more else ""
        settings.output.say(
            f"Seat {one.keeper.seat}: {len(one.rows)} receipts; {more}go on with --seat {one.keeper.seat} --after {one.next}"
        )
