"""The member's mail server, over SMTP (the Mailer port; RFC 5321, RFC 3207, RFC 8314)."""

from __future__ import annotations

import logging
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from consentry.domain.mail import MailServer

SECONDS = 10.0
_LOG = logging.getLogger(__name__)


class SmtpMailer:
    """One connection a message. Neither the address nor the text stands in a log or an error."""

    def __init__(self, server: MailServer, password: str, *, seconds: float = SECONDS) -> None:
        self._server = server
        self._password = password
        self._seconds = seconds

    def send(self, to: str, subject: str, text: str) -> bool:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._server.sender, to, subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._server.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it by a machine
        message.set_content(text)
        try:
            with self._connect() as connection:
                if self._server.user:
                    connection.login(self._server.user, self._password)
                refused = connection.send_message(message, self._server.sender, [to])
        except (OSError, smtplib.SMTPException) as problem:
            _LOG.warning("the mail server takes no message: %(error)s", {"error": type(problem).__name__})
            return False
        return not refused

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=self._seconds, context=context)
        connection = smtplib.SMTP(host, port, timeout=self._seconds)
        if self._server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        return connection
