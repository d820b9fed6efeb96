import { exports } from "cloudflare:workers";
import { signAccessToken, testBindings } from "../../testing/tokens.testing.ts";

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  /** A whole header; null: none. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request to the sandbox API, with the API token where nothing else is said. */
export const callApi = (
  path: string,
  { method = "POST", body, authorization = `Bearer ${testBindings.AGENTPOD_API_TOKEN}`, headers }: Asked = {},
): Promise<Response> =>
  exports.default.fetch(`http://worker.test${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(authorization === null ? {} : { authorization }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });

let serial = 0;
/** A name that no other test gives. */
export const newSandboxId = (): string => {
  serial += 1;
  return `test-${serial}-${crypto.randomUUID().slice(0, 8)}`;
};

export const asUser = async (userId: string): Promise<string> => `Bearer ${await signAccessToken(userId)}`;

export const tagOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { readonly error: { readonly _tag: string } }).error._tag;

/** A running sandbox of that user, with the id of its thread. */
export const makeSandbox = async (userId = "user_1") => {
  const id = newSandboxId();
  const created = await callApi("/sandbox", { body: { id, userId } });
  const info = (await (await callApi(`/sandbox/${id}`, { method: "GET" })).json()) as { readonly threadId: string };
  return { id, userId, created, threadId: info.threadId };
};
