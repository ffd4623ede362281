/** The record's name as hospitals know it: did:ethr on the network's chain. */
export const didOf = (chainId: number, patient: string): string => `did:ethr:0x${chainId.toString(16)}:${patient}`;
