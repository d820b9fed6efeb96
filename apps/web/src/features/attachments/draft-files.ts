import { type Dispatch, type SetStateAction, useEffect, useEffectEvent, useState } from "react";
import { type Attached, filesOf, getDrafts } from "../outbox/index.ts";
import { readFiles, writeFiles } from "./attached.ts";

export type ChangeAttached = Dispatch<SetStateAction<readonly Attached[]>>;

/** Keeps the files of a draft on this device, and brings back what was kept, or is given back, there. */
export const useDraftFiles = (place: string, attached: readonly Attached[], onAttached: ChangeAttached): void => {
  const [isRead, setIsRead] = useState(false);
  const add = useEffectEvent((kept: string) => onAttached((now) => [...readFiles(kept), ...now]));
  useEffect(() => {
    let isGone = false;
    const key = filesOf(place);
    void getDrafts()
      .read(key)
      .then((kept) => {
        if (isGone) return;
        add(kept);
        setIsRead(true);
      });
    const leave = getDrafts().show(key, (returned) => add(returned));
    return () => {
      isGone = true;
      leave();
    };
  }, [place]);
  useEffect(() => {
    if (isRead) void getDrafts().write(filesOf(place), writeFiles(attached));
  }, [isRead, place, attached]);
};
