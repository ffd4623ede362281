"""Commands that teach: each has an example in its help, takes --json, and the shared options it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from consentry.cli.problems import CommandInvalid
from consentry.cli.settings import F, Settings

_WHOLE = 1000
"""Characters of a summary: as good as no limit."""


def _stores(attribute: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that keeps an option's value in the run's settings."""

    def keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value is not None:
            setattr(ctx.ensure_object(Settings), attribute, value)
        return value

    return keep


def _json_option() -> click.Option:
    def keep(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's form
        if value:
            ctx.ensure_object(Settings).output.as_json = True

    return click.Option(
        ["--json"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=keep,
        help="One JSON value on stdout, errors too.",
    )


class Command(click.Command):
    """A command with `example`: one or more lines as they are typed."""

    def __init__(self, *arguments: Any, example: str, **settings: Any) -> None:
        settings["epilog"] = "\b\nExample:\n" + "\n".join(f"  {line}" for line in example.splitlines())
        super().__init__(*arguments, **settings)
        self.params.append(_json_option())

    def invoke(self, ctx: click.Context) -> Any:
        """Run; what this command cannot understand is explained by this command's own help."""
        try:
            return super().invoke(ctx)
        except CommandInvalid as problem:
            if problem.next_step == CommandInvalid.next_step:
                problem.next_step = help_step(ctx)  # type: ignore[misc]
            raise


def help_step(ctx: click.Context) -> str:
    """The next step after a command that could not be understood."""
    return f"`{ctx.command_path} --help` shows an example."


class Group(click.Group):
    """A group whose list of commands cuts no summary short."""

    command_class = Command
    group_class = type

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params.append(_json_option())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.commands[name].get_short_help_str(_WHOLE)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def takes_gateway(command: F) -> F:
    return click.option(
        "--gateway",
        metavar="URL",
        envvar="CONSENTRY_GATEWAY",
        expose_value=False,
        callback=_stores("gateway"),
        help="The gateway to speak to (CONSENTRY_GATEWAY).",
    )(command)


def takes_insecure(command: F) -> F:
    return click.option(
        "--insecure-http",
        is_flag=True,
        envvar="CONSENTRY_INSECURE_HTTP",
        expose_value=False,
        callback=_stores("insecure_http"),
        help="Send keys and tokens over plain http to another machine (CONSENTRY_INSECURE_HTTP).",
    )(command)


def takes_client_key(command: F) -> F:
    key = click.option(
        "--client-key-file",
        metavar="FILE",
        envvar="CONSENTRY_CLIENT_KEY_FILE",
        expose_value=False,
        callback=_stores("client_key_file"),
        help="File with the hospital system's key (CONSENTRY_CLIENT_KEY_FILE).",
    )
    return key(takes_insecure(command))


def takes_chain(command: F) -> F:
    deployment = click.option(
        "--deployment",
        metavar="FILE",
        envvar="CONSENTRY_DEPLOYMENT",
        expose_value=False,
        callback=_stores("deployment"),
        help="The deployment file of the network (CONSENTRY_DEPLOYMENT).",
    )
    rpc = click.option(
        "--rpc",
        metavar="URL",
        envvar="CONSENTRY_RPC",
        expose_value=False,
        callback=_stores("rpc"),
        help="JSON-RPC address of your own chain node, or several between commas (CONSENTRY_RPC).",
    )
    return rpc(deployment(command))


def takes_wallet(*, required: bool = True, help_text: str = "Your wallet's key file.") -> Callable[[F], F]:
    return click.option(
        "--wallet",
        metavar="FILE",
        envvar="CONSENTRY_WALLET",
        required=required,
        help=f"{help_text} (CONSENTRY_WALLET) Passphrase: CONSENTRY_PASSPHRASE_FILE, "
        "CONSENTRY_PASSPHRASE, or asked for.",
    )


def takes_patient_did(command: F) -> F:
    return click.option(
        "--for",
        metavar="DID",
        expose_value=False,
        callback=_stores("patient"),
        help="Act for this patient, as a representative; default: the wallet's own DID.",
    )(command)


def takes_staff() -> Callable[[F], F]:
    return click.option(
        "--as",
        "staff",
        metavar="FILE",
        help="Key file of a staff member to sign in with, instead of the client key.",
    )
