import { createServerFn, getGlobalStartContext } from "@tanstack/react-start";
import { getRequestHeader } from "@tanstack/react-start/server";
import { logLine } from "../../../server/log.ts";
import { wireErrorResponse } from "../../../server/wire-response.ts";
import { issueThreadToken as issue, issuePorts } from "./issue.ts";
import { TokenRefusal } from "./refusal.ts";

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
      if (!(error instanceof TokenRefusal)) throw error;
      logLine("thread_token.refused", { requestId, tag: error.tag });
      return wireErrorResponse(error.tag, error.message, requestId);
    }
  });
