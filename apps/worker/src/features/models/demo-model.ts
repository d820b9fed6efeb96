import { cutText } from "@threadbox/contracts/cut-text";
import { type ChatMessage, type ChatRequest, type ChatTool, textOf } from "./chat-request.ts";
import { type DemoFile, type DemoStep, demoFilesOf, demoStepsOf, withoutAttached } from "./demo-steps.ts";

export const demoModelLabel = "Demo model";

export type DemoAnswer =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "tool call";
      readonly id: string;
      readonly tool: DemoStep["tool"];
      readonly input: DemoStep["input"];
    };

const helpText = `${demoModelLabel}: no language model is connected, so I only understand these lines:

- \`$ <command>\` runs a command in this thread's sandbox
- \`write <path>: <text>\` writes a file
- \`read <path>\` reads a file

For example: \`$ node --version\``;

const titleLengthMax = 50;
const summaryLines = 10;

const say = (text: string): DemoAnswer => ({ kind: "text", text });

const firstLine = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => line !== "") ?? "";

const cut = (text: string, length: number): string => (text.length > length ? `${cutText(text, length - 1)}…` : text);

/** OpenCode asks for a thread's title, and for a summary of a long one, without offering tools. */
const answerWithoutTools = (messages: readonly ChatMessage[]): DemoAnswer => {
  const system = messages.filter(({ role }) => role === "system").map(textOf);
  const asked = messages
    .filter(({ role }) => role === "user")
    .map((message) => firstLine(withoutAttached(textOf(message))));
  if (system.some((text) => /title generator/i.test(text))) {
    return say(cut(asked.at(-1) || "New thread", titleLengthMax));
  }
  if (system.some((text) => /summar/i.test(text))) {
    const lines = asked.filter((line) => line !== "").slice(-summaryLines);
    return say(["The user asked for:", ...lines.map((line) => `- ${cut(line, 200)}`)].join("\n"));
  }
  return say(helpText);
};

const fileLine = ({ path, sizeBytes, isMissing }: DemoFile): string =>
  `- \`${path}\`, ${isMissing ? "which isn’t there any more" : `${sizeBytes} ${sizeBytes === 1 ? "byte" : "bytes"}`}`;

/** What is true of attached files without looking into them; empty where there are none. */
const filesText = (files: readonly DemoFile[]): string =>
  files.length === 0
    ? ""
    : `You attached ${files.length === 1 ? "a file" : `${files.length} files`}:\n\n${files.map(fileLine).join("\n")}\n\n`;

const closingText = (steps: readonly DemoStep[], missing: readonly DemoStep[]): string => {
  const line = (step: DemoStep) => `- ${step.tool}: \`${step.label}\``;
  const done = steps.filter((step) => !missing.includes(step));
  return [
    ...(done.length === 0
      ? []
      : [
          `${demoModelLabel}: ${done.length === 1 ? "ran 1 step. Its result is" : `ran ${done.length} steps. Their results are`} above.`,
          "",
          ...done.map(line),
        ]),
    ...(missing.length === 0 ? [] : ["", "Skipped, because the tool isn't available:", "", ...missing.map(line)]),
  ]
    .join("\n")
    .trim();
};

/** Only inputs that the tool declares; older tools want a description beside the command. */
const inputFor = (step: DemoStep, tool: ChatTool): DemoStep["input"] =>
  tool.function.parameters?.properties?.description === undefined
    ? step.input
    : { ...step.input, description: cut(step.label, 60) };

/**
 * Decides the next answer from the conversation alone: each line of the last user message that names a step becomes
 * one tool call, in order, one per answer; when all have their results, a closing text. The same conversation always
 * gives the same answer.
 */
export const decideDemoAnswer = ({ messages, tools }: ChatRequest): DemoAnswer => {
  const offered = tools ?? [];
  if (offered.length === 0) return answerWithoutTools(messages);

  const last = messages.findLastIndex(({ role }) => role === "user");
  const asked = textOf(messages[last] ?? { role: "user" });
  const files = filesText(demoFilesOf(asked));
  const steps = last === -1 ? [] : demoStepsOf(asked);
  if (steps.length === 0) return say(`${files}${helpText}`);

  const toolOf = (step: DemoStep) => offered.find((tool) => tool.function.name === step.tool);
  const possible = steps.filter((step) => toolOf(step) !== undefined);
  const called = messages.slice(last + 1).reduce((count, { tool_calls }) => count + (tool_calls?.length ?? 0), 0);
  const step = possible[called];
  const tool = step === undefined ? undefined : toolOf(step);
  if (step === undefined || tool === undefined) {
    const missing = steps.filter((candidate) => !possible.includes(candidate));
    return say(`${files}${closingText(steps, missing)}`);
  }
  return { kind: "tool call", id: `call_${last}_${called}`, tool: step.tool, input: inputFor(step, tool) };
};
