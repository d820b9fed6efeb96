import { Effect } from "effect";
import { z } from "zod";
import { defineTool } from "../tool.ts";
import { fetchText } from "./fetch-text.ts";

export const fetchUrl = defineTool({
  namespace: "codemode",
  name: "fetchUrl",
  mark: "reads",
  description: "Fetch a URL and return the response",
  input: z.object({ url: z.string().max(8_192) }),
  run: Effect.fn("codemode.fetchUrl")(function* ({ url }, caller) {
    return yield* fetchText(url, caller);
  }),
});
