"""Back-ups."""

from __future__ import annotations

from consentry.errors.base import InputError, IntegrityError, RefusedError, UnavailableError


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
    next_step = "Name an empty database by --database for a dump of PostgreSQL, and none for an archive that holds a file."
    summary = "The archive holds another kind of database than the command names."


class DatabaseTaken(InputError):
    code = "database-taken"
    status = 409
    next_step = (
        "Name a new, empty database: what is restored never mixes with what is there. Nothing was restored."
    )
    summary = "There is something in this database already."


class DatabaseToolMissing(UnavailableError):
    code = "database-tool-missing"
    next_step = (
        "Install PostgreSQL's client programs (pg_dump, pg_restore) of the server's version or a newer one."
    )
    summary = "PostgreSQL's own programs are not here, or are older than the server."


class DatabaseUncopied(UnavailableError):
    code = "database-uncopied"
    next_step = "Look into the log of the PostgreSQL server, which says why, and do it again: nothing was kept of this attempt."
    summary = "PostgreSQL's own programs did not bring the copy of the database to its end."
