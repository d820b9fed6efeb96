import { attachmentPath } from "@threadbox/contracts/attachment-limits";
import { useEffect, useEffectEvent } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { type Attached, newThreadDraft } from "../outbox/index.ts";
import { isOnDevice } from "./attached.ts";
import { deviceFiles } from "./device-files.ts";
import type { ChangeAttached } from "./draft-files.ts";
import { rememberPicture } from "./picture-memory.ts";
import { useUploads } from "./uploads-of.ts";

/** Puts the files of a thread's draft into its workspace while the message is being written. */
export const useDraftUploads = (place: string, attached: readonly Attached[], onAttached: ChangeAttached) => {
  const { uploads, client, states } = useUploads(place);
  const isOnline = useOnline();
  const mayUpload = place !== newThreadDraft && isOnline;
  useEffect(() => {
    if (mayUpload) uploads.forgetCutOff();
  }, [mayUpload, uploads]);
  useEffect(() => {
    if (!mayUpload) return;
    for (const part of attached) if (isOnDevice(part)) uploads.ensure(part);
  }, [mayUpload, uploads, attached]);
  const settle = useEffectEvent(() => {
    const isDone = attached.some(({ url }) => states.get(url)?.kind === "done");
    if (!isDone) return;
    onAttached(
      attached.map((part) => {
        const state = states.get(part.url);
        if (state?.kind !== "done") return part;
        rememberPicture(place, state.part, state.content);
        void deviceFiles().drop(part.url);
        return state.part;
      }),
    );
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever one of the two has changed
  useEffect(() => settle(), [states, attached]);
  const remove = (part: Attached) => {
    onAttached((now) => now.filter(({ url }) => url !== part.url));
    if (!isOnDevice(part)) return void client.remove(attachmentPath(part) ?? "").catch(() => undefined);
    uploads.cancel(part.url);
    return void deviceFiles().drop(part.url);
  };
  const retry = ({ url }: Attached) => {
    uploads.forget(url);
    onAttached((now) => [...now]);
  };
  return { client, states, remove, retry };
};
