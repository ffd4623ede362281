"""A gateway's process on another member's endpoint says whether it has followed it (H-91)."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3

from consentry.chain.rpc import Request, RpcError
from consentry.domain.endpoint import EndpointSettings
from tests.app.gateway.process import AGAIN, configured, run
from tests.app.light.conftest import DEPTH, Clinic
from tests.app.light.endpoint import SealedEndpoint, honest
from tests.app.light.test_light_logs import anchored, mined
from tests.waiting import until


@contextmanager
def served(endpoint: SealedEndpoint) -> Iterator[str]:
    """It, by HTTP."""
    turn = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with turn:
                results = endpoint.batch([Request(one["method"], tuple(one["params"])) for one in asked])
            body = json.dumps(
                [
                    {"jsonrpc": "2.0", "id": one["id"]} | _answer(result)
                    for one, result in zip(asked, results, strict=True)
                ]
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _answer(result: Any) -> dict[str, Any]:
    if isinstance(result, RpcError):
        return {"error": {"code": result.rpc_code, "message": result.message, "data": result.data}}
    return {"result": result}


def without_a_node(clinic: Clinic, folder: Path) -> dict[str, str]:
    """Settings but for the address: the deployment's finality, and a checkpoint after the deployment."""
    chain = clinic.rpc().chain
    while chain.follow():
        pass
    (folder / "checkpoint.json").write_text(json.dumps(chain.checkpoint().to_json()))
    plain = json.loads(clinic.world.chain.deployment.read_text("utf-8"))
    plain |= {"genesis": "0x" + clinic.deployment.genesis.hex(), "finality": {"depth": DEPTH}}
    (folder / "deployment.json").write_text(json.dumps(plain))
    return {"deployment": str(folder / "deployment.json")}


def test_a_process_says_that_it_has_not_followed_its_endpoint(clinic: Clinic, tmp_path: Path) -> None:
    """H-91: while older blocks are withheld, though the newest ones are checked; and that it has, afterwards."""
    anchored(clinic)
    mined(clinic, 2 * DEPTH)
    others: dict[str, Any] = dict(without_a_node(clinic, tmp_path))
    settings = EndpointSettings(str(tmp_path / "book"), checkpoint=str(tmp_path / "checkpoint.json"))
    first = json.loads((tmp_path / "checkpoint.json").read_text())["number"]

    def withheld(request: Request, result: Any) -> Any:
        older = isinstance(result, dict) and 0 < int(result.get("number", "0x0"), 16) < first
        return None if request.method.startswith("eth_getBlockBy") and older else result

    clinic.endpoint.lie = withheld
    with served(clinic.endpoint) as url:
        others |= {"rpc_url": url, "endpoint": settings}
        config, environment = configured(clinic.world.chain, tmp_path, **others)
        process = run(config, environment)
        health = f"http://127.0.0.1:{json.loads(config.read_text())['port']}/health"

        def told(path: str = "") -> tuple[int, dict[str, Any]]:
            mined(clinic, 1)  # else the newest block is old
            answer = urllib3.request("GET", health + path, retries=AGAIN)
            return answer.status, answer.json()

        def behind() -> bool:
            status, body = told()
            seen = body["head"] is not None and body["reasons"] == ["chain-stale"]
            return seen and status == 503 and not body["chain"]["late"]

        try:
            until(behind, "older blocks are to be checked")
            status, ready = told("/ready")
            assert (status, ready["reasons"]) == (503, ["chain-stale"])
            clinic.endpoint.lie = honest
            until(lambda: told()[0] == 200 and told("/ready")[0] == 200, "all is followed")
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0, process.stderr.read()
