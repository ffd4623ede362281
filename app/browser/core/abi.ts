/** The few views and events that this page reads, as `interfaces/*.json` has them (a test compares). */



export const IDENTITY = [
  {
    type: "function", name: "nonce", stateMutability: "view",
    inputs: [{ name: "identity", type: "address" }],
    outputs: [{ name: "", type: "uint256" }],
  },
  {
    type: "function", name: "validDelegate", stateMutability: "view",
    inputs: [{ name: "identity", type: "address" }, { name: "delegateType", type: "bytes32" }, { name: "delegate", type: "address" }],
    outputs: [{ name: "", type: "bool" }],
  },
  {
    type: "function", name: "guardiansOf", stateMutability: "view",
    inputs: [{ name: "identity", type: "address" }],
    outputs: [{ name: "commitment", type: "bytes32" }, { name: "nextCommitment", type: "bytes32" }, { name: "effectiveAt", type: "uint64" }],
  },
  {
    type: "function", name: "recoveryOf", stateMutability: "view",
    inputs: [{ name: "identity", type: "address" }],
    outputs: [{ name: "newOwner", type: "address" }, { name: "executableAt", type: "uint64" }, { name: "attempt", type: "uint256" }, { name: "vetoSpent", type: "bool" }],
  },
  {
    type: "function", name: "recoveryDelay", stateMutability: "view",
    inputs: [],
    outputs: [{ name: "", type: "uint64" }],
  },
  {
    type: "function", name: "identityOwner", stateMutability: "view",
    inputs: [{ name: "identity", type: "address" }], outputs: [{ name: "", type: "address" }],
  },
  {
    type: "function", name: "changed", stateMutability: "view",
    inputs: [{ name: "identity", type: "address" }], outputs: [{ name: "blockNumber", type: "uint256" }],
  },
  {
    type: "event", name: "DIDAttributeChanged",
    inputs: [
      { indexed: true, name: "identity", type: "address" }, { indexed: false, name: "name", type: "bytes32" },
      { indexed: false, name: "value", type: "bytes" }, { indexed: false, name: "validTo", type: "uint256" },
      { indexed: false, name: "previousChange", type: "uint256" },
    ],
  },
  {
    type: "event", name: "DIDDelegateChanged",
    inputs: [
      { indexed: true, name: "identity", type: "address" }, { indexed: false, name: "delegateType", type: "bytes32" },
      { indexed: false, name: "delegate", type: "address" }, { indexed: false, name: "validTo", type: "uint256" },
      { indexed: false, name: "previousChange", type: "uint256" },
    ],
  },
  {
    type: "event", name: "DIDOwnerChanged",
    inputs: [
      { indexed: true, name: "identity", type: "address" }, { indexed: false, name: "owner", type: "address" },
      { indexed: false, name: "previousChange", type: "uint256" },
    ],
  },
] as const;

export const MEMBERS = [
  {
    type: "function", name: "memberCount", stateMutability: "view",
    inputs: [], outputs: [{ name: "", type: "uint256" }],
  },
  {
    type: "function", name: "memberAt", stateMutability: "view",
    inputs: [{ name: "index", type: "uint256" }], outputs: [{ name: "", type: "address" }],
  },
  {
    type: "function", name: "memberOf", stateMutability: "view", inputs: [{ name: "member", type: "address" }],
    outputs: [
      {
        name: "", type: "tuple",
        components: [
          { name: "status", type: "uint8" }, { name: "name", type: "string" }, { name: "kind", type: "string" },
          { name: "admittedAt", type: "uint64" }, { name: "suspendedUntil", type: "uint64" },
          { name: "key", type: "address" },
        ],
      },
    ],
  },
  {
    type: "function", name: "directoryKeysOf", stateMutability: "view", inputs: [{ name: "member", type: "address" }],
    outputs: [{ name: "", type: "bytes32[]" }],
  },
  {
    type: "function", name: "staffOf", stateMutability: "view", inputs: [{ name: "account", type: "address" }],
    outputs: [
      {
        name: "", type: "tuple",
        components: [
          { name: "member", type: "address" }, { name: "role", type: "bytes32" },
          { name: "department", type: "bytes32" }, { name: "licenceEndAt", type: "uint64" },
        ],
      },
    ],
  },
] as const;

export const COMMITTEE = [
  {
    type: "function", name: "currentVersion", stateMutability: "view",
    inputs: [], outputs: [{ name: "", type: "uint64" }],
  },
  {
    type: "function", name: "thresholdOf", stateMutability: "view",
    inputs: [{ name: "version", type: "uint64" }], outputs: [{ name: "", type: "uint8" }],
  },
  {
    type: "function", name: "keepersOf", stateMutability: "view", inputs: [{ name: "version", type: "uint64" }],
    outputs: [
      {
        name: "keepers", type: "tuple[]",
        components: [
          { name: "account", type: "address" }, { name: "member", type: "address" },
          { name: "chamber", type: "uint8" }, { name: "url", type: "string" }, { name: "sealingKey", type: "bytes" },
        ],
      },
    ],
  },
] as const;

export const RECORDS = [
  {
    type: "function", name: "anchorOf", stateMutability: "view",
    inputs: [{ name: "author", type: "address" }, { name: "root", type: "bytes32" }],
    outputs: [{ name: "anchoredAt", type: "uint64" }, { name: "count", type: "uint32" }],
  },
  {
    type: "function", name: "isRetracted", stateMutability: "view",
    inputs: [{ name: "author", type: "address" }, { name: "recordId", type: "bytes32" }],
    outputs: [{ name: "", type: "bool" }],
  },
] as const;

export const CONSENTS = [
  {
    type: "function", name: "consentOf", stateMutability: "view",
    inputs: [{ name: "patient", type: "address" }, { name: "consentId", type: "bytes32" }],
    outputs: [
      { name: "status", type: "uint8" }, { name: "validFrom", type: "uint64" }, { name: "validUntil", type: "uint64" },
      { name: "changedAt", type: "uint64" },
    ],
  },
  {
    type: "function", name: "mandateOf", stateMutability: "view",
    inputs: [{ name: "consentId", type: "bytes32" }], outputs: [{ name: "", type: "bytes32" }],
  },
] as const;

export const AUDIT = [
  {
    type: "event", name: "ReceiptsCommitted",
    inputs: [
      { indexed: true, name: "keeper", type: "address" }, { indexed: true, name: "root", type: "bytes32" },
      { indexed: false, name: "firstSeq", type: "uint64" }, { indexed: false, name: "count", type: "uint32" },
    ],
  },
  {
    type: "function", name: "nextSeqOf", stateMutability: "view",
    inputs: [{ name: "keeper", type: "address" }], outputs: [{ name: "", type: "uint64" }],
  },
] as const;
