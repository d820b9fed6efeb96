import { getGlobalStartContext } from "@tanstack/react-start";
import { errorLine, logLine } from "../log.ts";
import { wireErrorResponse } from "../wire-response.ts";
import { issuePorts, issueThreadToken } from "./issue.ts";
import { TokenRefusal } from "./refusal.ts";

const internalMessage = "Something went wrong on our side.";

/** Answers with `IssuedThreadToken`, or with a wire error. The access token comes as a bearer, never as a cookie. */
export const answerThreadToken = async ({ request }: { readonly request: Request }): Promise<Response> => {
  const context = getGlobalStartContext();
  if (context === undefined) throw new Error("There is no request here.");
  const { config, requestId } = context;
  try {
    const body: unknown = await request.json();
    const threadId: unknown = Reflect.get(Object(body), "threadId");
    const asked = { threadId, authorization: request.headers.get("authorization") };
    const issued = await issueThreadToken(asked, issuePorts(config));
    logLine("thread_token.issued", { requestId, threadId: String(threadId) });
    return Response.json(issued, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    // Whatever it is stays here: the framework would print it with its stack, once for every request.
    const refusal =
      error instanceof TokenRefusal ? error : new TokenRefusal("Internal", internalMessage, { cause: error });
    const { tag, message, cause } = refusal;
    logLine("thread_token.refused", { requestId, tag, ...(cause === undefined ? {} : { cause: errorLine(cause) }) });
    return wireErrorResponse(tag, message, requestId);
  }
};
