"""Start Brownie without its own register of contracts deployed on live networks.

Brownie 1.22.2 stumbles there over every contract of a project (`_add_deployment` wants a dict of sources and
gets a `Sources`) and prints a traceback for each deployment. Nothing of ours reads that register: what is
deployed where stands in deployments/<chain>.json.
"""

import sys

from brownie._cli.__main__ import main
from brownie.network import contract


def forget_deployment(*_: object) -> None:
    """Stand in for `brownie.network.state._add_deployment`."""


contract._add_deployment = forget_deployment

if __name__ == "__main__":
    sys.exit(main())
