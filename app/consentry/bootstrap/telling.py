"""Wires what tells patients of news: the messaging system, and e-mail."""

from __future__ import annotations

from pathlib import Path

from consentry.chain.openings import ChainOpenings
from consentry.config import GatewayConfig
from consentry.errors import ConfigInvalid
from consentry.gateway.scanning import Scanning
from consentry.index.gateway_store import GatewayStore
from consentry.index.openings import DeskNotices
from consentry.index.outbox import DeskMail, DeskOutbox
from consentry.ports.mail import Mailer
from consentry.remote.mailer import SmtpMailer
from consentry.remote.messenger import HttpMessenger
from consentry.services import notifying, outbox
from consentry.services.link import LinkPorts
from consentry.services.mail_addresses import MailPorts, waiting_codes
from consentry.services.news import NewsPorts
from consentry.services.notifying import NotifyPorts
from consentry.services.outbox import OutboxPorts

MOST_WAITING = 10_000


def mail_ports(config: GatewayConfig, content_key: bytes, links: LinkPorts, desk: GatewayStore) -> MailPorts:
    """Raises ConfigInvalid if the password of the mail server cannot be read."""
    waiting = waiting_codes(links.clock, MOST_WAITING)
    origin = links.site.origin
    return MailPorts(origin, DeskMail(desk), links, links.clock, content_key, _mailer(config), waiting)


def telling_of(
    config: GatewayConfig, openings: ChainOpenings, news: NewsPorts, mail: MailPorts, desk: GatewayStore
) -> Scanning:
    """The loop that tells; not started yet."""
    site, messenger = mail.links.site, HttpMessenger(config.notify_url) if config.notify_url else None
    notices = NotifyPorts(site, openings, DeskNotices(desk), mail.clock, messenger)
    box = OutboxPorts(site, DeskOutbox(desk), news, mail, messenger)

    def tell() -> None:
        notifying.tell(notices)
        outbox.tell(box)

    return Scanning(tell, subject="the telling of news")


def _mailer(config: GatewayConfig) -> Mailer | None:
    if config.mail is None:
        return None
    if not config.mail.password_file:
        return SmtpMailer(config.mail, "")
    try:
        return SmtpMailer(config.mail, Path(config.mail.password_file).read_text("utf-8").strip())
    except (OSError, ValueError):
        raise ConfigInvalid("mail.password_file cannot be read") from None
