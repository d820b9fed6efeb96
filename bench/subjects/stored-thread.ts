import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { serviceToken } from "@threadbox/contracts/service-token";
import { importJWK, SignJWT } from "jose";
import { longTranscript, type MadeMessage, textOf } from "./long-transcript.ts";
import type { Product } from "./product.ts";
import { issueThreadToken, mutate, type Viewer } from "./viewer.ts";

/** Where workerd keeps one file for each thread's Durable Object. */
const agentFiles = (product: Product): readonly string[] =>
  readdirSync(join(product.home, "worker/do/-ThreadAgent")).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));

/** Has the thread's Durable Object made, and answers which file is its own. */
const wakeAgent = async (product: Product, viewer: Viewer): Promise<string> => {
  const before = new Set(agentFiles(product));
  const url = new URL(`/agents/chat/${viewer.threadId}/get-messages`, product.addresses.worker);
  url.searchParams.set("token", await issueThreadToken(product, viewer));
  const response = await fetch(url, { headers: { origin: product.addresses.app } });
  if (!response.ok) throw new Error(`get-messages: ${response.status} ${await response.text()}`);
  const [file, ...others] = agentFiles(product).filter((name) => !before.has(name));
  if (file === undefined || others.length > 0)
    throw new Error(`The thread's file is not to be told among ${others.length + 1}.`);
  return join(product.home, "worker/do/-ThreadAgent", file);
};

const signService = async ({ keys }: Product): Promise<string> => {
  const { private: jwk } = keys.serviceToken;
  return new SignJWT()
    .setProtectedHeader({ alg: serviceToken.alg, typ: "JWT", kid: jwk.kid ?? "" })
    .setIssuer(serviceToken.issuer)
    .setAudience(serviceToken.audience)
    .setSubject(serviceToken.subject)
    .setIssuedAt()
    .setExpirationTime(`${serviceToken.lifetimeSeconds} s`)
    .sign(await importJWK(jwk, serviceToken.alg));
};

/** Tells Convex of each message, as the worker does when a turn settles. */
const project = async (product: Product, threadId: string, messages: readonly MadeMessage[]): Promise<void> => {
  let token = "";
  for (const [position, message] of messages.entries()) {
    if (position % 500 === 0) token = await signService(product);
    await mutate(product, token, "messages:project", {
      threadId,
      messageId: message.id,
      role: message.role,
      position,
      parentId: messages[position - 1]?.id ?? null,
      parts: JSON.stringify(message.parts),
      text: textOf(message),
      ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
      createdAt: 1_700_000_000_000 + position,
    });
  }
};

/**
 * Writes the transcript into the Durable Object's file while nobody runs: the messages in the table from which the SDK
 * takes over what its older versions stored, the places in the thread's own.
 */
const writeTranscript = (file: string, messages: readonly MadeMessage[]): void => {
  const database = new DatabaseSync(file);
  database.exec(
    "begin; create table cf_ai_chat_agent_messages (id text primary key, message text not null, created_at datetime)",
  );
  const message = database.prepare("insert into cf_ai_chat_agent_messages (id, message, created_at) values (?, ?, ?)");
  const place = database.prepare("insert into places (position, message_id, role, parent_id) values (?, ?, ?, ?)");
  for (const [position, made] of messages.entries()) {
    message.run(made.id, JSON.stringify(made), 1_700_000_000_000 + position);
    place.run(position, made.id, made.role, messages[position - 1]?.id ?? null);
  }
  database.exec("commit");
  database.close();
};

export interface StoredThread {
  readonly threadId: string;
  readonly count: number;
  readonly lastMessageId: string;
}

/** Gives a user one thread of each size, in Convex and in its Durable Object; the product is started again in between. */
export const storeThreads = async (
  product: Product,
  { userId, accessToken }: { readonly userId: string; readonly accessToken: string },
  counts: readonly number[],
  say: (line: string) => void,
): Promise<readonly StoredThread[]> => {
  const made: (StoredThread & { readonly file: string; readonly messages: readonly MadeMessage[] })[] = [];
  for (const count of counts) {
    say(`storing a thread of ${count} messages`);
    const threadId = String(await mutate(product, accessToken, "threads:create", {}));
    const file = await wakeAgent(product, { userId, threadId });
    const messages = longTranscript(count);
    await project(product, threadId, messages);
    made.push({ threadId, count, file, messages, lastMessageId: messages.at(-1)?.id ?? "" });
  }
  await product.restart(() => {
    for (const { file, messages } of made) writeTranscript(file, messages);
  });
  return made.map(({ threadId, count, lastMessageId }) => ({ threadId, count, lastMessageId }));
};
