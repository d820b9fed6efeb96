import { useSyncExternalStore } from "react";
import { visibleText } from "../text/index.ts";
import type { Downloads } from "./downloads.ts";
import { filesTexts } from "./texts.ts";
import { TransferRow } from "./transfer-row.tsx";

const mebibyte = 1024 * 1024;

/** How far each download is; nothing while there are none. */
export function DownloadList({ downloads }: { readonly downloads: Downloads }) {
  const list = useSyncExternalStore(downloads.subscribe, downloads.read);
  if (list.length === 0) return null;
  return (
    <section aria-label={filesTexts.downloading} className="files-uploads">
      <ul>
        {list.map(({ id, name, receivedBytes, sizeBytes }) => {
          const shown = visibleText(name);
          const max = Math.max(1, sizeBytes ?? 1, receivedBytes);
          return (
            <TransferRow
              key={id}
              name={shown}
              sentence={
                receivedBytes === 0 ? filesTexts.downloadPacking : filesTexts.received(receivedBytes / mebibyte)
              }
              progress={sizeBytes === null ? null : { value: receivedBytes, max }}
              cancel={{ label: filesTexts.cancelDownload(shown), onCancel: () => downloads.cancel(id) }}
            />
          );
        })}
      </ul>
    </section>
  );
}
