import type { Executor } from "@cloudflare/codemode";
import { createCodeTool } from "@cloudflare/codemode/ai";
import type { ZodType } from "zod";
import type { ToolMark } from "./tool.ts";

/** What is needed of a tool to tell a model of it. */
interface Told {
  readonly namespace: string;
  readonly name: string;
  readonly mark: ToolMark;
  readonly description: string;
  readonly input: ZodType;
}

const words = `Run a JavaScript program in place of many tool calls. It runs in an isolate without network, files or timers beyond its run; all it reaches are these tools, and each run starts afresh.

{{types}}

Write one async arrow function in plain JavaScript and return the result as JSON. Await every call. A call that is refused throws an error that says why. What is written is seen by the program alone until it returns; then a person may be asked, and all of it is written or nothing. A program that throws writes nothing.

Example: async () => { const files = await workspace.list({ path: "" }); return files.length; }`;

const namespacesOf = (tools: readonly Told[]) => [...new Set(tools.map(({ namespace }) => namespace))];

/** The names that a program sees, namespace by namespace. */
export const toolNames = (tools: readonly Told[]) =>
  namespacesOf(tools).map((namespace) => ({
    namespace,
    tools: tools.filter((tool) => tool.namespace === namespace).map(({ name }) => name),
  }));

/**
 * The tool that a model is given: it takes `{ code }`, and `executor` runs it with exactly these tools. They are carried
 * out where the executor's calls arrive.
 */
export const createCodemodeExecutor = (tools: readonly Told[], executor: Executor) =>
  createCodeTool({
    description: words,
    tools: namespacesOf(tools).map((namespace) => ({
      name: namespace,
      tools: Object.fromEntries(
        tools
          .filter((tool) => tool.namespace === namespace)
          .map(({ name, mark, description, input }) => [
            name,
            { description: `${description} (${mark})`, inputSchema: input, execute: async () => null },
          ]),
      ),
    })),
    executor,
  });

/** What a model is told of the tool. */
export const codemodeDescription = (tools: readonly Told[]): string => {
  const { description } = createCodemodeExecutor(tools, { execute: async () => ({ result: null }) });
  if (typeof description !== "string") throw new Error("The tool is described by a text.");
  return description;
};
