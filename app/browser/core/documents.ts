/** Every directory document that the patient ever signed for (specification D-4): the chain names them, a gateway has them. */

import { hexToString } from "viem";

import type { Hex } from "../layouts/bytes";
import { isCid, rawCid } from "../layouts/cid";
import { parseDocument, type DirectoryDocument } from "../layouts/directory";
import { LayoutInvalid } from "../layouts/errors";
import { DIRECTORY_ATTRIBUTE } from "../layouts/signed";
import { Problem } from "./api";
import type { Chain } from "./chain";
import { blob } from "./content";
import { identityChanges } from "./identity_history";

const SCHEME = "ipfs://";
const MAX_BYTES = 1 << 20;

export interface Directory {
  readonly cid: string;
  readonly document: DirectoryDocument;
}

export interface Directories {
  /** Newest first. */
  readonly readable: readonly Directory[];
  /** How many that the patient signed for cannot be read. */
  readonly unreadable: number;
}

/** The values that the patient ever gave the service attribute, newest first, each once. Throws Problem chain-wrong where they lead nowhere. */
async function values(chain: Chain, patient: Hex): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { eventName, args } of await identityChanges(chain, patient)) {
    if (eventName !== "DIDAttributeChanged") continue;
    if (hexToString(args.name, { size: 32 }) === DIRECTORY_ATTRIBUTE) found.add(hexToString(args.value));
  }
  return [...found];
}

async function read(chain: Chain, patient: Hex, value: string, signal?: AbortSignal): Promise<Directory> {
  const cid = value.slice(SCHEME.length);
  if (!value.startsWith(SCHEME) || !isCid(cid)) throw new LayoutInvalid("not an ipfs address");
  const raw = await blob(cid, MAX_BYTES, signal);
  if ((await rawCid(raw)) !== cid) throw new LayoutInvalid("other bytes than the patient signed for");
  const document = parseDocument(raw);
  if (document.patient !== patient || document.chainId !== chain.chainId) throw new LayoutInvalid("somebody else's");
  return { cid, document };
}

/** Throws Problem, when the gateway does not answer; viem's errors. */
export async function directoriesOf(chain: Chain, patient: Hex, signal?: AbortSignal): Promise<Directories> {
  const named = await values(chain, patient);
  const each = await Promise.all(
    named.map(async (value) => {
      try {
        return await read(chain, patient, value, signal);
      } catch (error) {
        if (error instanceof LayoutInvalid || (error instanceof Problem && MISSING.has(error.code))) return null;
        throw error;
      }
    }),
  );
  const readable = each.filter((one) => one !== null);
  return { readable, unreadable: each.length - readable.length };
}

/** Content that is not there, or not what it should be: no reason to give up the others. */
export const MISSING: ReadonlySet<string> = new Set(["blob-missing", "blob-corrupt", "blob-too-large", "cid-invalid"]);
