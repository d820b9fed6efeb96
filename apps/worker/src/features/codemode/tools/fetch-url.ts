import { Effect } from "effect";
import { z } from "zod";
import { follow, inTime, readText, readUrl } from "../go-out.ts";
import { defineTool } from "../tool.ts";

const accept = "text/*, application/json;q=0.9, */*;q=0.1";

export const fetchUrl = defineTool({
  namespace: "codemode",
  name: "fetchUrl",
  mark: "reads",
  description: "Fetch a URL and return the response",
  input: z.object({ url: z.string().max(8_192) }),
  run: Effect.fn("codemode.fetchUrl")(function* ({ url }, caller) {
    const outgoing = { method: "GET", headers: new Headers({ accept }) };
    const first = yield* readUrl(url);
    return yield* inTime(Effect.flatMap(follow(first, outgoing, caller), readText));
  }),
});
