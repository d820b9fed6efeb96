import { newThreadTexts } from "../texts/new-thread.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import { Examples } from "./examples.tsx";

/** Stands in a thread without a message: what it is, and messages that really run. */
export function EmptyThread() {
  const commands = useLiveCommands();
  const isEmpty = useLiveValue(({ messages, isBusy, live }) => live !== null && messages.length === 0 && !isBusy);
  if (!isEmpty) return null;
  return (
    <div className="pt-6">
      <h2 className="font-semibold text-xl tracking-tight">{newThreadTexts.title}</h2>
      <p className="mt-1 mb-6 text-ink-muted">{newThreadTexts.lead}</p>
      <Examples onSelect={(text) => commands().send(text)} />
    </div>
  );
}
