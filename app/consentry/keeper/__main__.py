"""`python -m consentry.keeper --config FILE`: one keeper, served until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from consentry.errors import ConsentryError
from consentry.keeper.server import plan_of
from consentry.keeper.settings import read_keeper_config
from consentry.serving.process import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve; the exit code is that of the error that stopped it (consentry.errors)."""
    parser = argparse.ArgumentParser(prog="python -m consentry.keeper", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the keeper's settings, a JSON file")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        return serve(plan_of(read_keeper_config(chosen.config)))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}: {problem.diagnostics} {problem.next_step}\n")
        return problem.exit_code


if __name__ == "__main__":
    sys.exit(main())
