import { cutTextStart } from "@threadbox/contracts/cut-text";
import type { UIMessage } from "ai";
import { attachmentsIn, pathsOf } from "./asked.ts";

/** The latest part of a conversation that a new OpenCode session is told, in characters. */
const recapLengthMax = 24_000;

const speaker = { user: "User", assistant: "Assistant", system: "System" } as const;

const lineOf = ({ role, parts }: UIMessage): string => {
  const said = parts.flatMap((part) => {
    if (part.type === "text") return [part.text];
    return part.type === "dynamic-tool" ? [`[${part.toolName} ${JSON.stringify(part.input)}]`] : [];
  });
  const attached = pathsOf(attachmentsIn(parts)).map((path) => `[attached file ${JSON.stringify(path)}]`);
  return `${speaker[role]}: ${[...said, ...attached].join("\n").trim()}`;
};

/**
 * What came before, for an OpenCode session that has lost it: its own store went with an earlier sandbox. Null where
 * nothing came before.
 */
export const recapOf = (messages: readonly UIMessage[]): string | null => {
  if (messages.length === 0) return null;
  const told = messages.map(lineOf).join("\n\n");
  const kept = told.length > recapLengthMax ? `…${cutTextStart(told, recapLengthMax)}` : told;
  return `This conversation began in a session that is no longer there. It went as follows.\n\n<conversation>\n${kept}\n</conversation>`;
};
