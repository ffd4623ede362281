"""`python -m consentry.keeper --config FILE`: one keeper, served until SIGTERM or Ctrl-C."""

from __future__ import annotations

import sys

from consentry.bootstrap.command import served
from consentry.keeper.server import plan_of
from consentry.keeper.settings import read_keeper_config


def main(arguments: list[str] | None = None) -> int:
    return served("keeper", __doc__, lambda config: plan_of(read_keeper_config(config)), arguments)


if __name__ == "__main__":
    sys.exit(main())
