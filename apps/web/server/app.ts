import type { WebConfig } from "./config.ts";

/** What the build's server entry (`src/server.ts`) exports. */
export interface App {
  readonly fetch: (request: Request, options: { readonly config: WebConfig }) => Promise<Response>;
}
