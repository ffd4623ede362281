"""Keepers over HTTP: asked in parallel, as many answers taken as are needed (design §4, §7; specification K-28).

A keeper that is dead, slow, lying or talking rubbish costs its own answer and nothing else: it is noted by
seat and host, and reading goes on while `threshold` honest ones answer. Who did so lately is asked last
(`suspects`). Each keeper is asked by threads of its own, so that a slow one makes nobody else wait.
"""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from consentry.domain import fields
from consentry.domain.ledger import CommitteeInfo, KeeperInfo
from consentry.domain.requests import MAX_ITEMS, request_digest
from consentry.domain.revocation import SignedRevocation
from consentry.errors import (
    ConsentryError,
    KeeperMisbehaved,
    KeeperUnreachable,
    KeeperUntrusted,
    LayoutInvalid,
)
from consentry.ports.keeper_values import (
    Asked,
    KeeperFailure,
    OpenShare,
    SignedAcknowledgement,
    SignedAsk,
)
from consentry.remote.exchange import AnswerTooLarge, Exchange, NoAnswer
from consentry.remote.keeper_answers import SHARE_BYTES, Given, given_by
from consentry.remote.suspects import Suspects
from consentry.remote.tally import Tally, said
from consentry.telemetry.request_id import Threads, with_current

_ANSWER_BYTES = 65_536
_RECEIPTS_BYTES = 6 * 1_048_576
_CONNECT_SECONDS = 1.0
SLOW_SECONDS = 0.5
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class HttpKeepers:
    """The `Keepers` port. Connections and threads are kept between calls; safe to share between threads."""

    def __init__(
        self,
        *,
        timeout_seconds: float = 3.0,
        spare: int | None = None,
        threads_each: int = 8,
        slow_seconds: float = SLOW_SECONDS,
        tls: ssl.SSLContext | None = None,
        only_tls: bool = False,
    ) -> None:
        """`timeout_seconds`: for one keeper's whole answer. `threads_each`: how many questions one keeper gets at once.

        `spare`: how many keepers beyond the threshold are asked at first, picked at random; None asks all.

        Asking fewer saves work and leaves more uses of a limited consent; the others follow when one fails, or after
        `slow_seconds`, and whoever has not answered by then is asked last from then on.
        """
        self._slow = slow_seconds
        self._spare = spare
        self._timeout = timeout_seconds
        # Asking a keeper twice is harmless (K-7), so connections may be kept.
        connecting = min(_CONNECT_SECONDS, timeout_seconds)
        self._exchange = Exchange(kept=threads_each, connect_seconds=connecting, tls=tls, only_tls=only_tls)
        self._threads_each = threads_each
        self._threads: dict[str, Threads] = {}
        self._suspects = Suspects()
        self._lock = Lock()

    def ask(self, ask: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        """See the port."""
        if not 1 <= ask.items <= MAX_ITEMS:
            raise LayoutInvalid(f"items: a request asks for 1 to {MAX_ITEMS}")
        tally = Tally(ask.items, len(committee.keepers), committee.threshold)
        digest = request_digest(ask.request)
        waves = self.waves(committee)
        running: dict[Future[Given], KeeperInfo] = {}
        started = time.monotonic()
        while not tally.settled:
            elapsed = time.monotonic() - started
            if waves and (not tally.reachable(len(running)) or elapsed > self._slow):
                for keeper in running.values() if elapsed > self._slow else ():
                    self._suspects.doubt(keeper.url)
                for keeper in waves.pop(0):
                    running[self._threads_of(keeper).submit(self._release, keeper, ask, digest)] = keeper
            left = 2 * self._timeout + self._slow - elapsed
            if not running or left <= 0:
                break
            done, _ = wait(running, min(self._slow, left) if waves else left, FIRST_COMPLETED)
            for future in done:
                keeper = running.pop(future)
                self._count(tally, keeper, future, open_share)
        late = time.monotonic() - started > self._slow
        for future, keeper in running.items():
            future.cancel()
            if late:
                self._suspects.doubt(keeper.url)
            if not tally.settled:
                tally.failed(_failure(keeper, KeeperUnreachable("no answer in time")))
        return tally.result()

    def receipts(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Mapping[str, Any]:
        """See the port."""
        return self._post(keeper, "/receipts", _signed(request, signature), _RECEIPTS_BYTES)

    def feed(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> Mapping[str, Any]:
        """See the port."""
        return self._post(keeper, "/feed", _signed(request, signature), _RECEIPTS_BYTES)

    def end_session(self, keeper: KeeperInfo, request: bytes, signature: bytes) -> None:
        """See the port."""
        answer = self._post(keeper, "/sessions/revoked", _signed(request, signature), _ANSWER_BYTES)
        if answer.get("keeper") != keeper.account:
            raise KeeperMisbehaved("it is not the keeper that the committee names")

    def revoke(self, keeper: KeeperInfo, revocation: SignedRevocation) -> SignedAcknowledgement:
        """See the port."""
        answer = self._post(keeper, "/revocations", revocation.to_json(), _ANSWER_BYTES)
        try:
            return SignedAcknowledgement(
                fields.base64_bytes(answer["acknowledgement"], "acknowledgement", 1, SHARE_BYTES),
                fields.base64_bytes(answer["signature"], "signature", 65),
            )
        except (KeyError, LayoutInvalid):
            raise KeeperMisbehaved("its answer has another layout") from None

    def close(self) -> None:
        with self._lock:
            threads, self._threads = self._threads, {}
        for one in threads.values():
            one.shutdown(wait=False, cancel_futures=True)
        self._exchange.close()

    def _threads_of(self, keeper: KeeperInfo) -> Threads:
        with self._lock:
            found = self._threads.get(keeper.url)
            if found is None:
                found = Threads(self._threads_each, thread_name_prefix="keeper")
                self._threads[keeper.url] = found
            return found

    def _count(self, tally: Tally, keeper: KeeperInfo, future: Future[Given], open_share: OpenShare) -> None:
        try:
            given = future.result()
        except ConsentryError as problem:
            tally.failed(_failure(keeper, problem))
            return
        honest = True
        for item, (share, served) in enumerate(zip(given.shares, given.served, strict=True)):
            if share is None:
                tally.refused(item, keeper.seat)
                continue
            try:
                tally.opened(item, keeper.seat, open_share(item, keeper.seat, share), served)
            except ConsentryError as problem:
                honest = False
                tally.lied(item, _failure(keeper, problem))
        if not honest:
            self._suspects.doubt(keeper.url)
        elif given.seconds < self._slow:
            self._suspects.trust(keeper.url)

    def _release(self, keeper: KeeperInfo, ask: SignedAsk, digest: bytes) -> Given:
        began = time.monotonic()
        shares = ask.shares.get(keeper.seat, (None,) * ask.items)
        body = {
            "request": fields.to_base64(ask.request),
            "signature": fields.to_base64(ask.signature),
            "shares": [None if share is None else fields.to_base64(share) for share in shares],
        }
        answer = self._post(keeper, "/release", body, _ANSWER_BYTES + 2 * SHARE_BYTES * ask.items)
        return given_by(keeper, answer, digest, ask.items, time.monotonic() - began)

    def _post(self, keeper: KeeperInfo, path: str, body: object, most: int) -> dict[str, Any]:
        raw = json.dumps(body, separators=(",", ":")).encode("ascii")
        url = keeper.url.rstrip("/") + path
        try:
            reply = self._exchange.ask(
                "POST", url, raw, with_current(_JSON), seconds=self._timeout, most=most
            )
        except NoAnswer as failure:
            self._suspects.doubt(keeper.url)
            if failure.untrusted:
                raise KeeperUntrusted(failure.untrusted) from None
            why = "no whole answer in time" if failure.late else "no connection, or no HTTP"
            raise KeeperUnreachable(why) from None
        except AnswerTooLarge:
            raise KeeperMisbehaved("its answer is too large") from None
        try:
            parsed = json.loads(reply.body)
        except (ValueError, RecursionError):
            raise KeeperMisbehaved("it did not answer JSON") from None
        if not isinstance(parsed, dict):
            raise KeeperMisbehaved("it did not answer an object")
        if reply.status != 200:
            raise said(parsed.get("code"))
        return parsed

    def waves(self, committee: CommitteeInfo) -> list[list[KeeperInfo]]:
        """Whom to ask first, and whom only then."""
        doubted = self._suspects.doubted()
        first = [keeper for keeper in committee.keepers if keeper.url not in doubted]
        last = [keeper for keeper in committee.keepers if keeper.url in doubted] + list(committee.former)
        if len(first) < committee.threshold:
            return [first + last]
        if self._spare is not None:
            random.shuffle(first)
            enough = committee.threshold + self._spare
            first, last = first[:enough], first[enough:] + last
        return [first, last] if last else [first]


def _signed(request: bytes, signature: bytes) -> dict[str, str]:
    return {"request": fields.to_base64(request), "signature": fields.to_base64(signature)}


def _failure(keeper: KeeperInfo, problem: ConsentryError) -> KeeperFailure:
    return KeeperFailure(keeper.seat, urlsplit(keeper.url).netloc, problem.code, problem.diagnostics)
