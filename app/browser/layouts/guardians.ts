/** Guardians: people who together give a lost identity to a new key (I-4 to I-6). */

import { encodeAbiParameters } from "viem";

import { hex, unhex, utf8, type Hex } from "./bytes";
import { exactly, type Json } from "./canonical";
import { LayoutInvalid } from "./errors";
import { account, hexOf, integer, list } from "./fields";
import { keccak } from "./hashes";
import { identityTypedData } from "./signed";
import type { TypedData } from "./typed";

export const MOST_GUARDIANS = 10;
export const NAMING = "I name guardians who together can give my identity to a new owner. A commitment of zero names none.";
export const AGREEMENT = "As a guardian I agree that this new owner takes over this identity.";
export const VETO = "I stop this recovery of my identity. I cannot stop the next one.";
export const NOBODY: Hex = `0x${"00".repeat(32)}`;

/** `threshold` of 1 to 10 guardians in ascending order; the salt keeps others from guessing them. */
export interface GuardianSet {
  readonly guardians: readonly Hex[];
  readonly salt: Hex;
  readonly threshold: number;
}

/** The set of its JSON form. Throws LayoutInvalid. */
export function guardianSet(value: Json | undefined): GuardianSet {
  const from = exactly(value, ["guardians", "salt", "threshold"]);
  const guardians = list(from.guardians, "guardians", 1, MOST_GUARDIANS).map((one) => account(one, "guardians"));
  const ascending = guardians.every((one, at) => at === 0 || (guardians[at - 1] as Hex) < one);
  if (!ascending || /^0x0+$/.test(guardians[0] as Hex)) throw new LayoutInvalid("guardians: not ascending, each once");
  return {
    guardians,
    salt: hexOf(from.salt, "salt", 32),
    threshold: integer(from.threshold, "threshold", 1, guardians.length),
  };
}

/** Guardians in any order. Throws LayoutInvalid. */
export const guardianSetOf = (threshold: number, guardians: readonly Hex[], salt: Hex): GuardianSet =>
  guardianSet({ guardians: [...guardians].sort(), salt, threshold });

const SET_TYPE = hex(keccak(utf8("GuardianSet(address identity,uint8 threshold,address[] guardians,bytes32 salt)")));

/** What the chain keeps of the set (I-4). */
export const commitmentOf = ({ guardians, salt, threshold }: GuardianSet, identity: Hex): Hex =>
  hex(
    keccak(
      unhex(
        encodeAbiParameters(
          [{ type: "bytes32" }, { type: "address" }, { type: "uint8" }, { type: "address[]" }, { type: "bytes32" }],
          [SET_TYPE, identity, threshold, [...guardians], salt],
        ),
      ),
    ),
  );

export interface Naming {
  readonly identity: Hex;
  readonly commitment: Hex;
  readonly nonce: number;
  readonly deadline: number;
}

export interface Recovery {
  readonly identity: Hex;
  readonly newOwner: Hex;
  readonly attempt: number;
  readonly deadline: number;
}

/** What the controller signs to name guardians, or none (`NOBODY`). */
export const namingTypedData = (of: Naming, chainId: number, contract: Hex): TypedData =>
  identityTypedData(
    chainId,
    contract,
    "SetGuardians",
    "address identity,bytes32 commitment,string statement,uint256 nonce,uint256 deadline",
    { identity: of.identity, commitment: of.commitment, statement: NAMING, nonce: of.nonce, deadline: of.deadline },
  );

/** What each guardian signs. */
export const recoveryTypedData = (of: Recovery, chainId: number, contract: Hex): TypedData =>
  identityTypedData(
    chainId,
    contract,
    "Recovery",
    "address identity,address newOwner,string statement,uint256 attempt,uint256 deadline",
    { identity: of.identity, newOwner: of.newOwner, statement: AGREEMENT, attempt: of.attempt, deadline: of.deadline },
  );

/** What the controller signs to stop the pending recovery, once. */
export const vetoTypedData = (of: Recovery & { readonly nonce: number }, chainId: number, contract: Hex): TypedData =>
  identityTypedData(
    chainId,
    contract,
    "VetoRecovery",
    "address identity,address newOwner,string statement,uint256 attempt,uint256 nonce,uint256 deadline",
    {
      identity: of.identity,
      newOwner: of.newOwner,
      statement: VETO,
      attempt: of.attempt,
      nonce: of.nonce,
      deadline: of.deadline,
    },
  );
