import { Button, IconButton } from "@threadbox/ui/button";
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { visibleText } from "../text/index.ts";
import { fileErrorText } from "./file-error-text.ts";
import { filesTexts } from "./texts.ts";
import { TransferRow } from "./transfer-row.tsx";
import { nameOf } from "./tree-rows.ts";
import type { Upload, Uploads } from "./uploads.ts";

const sentence = ({ status, sizeBytes }: Upload): string => {
  switch (status.kind) {
    case "waiting":
      return filesTexts.uploadWaiting;
    case "sending":
      return `${sizeBytes === 0 ? 100 : Math.floor((100 * Math.min(status.sentBytes, sizeBytes)) / sizeBytes)} %`;
    case "done":
      return filesTexts.uploadDone;
    case "cancelled":
      return filesTexts.uploadCancelled;
    case "failed":
      return status.failure.tag === "VersionConflict"
        ? filesTexts.uploadTaken
        : `${filesTexts.uploadFailed} ${fileErrorText(status.failure)}`;
  }
};

/** How far each upload is; nothing while there are none. */
export function UploadList({ uploads }: { readonly uploads: Uploads }) {
  const list = useSyncExternalStore(uploads.subscribe, uploads.read);
  if (list.length === 0) return null;
  const isOver = list.every(({ status }) => status.kind !== "waiting" && status.kind !== "sending");
  return (
    <section aria-label={filesTexts.uploading} className="files-uploads">
      {isOver ? (
        <span className="files-uploads-close">
          <IconButton label={filesTexts.closeUploads} icon={<X />} size="xs" onClick={() => uploads.clear()} />
        </span>
      ) : null}
      <ul>
        {list.map((upload) => {
          const name = visibleText(nameOf(upload.path));
          const { kind } = upload.status;
          return (
            <TransferRow
              key={upload.id}
              name={name}
              sentence={sentence(upload)}
              isFailed={kind === "failed"}
              {...(upload.status.kind === "sending"
                ? { progress: { value: upload.status.sentBytes, max: Math.max(1, upload.sizeBytes) } }
                : {})}
              cancel={
                kind === "waiting" || kind === "sending"
                  ? { label: filesTexts.cancelUpload(name), onCancel: () => uploads.cancel(upload.id) }
                  : undefined
              }
            >
              {upload.status.kind === "failed" && upload.status.failure.tag === "VersionConflict" ? (
                <Button size="xs" onClick={() => void uploads.replace(upload.id)}>
                  {filesTexts.replace}
                </Button>
              ) : upload.status.kind === "failed" ? (
                <Button size="xs" onClick={() => uploads.resume(upload.id)}>
                  {upload.status.isBegun ? filesTexts.resumeUpload : filesTexts.retryUpload}
                </Button>
              ) : null}
            </TransferRow>
          );
        })}
      </ul>
    </section>
  );
}
