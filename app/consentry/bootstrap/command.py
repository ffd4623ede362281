"""What `python -m consentry.gateway` and `… .keeper` share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from consentry.errors import ConsentryError
from consentry.serving.plan import Plan
from consentry.serving.process import serve
from consentry.telemetry import logs


def served(program: str, says: str | None, plan: Callable[[Path], Plan], arguments: list[str] | None) -> int:
    """Serve what `plan` makes of the settings; the exit code is that of the error that stopped it (consentry.errors)."""
    parser = argparse.ArgumentParser(prog=f"python -m consentry.{program}", description=says)
    parser.add_argument("--config", type=Path, required=True, help=f"the {program}'s settings, a JSON file")
    logs.offer(parser)
    chosen = parser.parse_args(arguments)
    logs.set_up(logs.LogFormat(chosen.log_format))
    try:
        return serve(plan(chosen.config))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}: {problem.diagnostics} {problem.next_step}\n")
        return problem.exit_code
