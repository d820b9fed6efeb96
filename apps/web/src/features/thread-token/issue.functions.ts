import { createServerFn, getGlobalStartContext } from "@tanstack/react-start";
import { getRequestHeader } from "@tanstack/react-start/server";
import { errorLine, logLine } from "../../../server/log.ts";
import { wireErrorResponse } from "../../../server/wire-response.ts";
import { issueThreadToken as issue, issuePorts } from "./issue.ts";
import { TokenRefusal } from "./refusal.ts";

const internalMessage = "Something went wrong on our side.";

/** Answers with `IssuedThreadToken`, or with a wire error. The access token comes as a bearer, never as a cookie. */
export const issueThreadToken = createServerFn({ method: "POST" })
  .validator((input: { readonly threadId: string }) => input)
  .handler(async ({ data }): Promise<Response> => {
    const context = getGlobalStartContext();
    if (context === undefined) throw new Error("There is no request here.");
    const { config, requestId } = context;
    try {
      const request = { threadId: data?.threadId, authorization: getRequestHeader("authorization") ?? null };
      const issued = await issue(request, issuePorts(config));
      logLine("thread_token.issued", { requestId, threadId: data.threadId });
      return Response.json(issued, { headers: { "cache-control": "no-store" } });
    } catch (error) {
      // Whatever it is stays here: the framework would print it with its stack, once for every request.
      const refusal =
        error instanceof TokenRefusal ? error : new TokenRefusal("Internal", internalMessage, { cause: error });
      const { tag, message, cause } = refusal;
      logLine("thread_token.refused", { requestId, tag, ...(cause === undefined ? {} : { cause: errorLine(cause) }) });
      return wireErrorResponse(tag, message, requestId);
    }
  });
