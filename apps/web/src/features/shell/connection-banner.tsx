import { Notice } from "@threadbox/ui/notice";
import { useConvexConnectionState } from "convex/react";
import { CloudOff, LoaderCircle } from "lucide-react";
import { useLasting } from "../../lib/use-lasting.ts";
import { useOnline } from "../../lib/use-online.ts";

/** Says that the page is cut off, and from when on; nothing while all is well. */
export function ConnectionBanner() {
  const isOnline = useOnline();
  const { isWebSocketConnected } = useConvexConnectionState();
  const isReconnecting = useLasting(isOnline && !isWebSocketConnected);
  if (isOnline && !isReconnecting) return null;
  return (
    <div className="border-b py-3">
      <div className="mx-auto max-w-(--measure) px-4 sm:px-6">
        {isOnline ? (
          <Notice role="status" icon={<LoaderCircle className="animate-turn" />}>
            Reconnecting…
          </Notice>
        ) : (
          <Notice role="status" tone="warn" icon={<CloudOff />}>
            You’re offline. New messages will wait here.
          </Notice>
        )}
      </div>
    </div>
  );
}
