import type { LargestFiles } from "@threadbox/contracts/files";
import { Button, IconButton } from "@threadbox/ui/button";
import { showToast } from "@threadbox/ui/toast";
import { Trash2, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { FailedNotice } from "../../lib/notices.tsx";
import { sizeText } from "../../lib/size.ts";
import { asSandboxFailure } from "../errors/index.ts";
import { getOutbox } from "../outbox/index.ts";
import { visibleText } from "../text/index.ts";
import { fileErrorText } from "./file-error-text.ts";
import { FileIcon } from "./file-icon.tsx";
import type { FilesClient } from "./files-client.ts";
import { askForRoom } from "./room-message.ts";
import { largestTexts as texts } from "./texts.ts";
import { folderOf, nameOf, type TreeRow } from "./tree-rows.ts";

export interface LargestListProps {
  readonly threadId: string;
  readonly client: FilesClient;
  readonly onChoose: (path: string, isFolder: boolean) => void;
  /** Resolves when it is gone, or stays. */
  readonly onRemove: (row: TreeRow) => Promise<void>;
  readonly onClose: () => void;
}

type Found =
  | { readonly kind: "looking" }
  | { readonly kind: "found"; readonly largest: LargestFiles }
  | { readonly kind: "failed"; readonly sentence: string };

/** As the tree would have it, for whoever removes it. */
const rowOf = ({ path, kind, sizeBytes }: LargestFiles["files"][number]): TreeRow => {
  const place = { level: 1, isExpanded: false, position: 1, setSize: 1, modifiedAt: 0 };
  return { path, name: nameOf(path), kind, sizeBytes, ...place };
};

interface KnownProps extends Pick<LargestListProps, "onChoose"> {
  readonly largest: LargestFiles;
  readonly onAsk: () => void;
  readonly onRemove: (row: TreeRow) => void;
}

function Known({ largest: { files, disk }, onAsk, onChoose, onRemove }: KnownProps) {
  if (files.length === 0) return <p className="files-hint">{texts.none}</p>;
  return (
    <>
      <div className="files-largest-more">
        <span>{disk === null ? null : texts.used(sizeText(disk.usedBytes), sizeText(disk.sizeBytes))}</span>
        <Button size="sm" onClick={onAsk}>
          {texts.ask}
        </Button>
      </div>
      <ul aria-label={texts.title}>
        {files.map((file) => (
          <li key={file.path} className="files-largest">
            <button
              type="button"
              className="files-result"
              onClick={() => onChoose(file.path, file.kind === "directory")}
            >
              <FileIcon kind={file.kind} />
              <span className="files-name" dir="auto">
                {visibleText(nameOf(file.path))}
              </span>
              <span className="files-note" dir="auto">
                {visibleText(folderOf(file.path))}
              </span>
              <span className="files-size">{sizeText(file.sizeBytes)}</span>
            </button>
            <IconButton
              label={texts.remove(visibleText(nameOf(file.path)))}
              icon={<Trash2 />}
              size="sm"
              onClick={() => onRemove(rowOf(file))}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

/** What takes most room, and the two ways to less. */
export function LargestList({ threadId, client, onChoose, onRemove, onClose }: LargestListProps) {
  const [found, setFound] = useState<Found>({ kind: "looking" });
  const look = useCallback(
    (signal?: AbortSignal) =>
      client.largest(signal).then(
        (largest) => setFound({ kind: "found", largest }),
        (error: unknown) => {
          if (signal?.aborted !== true) setFound({ kind: "failed", sentence: fileErrorText(asSandboxFailure(error)) });
        },
      ),
    [client],
  );
  useEffect(() => {
    const control = new AbortController();
    void look(control.signal);
    return () => control.abort();
  }, [look]);
  const ask = (largest: LargestFiles) => {
    getOutbox().add(threadId, { id: crypto.randomUUID(), text: askForRoom(largest), createdAt: Date.now() });
    showToast({ title: texts.asked });
  };
  return (
    <div className="files-found">
      <div className="files-largest-head">
        <h3>{texts.title}</h3>
        <IconButton label={texts.close} icon={<X />} size="sm" onClick={onClose} />
      </div>
      {found.kind === "looking" ? (
        <p role="status" className="files-hint">
          {texts.looking}
        </p>
      ) : null}
      {found.kind === "failed" ? (
        <FailedNotice className="files-trouble" again={{ label: texts.retry, run: () => void look() }}>
          {texts.failed} {found.sentence}
        </FailedNotice>
      ) : null}
      {found.kind === "found" ? (
        <Known
          largest={found.largest}
          onAsk={() => ask(found.largest)}
          onChoose={onChoose}
          onRemove={(row) => void onRemove(row).then(() => look())}
        />
      ) : null}
    </div>
  );
}
