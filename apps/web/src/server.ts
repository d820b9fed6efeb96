import { createStartHandler, defaultStreamHandler } from "@tanstack/react-start/server";
import { answer, type RequestContext } from "../server/answer.ts";
import { processConfig, type WebConfig } from "../server/config.ts";

declare module "@tanstack/react-start" {
  interface Register {
    server: { requestContext: RequestContext };
  }
}

const render = createStartHandler(defaultStreamHandler);

export default {
  fetch: (request: Request, options?: { readonly config?: WebConfig }): Promise<Response> =>
    answer(request, options?.config ?? processConfig(), async (incoming, context) => render(incoming, { context })),
};
