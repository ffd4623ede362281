"""What an author keeps of a record that cannot be filed yet: its entry, encrypted under the author's own key (D-9).

As `crypto.kept` does it, with info = `consentry/v1/waiting`, bound to the content's id. The record key is not
among what is kept: the entry holds sealed shares and a sealed copy only.
"""

from __future__ import annotations

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain.entries import Entry

_INFO = b"consentry/v1/waiting"


def seal_waiting(content_key: bytes, content_id: bytes, entry: Entry) -> bytes:
    """The encrypted entry; both others are 32 bytes."""
    return seal_kept(content_key, _INFO, content_id, entry.to_plaintext())


def open_waiting(content_key: bytes, content_id: bytes, sealed: bytes) -> Entry:
    """Raises SealInvalid when it was sealed under another key or for another content."""
    return Entry.parse(open_kept(content_key, _INFO, content_id, sealed))
