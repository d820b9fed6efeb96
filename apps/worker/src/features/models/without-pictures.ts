import { Predicate } from "effect";
import { readText } from "./call-provider.ts";

/** Statuses with which a provider says that it can't take what it was sent. */
const refusals: ReadonlySet<number> = new Set([400, 404, 415, 422, 500]);
/** How providers say that a model takes no pictures. */
const aboutPictures = /image|vision|multi-?modal|picture|content.{0,40}(string|text)|unknown variant/i;

const leftOut = {
  type: "text",
  text: "[A picture was left out here: the model that answers takes no pictures. Tell the user so where it matters. The file itself is in the workspace.]",
};

const isPicture = (part: unknown): boolean =>
  Predicate.hasProperty(part, "type") && (part.type === "image_url" || part.type === "input_image");

/** The request with words in the place of every picture; null where it holds none. */
const withoutPictures = (text: string): string | null => {
  if (!text.includes('"image_url"')) return null;
  const body: unknown = JSON.parse(text);
  if (!Predicate.hasProperty(body, "messages") || !Array.isArray(body.messages)) return null;
  const messages: readonly unknown[] = body.messages;
  let isChanged = false;
  const plain = messages.map((message) => {
    if (!Predicate.hasProperty(message, "content") || !Array.isArray(message.content)) return message;
    const content: readonly unknown[] = message.content;
    if (!content.some(isPicture)) return message;
    isChanged = true;
    return { ...Object(message), content: content.map((part) => (isPicture(part) ? leftOut : part)) };
  });
  return isChanged ? JSON.stringify({ ...body, messages: plain }) : null;
};

/** Asks a model that refuses pictures once more without them: a conversation that holds one could never go on otherwise. */
export const picturesIfAllowed =
  (fetcher: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await fetcher(input, init);
    if (!refusals.has(response.status) || typeof init?.body !== "string") return response;
    const body = withoutPictures(init.body);
    if (body === null) return response;
    const { status, headers } = response;
    const words = await readText(response.body);
    if (!aboutPictures.test(words)) return new Response(words, { status, headers });
    return fetcher(input, { ...init, body });
  };
