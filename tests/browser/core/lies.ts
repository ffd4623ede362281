/** What a gateway, a keeper or somebody on the way may do to answers; each lie is told from one answer on. */

import { hex, unhex, type Hex } from "../../../app/browser/layouts/bytes";
import { proof, root } from "../../../app/browser/layouts/merkle";
import type { Change } from "./page";

type Tree = any; // another program's JSON: whoever lies knows its shape

/** JSON of one path, changed. */
const changing = (path: string, change: (tree: Tree, asked: string) => void): Change => async (url, asked, answer) => {
  if (url.pathname !== path || !answer.ok) return answer;
  const tree = (await answer.json()) as Tree;
  change(tree, asked);
  return new Response(JSON.stringify(tree), { status: answer.status, headers: answer.headers });
};

const flipped = (hexOrBase64: string, at: number): string => {
  const other = hexOrBase64[at] === "a" ? "b" : "a";
  return hexOrBase64.slice(0, at) + other + hexOrBase64.slice(at + 1);
};

/** One of the keepers that are asked lies, and goes on; the others are honest. */
function oneKeeper(lie: Change): Change {
  let liar: string | undefined;
  return async (url, asked, answer) => {
    if (url.pathname !== "/release" || !answer.ok) return answer;
    liar ??= url.host;
    return url.host === liar ? lie(url, asked, answer) : answer;
  };
}

const items = (change: (item: Tree) => void): Change => changing("/release", (tree) => tree.items.forEach(change));
const hits = (change: (hit: Tree, tree: Tree) => void): Change =>
  changing("/api/index/entries", (tree) => tree.hits.forEach((hit: Tree) => change(hit, tree)));
const refuse = (item: Tree): void => {
  delete item.share;
  item.decision = "refused";
};

/** Directory documents are JSON; a record's ciphertext is not. Each is asked for by itself. */
const blocks = (change: (raw: Uint8Array<ArrayBuffer>, isDocument: boolean) => Response): Change => async (url, _asked, answer) => {
  if (url.pathname === "/api/blobs") return Response.json({ blobs: [] });
  if (!url.pathname.startsWith("/api/blobs/") || !answer.ok) return answer;
  const raw = new Uint8Array(await answer.arrayBuffer());
  return change(raw, raw[0] === 0x7b);
};
const missing = (): Response => new Response(JSON.stringify({ code: "blob-missing" }), { status: 404 });
const megabytes = (): Response => new Response(new Uint8Array(33 * 2 ** 20));

const LIES: Readonly<Record<string, () => Change>> = {
  "wrong-share": () => oneKeeper(items((item) => (item.share = flipped(item.share, 1500)))),
  "another-seat": () => oneKeeper(items((item) => (item.seat = (item.seat + 1) % 5))),
  "refused-share": () => oneKeeper(items(refuse)),
  "rubbish-keeper": () => oneKeeper(async () => new Response("<html>")),
  "dead-keeper": () => oneKeeper(async () => Promise.reject(new TypeError("fetch failed"))),
  "all-refuse": () => items(refuse),
  "too-few": () => {
    const answering = new Set<string>();
    return async (url, _asked, answer) => {
      if (url.pathname !== "/release") return answer;
      if (answering.size < 2) answering.add(url.host);
      return answering.has(url.host) ? answer : new Response("", { status: 502 });
    };
  },
  "wrong-entry": () => hits((hit) => (hit.entry = flipped(hit.entry, 2000))),
  "sealed-by-another": () => hits((hit) => {
    // Another block under its own, right name, as an author might have filed it.
    hit.entry = btoa("x".repeat(1232));
    hit.cid = "bafkreidnyvxkqwdrpdrk3yyqt6qbyz4pyavpvfrm4pudvy2cyxrs3t2bm4";
  }),
  "wrong-proof": () => hits(({ proof }) => proof.siblings.push(`0x${"11".repeat(32)}`)),
  "wrong-root": () => hits((hit) => (hit.root = flipped(hit.root, 9))),
  moved: () => hits((hit) => (hit.position += 1)),
  "no-entry": () => hits((hit) => Object.assign(hit, { state: "missing", entry: null, proof: null })),
  erased: () => hits((hit) => Object.assign(hit, { state: "erased", entry: null, proof: null })),
  "swapped-author": () => hits((hit) => (hit.author = flipped(hit.author, 9))),
  // A root of its own, with a proof that leads to it: only the chain tells.
  "made-up-anchor": () =>
    hits((hit) => Object.assign(hit, { position: 0, ...treeOf(hit.digest) })),
  "silent-revocation": () => async (url, _asked, answer) =>
    url.pathname.endsWith("/revocation") ? new Response("", { status: 502 }) : answer,
  "false-acknowledgement": () => {
    let liar: string | undefined;
    const lie = changing("/revocations", (tree) => (tree.signature = flipped(tree.signature, 20)));
    return async (url, asked, answer) => {
      if (url.pathname === "/revocations") liar ??= url.host;
      return url.host === liar ? lie(url, asked, answer) : answer;
    };
  },
  "no-chain": () => async (url, _asked, answer) =>
    url.pathname === "/api/chain" ? new Response("", { status: 502 }) : answer,
  "empty-chain": () => async (url, asked, answer) => {
    if (url.pathname !== "/api/chain" || !asked.includes("eth_call")) return answer;
    const told = (await answer.json()) as Tree[];
    return new Response(JSON.stringify([told].flat().map((one) => ({ ...one, result: "0x" }))), { status: 200 });
  },
  "no-gateway": () => async (url, _asked, answer) =>
    url.pathname === "/api/index/entries" ? new Response("<html>", { status: 200 }) : answer,
  "other-answers": () => changing("/api/index/entries", (tree) => (tree.hits = [{ author: 1 }])),
  "index-behind": () => changing("/api/index/entries", ({ incomplete }) => (incomplete.behind = true)),
  "wrong-block": () => blocks((raw, isDocument) => {
    if (!isDocument) raw[0] = (raw[0] ?? 0) ^ 1;
    return new Response(raw);
  }),
  "wrong-together": () => changing("/api/blobs", ({ blobs }) => {
    for (const one of blobs) one.content = flipped(one.content, 20);
  }),
  "endless-block": () => blocks((raw, isDocument) => (isDocument ? new Response(raw) : megabytes())),
  "no-blocks": () => blocks((raw, isDocument) => (isDocument ? new Response(raw) : missing())),
  "wrong-document": () => blocks((raw, isDocument) =>
    new Response(isDocument ? new TextDecoder().decode(raw).replace('"version":1', '"version":2') : raw),
  ),
  "lost-document": () => blocks((raw, isDocument) => (isDocument ? missing() : new Response(raw))),
};

/** A tree of two, as nobody anchored it. */
function treeOf(digest: Hex): { root: Hex; proof: object } {
  const values = [unhex(digest), new Uint8Array(32)];
  const { index, count, siblings } = proof(values, 0);
  return { root: hex(root(values)), proof: { index, count, siblings: siblings.map(hex) } };
}

export function lies(name: string): Change {
  const made = LIES[name];
  if (made === undefined) throw new Error(`no lie ${name}`);
  return made();
}
