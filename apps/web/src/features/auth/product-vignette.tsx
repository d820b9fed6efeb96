import { Check, ChevronRight, FilePen, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import { signInTexts } from "./sign-in-texts.ts";

const { vignette } = signInTexts;

function Step({ icon, verb, target, end }: { icon: ReactNode; verb: string; target: string; end: string }) {
  return (
    <div className="flex h-9 items-center gap-2 rounded-lg border bg-raised px-3 text-compact [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-muted">
      {icon}
      <span className="text-ink-muted">{verb}</span>
      <code className="min-w-0 flex-1 truncate text-xs">{target}</code>
      <span className="text-ink-muted text-xs tabular">{end}</span>
      <Check />
      <ChevronRight />
    </div>
  );
}

/** A still of a thread at work; decoration for people who see, so nothing in it can be reached. */
export function ProductVignette() {
  return (
    <div aria-hidden="true" className="relative hidden overflow-hidden border-s bg-panel lg:flex">
      <div className="m-auto w-full max-w-xl px-10">
        <div className="space-y-5 rounded-xl border bg-canvas p-6 shadow-overlay">
          <div className="ms-auto w-fit rounded-lg bg-hover px-3 py-2 text-sm">{vignette.question}</div>
          <div className="space-y-2">
            <Step icon={<SquareTerminal />} verb={vignette.ran} target="node --version" end="0.2 s" />
            <div className="rounded-lg border bg-sunken px-4 py-3 font-mono text-xs leading-5">
              <span className="text-ink-muted">$ node --version</span>
              <br />
              v24.20.0
            </div>
            <Step icon={<FilePen />} verb={vignette.wrote} target="notes.txt" end="+1" />
          </div>
          <p className="text-sm leading-6">
            {vignette.answer[0]}
            <code className="rounded-sm bg-hover px-1 py-0.5 text-xs">v24.20.0</code>
            {vignette.answer[1]}
            <code className="rounded-sm bg-hover px-1 py-0.5 text-xs">notes.txt</code>.
          </p>
          <div className="flex items-center gap-2 text-ink-muted text-xs">
            <span className="size-2 rounded-full bg-good" /> {vignette.ready}
          </div>
        </div>
      </div>
    </div>
  );
}
