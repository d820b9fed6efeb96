import { pageConfig } from "../../lib/request.ts";
import type { useLoginSession } from "../auth/index.ts";
import { asWireFailure, readWireFailure } from "../errors/index.ts";

export type AccessToken = ReturnType<typeof useLoginSession>["getAccessToken"];

export interface UserCallParts {
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

/** Answers with the body as it came; rejects with a `WireFailure`. */
export type UserCall = (method: string, path: string, parts?: UserCallParts) => Promise<unknown>;

/**
 * Calls the worker as the user who is signed in, once more with a new token where the old one has expired. Whoever asks
 * has an answer after `answerMsMax` milliseconds, or is told that there is none.
 */
export const makeUserCall = (getAccessToken: AccessToken, answerMsMax: number): UserCall => {
  const send = async (method: string, path: string, parts: UserCallParts, isRepeat: boolean): Promise<unknown> => {
    const { body, signal } = parts;
    const token = await getAccessToken({ forceRefresh: isRepeat });
    const timeout = AbortSignal.timeout(answerMsMax);
    const response = await fetch(`${pageConfig().workerUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (response.ok) return response.json();
    const failure = await readWireFailure(response);
    if (failure.tag === "TokenExpired" && !isRepeat) return send(method, path, parts, true);
    throw failure;
  };
  return async (method, path, parts = {}) => {
    try {
      return await send(method, path, parts, false);
    } catch (error) {
      throw asWireFailure(error, "UpstreamTimeout");
    }
  };
};
