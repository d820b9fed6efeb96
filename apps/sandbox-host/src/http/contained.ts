import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";

/**
 * A listener of an HTTP server that cannot end the process: what it throws, which nobody else would catch, is logged and
 * costs this one connection. Work that it begins and does not wait for has to catch its own errors.
 */
export const contained =
  <Carrier extends { destroy(): unknown }, Rest extends readonly unknown[]>(
    log: Logger,
    listener: (request: IncomingMessage, carrier: Carrier, ...rest: Rest) => void,
  ) =>
  (request: IncomingMessage, carrier: Carrier, ...rest: Rest): void => {
    try {
      listener(request, carrier, ...rest);
    } catch (error) {
      log.error({ event: "request.failed", err: error }, "a request failed outside its route");
      carrier.destroy();
    }
  };
