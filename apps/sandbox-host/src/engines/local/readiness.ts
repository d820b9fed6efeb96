import * as http from "node:http";
import { openCodePaths, openCodePort } from "@threadbox/contracts/opencode";
import type { ControlSocket } from "./control-socket.ts";
import { openCodeAuthorization } from "./opencode.ts";

/**
 * OpenCode accepts connections before it answers them, and those it never answers; so the first tries are short. On a
 * busy machine every answer takes its time, so each try is given more of it.
 */
const firstTryMs = 400;
const tryGrowth = 1.5;
const tryMsMax = 5_000;
const retryDelayMs = 25;

const ask = (
  control: ControlSocket,
  method: "GET" | "POST",
  path: string,
  password: string,
  signal: AbortSignal,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.request(
      {
        method,
        path,
        signal,
        headers: { host: `127.0.0.1:${openCodePort}`, authorization: openCodeAuthorization(password) },
        createConnection: () => control.open({ kind: "port", port: openCodePort }),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.once("error", reject);
    request.end();
  });

/** Resolves at the first healthy answer with the password; rejects when `signal` is aborted. */
export const waitUntilHealthy = async (
  control: ControlSocket,
  password: string,
  signal: AbortSignal,
): Promise<void> => {
  for (let tryMs = firstTryMs; ; tryMs = Math.min(tryMs * tryGrowth, tryMsMax)) {
    signal.throwIfAborted();
    const status = await ask(
      control,
      "GET",
      openCodePaths.health,
      password,
      AbortSignal.any([signal, AbortSignal.timeout(tryMs)]),
    ).catch(() => 0);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
  }
};

/** Boots OpenCode's instance for the workspace. Never rejects: a failure shows at the first real request. */
export const warmUp = async (control: ControlSocket, password: string, msMax = 30_000): Promise<void> => {
  await ask(control, "GET", openCodePaths.warmUp, password, AbortSignal.timeout(msMax)).catch(() => {});
};

/** OpenCode begins anew with the workspace at the next request: it has other credentials now. */
export const forgetInstance = async (control: ControlSocket, password: string): Promise<void> => {
  await ask(control, "POST", openCodePaths.forget, password, AbortSignal.timeout(10_000));
};
