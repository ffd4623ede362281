/** Failures of the byte layouts. `code` is the slug of docs/errors.md. */

export class LayoutError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** An object does not have the byte layout that the specification gives. */
export class LayoutInvalid extends LayoutError {
  constructor(message: string) {
    super("layout-invalid", message);
  }
}

/** A sealed value does not open with this key and context. */
export class SealInvalid extends LayoutError {
  constructor(message = "the sealed value does not open") {
    super("seal-invalid", message);
  }
}

/** The ciphertext of an envelope fails its authentication. */
export class EnvelopeCorrupt extends LayoutError {
  constructor(message: string) {
    super("envelope-corrupt", message);
  }
}

/** A share does not match its hash in the sealing. */
export class ShareInvalid extends LayoutError {
  constructor(message: string) {
    super("share-invalid", message);
  }
}

/** The combined key is not the one that the header commits to. */
export class KeyCommitmentMismatch extends LayoutError {
  constructor(message = "the combined key is not the one the header commits to") {
    super("key-commitment-mismatch", message);
  }
}

/** The signature does not belong to who is named. */
export class SignatureInvalid extends LayoutError {
  constructor(message: string) {
    super("signature-invalid", message);
  }
}

/** The terms cannot be signed as they are. */
export class TermsInvalid extends LayoutError {
  constructor(message: string) {
    super("terms-invalid", message);
  }
}
