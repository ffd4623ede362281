"""Publishing: FHIR in, sealed records out, one anchor for the batch (design §4 Write, specification G-1, D-3, D-9, R-1).

Everything before the anchor can be repeated: contents are recognised by a keyed hash, positions in a channel are taken in the
transaction that notes what is filed there, and the batch is noted before its transaction is sent. An entry that was stored
under a position by an attempt that failed was never anchored, so that the position is free.

    content ── no directory ──> waiting ──┐ services.waiting, or published again
        └───── directory open ────────────┴──> stored ── batched ──> anchored
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.retraction import Why
from consentry.errors import KeepersInsufficient
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import ValidBundle
from consentry.ports.publications import State
from consentry.ports.versions import Noted, Standing
from consentry.services.anchoring import Anchored, anchor_unfinished
from consentry.services.corrections import Draft, Plan, Source, draft_of, plan
from consentry.services.filing import file_records
from consentry.services.own_resources import Filed, first_versions, kept_resources
from consentry.services.publish_ports import Author as Author
from consentry.services.publish_ports import PublishPorts as PublishPorts
from consentry.services.retraction import retract_due
from consentry.services.sealing_records import NewRecord, new_record_id
from consentry.services.sealing_records import seal_record as seal_record
from consentry.services.summaries import renew
from consentry.services.surroundings import surrounded


@dataclass(frozen=True)
class PublishBundle:
    """A checked FHIR R4 Bundle about one patient. `system` sent it: names without a system of their own count within it.
    `replaces`: ids of records of this author that it takes the place of, besides those that it names by itself (D-13).
    `known`: names in the author's book of resources that are updated, by identity (`own_resources`).
    `by`: the account or the system that answers for what this retracts (D-20). `drafts`: its records, where they are not to be
    found by splitting it."""

    patient: Address
    bundle: ValidBundle
    system: str = ""
    replaces: tuple[bytes, ...] = ()
    known: Mapping[str, bytes] = field(default_factory=dict)
    by: str = ""
    drafts: tuple[RecordDraft, ...] = ()


@dataclass(frozen=True)
class PublishedRecord:
    """`created` is False when the same content had been taken before. `waiting`: it is kept until the patient's directory
    can be read, and then filed by itself. `standing` is what has become of it since. `first`: the record id of the first
    version of its document; `draft`: what it holds."""

    record_id: bytes
    category: str
    confidentiality: str
    created: bool
    first: bytes
    draft: RecordDraft = field(repr=False)
    waiting: bool = False
    version: int = 1
    replaces: bytes | None = None
    standing: Standing = Standing.CURRENT


@dataclass(frozen=True)
class Published:
    """`root`, `transaction` and `block` are those of the last batch; None when nothing new was anchored. Gas over all batches
    and retractions. `retracted`: former records that nothing follows which their readers may see. `beside`: records that stay
    although they hold an earlier state of something that was published, because they also hold something else."""

    records: tuple[PublishedRecord, ...]
    root: bytes | None
    transaction: bytes | None
    gas_used: int
    block: int | None
    retracted: tuple[bytes, ...] = ()
    beside: tuple[bytes, ...] = ()


def publish(command: PublishBundle, author: Author, ports: PublishPorts) -> Published:
    """Publish a bundle, or complete what an earlier attempt left; without a directory to file in, keep it (D-9).

    Raises the FHIR errors of `split`, StoreUnreachable, ChainUnreachable, TransactionReverted.
    """
    with ports.publications.exclusive():
        return publish_exclusively(command, author, ports)


def publish_exclusively(command: PublishBundle, author: Author, ports: PublishPorts) -> Published:
    """`publish`, only while `Publications.exclusive`."""
    source = Source(author.content_key, command.patient, command.system)
    bundle = surrounded(command.bundle, source, author, ports)
    drafts = [
        draft_of(one, source, bundle.document, command.known)
        for one in command.drafts or split(bundle, received_at=times.iso(ports.clock.now()))
    ]
    book = ports.publications.versions
    planned = plan(drafts, command.replaces, source, book, _earlier(drafts, ports))
    ids = {one.content: new_record_id() for one, _ in planned.fresh}
    changes = replace(planned.changes(ids), noted=Noted(command.by, ports.clock.now(), Why.CORRECTED))
    versions = dict(planned.known) | {one.content: one for one in changes.created}
    own = [versions[one.content] for one in drafts]
    said = {version.record_id: one.draft for one, version in zip(drafts, own, strict=True)}
    renewal = renew(command.patient, said, changes, author, ports)
    committee = ports.ledger.committee() if ids or renewal.new else None
    if ids and committee is None:
        raise KeepersInsufficient("no committee has been published on this chain")
    renewal = renewal.under(committee)
    new = [
        NewRecord(
            ids[one.content],
            _publication_id(one.content, ids[one.content], planned, author),
            one.draft,
            follows,
        )
        for one, follows in planned.fresh
    ]
    touched = (*(one.record_id for one in own), *renewal.record_ids)
    firsts = first_versions(own, book)
    resources = kept_resources(
        [
            Filed(one, version, firsts[version.record_id])
            for one, version in zip(drafts, own, strict=True)
            if version.standing is Standing.CURRENT
        ],
        source,
        author,
        ports,
    )
    noted = renewal.beside(replace(changes, resources=resources))
    file_records([*new, *renewal.new], touched, command.patient, committee, author, ports, noted)
    filed = ports.publications.of_records(touched)
    contents = {filed[one.record_id].content_id for one in own if one.record_id in filed}
    done = all(one.state is State.ANCHORED for one in filed.values())
    anchored = Anchored() if done else anchor_unfinished(contents, author, ports)
    gas_used = anchored.gas_used + retract_due(author, ports)
    return Published(
        tuple(
            PublishedRecord(
                record_id=version.record_id,
                category=one.draft.category,
                confidentiality=one.draft.confidentiality,
                created=one.content in ids,
                waiting=version.standing is Standing.CURRENT and version.record_id not in filed,
                version=version.version,
                replaces=version.replaces,
                standing=_outwards(version.standing),
                first=firsts[version.record_id],
                draft=one.draft,
            )
            for one, version in zip(drafts, own, strict=True)
        ),
        anchored.root,
        anchored.transaction,
        gas_used,
        anchored.block,
        tuple(one.record_id for one in changes.ended if one.standing is Standing.RETRACTING),
        planned.beside,
    )


def _outwards(standing: Standing) -> Standing:
    """Whether the chain has been told, and finally, is the author's own business."""
    return Standing.RETRACTED if standing is Standing.RETRACTING else standing


def _earlier(drafts: Sequence[Draft], ports: PublishPorts) -> dict[bytes, bytes]:
    """Record ids of what was taken before versions were noted."""
    contents = [one.content for one in drafts]
    filed, waiting = ports.publications.find(contents), ports.waiting.find(contents)
    return {key: one.record_id for key, one in filed.items()} | {
        key: one.record_id for key, one in waiting.items()
    }


def _publication_id(content: bytes, record_id: bytes, planned: Plan, author: Author) -> bytes:
    """A content that comes back after it was replaced is another publication of it."""
    if content not in planned.known:
        return content
    return hmac.digest(author.content_key, content + record_id, "sha256")
