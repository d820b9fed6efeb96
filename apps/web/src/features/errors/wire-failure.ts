import { type ErrorTag, errorTable, isErrorTag } from "@threadbox/contracts/errors";

/** A refusal or failure of one of our servers, as it came over the wire. */
export class WireFailure extends Error {
  override readonly name = "WireFailure";
  readonly tag: ErrorTag;
  readonly requestId: string | undefined;
  constructor(tag: ErrorTag, message: string, requestId?: string) {
    super(message);
    this.tag = tag;
    this.requestId = requestId;
  }

  get isRetryable(): boolean {
    return errorTable[this.tag].retryable;
  }
}

/** Reads the body of a non-2xx answer; anything that is not in the wire's form counts as `Internal`. */
export const readWireFailure = async (response: Response): Promise<WireFailure> => {
  const body: unknown = await response.json().catch(() => null);
  const error = Object(Reflect.get(Object(body), "error"));
  const tag: unknown = Reflect.get(error, "_tag");
  const message: unknown = Reflect.get(error, "message");
  const requestId: unknown = Reflect.get(error, "requestId");
  return new WireFailure(
    isErrorTag(tag) ? tag : "Internal",
    typeof message === "string" ? message : "Something went wrong on our side.",
    typeof requestId === "string" ? requestId : undefined,
  );
};
