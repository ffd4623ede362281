"""Who publishes, and with what: shared by everything that files records for an author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.ports import BlobStore, Clock, Index, Ledger, Sender
from consentry.ports.own_news import OwnNews, Untold
from consentry.ports.own_resources import OwnResources
from consentry.ports.publications import Publications
from consentry.ports.summaries import Summaries
from consentry.ports.waiting import WaitingRoom
from consentry.services.directory import Documents


@dataclass(frozen=True)
class Author:
    """The member that publishes.

    `directory_key` is its private X25519 key, `copy_key` the public X-Wing key of its offline copy key, `content_key` the key of
    the hash that recognises contents.
    """

    address: Address
    directory_key: bytes
    copy_key: bytes
    content_key: bytes


@dataclass(frozen=True)
class PublishPorts:
    """`scan` brings the own index up to the chain's head, and says whether it got there in about a second. Without
    `summaries` no emergency summary is composed; without `resources` no resource is found again by its id. `documents`:
    directory documents read before; which one is in force is asked of the chain each time. `news`: the own index."""

    ledger: Ledger
    store: BlobStore
    sender: Sender
    publications: Publications
    waiting: WaitingRoom
    clock: Clock
    index: Index
    scan: Callable[[], bool]
    summaries: Summaries | None = None
    resources: OwnResources | None = None
    documents: Documents = field(default_factory=Documents)
    news: OwnNews = field(default_factory=Untold)
