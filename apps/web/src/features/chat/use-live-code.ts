import { type ComponentType, useEffect, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import type { LiveThreadViewProps } from "./live-thread-view.tsx";

let LiveThreadView: ComponentType<LiveThreadViewProps> | null = null;

export const isLiveCodeHere = (): boolean => LiveThreadView !== null;

/**
 * The machinery of a live thread, most of the app's code, once it is here. The conversation stands and can be read before
 * that; where the code is out of reach it is asked for again when the network is back.
 */
export const useLiveCode = (isWanted: boolean): ComponentType<LiveThreadViewProps> | null => {
  const isOnline = useOnline();
  const [code, setCode] = useState(() => LiveThreadView);
  useEffect(() => {
    if (!(isWanted && isOnline) || code !== null) return;
    import("./live-thread-view.tsx")
      .then((module) => {
        LiveThreadView = module.default;
        setCode(() => module.default);
      })
      .catch(() => undefined);
  }, [isWanted, isOnline, code]);
  return code;
};
