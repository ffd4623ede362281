"""One page of what a keeper keeps: asked with a session's signature, and answered sealed to the query's key (L-21).

A query is for one keeper: who sees the answer on its way learns nothing and cannot ask elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from consentry.crypto import hpke
from consentry.domain import fields
from consentry.domain.queries import PageQuery
from consentry.domain.requests import request_digest
from consentry.errors import LayoutInvalid, SignatureInvalid
from consentry.services.keeper_desk import Desk
from consentry.services.release_intake import Signed, authenticate, require_not_ended

Info = Callable[[bytes], bytes]
"""A query's digest to the `info` that its answer is sealed with (domain.infos)."""
Page = TypeVar("Page")


def require_own(query: PageQuery, signed: Signed, desk: Desk) -> None:
    """That the query is for this keeper, fresh, signed by its actor's session, and not one too many.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, SessionRevoked, RateLimited; asks the chain nothing.
    """
    if query.keeper != desk.account:
        fields.refuse("query.keeper", "be the keeper that is asked")
    hpke.check_public_key(query.seal_to)
    if authenticate(signed, query.session, query.chain_id, query.issued_at, desk) != query.actor:
        raise SignatureInvalid("the session was signed by another account than the actor")
    desk.pace.take(query.actor)


def seal_page(page: Any, query: PageQuery, info: Info, desk: Desk) -> dict[str, str]:
    """The JSON of a page as it leaves the keeper. Raises SessionRevoked if the session ended while it was made."""
    require_not_ended(query.actor, query.session, desk)
    sealed = hpke.seal(
        query.seal_to, info(request_digest(query.to_bytes())), json.dumps(page).encode("ascii")
    )
    return {"sealed": fields.to_base64(sealed)}


def open_page(
    parse: Callable[[Any], Page], seed: bytes, query: bytes, info: Info, answer: Any, most: int
) -> Page:
    """The page in a keeper's answer to these query bytes, whose key has this seed. Raises LayoutInvalid, SealInvalid."""
    got = fields.exact(answer, ("sealed",), "answer")
    sealed = fields.base64_bytes(got["sealed"], "answer.sealed", 1, most)
    page = hpke.open_(seed, info(request_digest(query)), sealed)
    try:
        return parse(json.loads(page))
    except (ValueError, RecursionError):
        raise LayoutInvalid("page: must be JSON") from None
