import * as http from "node:http";
import * as https from "node:https";
import { EgressSandboxHeader, egressApi } from "@threadbox/contracts/egress";
import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Redacted, Schema } from "effect";

/** The way to the worker that decides about one sandbox's requests. */
export interface EgressWorker {
  /** Begins a request; the caller sends its body and reads the answer. */
  request(method: string, path: string, headers: http.OutgoingHttpHeaders): http.ClientRequest;
  /** Ends a request whose answer nobody waits for any more, so that also a silent worker notices. */
  giveUp(request: http.ClientRequest): void;
  close(): void;
}

/** An answer's headers hold those of somebody else's answer, encoded. */
const headBytesMax = 96 * 1024;

const encodeSandbox = Schema.encodeSync(EgressSandboxHeader);

/** `origin`: any address of the worker. Connections are kept for the next request. */
export const egressWorker = (
  origin: URL,
  token: Redacted.Redacted<string>,
  sandbox: { readonly threadId: ThreadId; readonly generation: Generation },
): EgressWorker => {
  const transport = origin.protocol === "https:" ? https : http;
  const agent = new transport.Agent({ keepAlive: true, timeout: 4_000 });
  const proof = {
    authorization: `Bearer ${Redacted.value(token)}`,
    [egressApi.sandboxHeader]: encodeSandbox(sandbox),
  };
  return {
    request: (method, path, headers) =>
      transport.request(new URL(path, origin), {
        method,
        headers: { ...headers, ...proof },
        agent,
        maxHeaderSize: headBytesMax,
      }),
    giveUp: (request) => {
      // A worker that has nothing to write, because its upstream is silent, notices a reset but no orderly end.
      if (transport === http) request.socket?.resetAndDestroy();
      request.destroy();
    },
    close: () => agent.destroy(),
  };
};
