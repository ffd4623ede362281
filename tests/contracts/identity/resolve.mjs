// Resolves did:ethr identities with the public resolver: node resolve.mjs <rpc url> <registry> <chain id> <did>
import { Resolver } from "did-resolver";
import { getResolver } from "ethr-did-resolver";

const [rpcUrl, registry, chainId, did] = process.argv.slice(2);
const networks = [{ name: "0x" + Number(chainId).toString(16), chainId: Number(chainId), rpcUrl, registry }];
const resolved = await new Resolver(getResolver({ networks })).resolve(did);
console.log(JSON.stringify(resolved));
process.exit(0);
