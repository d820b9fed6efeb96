import { pageConfig } from "../../lib/request.ts";
import { readWireFailure } from "../errors/index.ts";
import type { AccessToken } from "./user-call.ts";

/** Reads a stream of the worker's as the user who is signed in. Resolves at its end; rejects where it broke off. */
export type UserStream = (path: string, onPiece: () => void, signal: AbortSignal) => Promise<void>;

/** `onPiece`: called for every piece that comes; what it says is not looked at. */
export const makeUserStream =
  (getAccessToken: AccessToken): UserStream =>
  async (path, onPiece, signal) => {
    const token = await getAccessToken({ forceRefresh: false });
    const response = await fetch(`${pageConfig().workerUrl}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (!response.ok || response.body === null) throw await readWireFailure(response);
    const reader = response.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) onPiece();
  };
