import type { ModelEffort } from "@threadbox/contracts/model";
import { Predicate } from "effect";
import { field } from "./field.ts";

type Body = Readonly<Record<string, unknown>>;

/** Models that don't think, and refuse whoever asks them to. */
const unthinking = /^(?:gpt-3|gpt-4|chatgpt-)|-chat(?:-|$)/;
/** Models that think as hard as they do, and refuse any other wish. */
const fixedEffort = /-pro(?:-|$)/;

/** What is taken over of a sandbox's request. Nothing in it names what OpenAI keeps for the key's owner. */
const takenOver = [
  "input",
  "instructions",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "temperature",
  "top_p",
  "text",
  "prompt_cache_key",
  "stream",
];

/** Tools that the agent runs itself, and none that OpenAI runs. */
const isOwnTool = (tool: unknown): boolean => ["function", "custom"].includes(String(field(tool, "type")));

/** By these a conversation would name what OpenAI keeps. What a model or a tool has written is text, and has none of them. */
const names: ReadonlySet<string> = new Set(["id", "file_id"]);
const withoutNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (!Predicate.isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) => (names.has(name) ? [] : [[name, withoutNames(held)]])),
  );
};

/** The conversation without sealed thoughts of turns before this one: only the model and the key that thought them can open them. */
const readableInput = (input: readonly unknown[], isThinking: boolean): readonly unknown[] => {
  const asked = isThinking ? input.findLastIndex((item) => field(item, "role") === "user") : input.length;
  return input.filter((item, at) => at > asked || field(item, "type") !== "reasoning").map(withoutNames);
};

/** A sandbox's request as that model of OpenAI's takes it, with the effort that its user has chosen. Its longest answer is the model's own. */
export const responsesRequest = (model: string, body: Body, chosen?: ModelEffort): Body => {
  const { input, tools } = body;
  const isThinking = !unthinking.test(model);
  const effort = chosen ?? field(body.reasoning, "effort");
  const summary = field(body.reasoning, "summary");
  return {
    model,
    ...Object.fromEntries(takenOver.flatMap((name) => (name in body ? [[name, body[name]]] : []))),
    ...(Array.isArray(input) ? { input: readableInput(input, isThinking) } : {}),
    ...(Array.isArray(tools) ? { tools: tools.filter(isOwnTool) } : {}),
    store: false,
    ...(isThinking
      ? {
          include: ["reasoning.encrypted_content"],
          reasoning: { summary, ...(fixedEffort.test(model) ? {} : { effort }) },
        }
      : {}),
  };
};

/** The same request without asking for a summary of the thoughts. */
export const withoutSummary = (text: string): string => {
  const { reasoning, ...body } = JSON.parse(text) as Body;
  return JSON.stringify({ ...body, reasoning: { effort: field(reasoning, "effort") } });
};
