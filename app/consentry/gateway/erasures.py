"""Orders of authors to erase their entries. Signed by themselves: nobody signs in for them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields
from consentry.domain.erasure import MAX_ORDER_BYTES
from consentry.gateway import body
from consentry.gateway.parts import gateway
from consentry.ports.erasures import SignedOrder
from consentry.services.obeying import obey

routes = Blueprint("erasures", __name__)


@routes.post("/api/erasures")
def post_erasure() -> dict[str, Any]:
    asked = body.json_object("order", "signature")
    order = SignedOrder(
        fields.base64_bytes(asked["order"], "order", 1, MAX_ORDER_BYTES),
        fields.hex_bytes(asked["signature"], "signature", 65, 65),
    )
    certificate = obey(order, gateway().obeying)
    return {
        "certificate": fields.to_base64(certificate.raw),
        "signature": fields.to_hex(certificate.signature),
    }
