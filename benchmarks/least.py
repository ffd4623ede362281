"""What no way of publishing does without: each record sealed to everybody it must be sealed to, and written durably. Nothing
else is done here, no directory, book, index, chain, audit or answer, so that the rest can be seen."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from Crypto.Hash import keccak

from consentry.crypto import envelope, hpke, shamir

KEEPERS, THRESHOLD = 5, 3
ENTRY_BYTES = 8_192
"""An entry holds five sealed shares and the author's copy, 1.2 kB each, and a header."""
COMMITS = 3
"""Positions taken before they are used, the transaction before it is sent, the event before the answer."""


class Least:
    """Keys of keepers, of an author and of a category, and a directory with a database of one table."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._keepers = [hpke.KeyPair.generate().public for _ in range(KEEPERS)]
        self._author, self._category = hpke.KeyPair.generate().public, hpke.KeyPair.generate().public
        self._book = sqlite3.connect(directory / "book.sqlite", isolation_level=None)
        self._book.execute("PRAGMA journal_mode=WAL")
        self._book.execute("PRAGMA synchronous=FULL")
        self._book.execute("CREATE TABLE kept (digest BLOB)")

    def sealed(self, content: bytes) -> tuple[bytes, bytes]:
        """The envelope of one record and its entry, sealed; eight HPKE seals: five shares, the author's copy of the key, the
        entry to its category, the entry's copy for the author."""
        key, record_id = secrets.token_bytes(32), secrets.token_bytes(32)
        ciphertext = b"".join(envelope.seal([content], envelope.derive(key, record_id).aead_key))
        shares = shamir.split(key, KEEPERS, THRESHOLD)
        to_keepers = [hpke.seal(to, record_id, one) for to, one in zip(self._keepers, shares, strict=True)]
        entry = b"".join((*to_keepers, hpke.seal(self._author, record_id, key)))
        entry = entry.ljust(ENTRY_BYTES, b"\0")
        for hashed in (*shares, record_id, entry):  # as in sealing, header and the batch's tree
            keccak.new(digest_bits=256, data=hashed).digest()
        hpke.seal(self._author, record_id, entry)
        return ciphertext, hpke.seal(self._category, record_id, entry)

    def keep(self, blocks: Sequence[bytes]) -> None:
        """All blocks in one file, with one sync, and the commits."""
        path = self._directory / secrets.token_hex(16)
        with path.open("xb", buffering=0) as file:
            file.write(b"".join(blocks))
            os.fdatasync(file.fileno())
        rows = [(hashlib.sha256(one).digest(),) for one in blocks]
        for _ in range(COMMITS):
            self._book.execute("BEGIN IMMEDIATE")
            self._book.executemany("INSERT INTO kept VALUES (?)", rows)
            self._book.execute("COMMIT")
