"""What a wallet refuses, and what can be wrong with its file."""

from __future__ import annotations

from consentry.errors import InputError, RefusedError


class SigningRefused(RefusedError):
    """The wallet was asked to sign something other than what its holder was shown."""

    code = "signing-refused"
    status = 409
    next_step = "Do not sign; check that the address is your gateway's own, and tell its operator."
    summary = "What would be signed is not what was asked for."


class FileExists(InputError):
    code = "file-exists"
    status = 409
    next_step = "Choose another file name: key files and archives are never overwritten."
    summary = "There is a file of this name already."


class FileUnwritable(InputError):
    code = "file-unwritable"
    next_step = "Choose a folder that exists and that you may write to."
    summary = "The file cannot be written."


class FolderMissing(InputError):
    code = "folder-missing"
    next_step = "Name a folder that exists."
    summary = "There is no such folder."
