// Signs typed data as three wallet libraries do. In (stdin): {privateKey, cases: [typed data]}; out: {library: [{digest, signature}]}.
// Numbers too great for JSON come as decimal text.
import { readFileSync } from "node:fs";
import { signTypedData as metamaskSign, SignTypedDataVersion, TypedDataUtils } from "@metamask/eth-sig-util";
import { TypedDataEncoder, Wallet } from "ethers";
import { hashTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const { privateKey, cases } = JSON.parse(readFileSync(0, "utf8"));
const account = privateKeyToAccount(privateKey);
const wallet = new Wallet(privateKey);
const hex = (bytes) => "0x" + Buffer.from(bytes).toString("hex");
const withoutDomain = ({ EIP712Domain, ...types }) => types;

const libraries = {
  viem: async (data) => ({ digest: hashTypedData(data), signature: await account.signTypedData(data) }),
  ethers: async (data) => {
    const parts = [data.domain, withoutDomain(data.types), data.message];
    return { digest: TypedDataEncoder.hash(...parts), signature: await wallet.signTypedData(...parts) };
  },
  "eth-sig-util": async (data) => ({
    digest: hex(TypedDataUtils.eip712Hash(data, SignTypedDataVersion.V4)),
    signature: metamaskSign({
      privateKey: Buffer.from(privateKey.slice(2), "hex"),
      data,
      version: SignTypedDataVersion.V4,
    }),
  }),
};

const answers = {};
for (const [name, sign] of Object.entries(libraries)) {
  answers[name] = [];
  for (const data of cases) answers[name].push(await sign(structuredClone(data)));
}
console.log(JSON.stringify(answers));
