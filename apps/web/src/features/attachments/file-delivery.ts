import { useEffect, useEffectEvent } from "react";
import type { WireFailure } from "../errors/index.ts";
import { fileErrorText } from "../files/index.ts";
import { type Attached, getOutbox, useOutgoing } from "../outbox/index.ts";
import { attachedIn, isOnDevice } from "./attached.ts";
import { deviceFiles } from "./device-files.ts";
import { rememberPicture } from "./picture-memory.ts";
import { attachmentTexts } from "./texts.ts";
import { useUploads } from "./uploads-of.ts";

/** Whether a message with these parts still waits for one of its files. */
export const awaitsFiles = (parts: readonly unknown[]): boolean => attachedIn(parts).some(isOnDevice);

const wordsOf = ({ filename }: Attached, failure: WireFailure): string =>
  failure.tag === "NotFound" && failure.message !== ""
    ? failure.message
    : attachmentTexts.notUploaded(filename, fileErrorText(failure));

/** Puts the files of messages that wait into the thread's workspace, so that they can be sent. */
export const useFileDelivery = (threadId: string, isOpen: boolean): void => {
  const outgoing = useOutgoing(threadId);
  const { uploads, states } = useUploads(threadId);
  const work = useEffectEvent(() => {
    const outbox = getOutbox();
    const stateOf = (part: Attached) => uploads.read().get(part.url);
    for (const { id, attached = [] } of outgoing.filter(({ state }) => state === "waiting")) {
      for (const part of attached) if (isOnDevice(part)) uploads.ensure(part);
      const arrived = attached.map((part) => {
        const state = stateOf(part);
        if (state?.kind !== "done") return part;
        rememberPicture(threadId, state.part, state.content);
        void deviceFiles().drop(part.url);
        return state.part;
      });
      if (arrived.some((part, at) => part !== attached[at]))
        outbox.update(threadId, id, (message) => ({ ...message, attached: arrived }));
      for (const part of attached) {
        const state = stateOf(part);
        if (state?.kind !== "failed") continue;
        uploads.forget(part.url);
        const { tag } = state.failure;
        outbox.markFailed(threadId, id, { tag, message: wordsOf(part, state.failure) });
        break;
      }
    }
  });
  useEffect(() => {
    if (isOpen) uploads.forgetCutOff();
  }, [isOpen, uploads]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever one of these has changed
  useEffect(() => {
    if (isOpen) work();
  }, [isOpen, outgoing, states]);
};
