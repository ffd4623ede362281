"""A browser wallet over real keys: speaks EIP-1193, announces itself by EIP-6963, remembers what it was asked to sign.

It behaves as strict wallets do: it refuses typed data for another chain than its current one, answers 4902 for a chain
it doesn't know, and 4001 when its owner declines.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount
from playwright.sync_api import BrowserContext, Page

NAME = "Alder Wallet"

_INJECTED = """
(() => {
  const listeners = {};
  const provider = {
    async request({ method, params }) {
      const { result, error } = await window.testWallet(method, params ?? []);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    on(event, listener) { (listeners[event] ??= []).push(listener); },
    removeListener() {},
  };
  window.testWalletEmit = (event, value) => (listeners[event] ?? []).forEach((listener) => listener(value));
  const info = Object.freeze({
    uuid: "5f1b8c1e-7a0e-4b53-9f0c-3a54c6d1b0aa", name: NAME, icon: "data:image/svg+xml,<svg/>", rdns: "example.alder",
  });
  const announce = () =>
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  if (ANNOUNCED) {
    window.addEventListener("eip6963:requestProvider", announce);
    announce();
  } else {
    window.ethereum = provider;
  }
})();
"""


class _Refused(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Wallet:
    """`signed` holds (method, what was shown) of every signature given; `declines` makes the owner say no, `declines_after`
    to typed data once so many were signed."""

    account: LocalAccount = field(default_factory=Account.create)
    chain_id: int = 1
    known_chains: set[int] = field(default_factory=lambda: {1})
    declines: set[str] = field(default_factory=set)
    declines_after: int | None = None
    asked: list[str] = field(default_factory=list)
    signed: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.account.address)

    def install(self, context: BrowserContext, *, announced: bool = True) -> None:
        """Put the wallet into every page of the context; unannounced it is only `window.ethereum`."""
        context.expose_binding("testWallet", lambda _source, method, params: self._answer(method, params))
        script = _INJECTED.replace("ANNOUNCED", json.dumps(announced)).replace("NAME", json.dumps(NAME), 1)
        context.add_init_script(script)

    def switch_account(self, page: Page) -> None:
        """Its owner picks another account."""
        self.account = Account.create()
        page.evaluate("(accounts) => window.testWalletEmit('accountsChanged', accounts)", [self.address])

    def typed(self) -> list[dict[str, Any]]:
        """The typed data that was signed, in order."""
        return [shown for method, shown in self.signed if method == "eth_signTypedData_v4"]

    def _answer(self, method: str, params: list[Any]) -> dict[str, Any]:
        self.asked.append(method)
        try:
            tired = self.declines_after is not None and len(self.typed()) >= self.declines_after
            if method in self.declines or (tired and method == "eth_signTypedData_v4"):
                raise _Refused(4001, "User rejected the request.")
            return {"result": self._do(method, params)}
        except _Refused as refused:
            return {"error": {"code": refused.code, "message": str(refused)}}

    def _do(self, method: str, params: list[Any]) -> Any:
        match method:
            case "eth_requestAccounts" | "eth_accounts":
                return [self.address]
            case "eth_chainId":
                return hex(self.chain_id)
            case "wallet_switchEthereumChain":
                wanted = int(params[0]["chainId"], 16)
                if wanted not in self.known_chains:
                    raise _Refused(4902, "Unrecognized chain ID. Try adding the chain first.")
                self.chain_id = wanted
            case "wallet_addEthereumChain":
                chain = params[0]
                if not {"chainId", "chainName", "rpcUrls", "nativeCurrency"} <= chain.keys():
                    raise _Refused(-32602, "Invalid parameters")
                self.known_chains.add(int(chain["chainId"], 16))
            case "personal_sign":
                text = bytes.fromhex(params[0][2:])
                self._own(params[1])
                self.signed.append((method, text.decode()))
                return self._signature(encode_defunct(text))
            case "eth_signTypedData_v4":
                self._own(params[0])
                data = json.loads(params[1])
                if data["domain"]["chainId"] != self.chain_id:
                    raise _Refused(-32603, "Provided chainId must match the active chainId")
                self.signed.append((method, data))
                return self._signature(encode_typed_data(full_message=data))
            case _:
                raise _Refused(4200, f"Unsupported method {method}")
        return None

    def _own(self, address: str) -> None:
        if address.lower() != self.address.lower():
            raise _Refused(4100, "The requested account has not been authorized by the user.")

    def _signature(self, message: Any) -> str:
        return "0x" + self.account.sign_message(message).signature.hex().removeprefix("0x")
