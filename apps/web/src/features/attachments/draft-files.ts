import { type Dispatch, type SetStateAction, useEffect, useEffectEvent, useRef } from "react";
import { type Attached, filesOf, getDrafts } from "../outbox/index.ts";
import { readFiles, writeFiles } from "./attached.ts";

export type ChangeAttached = Dispatch<SetStateAction<readonly Attached[]>>;

/** Keeps the files of a draft on this device, and brings back what was kept, or is given back, there. */
export const useDraftFiles = (place: string, attached: readonly Attached[], onAttached: ChangeAttached): void => {
  /** As the device has it; null until that is known. A write that changes nothing would hold up the draft's text. */
  const kept = useRef<string | null>(null);
  const add = useEffectEvent((files: string) => onAttached((now) => [...readFiles(files), ...now]));
  useEffect(() => {
    let isGone = false;
    const key = filesOf(place);
    void getDrafts()
      .read(key)
      .then((files) => {
        if (isGone) return;
        kept.current = files;
        // Also where nothing was kept: what has been attached meanwhile is written now.
        add(files);
      });
    const leave = getDrafts().show(key, (returned) => add(returned));
    return () => {
      isGone = true;
      leave();
    };
  }, [place]);
  useEffect(() => {
    const files = writeFiles(attached);
    if (kept.current === null || files === kept.current) return;
    kept.current = files;
    void getDrafts().write(filesOf(place), files);
  }, [place, attached]);
};
