"""Where a patient wants to be told by e-mail: said by the patient's side, and confirmed by a code that was sent there (W-21).

Only whom this hospital has linked may say an address, so that nobody has mail sent to others by wallets made up for it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from threading import Lock

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain.addresses import Address
from consentry.errors import ChallengeUnknown, MailCodeWrong, MailOff, MailUnsent
from consentry.ports import Clock
from consentry.ports.mail import KeptMail, MailBook, Mailer
from consentry.services.link import LinkPorts, require_known
from consentry.services.pace import Pace
from consentry.services.pending import Pending

CODE_SECONDS = 900
CODE_DIGITS = 6
MOST_TRIES = 5
MAILS_PER_SECOND, MAILS_BURST = 1 / 600, 3
_INFO = b"consentry/v1/mail-address"
SUBJECT = "Your code for Consentry · Consentry 验证码"
_TEXT = """{code}

Enter this code on the page {origin}/ within 15 minutes, and news about your health record is told to this address.
If you did not ask for it, do nothing.

请在 15 分钟内在页面 {origin}/ 上输入此验证码，之后有关您健康档案的新消息会发到此邮箱。
如果不是您本人的请求，请忽略此邮件。
"""


@dataclass
class _Waiting:
    patient: Address
    address: str
    code: str
    tries: int = 0
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class MailPorts:
    """`mailer` is None where the member has no mail server."""

    origin: str
    book: MailBook
    links: LinkPorts
    clock: Clock
    content_key: bytes = field(repr=False)
    mailer: Mailer | None
    waiting: Pending[_Waiting]
    pace: Pace = field(default_factory=lambda: Pace(MAILS_PER_SECOND, MAILS_BURST))


def waiting_codes(clock: Clock, most: int) -> Pending[_Waiting]:
    """One for each patient."""
    return Pending(clock, seconds=CODE_SECONDS, most=most, most_of_one=1)


def address_of(patient: Address, ports: MailPorts) -> str | None:
    """Raises SealInvalid if it was kept under another content key."""
    kept = ports.book.of_patient(patient)
    if kept is None:
        return None
    return open_kept(ports.content_key, _INFO, patient.encode(), kept.sealed).decode("ascii")


def ask_for(patient: Address, address: str, ports: MailPorts) -> str:
    """Send a code to this address; gives the reference under which it is confirmed.

    Raises MailOff, PatientNotLinked, RateLimited, MailUnsent.
    """
    if ports.mailer is None:
        raise MailOff()
    require_known(patient, ports.links)
    ports.pace.take(patient)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    if not ports.mailer.send(address, SUBJECT, _TEXT.format(code=code, origin=ports.origin)):
        raise MailUnsent()
    return ports.waiting.put(_Waiting(patient, address, code), owner=patient)


def confirm(patient: Address, ref: str, code: str, ports: MailPorts) -> None:
    """Raises ChallengeUnknown (another patient's, too old, too many tries), MailCodeWrong."""
    waiting = ports.waiting.look(ref)
    with waiting.lock:
        waiting.tries += 1
        if waiting.patient != patient or waiting.tries > MOST_TRIES:
            raise ChallengeUnknown()
        if not hmac.compare_digest(waiting.code.encode(), code.encode("utf-8", "surrogatepass")):
            raise MailCodeWrong()
    ports.waiting.take(ref)
    sealed = seal_kept(ports.content_key, _INFO, patient.encode(), waiting.address.encode("ascii"))
    ports.book.keep(KeptMail(patient, sealed, ports.clock.now()))


def forget(patient: Address, ports: MailPorts) -> None:
    """Nothing is told there any more, and the address is gone."""
    ports.book.forget(patient)
