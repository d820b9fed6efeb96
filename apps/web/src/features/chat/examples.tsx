import { CornerDownLeft } from "lucide-react";
import { useModel } from "./use-model.ts";

const demoExamples = [
  { text: "$ node --version", hint: "Runs a command" },
  { text: "write notes.txt: hello", hint: "Writes a file" },
  { text: "$ ls -la", hint: "Shows the workspace" },
];

const examples = [
  { text: "Which languages and tools are installed here?", hint: "Looks around" },
  { text: "Write a small web server in Node and test it with curl.", hint: "Builds something" },
  { text: "Explain what is in this workspace.", hint: "Reads files" },
];

/** Three first messages that really run. */
export function Examples({ onSelect }: { readonly onSelect: (text: string) => void }) {
  const model = useModel();
  const shown = model === null || model.provider === "demo" ? demoExamples : examples;
  return (
    <ul className="divide-y rounded-lg border">
      {shown.map(({ text, hint }) => (
        <li key={text}>
          <button
            type="button"
            onClick={() => onSelect(text)}
            className="group/example focus-inset flex min-h-11 w-full items-center gap-4 px-4 py-2 text-start transition-colors duration-100 hover:bg-hover"
          >
            <span className={`min-w-0 flex-1 truncate ${shown === demoExamples ? "font-mono text-compact" : ""}`}>
              {text}
            </span>
            <span className="hidden shrink-0 text-compact text-ink-muted sm:block">{hint}</span>
            <CornerDownLeft
              aria-hidden="true"
              className="size-4 shrink-0 text-ink-faint group-hover/example:text-ink"
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
