import { useNavigate } from "@tanstack/react-router";
import { api } from "@threadbox/convex/_generated/api";
import { showToast } from "@threadbox/ui/toast";
import { useConvex } from "convex/react";
import { useState } from "react";
import { failureWords, WireFailure } from "../errors/index.ts";
import { type OffshootWish, usePointsClient } from "./points-client.ts";
import { offshootTexts as texts } from "./texts.ts";

const words = failureWords({
  saidByServer: new Set(["NotFound", "Conflict", "VersionConflict", "CapabilityDenied", "RateLimited"]),
  own: {},
  other: texts.failed,
  reference: texts.reference,
});

/** Where a new thread begins: after which message, and with which point's files (absent: those that go with the message). */
export type OffshootPlace = Omit<OffshootWish, "threadId">;

/** Makes a new thread that begins where this one was, and opens it. What could not be begun is taken away again. */
export const useOffshoot = (threadId: string) => {
  const client = usePointsClient(threadId);
  const convex = useConvex();
  const navigate = useNavigate();
  const [isBeginning, setIsBeginning] = useState(false);
  const begin = async ({ after, pointId }: OffshootPlace): Promise<string> => {
    const { title } = await convex.query(api.threads.get, { threadId });
    const made = await convex.mutation(api.threads.create, {});
    try {
      await client.beginOffshoot({ threadId: made, after, ...(pointId === undefined ? {} : { pointId }) });
    } catch (error) {
      await convex.mutation(api.threads.remove, { threadId: made }).catch(() => undefined);
      throw error;
    }
    if (title !== "") await convex.mutation(api.threads.rename, { threadId: made, title: texts.copyOf(title) });
    return made;
  };
  const beginOffshoot = async (place: OffshootPlace): Promise<void> => {
    setIsBeginning(true);
    try {
      await navigate({ to: "/t/$threadId", params: { threadId: await begin(place) } });
      showToast({ title: texts.done });
    } catch (error) {
      showToast({ title: error instanceof WireFailure ? words(error) : texts.failed, durationMs: 0 });
    } finally {
      setIsBeginning(false);
    }
  };
  return { isBeginning, beginOffshoot };
};
