import { type Answer, call, refusal, steps, text } from "@threadbox/model-double/answer";
import { type ChatRequest, type ModelDouble, startModelDouble } from "@threadbox/model-double/server";
import { modelPort } from "./addresses.ts";

/** How the model answers from now on. */
export type Reply =
  | { readonly kind: "text"; readonly text: string }
  /** One shell command per prompt, then `Done.` */
  | { readonly kind: "command"; readonly command: string }
  /** What it is shown: how many pictures, of which types. `refuses`: it takes none, as many models do. */
  | { readonly kind: "pictures"; readonly refuses: boolean }
  | { readonly kind: "failure"; readonly status: number; readonly message: string; readonly retryAfterMs: number }
  /** This text in the stream as it is, then its end. */
  | { readonly kind: "stream"; readonly text: string }
  /** A page, as a portal answers that stands in between. */
  | { readonly kind: "page" }
  /** These words, or not even headers, and then nothing more. */
  | { readonly kind: "silence"; readonly after: string | null };

export interface Model extends Pick<ModelDouble, "keysSeen" | "calls" | "stop"> {
  readonly reply: (reply: Reply) => void;
}

/** Few characters at a time, so that the page renders every half-written state on the way. */
const piecesOf = (whole: string): readonly string[] => whole.match(/[\s\S]{1,24}/gu) ?? [];

const refuse = ({ status, message, retryAfterMs }: Extract<Reply, { kind: "failure" }>): Answer =>
  refusal(
    status,
    { message, type: "double_error" },
    { "retry-after": String(Math.ceil(retryAfterMs / 1_000)), "retry-after-ms": String(retryAfterMs) },
  );

interface ContentPart {
  readonly type?: string;
  readonly text?: string;
  readonly image_url?: { readonly url: string };
}

const tellPictures = ({ messages }: ChatRequest, refuses: boolean): Answer => {
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as ContentPart[]) : []));
  const types = parts.flatMap(({ image_url }) => /^data:([^;]+)/.exec(image_url?.url ?? "")?.[1] ?? []);
  if (refuses && types.length > 0)
    return refusal(400, { message: "This model does not support image input.", type: "invalid_request_error" });
  const leftOut = parts.filter(({ text: words = "" }) => words.includes("A picture was left out")).length;
  return steps(text(`I am shown ${types.length} pictures (${types.join(", ")}), and ${leftOut} were left out.`));
};

const answerOf = (reply: Reply, request: ChatRequest): Answer => {
  const { messages, tools = [] } = request;
  if (reply.kind === "failure") return refuse(reply);
  if (reply.kind === "pictures") return tellPictures(request, reply.refuses);
  if (reply.kind === "page") return { kind: "page" };
  if (reply.kind === "stream") return steps({ kind: "raw", text: reply.text });
  if (reply.kind === "silence")
    return reply.after === null ? { kind: "nothing" } : steps(text(reply.after), { kind: "silence" });
  if (reply.kind === "text") return steps(text(...piecesOf(reply.text)));
  const isPrompted = tools.length > 0 && messages.at(-1)?.role === "user";
  if (!isPrompted) return steps(text("Done."));
  return steps(call("bash", { command: reply.command, description: "Run a command" }));
};

const done: Reply = { kind: "text", text: "Done." };

/** The model of the second installation: it answers as it is told, and remembers the keys it was called with. */
export const startModel = async (): Promise<Model> => {
  const double = await startModelDouble((request) => answerOf(done, request), modelPort);
  return { ...double, reply: (reply) => double.answer((request) => answerOf(reply, request)) };
};
