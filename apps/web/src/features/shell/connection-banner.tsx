import { classNames } from "@threadbox/ui/class-names";
import { useConvexConnectionState } from "convex/react";
import { CloudOff, LoaderCircle } from "lucide-react";
import { useHasLost } from "../../lib/lost-servers.ts";
import { useLasting } from "../../lib/use-lasting.ts";
import { useOnline } from "../../lib/use-online.ts";
import { shellTexts } from "./texts.ts";

/**
 * Says that the page is cut off, once for all its parts, and nothing while all is well. It floats below the header: a
 * connection that comes and goes must not move what is being read.
 */
export function ConnectionBanner() {
  const isOnline = useOnline();
  const { isWebSocketConnected } = useConvexConnectionState();
  const hasLost = useHasLost();
  const isConnecting = useLasting(isOnline && (hasLost || !isWebSocketConnected));
  const isCutOff = !isOnline || isConnecting;
  return (
    <div role="status" className="pointer-events-none relative z-20 h-0">
      {isCutOff ? (
        <div className="absolute inset-x-0 top-2 flex justify-center px-4">
          <div
            className={classNames(
              "flex animate-appear items-center gap-2 rounded-full border py-1.5 ps-3 pe-4 text-compact text-ink shadow-raised [&_svg]:size-4 [&_svg]:shrink-0",
              isOnline ? "bg-raised [&_svg]:text-ink-muted" : "border-warn/30 bg-warn-soft [&_svg]:text-warn",
            )}
          >
            {isOnline ? <LoaderCircle aria-hidden="true" className="animate-turn" /> : <CloudOff aria-hidden="true" />}
            {isOnline ? shellTexts.connecting : shellTexts.offline}
          </div>
        </div>
      ) : null}
    </div>
  );
}
