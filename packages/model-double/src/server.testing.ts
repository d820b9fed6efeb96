import { createServer, type ServerResponse } from "node:http";
import { type Answer, refusal } from "./answer.testing.ts";
import { type ChatRequest, isForTitle, promptOf, readChatRequest } from "./chat-request.testing.ts";
import { play } from "./play.testing.ts";

export { type ChatRequest, isForTitle, promptOf };

/** Decides what the model answers to a call. */
export type Answerer = (request: ChatRequest) => Answer;

/** A model provider on loopback that answers as it is told. */
export interface ModelDouble {
  readonly port: number;
  /** Address for `MODEL_BASE_URL`. */
  readonly baseUrl: string;
  /** From now on it answers so, and counts its calls anew. */
  readonly answer: (answerer: Answerer) => void;
  /** Calls since it was told how to answer, and how many of them are still open. */
  readonly calls: () => { readonly made: number; readonly open: number };
  /** The `Authorization` headers of the calls since then, each once. */
  readonly keysSeen: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const give = (response: ServerResponse, request: ChatRequest, answer: Answer): Promise<void> | undefined => {
  if (answer.kind === "steps") return play(response, request, answer.steps);
  if (answer.kind === "refusal") {
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(JSON.stringify(answer.body));
  } else if (answer.kind === "page") {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in to the network</html>");
  }
  return undefined;
};

const unknownRoute = refusal(404, { message: "Unknown request URL.", type: "invalid_request_error" });
const badBody = refusal(400, { message: "We could not parse the body.", type: "invalid_request_error" });

const wrongKey = refusal(401, {
  message: "Incorrect API key provided.",
  type: "invalid_request_error",
  code: "invalid_api_key",
});

/** What the double is like beside what it answers. */
export interface DoubleTraits {
  /** The keys that it takes; left out: any, and none. */
  readonly keys?: ReadonlySet<string>;
  /** What it lists at `/v1/models`; left out: it has no such page. */
  readonly models?: readonly string[];
}

/** Starts the double: OpenAI's chat completions, streamed and whole, at `/v1/chat/completions`, and a listing of its models. */
export const startModelDouble = async (
  first: Answerer,
  port = 0,
  { keys: taken, models }: DoubleTraits = {},
): Promise<ModelDouble> => {
  let answerer = first;
  let calls: ServerResponse[] = [];
  const keys = new Set<string>();
  const nobody: ChatRequest = { model: "", messages: [] };
  const server = createServer(async (incoming, response) => {
    const key = incoming.headers.authorization?.replace(/^Bearer /, "") ?? "";
    if (taken !== undefined && !taken.has(key)) {
      await give(response, nobody, wrongKey);
      return;
    }
    if (incoming.method === "GET" && incoming.url === "/v1/models" && models !== undefined) {
      const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "double" }));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ object: "list", data }));
      return;
    }
    if (incoming.method !== "POST" || incoming.url !== "/v1/chat/completions") {
      await give(response, nobody, unknownRoute);
      return;
    }
    // What is still written when the caller has left fails, and is of no interest.
    response.on("error", () => {});
    keys.add(incoming.headers.authorization ?? "none");
    calls.push(response);
    const request = await readChatRequest(incoming);
    await give(response, request ?? nobody, request === undefined ? badBody : answerer(request));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The model double has no port.");
  return {
    port: address.port,
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    answer: (next) => {
      answerer = next;
      calls = [];
      keys.clear();
    },
    calls: () => ({ made: calls.length, open: calls.filter(({ closed }) => !closed).length }),
    keysSeen: () => [...keys],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
