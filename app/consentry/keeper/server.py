"""How a keeper is served, and the form of refusals that never reach the application."""

from __future__ import annotations

import gc
from functools import partial
from http import HTTPStatus

from consentry.bootstrap.keeper import open_keeper
from consentry.keeper import problems
from consentry.keeper.app import create_app
from consentry.keeper.settings import KeeperConfig
from consentry.services.release_intake import MAX_BODY_BYTES
from consentry.serving.plan import Plan, Refusal, Service
from consentry.serving.tls import server_context

SLACK_BYTES = 65_536


def plan_of(config: KeeperConfig) -> Plan:
    """What `serving.process.serve` needs for a keeper of these settings."""
    tls = config.serving.tls
    return Plan(
        host=config.host,
        port=config.port,
        open=lambda: open_service(config),
        refuse=refuse,
        most_body_bytes=MAX_BODY_BYTES + SLACK_BYTES,
        at_once=config.threads,
        tls=partial(server_context, tls.certificate, tls.key, tls.callers_authority) if tls.serves else None,
    )


def open_service(config: KeeperConfig) -> Service:
    """Raises ConsentryError."""
    keeper = open_keeper(config)

    def begin() -> None:
        keeper.committer.start()
        keeper.relay.start()
        gc.freeze()  # what is loaded now stays: not to be looked through again each time that memory is tidied up

    def close() -> None:
        keeper.relay.close()
        keeper.committer.close()

    return Service(create_app(keeper), begin, lambda: None, close)


def refuse(status: int, path: str) -> Refusal:
    """As problem+json; the keeper has one form for all paths."""
    body, answered = problems.of_status(status)
    headers = (("Content-Type", problems.KIND), ("X-Content-Type-Options", "nosniff"))
    return Refusal(answered, HTTPStatus(answered).phrase, headers, body)
