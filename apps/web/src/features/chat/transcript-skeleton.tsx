import { Skeleton } from "@threadbox/ui/skeleton";
import { useOutgoing } from "./device-store.ts";
import { UserBubble } from "./user-bubble.tsx";

/** Stands where the conversation will be; what this device has still to send is shown already. */
export function TranscriptSkeleton({ threadId }: { readonly threadId: string }) {
  const outgoing = useOutgoing(threadId);
  return (
    <div role="log" aria-label="Conversation" aria-busy="true" className="relative min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-(--measure) space-y-8 px-4 pt-6 sm:px-6">
        {outgoing.length > 0 ? (
          outgoing.map(({ id, text }) => (
            <div key={id} className="flex flex-col items-end">
              <UserBubble text={text} />
              <span className="mt-1.5 flex h-7 items-center text-ink-muted text-xs">
                {navigator.onLine ? "Sending…" : "Waits until you’re connected"}
              </span>
            </div>
          ))
        ) : (
          <>
            <Skeleton className="ms-auto h-11 w-56" radius="xl" />
            <div className="space-y-3">
              <Skeleton className="h-9 w-full" radius="lg" />
              <Skeleton className="h-4 w-11/12" />
              <Skeleton className="h-4 w-10/12" />
              <Skeleton className="h-4 w-2/5" />
            </div>
          </>
        )}
      </div>
    </div>
  );
}
