"""Back-ups."""

from __future__ import annotations

from consentry.errors.base import InputError, IntegrityError, RefusedError


class BackupInvalid(IntegrityError):
    code = "backup-invalid"
    next_step = "Take another copy of the archive; nothing was restored."
    summary = "The archive is damaged, cut short, or not one of ours."


class BackupLocked(RefusedError):
    code = "backup-locked"
    status = 403
    next_step = "Give the keystore with the private half of the key that the archive was made for."
    summary = "This key does not open the archive."


class BackupForeign(IntegrityError):
    code = "backup-foreign"
    next_step = "Take an archive that the member or keeper made itself; nothing was restored."
    summary = "The archive is not signed by the account whose back-up it should be."


class FolderTaken(InputError):
    code = "folder-taken"
    status = 409
    next_step = "Name a folder that does not exist yet: what is restored never mixes with what is there."
    summary = "There is something in this folder already."


class DatabaseElsewhere(InputError):
    code = "database-elsewhere"
    status = 409
    next_step = "Take it by pg_dump, and settings, keystore and blocks after it: docs/postgresql.md. Nothing was backed up."
    summary = "This database is no file, and a back-up of files would lack it."
