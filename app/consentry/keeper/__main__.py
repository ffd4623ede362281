"""`python -m consentry.keeper --config FILE`: one keeper, served until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from consentry.errors import ConsentryError
from consentry.keeper.server import plan_of
from consentry.keeper.settings import read_keeper_config
from consentry.serving.process import serve
from consentry.telemetry import logs


def main(arguments: list[str] | None = None) -> int:
    """Serve; the exit code is that of the error that stopped it (consentry.errors)."""
    parser = argparse.ArgumentParser(prog="python -m consentry.keeper", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the keeper's settings, a JSON file")
    logs.offer(parser)
    chosen = parser.parse_args(arguments)
    logs.set_up(logs.LogFormat(chosen.log_format))
    try:
        return serve(plan_of(read_keeper_config(chosen.config)))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}: {problem.diagnostics} {problem.next_step}\n")
        return problem.exit_code


if __name__ == "__main__":
    sys.exit(main())
