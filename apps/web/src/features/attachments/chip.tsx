import { IconButton } from "@threadbox/ui/button";
import { Progress } from "@threadbox/ui/progress";
import { RefreshCw, X } from "lucide-react";
import { sizeText } from "../../lib/size.ts";
import { type FilesClient, fileErrorText } from "../files/index.ts";
import type { Attached } from "../outbox/index.ts";
import { isPicture, sizeOf } from "./attached.ts";
import { SmallPicture } from "./small-picture.tsx";
import { attachmentTexts } from "./texts.ts";
import { TypeIcon } from "./type-icon.tsx";
import type { UploadState } from "./workspace-uploads.ts";

const sentence = (part: Attached, state: UploadState | undefined, isWaiting: boolean): string => {
  if (state?.kind === "failed")
    return state.failure.tag === "NotFound" ? state.failure.message : fileErrorText(state.failure);
  if (state?.kind === "sending") {
    const percent = Math.floor((100 * state.sentBytes) / Math.max(1, sizeOf(part)));
    return percent >= 100 ? attachmentTexts.saving : attachmentTexts.uploading(percent);
  }
  return isWaiting && state?.kind === "waiting" ? attachmentTexts.waiting : sizeText(sizeOf(part));
};

export interface ChipProps {
  readonly threadId: string;
  readonly part: Attached;
  readonly client: FilesClient;
  /** Undefined for a file that lies in the workspace, or is kept here until there is one. */
  readonly state: UploadState | undefined;
  readonly onRemove: () => void;
  readonly onRetry: () => void;
}

/** A file that is to go with the message that is being written. */
export function Chip({ threadId, part, client, state, onRemove, onRetry }: ChipProps) {
  const name = part.filename;
  const isFailed = state?.kind === "failed";
  return (
    <li className="attached-chip" data-failed={isFailed || undefined}>
      <span className="attached-mark">
        {isPicture(part) ? <SmallPicture threadId={threadId} part={part} client={client} /> : <TypeIcon part={part} />}
      </span>
      <span className="attached-words">
        <bdi className="attached-name" title={name}>
          {name}
        </bdi>
        <span className="attached-note" role={isFailed ? "alert" : undefined}>
          {sentence(part, state, true)}
        </span>
      </span>
      {isFailed ? (
        <IconButton label={attachmentTexts.retry(name)} icon={<RefreshCw />} size="xs" onClick={onRetry} />
      ) : null}
      <IconButton label={attachmentTexts.remove(name)} icon={<X />} size="xs" onClick={onRemove} />
      {state?.kind === "sending" ? (
        <span className="attached-progress">
          <Progress label={name} value={state.sentBytes} max={Math.max(1, sizeOf(part))} />
        </span>
      ) : null}
    </li>
  );
}
