import { attachmentPath } from "@threadbox/contracts/attachment-limits";
import { useEffect, useState } from "react";
import type { FilesClient } from "../files/index.ts";
import type { Attached } from "../outbox/index.ts";
import { findPicture, pictureAddress, rememberPicture } from "./picture-memory.ts";
import { TypeIcon } from "./type-icon.tsx";

interface SmallPictureProps {
  readonly threadId: string;
  readonly part: Attached;
  readonly client: FilesClient;
}

/** A picture of a message that is being written; its sandbox is being woken anyway. */
export function SmallPicture({ threadId, part, client }: SmallPictureProps) {
  const [src, setSrc] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a part of this address is always the same
  useEffect(() => {
    const control = new AbortController();
    let made: string | null = null;
    const find = async () =>
      (await findPicture(threadId, part)) ?? (await client.fetchBytes(attachmentPath(part) ?? "", control.signal));
    find().then(
      (content) => {
        if (control.signal.aborted) return;
        rememberPicture(threadId, part, content);
        made = pictureAddress(content);
        setSrc(made);
      },
      () => undefined,
    );
    return () => {
      control.abort();
      if (made !== null) URL.revokeObjectURL(made);
      setSrc(null);
    };
  }, [threadId, part.url, client]);
  return src === null ? <TypeIcon part={part} /> : <img src={src} alt="" onError={() => setSrc(null)} />;
}
