import type { ModelDescription } from "@threadbox/contracts/model";
import { ChevronRight } from "lucide-react";
import { examples } from "../texts/new-thread.ts";
import { useModel } from "./use-model.ts";

interface ExamplesProps {
  /** What answers; without it the workspace's model is taken for it. */
  readonly answerer?: ModelDescription | null;
  readonly onSelect: (text: string) => void;
}

/** Three first messages that really run. */
export function Examples({ answerer, onSelect }: ExamplesProps) {
  const workspace = useModel();
  const model = answerer ?? workspace;
  const shown = model === null || model.provider === "demo" ? examples.demo : examples.model;
  return (
    <ul className="divide-y rounded-lg border">
      {shown.map(({ text, hint }) => (
        <li key={text}>
          <button
            type="button"
            onClick={() => onSelect(text)}
            className="group/example focus-inset flex min-h-11 w-full items-center gap-4 px-4 py-2 text-start transition-colors duration-100 hover:bg-hover"
          >
            <span className={`min-w-0 flex-1 truncate ${shown === examples.demo ? "font-mono text-compact" : ""}`}>
              {text}
            </span>
            <span className="hidden shrink-0 text-compact text-ink-muted sm:block">{hint}</span>
            <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-ink-faint group-hover/example:text-ink" />
          </button>
        </li>
      ))}
    </ul>
  );
}
