"""News is told where a patient is reached: by e-mail, and through the member's own messaging system (W-21, W-22).

What is to be told is found in the desk's book and on the chain, and is in the box before anybody is told. Whether it still is
news is asked when it is told: what was signed meanwhile is told to nobody. No message says more than that there is something.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from consentry.domain.addresses import Address
from consentry.domain.ledger import MemberStatus
from consentry.errors import SealInvalid
from consentry.ports.mail import Mailer, Outbox, Outgoing
from consentry.ports.news import Kind
from consentry.ports.notices import Messenger
from consentry.services import notifying
from consentry.services.mail_addresses import MailPorts, address_of
from consentry.services.news import NewsPorts, news_of
from consentry.services.notifying import AT_ONCE, MOST_ATTEMPTS, pause
from consentry.services.sign_in import Site

BACK_SECONDS = 86_400
"""How old a question may be that is told still, for instance when this is turned on."""
TRIES_TO_SEE = 10
"""How often it is looked whether an opening got on chain: for more than an hour, which is longer than it can be relayed."""
MAIL, MESSENGER = "mail", "messenger"
NOBODY = Address("")
SUBJECT = "News about your health record · 您的健康档案有新消息"
_WORDS: Final = MappingProxyType(
    {
        Kind.CONSENT_REQUEST: ("Somebody asks for your consent.", "有人请求您的同意。"),
        Kind.MEMBER_SUSPENDED: (
            "An institution that you let read has been suspended.",
            "您许可读取的一家机构已被暂停资格。",
        ),
        Kind.EMERGENCY_OPENING: ("Your emergency summary was opened.", "您的急救摘要已被打开。"),
    }
)
_TEXT = """{english}
To see it, open {origin}/ and sign in with your wallet.

{chinese}
请打开 {origin}/ 并用您的钱包登录查看。

This message holds nothing of your record, and nobody will ever ask you for the secret words of your wallet.
此邮件不含您档案中的任何内容；任何人都不会向您索要钱包的助记词。
"""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutboxPorts:
    """`messenger` is None where the member has no messaging system, `mail.mailer` where it has no mail server."""

    site: Site
    box: Outbox
    news: NewsPorts
    mail: MailPorts
    messenger: Messenger | None


def tell(ports: OutboxPorts) -> int:
    """Find what is to be told, and tell what is due; gives how many were taken. Raises StoreUnreachable, ChainUnreachable,
    having lost nothing."""
    taken = 0
    if ports.mail.mailer is not None:
        taken += _channel(MAIL, _by_mail(ports.mail.mailer, ports), ports)
    if ports.messenger is not None:
        taken += _channel(MESSENGER, _by_messenger(ports.messenger, ports), ports)
    return taken


def _channel(channel: str, deliver: Callable[[Outgoing], bool | None], ports: OutboxPorts) -> int:
    now = ports.mail.clock.now()
    ports.box.put(ports.box.requests(channel, now - BACK_SECONDS, now), now)
    if channel == MAIL:  # the messaging system is told of openings by E-18
        ports.box.put(ports.box.openings(channel), now)
    _suspensions(channel, now, ports)
    return sum(_tell(one, deliver, now, ports) for one in ports.box.due(channel, now, AT_ONCE))


def _suspensions(channel: str, now: int, ports: OutboxPorts) -> None:
    members = ports.news.consents.ledger.members()
    suspended = {one.address for one in members if one.status is not MemberStatus.Active}
    told = ports.box.told_of(channel, Kind.MEMBER_SUSPENDED)
    for member in told - suspended:
        ports.box.forget(channel, Kind.MEMBER_SUSPENDED, member)
    for member in suspended - told:
        taken_up = Outgoing(channel, Kind.MEMBER_SUSPENDED, member, NOBODY)
        ports.box.put([*ports.box.readers(channel, member, now), taken_up], now)


def _tell(one: Outgoing, deliver: Callable[[Outgoing], bool | None], now: int, ports: OutboxPorts) -> bool:
    news, tries = _is_news(one, ports), MOST_ATTEMPTS
    taken = deliver(one) if news else None
    if not news and one.kind == Kind.EMERGENCY_OPENING:  # it is kept before it is on chain
        taken, tries = False, TRIES_TO_SEE
    if taken is False and one.attempts + 1 < tries:
        ports.box.later(one, now + pause(one.attempts))
        return False
    ports.box.settle(one, now)
    if taken is False and news:
        _LOG.error(
            "news was told in vain by %(channel)s: the patient sees it at sign-in", {"channel": one.channel}
        )
    return bool(taken)


def _is_news(one: Outgoing, ports: OutboxPorts) -> bool:
    if one.kind == Kind.EMERGENCY_OPENING:
        notices = notifying.notices_of(one.patient, ports.news.openings)
        return any("0x" + notice.kept.opening_id.hex() == one.subject for notice in notices)
    return any((new.kind, new.subject) == (one.kind, one.subject) for new in news_of(one.patient, ports.news))


def _by_mail(mailer: Mailer, ports: OutboxPorts) -> Callable[[Outgoing], bool | None]:
    """None: there is nobody to tell."""

    def deliver(one: Outgoing) -> bool | None:
        try:
            address = address_of(one.patient, ports.mail)
        except SealInvalid:
            return None
        if address is None:
            return None
        english, chinese = _WORDS[Kind(one.kind)]
        text = _TEXT.format(english=english, chinese=chinese, origin=ports.site.origin)
        return mailer.send(address, SUBJECT, text)

    return deliver


def _by_messenger(messenger: Messenger, ports: OutboxPorts) -> Callable[[Outgoing], bool | None]:
    def deliver(one: Outgoing) -> bool | None:
        body = {"type": one.kind, "member": ports.site.member_name, "refs": list(one.refs)}
        return messenger.deliver(json.dumps(body, ensure_ascii=False).encode("utf-8")) if one.refs else None

    return deliver
