/** The clock by which what a wallet signs begins, ends and may be relayed: the chain's, which contracts go by. */

import type { Network } from "./api";
import { chainOf, clockOf, type Clock } from "./chain";
import { spoken } from "./spoken";

/** Throws Problem where the chain can't be asked: a device's clock alone dates nothing that is signed. */
export const signingClock = (network: Network): Promise<Clock> => spoken(() => clockOf(chainOf(network)));
