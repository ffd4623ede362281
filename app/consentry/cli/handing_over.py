"""`consentry keeper hand-over`, `take-over`, `renew`: keys of a keeper that is replaced, or that takes a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Command, takes_chain
from consentry.cli.files import read_bytes, require_writable, write_private
from consentry.cli.settings import F, Settings, opened, pass_settings
from consentry.crypto import hpke
from consentry.domain import fields
from consentry.domain.hand_over import MAX_FILE_BYTES
from consentry.services import hand_over as service
from consentry.services.hand_over import Seat
from consentry.wallets.keyfile import open_keeper

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger


def _takes_keystore() -> Callable[[F], F]:
    return click.option(
        "--keystore",
        metavar="FILE",
        required=True,
        help="The keeper's keystore. Passphrase: CONSENTRY_PASSPHRASE_FILE, CONSENTRY_PASSPHRASE, or asked for.",
    )


@click.command(
    "hand-over",
    cls=Command,
    example="consentry keeper hand-over --keystore trustee.keystore --out hand-over.json",
)
@_takes_keystore()
@click.option("--out", metavar="FILE", required=True, help="Write the sealed keys to this file.")
@takes_chain
@pass_settings
def hand_over(settings: Settings, keystore: str, out: str) -> None:
    """Seal your seat's keys to whoever the committee seats there now.

    For an outgoing keeper, once the next committee is published and final. Nobody but the successor can open the file;
    send it as you like. Keep your keeper running until the successor has taken over.
    """
    require_writable(Path(out))
    held = opened(keystore, open_keeper)
    found = service.hand_over(held.account, held.seeds, _ledger(settings))
    write_private(Path(out), found.file.to_bytes() + b"\n")
    value = {
        "file": out,
        "keys": [{"version": one.version, "seat": one.seat, "to": one.to} for one in found.file.keys],
        "lacking": _seats(found.lacking),
    }

    def tell() -> None:
        rows = [(one.seat, one.version, one.to) for one in found.file.keys]
        settings.output.table(("seat", "from committee", "to keeper"), rows)
        for one in found.lacking:
            settings.output.say(
                f"This keystore lacks the key of seat {one.seat} of committee {one.version}: that one cannot be passed on."
            )
        settings.output.say(
            f"{out} is for the successor: consentry keeper take-over {out} --keystore FILE, then it restarts its keeper."
        )

    settings.output.result(value, tell)


@click.command(
    "take-over",
    cls=Command,
    example="consentry keeper take-over hand-over.json --keystore new-trustee.keystore",
)
@click.argument("file", metavar="FILE")
@_takes_keystore()
@takes_chain
@pass_settings
def take_over(settings: Settings, file: str, keystore: str) -> None:
    """Take the keys over that a keeper before you handed over.

    Each is checked against the committee that names it. Restart the keeper afterwards: it then opens what was sealed to
    the keeper before. Repeating it changes nothing.
    """
    raw = read_bytes(Path(file), MAX_FILE_BYTES)
    held = opened(keystore, open_keeper)
    taken = service.take_over(raw, held.account, held.seeds, _ledger(settings))
    if taken.fresh:
        held.add(taken.fresh)
    value = {"fresh": len(taken.fresh), "seats": _seats(taken.seats)}

    def tell() -> None:
        settings.output.table(("seat", "from committee"), [(one.seat, one.version) for one in taken.seats])
        if taken.fresh:
            settings.output.say(
                f"{len(taken.fresh)} keys taken over into {keystore}. Restart the keeper now."
            )
        else:
            settings.output.say("All of them were taken over before.")

    settings.output.result(value, tell)


@click.command(cls=Command, example="consentry keeper renew trustee.keystore > trustee-public.json")
@click.argument("keystore", metavar="FILE")
@pass_settings
def renew(settings: Settings, keystore: str) -> None:
    """Add a new sealing key to a keeper's keystore.

    Prints its public parts as JSON, for the committee's next version. The keys before stay: they open what was sealed
    to them.
    """
    held, seed = opened(keystore, open_keeper), hpke.generate_seed()
    held.add([seed])
    public: dict[str, Any] = {
        "account": held.account,
        "sealingKey": fields.to_base64(hpke.public_key(seed)),
    }
    settings.output.as_json = True  # the public parts go to a program, always
    settings.output.result(public, lambda: None)


def _ledger(settings: Settings) -> ChainLedger:
    connection = settings.connection()

    from consentry.chain.ledger import ChainLedger

    return ChainLedger(connection)


def _seats(seats: tuple[Seat, ...]) -> list[dict[str, int]]:
    return [{"version": one.version, "seat": one.seat} for one in seats]
