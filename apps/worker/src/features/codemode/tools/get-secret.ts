import { Effect } from "effect";
import { z } from "zod";
import { handleOfSecret } from "../../egress/index.ts";
import { asRefusal } from "../errors.ts";
import { defineTool } from "../tool.ts";

/** Never a value: what a program holds, it can send. The handle is good at the secret's own hosts alone. */
export const getSecret = defineTool({
  namespace: "codemode",
  name: "getSecret",
  mark: "reads",
  description:
    "Get a secret from Secrets Store: a handle that stands for it in requests to the secret's own hosts, or null",
  input: z.object({ name: z.string().min(1).max(64) }),
  run: ({ name }, { threadId }) => Effect.mapError(handleOfSecret(threadId, name), asRefusal),
});
