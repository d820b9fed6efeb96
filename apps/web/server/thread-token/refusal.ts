import type { ErrorTag } from "@threadbox/contracts/errors";

/** Why a thread token is not issued. The message is one plain sentence that may cross the wire. */
export class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
  readonly tag: ErrorTag;
  constructor(tag: ErrorTag, message: string, options?: ErrorOptions) {
    super(message, options);
    this.tag = tag;
  }
}
