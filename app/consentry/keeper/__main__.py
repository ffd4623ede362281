"""`python -m consentry.keeper --config FILE`: one keeper, served by waitress until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
from pathlib import Path
from types import FrameType

from waitress.server import create_server

from consentry.bootstrap.keeper import open_keeper
from consentry.errors import ConfigInvalid, ConsentryError
from consentry.keeper.app import create_app
from consentry.keeper.settings import KeeperConfig, read_keeper_config
from consentry.services.release_intake import MAX_BODY_BYTES

MOST_ANSWER_BYTES = 64 * 1024 * 1024


def main(arguments: list[str] | None = None) -> int:
    """Serve; the exit code is that of the error that stopped it (consentry.errors)."""
    parser = argparse.ArgumentParser(prog="python -m consentry.keeper", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the keeper's settings, a JSON file")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # waitress warns about every queued request; a busy keeper is not news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        _serve(read_keeper_config(chosen.config))
    except ConsentryError as problem:
        sys.stderr.write(f"{problem.code}: {problem.diagnostics} {problem.next_step}\n")
        return problem.exit_code
    return 0


def _serve(config: KeeperConfig) -> None:
    keeper = open_keeper(config)
    most = MAX_BODY_BYTES + 65_536
    try:
        server = create_server(
            create_app(keeper),
            host=config.host,
            port=config.port,
            threads=config.threads,
            max_request_body_size=most,
            # in memory to the end: requests name patients and terms, which no temporary file may hold
            inbuf_overflow=most,
            outbuf_overflow=MOST_ANSWER_BYTES,
            channel_timeout=60,
            asyncore_use_poll=True,  # select() serves no file descriptor from 1,024 on
            ident=None,
            expose_tracebacks=False,
        )
    except OSError as problem:
        raise ConfigInvalid(f"host, port: nothing can listen there ({problem.strerror})") from None
    signal.signal(signal.SIGTERM, _interrupt)
    keeper.committer.start()
    keeper.relay.start()
    port = getattr(server, "effective_port", config.port)
    logging.getLogger(__name__).info("keeper %s serves on port %s", keeper.desk.account, port)
    gc.freeze()  # what is loaded now stays: not to be looked through again each time that memory is tidied up
    try:
        server.run()
    finally:
        keeper.relay.close()
        keeper.committer.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """waitress ends its loop on KeyboardInterrupt and lets the requests under way finish."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
