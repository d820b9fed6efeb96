import { useNavigate, useRouter } from "@tanstack/react-router";
import type { ModelDescription } from "@threadbox/contracts/model";
import { Suspense, useEffect, useRef, useState } from "react";
import { BrandMark } from "../../lib/brand-mark.tsx";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { PageHeader } from "../../lib/page-header.tsx";
import { useLoginSession } from "../auth/index.ts";
import { Answerer, beginWithChoice } from "../models/index.tsx";
import { type Attached, filesOf, getDrafts, getOutbox, newThreadDraft } from "../outbox/index.ts";
import type { WhenBegun } from "../provider-choice/index.ts";
import { useThreadCommands } from "../threads/index.ts";
import { Composer } from "./composer/composer.tsx";
import { Examples } from "./composer/examples.tsx";
import { newThreadTexts } from "./texts/new-thread.ts";

const StartFrom = lazyOrNothing(() => import("../repository/index.ts"));

/** The start of a thread: it comes into being with its first message. */
export function NewThreadPage() {
  const navigate = useNavigate();
  const { create } = useThreadCommands();
  const [isCreating, setIsCreating] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const [answerer, setAnswerer] = useState<ModelDescription | null>(null);
  const { getAccessToken } = useLoginSession();

  // The thread's page comes next; it should not keep the first message waiting.
  const router = useRouter();
  useEffect(() => void router.loadRouteChunk(router.routesByPath["/t/$threadId"]), [router]);

  // State is seen at the next render; a second press may come before it.
  const isStarting = useRef(false);
  // One that has come into being is the one that the next attempt goes on with.
  const created = useRef<string | null>(null);
  const whenBegun: WhenBegun = useRef(null);
  const begin = async () => {
    const threadId = created.current ?? (await create());
    created.current = threadId;
    await beginWithChoice(threadId, getAccessToken);
    await whenBegun.current?.(threadId);
    return threadId;
  };
  const start = async (text: string, attached: readonly Attached[] = []) => {
    if (isStarting.current) return;
    isStarting.current = true;
    setIsCreating(true);
    setHasFailed(false);
    try {
      const threadId = await begin();
      getOutbox().add(threadId, { id: crypto.randomUUID(), text, attached, createdAt: Date.now() });
      await navigate({ to: "/t/$threadId", params: { threadId } });
    } catch {
      isStarting.current = false;
      await getDrafts().write(newThreadDraft, text);
      await getDrafts().write(filesOf(newThreadDraft), JSON.stringify(attached));
      setHasFailed(true);
      setIsCreating(false);
    }
  };

  return (
    <div className="relative flex min-h-0 flex-1 flex-col overflow-y-auto">
      <PageHeader isPlain>
        <span className="flex items-center gap-2 font-semibold md:hidden">
          <BrandMark /> {newThreadTexts.brand}
        </span>
      </PageHeader>
      <div className="mx-auto my-auto w-full max-w-(--measure) px-4 py-8 sm:px-6">
        <h1 className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">{newThreadTexts.title}</h1>
        <p className="mt-2 mb-6 text-ink-muted text-base">{newThreadTexts.lead}</p>
        <Composer
          key={hasFailed ? "failed" : "first"}
          place={newThreadDraft}
          isDisabled={isCreating}
          placeholder={newThreadTexts.placeholder}
          answerer={<Answerer threadId={null} isWanted onModel={setAnswerer} />}
          takesFiles
          onSend={(text, attached) => void start(text, attached)}
        />
        <Suspense>
          <StartFrom isDisabled={isCreating} hasFailed={hasFailed} begin={begin} whenBegun={whenBegun} />
        </Suspense>
        <h2 className="mt-8 mb-2 text-compact text-ink-muted">{newThreadTexts.examples}</h2>
        <Examples answerer={answerer} onSelect={(text) => (isCreating ? undefined : void start(text))} />
      </div>
    </div>
  );
}
