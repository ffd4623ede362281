"""How a gateway is served, and the form of refusals that never reach the application (specification G-2)."""

from __future__ import annotations

import gc
from functools import partial
from http import HTTPStatus

from consentry.bootstrap.gateway import open_gateway
from consentry.config import GatewayConfig
from consentry.gateway import problems
from consentry.gateway.app import create_app
from consentry.gateway.network import MAX_BODY_BYTES
from consentry.gateway.request_id import HEADER, new_id
from consentry.serving.plan import Plan, Refusal, Service
from consentry.serving.tls import server_context

AT_ONCE = 16
SLACK_BYTES = 64 * 1024


def plan_of(config: GatewayConfig) -> Plan:
    """What `serving.process.serve` needs for a gateway of these settings."""
    tls = config.serving.tls
    return Plan(
        host=config.host,
        port=config.port,
        open=lambda: open_service(config),
        refuse=refuse,
        most_body_bytes=max(config.max_bundle_bytes, MAX_BODY_BYTES) + SLACK_BYTES,
        at_once=AT_ONCE,
        tls=partial(server_context, tls.certificate, tls.key, tls.callers_authority) if tls.serves else None,
    )


def open_service(config: GatewayConfig) -> Service:
    """Raises ConsentryError."""
    gateway = open_gateway(config)

    def begin() -> None:
        gateway.scanning.start()
        gateway.filing.start()
        gateway.telling.start()
        gc.freeze()  # what is loaded now stays: not to be looked through again each time that memory is tidied up

    return Service(create_app(gateway), begin, gateway.page.streams.places.close, gateway.close)


def refuse(status: int, path: str) -> Refusal:
    """As problem+json or OperationOutcome."""
    identifier = new_id()
    problem = problems.of_status(status, path)
    body, kind = problems.render(problem, path, identifier)
    headers = (("Content-Type", kind), (HEADER, identifier), ("X-Content-Type-Options", "nosniff"))
    return Refusal(problem.status, HTTPStatus(problem.status).phrase, headers, body)
