"""`consentry`: one entry for developers, hospital systems, patients without a browser, and auditors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

try:
    import click

    from consentry import __version__
    from consentry.cli import failures
    from consentry.cli.backing_up import backup, backup_key, restore_
    from consentry.cli.command import Group
    from consentry.cli.consents import consent
    from consentry.cli.consortium import consortium
    from consentry.cli.databases import database
    from consentry.cli.emergency import emergency
    from consentry.cli.endpoint import endpoint
    from consentry.cli.erasing import erase
    from consentry.cli.keepers import keeper
    from consentry.cli.local import demo, status, up
    from consentry.cli.members import member
    from consentry.cli.networks import network
    from consentry.cli.patients import patient
    from consentry.cli.petitions import petitions
    from consentry.cli.publishing import publish
    from consentry.cli.reading import read
    from consentry.cli.receipts import receipts
    from consentry.cli.records import records
    from consentry.cli.resealing import reseal
    from consentry.cli.settings import Settings
    from consentry.cli.staff import staff
    from consentry.cli.stores import store
    from consentry.cli.systems import client
    from consentry.cli.verifying import verify
    from consentry.cli.wallets import wallet
    from consentry.errors import ConsentryError
except (
    KeyboardInterrupt
):  # these take a second to import: somebody may have changed their mind, and wants no traceback
    sys.stderr.write("Interrupted.\n")
    raise SystemExit(130) from None

_EPILOG = """\b
Start here:
  consentry demo                        the whole exchange as a story, then it stops
  consentry up                          the same network, left running; in another terminal:
  source .consentry/up/env.sh           gateway, keys and wallets of that network, as `up` prints it
  consentry status
  consentry patient link --mrn 4711 --wallet $WALLETS/alice.keystore
  consentry wallet open-directory --wallet $WALLETS/alice.keystore
  consentry publish visit.json --patient REF        REF: what `patient link` printed
  docs/first-hour.md goes on from there.
Exit codes: 0 done, 2 input, 3 refused, 4 integrity, 5 unavailable, 1 internal, 130 interrupted."""


@click.group(cls=Group, epilog=_EPILOG, context_settings={"max_content_width": 110})
@click.version_option(__version__, prog_name="consentry")
def cli() -> None:
    """Health records that move between institutions under the patient's signature."""


for _command in (
    up,
    demo,
    status,
    network,
    publish,
    consent,
    read,
    records,
    petitions,
    emergency,
    receipts,
    verify,
    endpoint,
    member,
    consortium,
    staff,
    client,
    patient,
    keeper,
    reseal,
    wallet,
    database,
    backup,
    backup_key,
    restore_,
    store,
    erase,
):
    cli.add_command(_command)


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; gives its exit code. Nothing escapes."""
    settings = Settings()
    # What fails before options are read must follow --json as well.
    as_json = "--json" in arguments
    try:
        outcome = cli.main(list(arguments), prog_name="consentry", standalone_mode=False, obj=settings)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.NoArgsIsHelpError as problem:
        click.echo(problem.format_message())
        return 0
    except click.UsageError as problem:
        return failures.tell(failures.of_usage(problem), as_json=as_json)
    except ConsentryError as error:
        return failures.tell(error, as_json=as_json)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return failures.INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone; nothing may be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as problem:
        return failures.tell(failures.of_unexpected(problem), as_json=as_json)


if __name__ == "__main__":
    main()
