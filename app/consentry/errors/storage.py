"""Content stores."""

from __future__ import annotations

from consentry.errors.base import InputError, IntegrityError, UnavailableError


class CidInvalid(InputError):
    code = "cid-invalid"
    next_step = "Use a CIDv1 in base32 with sha2-256, as Consentry writes them."
    summary = "Not a content id that Consentry uses."


class BlobMissing(UnavailableError):
    code = "blob-missing"
    next_step = "Check that the store is connected to the members' network, then try again."
    summary = "The store does not have this content id."


class BlobCorrupt(IntegrityError):
    code = "blob-corrupt"
    next_step = "Repair the named block from another member's store; the record itself is unharmed there."
    summary = "A stored block does not hash to its content id."


class BlobTooLarge(InputError):
    code = "blob-too-large"
    status = 413
    next_step = "Raise the limit in the settings only if the content is expected to be this large."
    summary = "The content is larger than allowed here."


class StoreUnreachable(UnavailableError):
    code = "store-unreachable"
    next_step = "Start the store (`consentry up`, or the Kubo daemon) and check its address."
    summary = "The content store does not answer."


class StoreNotPrivate(StoreUnreachable):
    code = "store-not-private"
    next_step = "Give the IPFS node the members' swarm key and the settings that the message names, and start it again."
    summary = "The IPFS node is not private, so that nothing is stored on it."


class StoreUntrusted(StoreUnreachable):
    code = "store-untrusted"
    next_step = "Compare the certificates on both sides with the authority in `serving.tls`: issuer, name and last day."
    summary = "The content store's certificate, or ours there, is not to be trusted."


class DatabaseUnreachable(StoreUnreachable):
    code = "database-unreachable"
    next_step = (
        "See that the database runs and has room, and that the settings name it; then do the same again."
    )
    summary = "The database does not answer."


class DatabaseForeign(StoreUnreachable):
    code = "database-foreign"
    next_step = "Use the version of Consentry that wrote the database, or a newer one."
    summary = "The database was written by another version of Consentry."


class DatabaseOutdated(StoreUnreachable):
    code = "database-outdated"
    next_step = "Make a back-up, then run `consentry database upgrade --config FILE` with a role that may change tables."
    summary = "The database has the tables of an earlier version of Consentry."


class StoreCopiesMissing(StoreUnreachable):
    code = "store-copies-missing"
    next_step = "Start the IPFS nodes and ipfs-cluster peers that are down, then send it again: what was stored is completed."
    summary = "Fewer IPFS nodes than asked hold what was stored."


class ContentStillKept(StoreUnreachable):
    code = "content-still-kept"
    next_step = (
        "Start the IPFS nodes that the message names, then do it again: what was deleted stays deleted."
    )
    summary = "IPFS nodes still keep what was to be deleted."


class StoreDamaged(IntegrityError):
    code = "store-damaged"
    next_step = "Run `consentry store check --repair`, if need be with --from and another store that has the contents."
    summary = "Blocks of the content store are missing or damaged."
