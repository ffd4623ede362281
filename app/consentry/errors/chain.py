"""The chain, its contracts, and processes around it."""

from __future__ import annotations

from consentry.errors.base import InputError, IntegrityError, RefusedError, UnavailableError


class ChainUnreachable(UnavailableError):
    code = "chain-unreachable"
    next_step = "Start the chain node or correct its JSON-RPC address (CONSENTRY_RPC)."
    summary = "The chain node does not answer."


class ChainUntrusted(ChainUnreachable):
    code = "chain-untrusted"
    next_step = "Compare the certificates on both sides with the authority in `serving.tls`: issuer, name and last day."
    summary = "The chain node's certificate, or ours there, is not to be trusted."


class ChainWrong(UnavailableError):
    code = "chain-wrong"
    next_step = "Point the process to the chain that the deployment file names."
    summary = "The node serves another chain than the deployment."


class ChainStale(UnavailableError):
    code = "chain-stale"
    next_step = "Wait until the node has caught up; check its peers and the machine's clock."
    summary = "The node's view of the chain is too old to decide on."


class ClockOff(UnavailableError):
    code = "clock-off"
    next_step = "Set this machine's clock (NTP); if it is right, the chain's validators' clocks are not."
    summary = "The chain's newest block lies in the future of this machine's clock."


class TransactionsStuck(UnavailableError):
    code = "transactions-stuck"
    next_step = "Look whether the chain takes transactions and the account may pay for them; they are sent again by themselves."
    summary = "Transactions that were sent are in no block for long."


class ChainUnproven(IntegrityError):
    code = "chain-unproven"
    next_step = "Ask another member's endpoint; tell the member whose endpoint this is, and the consortium."
    summary = "What an endpoint says of the chain is not what the validators signed."


class HistoryTooLong(UnavailableError):
    code = "history-too-long"
    next_step = "The patient opens a new identity at the desk; this one has been flooded."
    summary = "An identity has changed more often than is followed back."


class TransactionReverted(RefusedError):
    """A contract refused. `name` is the Solidity custom error, `arguments` its decoded values."""

    code = "transaction-reverted"
    status = 409
    next_step = "Look the named condition up in docs/errors.md."
    summary = "A contract refused the transaction."

    def __init__(self, name: str, arguments: tuple[object, ...] = ()) -> None:
        shown = ", ".join(
            "0x" + value.hex() if isinstance(value, bytes) else str(value) for value in arguments
        )
        super().__init__(f"{name}({shown})")
        self.name = name
        self.arguments = arguments


class DeploymentMissing(UnavailableError):
    code = "deployment-missing"
    next_step = "Run `consentry up`, or `brownie run deploy` for your network."
    summary = "No deployment file for this chain."


class DeploymentFailed(UnavailableError):
    code = "deployment-failed"
    next_step = "Read the deployment's log; repeat the command once the cause is gone: it continues."
    summary = "The contracts could not be deployed."


class ProcessFailed(UnavailableError):
    code = "process-failed"
    next_step = "Read the log file that is named here."
    summary = "A process of the network did not start."


class PlaceTaken(InputError):
    code = "place-taken"
    status = 409
    next_step = "Name another folder, or stop the network that runs there."
    summary = "A network cannot be made in this folder."
