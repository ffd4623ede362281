"""`python -m consentry.gateway --config FILE`: one member's gateway, served by waitress until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
from pathlib import Path
from types import FrameType

from consentry.bootstrap.gateway import open_gateway
from consentry.config import GatewayConfig, read_gateway_config
from consentry.errors import ConfigInvalid, ConsentryError
from consentry.gateway.app import create_app
from consentry.gateway.network import MAX_BODY_BYTES
from consentry.gateway.server import listen

SLACK_BYTES = 64 * 1024
_LOG = logging.getLogger("consentry.gateway")


def main(arguments: list[str] | None = None) -> int:
    """Serve; the exit code is that of the error that stopped it (consentry.errors)."""
    parser = argparse.ArgumentParser(prog="python -m consentry.gateway", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the gateway's settings, a JSON file")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # waitress warns about every queued request; a busy gateway is not news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        _serve(read_gateway_config(chosen.config))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}: {problem.diagnostics} {problem.next_step}\n")
        return problem.exit_code
    return 0


def _serve(config: GatewayConfig) -> None:
    gateway = open_gateway(config)
    try:
        most = max(config.max_bundle_bytes, MAX_BODY_BYTES) + SLACK_BYTES
        server = listen(create_app(gateway), config.host, config.port, most)
    except OSError as problem:
        gateway.close()
        raise ConfigInvalid(f"cannot listen on port {config.port}: {problem.strerror}") from None
    signal.signal(signal.SIGTERM, _interrupt)
    gateway.scanning.start()
    gateway.filing.start()
    gateway.telling.start()
    _LOG.info("the gateway of %s serves %s", config.member_name, gateway.site.origin)
    gc.freeze()  # what is loaded now stays: not to be looked through again each time that memory is tidied up
    try:
        server.run()
    finally:
        gateway.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """waitress ends its loop on KeyboardInterrupt and lets the requests under way finish."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
