"""Keystores and settings."""

from __future__ import annotations

from consentry.errors.base import InputError, RefusedError


class ConfigInvalid(InputError):
    code = "config-invalid"
    next_step = "Correct the named setting in the configuration file."
    summary = "A setting is missing or malformed."


class KeystoreLocked(RefusedError):
    code = "keystore-locked"
    status = 401
    next_step = "Give the right passphrase by CONSENTRY_PASSPHRASE_FILE or CONSENTRY_PASSPHRASE."
    summary = "The keystore does not open with this passphrase."


class CopyKeyWrong(InputError):
    code = "copy-key-wrong"
    next_step = "Give the offline copy key whose public half the gateway's setting `copy_key` names."
    summary = "This is not the author's copy key."


class KeystoreInvalid(InputError):
    code = "keystore-invalid"
    next_step = "Restore the keystore file from its backup."
    summary = "Not a keystore that Consentry can read."
