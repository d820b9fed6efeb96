import { createIsomorphicFn, getGlobalStartContext } from "@tanstack/react-start";
import type { RequestContext } from "../../server/answer.ts";
import type { PageConfig } from "../../server/config.ts";

// The type is named, as Start would infer it from the router, which is made with what stands here.
const findRequestContext = (): RequestContext | undefined => getGlobalStartContext();

const requestContext = (): RequestContext => {
  const context = findRequestContext();
  if (context === undefined) throw new Error("There is no request here.");
  return context;
};

/** The nonce of this page load; on the client the router reads it from the document by itself. */
export const currentNonce = createIsomorphicFn()
  .server((): string | undefined => requestContext().nonce)
  .client((): string | undefined => undefined);

export const pageConfigElementId = "page-config";

let decoded: PageConfig | undefined;

const readPageConfig = (): PageConfig => {
  const text = document.getElementById(pageConfigElementId)?.textContent;
  if (text === undefined || text === null) throw new Error("The document carries no page configuration.");
  return JSON.parse(text);
};

/** What the server tells the page at run time; the build knows no addresses. */
export const pageConfig = createIsomorphicFn()
  .server((): PageConfig => requestContext().config.page)
  .client((): PageConfig => {
    decoded ??= readPageConfig();
    return decoded;
  });
