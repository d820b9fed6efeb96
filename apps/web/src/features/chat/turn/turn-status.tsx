import type { LiveTurn } from "@threadbox/contracts/live";
import { Dot } from "@threadbox/ui/badge";
import { classNames } from "@threadbox/ui/class-names";
import { Suspense } from "react";
import { runningText } from "../../../lib/duration.ts";
import { lazyOrNothing } from "../../../lib/lazy-or-nothing.ts";
import { useNow } from "../../../lib/use-now.ts";
import { type SandboxState, startSentence, useSandbox } from "../../sandbox/index.ts";
import { turnTexts } from "../texts/conversation.ts";
import { useIsOutOfReach, useLiveValue } from "../thread/live-thread-context.tsx";
import { useSilence } from "./use-silence.ts";
import { waitSentence } from "./wait-sentence.ts";

const LoginWait = lazyOrNothing(() => import("./login-wait.tsx"));

interface Surroundings {
  readonly sandbox: SandboxState | null;
  readonly now: number;
  /** What the turn waits for where nothing has been heard of it for long. */
  readonly wait: string | null;
  /** How much a person is asked before it goes on. */
  readonly asked: number | undefined;
}

const stepSentence = (
  { step, retry }: Pick<LiveTurn, "step" | "retry">,
  { sandbox, now, wait, asked }: Surroundings,
): string => {
  switch (step) {
    case "sandbox":
      return startSentence(sandbox);
    case "preparing":
      // A sandbox that was thought to run may turn out to have ended.
      return sandbox?.status === "starting" ? startSentence(sandbox) : turnTexts.working;
    case "login":
    case "model":
      return asked ? turnTexts.waitingForYou : (wait ?? turnTexts.working);
    case "retrying": {
      if (retry === undefined) return turnTexts.retryingNow;
      const wait = retry.nextAt - now;
      const when = wait > 1_000 ? runningText(Math.ceil(wait / 1_000) * 1_000) : null;
      return turnTexts.retrying(retry.attempt + 1, when, retry.message.replace(/[.\s]+$/, ""));
    }
    case "reconnecting":
      return turnTexts.reconnecting;
    case "stopping":
      return turnTexts.stopping;
  }
};

/** What the running turn does and for how long. */
export function TurnStatus({ className }: { readonly className?: string | undefined }) {
  const turn = useLiveValue(({ live }) => live?.turn ?? null);
  const threadId = useLiveValue((thread) => thread.threadId);
  const sandbox = useSandbox(threadId);
  const now = useNow(1_000);
  const answer = useLiveValue(({ live, messages }) => messages.findLast(({ id }) => id === live?.turn?.messageId));
  // The same answer may be told anew; what it holds is the news.
  const said = `${answer?.parts.length} ${JSON.stringify(answer?.parts.at(-1))?.length}`;
  const isSilent = useSilence(`${turn?.turnId} ${turn?.step} ${said}`, now);
  const wait = isSilent ? waitSentence(answer?.parts ?? []) : null;
  const asked = useLiveValue(({ live }) => live?.approvals?.length);
  const isLost = useIsOutOfReach();
  if (isLost)
    return (
      <p className={classNames("flex items-center gap-2.5 text-ink-muted text-sm", className)}>
        <Dot isHollow />
        <span>{turnTexts.notConnected}</span>
      </p>
    );
  if (turn?.step === "login")
    return (
      <Suspense fallback={null}>
        <LoginWait threadId={threadId} className={className} />
      </Suspense>
    );
  const sentence =
    turn === null ? turnTexts.working : stepSentence(turn, { sandbox: sandbox ?? null, now, wait, asked });
  return (
    <div className={classNames("text-ink-muted text-sm", className)}>
      <div className="flex items-center gap-2.5">
        <Dot tone="accent" isActive />
        <span>{sentence}</span>
        {turn === null ? null : <bdi className="shrink-0 text-xs tabular">{runningText(now - turn.startedAt)}</bdi>}
      </div>
    </div>
  );
}
