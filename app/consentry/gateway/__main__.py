"""`python -m consentry.gateway --config FILE`: one member's gateway, served until SIGTERM or Ctrl-C."""

from __future__ import annotations

import sys

from consentry.bootstrap.command import served
from consentry.config import read_gateway_config
from consentry.gateway.server import plan_of


def main(arguments: list[str] | None = None) -> int:
    return served("gateway", __doc__, lambda config: plan_of(read_gateway_config(config)), arguments)


if __name__ == "__main__":
    sys.exit(main())
