/// <reference types="vite/client" />
import type { SandboxStatus } from "@threadbox/contracts/sandbox";
import { serviceToken } from "@threadbox/contracts/service-token";
import type { FunctionArgs } from "convex/server";
import { ConvexError } from "convex/values";
import { convexTest } from "convex-test";
import type { api } from "./_generated/api.js";
import schema from "./schema.ts";

/** A fresh, empty deployment of these functions. */
export const backend = () => convexTest(schema, import.meta.glob(["./**/*.{ts,js}", "!./**/*.test.ts"]));
export type Backend = ReturnType<typeof backend>;

const userIssuer = "http://localhost:4100";

export const asUser = (t: Backend, subject: string, role?: string) =>
  t.withIdentity({
    issuer: userIssuer,
    subject,
    tokenIdentifier: `${userIssuer}|${subject}`,
    ...(role ? { role } : {}),
  });

export const asService = (t: Backend) => t.withIdentity({ issuer: serviceToken.issuer, subject: serviceToken.subject });

/** "ok", or the tag of the refusal; anything else is thrown on. */
export const outcomeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return "ok";
  } catch (error) {
    if (error instanceof ConvexError && typeof error.data?._tag === "string") return error.data._tag;
    throw error;
  }
};

type ProjectedMessage = FunctionArgs<typeof api.messages.project>;

export const firstPage = { numItems: 20, cursor: null };

/** A well-formed projected message of that thread; the overrides say what the test is about. */
export const messageOf = (threadId: string, overrides: Partial<ProjectedMessage> = {}): ProjectedMessage => ({
  threadId,
  messageId: "m0",
  role: "user",
  position: 0,
  parts: '[{"type":"text","text":"hello"}]',
  text: "hello",
  createdAt: 1,
  ...overrides,
});

export const sandboxOf = (
  threadId: string,
  overrides: Partial<Omit<FunctionArgs<typeof api.sandboxes.report>, "threadId">> = {},
) => ({
  threadId,
  status: "starting" as SandboxStatus,
  provider: "local" as const,
  generation: 1,
  reason: "Starting OpenCode.",
  since: 1,
  ...overrides,
});

type Entry = FunctionArgs<typeof api.journal.append>;

export const entryOf = (threadId: string, overrides: Partial<Entry> = {}): Entry => ({
  threadId,
  entryId: "e0",
  kind: "egress",
  at: 1,
  revision: 1,
  subject: "registry.example.com",
  detail: '{"verdict":"deny"}',
  ...overrides,
});
