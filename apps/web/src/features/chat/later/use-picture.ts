import { attachmentPath } from "@threadbox/contracts/attachment-limits";
import { useEffect, useState } from "react";
import { findPicture, pictureAddress, rememberPicture, sizeOf } from "../../attachments/index.ts";
import { asSandboxFailure } from "../../errors/index.ts";
import { useFilesClient } from "../../files/index.ts";
import type { Attached } from "../../outbox/index.ts";
import { isUp, useSandbox } from "../../sandbox/index.ts";

/** A picture that is larger is fetched when somebody asks for it. */
const fetchedBytesMax = 8_000_000;

export type PictureState =
  | { readonly kind: "loading" }
  /** It can be had by asking for it: the sandbox sleeps, the file is large, or the way there is closed at the moment. */
  | { readonly kind: "resting" }
  | { readonly kind: "shown"; readonly src: string }
  | { readonly kind: "gone" }
  /** What is there is no picture. */
  | { readonly kind: "broken" };

/** A picture of a message. No sandbox is started to look at one, unless somebody asks for that. */
export const usePicture = (threadId: string, part: Attached) => {
  const client = useFilesClient(threadId);
  const sandbox = useSandbox(threadId);
  const [asked, setAsked] = useState(0);
  const [state, setState] = useState<PictureState>({ kind: "loading" });
  const mayFetch = asked > 0 || (isUp(sandbox) && sizeOf(part) <= fetchedBytesMax);
  const isKnown = sandbox !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a part of this address is always the same
  useEffect(() => {
    const control = new AbortController();
    let src: string | null = null;
    const find = async () => {
      const here = await findPicture(threadId, part);
      if (here !== undefined || !mayFetch) return here;
      return client.fetchBytes(attachmentPath(part) ?? "", control.signal);
    };
    const show = (content: Blob | null | undefined) => {
      if (control.signal.aborted) return;
      if (content === undefined) return setState({ kind: isKnown ? "resting" : "loading" });
      if (content === null) return setState({ kind: "gone" });
      rememberPicture(threadId, part, content);
      src = pictureAddress(content);
      return setState({ kind: "shown", src });
    };
    const fail = (error: unknown) => {
      const isGone = asSandboxFailure(error).tag === "NotFound";
      if (!control.signal.aborted) setState({ kind: isGone ? "gone" : "resting" });
    };
    find().then(show, fail);
    return () => {
      control.abort();
      if (src !== null) URL.revokeObjectURL(src);
    };
  }, [client, threadId, part.url, mayFetch, isKnown, asked]);

  return { state, ask: () => setAsked((times) => times + 1), setIsBroken: () => setState({ kind: "broken" }) };
};
