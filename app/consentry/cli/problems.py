"""What can go wrong between a person, a file and a gateway, before any service is asked."""

from __future__ import annotations

from consentry.errors import ConsentryError, InputError, IntegrityError, UnavailableError


class CommandInvalid(InputError):
    code = "command-invalid"
    next_step = "Look at the command's --help; it shows an example."
    summary = "The command cannot be understood."


class SettingMissing(InputError):
    code = "setting-missing"
    next_step = "Give the option or the environment variable that is named here."
    summary = "Something that this command needs was not given."


class ConnectionOpen(InputError):
    code = "connection-open"
    next_step = (
        "Use the gateway's https address; --insecure-http sends it all the same, on a network that you trust."
    )
    summary = "Everybody on the way could read a key that is sent."


class NotFound(InputError):
    code = "not-found"
    status = 404
    next_step = "Check the name or address; `consentry member list` shows the members."
    summary = "The chain does not know it."


class FileUnreadable(InputError):
    code = "file-unreadable"
    next_step = "Check the file's name and permissions."
    summary = "The file cannot be read."


class NotReceipts(InputError):
    code = "not-receipts"
    next_step = "Give a file that `consentry receipts --export FILE` wrote, or one receipt with its evidence."
    summary = "The file is not a receipts file."


class FileTooLarge(InputError):
    code = "file-too-large"
    status = 413
    next_step = "Check that it is the right file; send one visit at a time, or raise --max-bytes if the gateway accepts it."
    summary = "The file is larger than what is sent."


class GatewayUnreachable(UnavailableError):
    code = "gateway-unreachable"
    next_step = (
        "Check the address (--gateway or CONSENTRY_GATEWAY) and that the gateway runs (`consentry status`)."
    )
    summary = "The gateway does not answer."


class GatewayMisbehaved(IntegrityError):
    code = "gateway-misbehaved"
    next_step = "Check that the address is a Consentry gateway's; if it is, tell its operator."
    summary = "What answers is not a gateway's answer."


class Degraded(UnavailableError):
    code = "degraded"
    next_step = "Look at the parts that are named as not answering."
    summary = "The network answers, but not all of what is needed."


class SweepIncomplete(UnavailableError):
    code = "sweep-incomplete"
    next_step = (
        "Start the IPFS nodes that the message names, then run `consentry store sweep` with these settings."
    )
    summary = "Not every node let go of the blocks that nothing keeps any more."


class Internal(ConsentryError):
    code = "internal"
    next_step = "Report this with the log file that is named here."
    summary = "Something failed inside Consentry."
