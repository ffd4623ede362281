"""The one place where a failure becomes words on stderr (or JSON on stdout) and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

import click

from consentry.cli.answers import clean, json_text
from consentry.cli.command import help_step
from consentry.cli.output import Output, console
from consentry.cli.problems import CommandInvalid, Internal
from consentry.errors import ConsentryError

INTERRUPTED = 130
"""128 + SIGINT, as shells count."""


def tell(error: ConsentryError, *, as_json: bool) -> int:
    """Say what failed and what to do next; gives the exit code."""
    if as_json:
        sys.stdout.write(json_text({"error": shown(error)}) + "\n")
        return error.exit_code
    detail, step = clean(error.diagnostics, 4000), clean(error.next_step)
    stderr = console(sys.stderr)
    stderr.print(f"Error ({error.code}): {detail}", style="bold red", soft_wrap=True)
    for place in error.expression[:20]:
        stderr.print(f"  at {clean(place)}", soft_wrap=True)
    stderr.print(f"Next: {step}", soft_wrap=True)
    return error.exit_code


def shown(error: ConsentryError) -> dict[str, object]:
    """A failure as JSON."""
    told: dict[str, object] = {
        "code": error.code,
        "detail": clean(error.diagnostics, 4000),
        "nextStep": clean(error.next_step),
    }
    if error.expression:
        told["expression"] = [clean(one) for one in error.expression]
    return told


def after_result(
    output: Output, value: dict[str, Any], tell_it: Callable[[], object], error: ConsentryError | None
) -> None:
    """Say a result that counts although something failed; then the failure, if there is one, whose exit code it is. With --json
    both are one value."""
    if error is None:
        output.result(value, tell_it)
        return
    output.result(value | {"error": shown(error)}, tell_it)
    if output.as_json:
        click.get_current_context().exit(error.exit_code)
    raise error


def of_usage(problem: click.UsageError) -> ConsentryError:
    """A command that click could not parse, as one of our errors."""
    error = CommandInvalid(problem.format_message())
    if problem.ctx is not None:
        error.next_step = help_step(problem.ctx)  # type: ignore[misc]
    return error


def of_unexpected(problem: BaseException) -> ConsentryError:
    """Something nobody foresaw: where it happened goes to a file, what it said does not (it may hold data)."""
    try:
        handle, path = tempfile.mkstemp(prefix="consentry-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write("".join(traceback.format_list(traceback.extract_tb(problem.__traceback__))))
            log.write(f"{type(problem).__module__}.{type(problem).__qualname__}\n")
    except OSError:
        return Internal(f"{type(problem).__name__}; no log file could be written")
    return Internal(f"{type(problem).__name__}; see {path}")
