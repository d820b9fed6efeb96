import { attachmentPath } from "@threadbox/contracts/attachment-limits";
import { FileX, Image } from "lucide-react";
import { useMemo } from "react";
import { sizeText } from "../../../lib/size.ts";
import { attachedIn, attachmentTexts, isPicture, sizeOf, TypeIcon } from "../../attachments/index.ts";
import { showFileOf } from "../../computer/index.ts";
import type { Attached } from "../../outbox/index.ts";
import { visibleText } from "../../text/index.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import type { ChatMessage } from "../thread/message-view.ts";
import { usePicture } from "./use-picture.ts";

interface FileProps {
  readonly threadId: string;
  readonly part: Attached;
}

function FileTile({ threadId, part }: FileProps) {
  const name = visibleText(part.filename);
  const path = attachmentPath(part);
  const words = (
    <>
      <span className="attached-mark">
        <TypeIcon part={part} />
      </span>
      <span className="attached-words">
        <bdi className="attached-name">{name}</bdi>
        <span className="attached-note">{sizeText(sizeOf(part))}</span>
      </span>
    </>
  );
  return path === null ? (
    <span className="attached-tile">{words}</span>
  ) : (
    <button
      type="button"
      className="attached-tile"
      title={attachmentTexts.open(name)}
      onClick={() => showFileOf(threadId, path)}
    >
      {words}
    </button>
  );
}

function PictureTile({ threadId, part }: FileProps) {
  const { state, ask, setIsBroken } = usePicture(threadId, part);
  const name = visibleText(part.filename);
  const path = attachmentPath(part);
  if (state.kind === "shown")
    return (
      <button
        type="button"
        className="attached-picture"
        title={attachmentTexts.open(name)}
        disabled={path === null}
        onClick={() => (path === null ? undefined : showFileOf(threadId, path))}
      >
        <img src={state.src} alt={attachmentTexts.picture(name)} onError={setIsBroken} />
      </button>
    );
  const words = (
    <>
      {state.kind === "gone" || state.kind === "broken" ? <FileX aria-hidden="true" /> : <Image aria-hidden="true" />}
      <bdi className="attached-name">{name}</bdi>
      <span className="attached-note">
        {state.kind === "loading" ? sizeText(sizeOf(part)) : attachmentTexts.pictures[state.kind]}
      </span>
    </>
  );
  return state.kind === "resting" ? (
    <button type="button" className="attached-picture" title={attachmentTexts.show(name)} onClick={ask}>
      {words}
    </button>
  ) : (
    <span className="attached-picture">{words}</span>
  );
}

/** The files that went with a message: pictures first. */
export function MessageFiles({ message: { parts } }: { readonly message: ChatMessage }) {
  const threadId = useLiveValue((thread) => thread.threadId);
  const files = useMemo(() => attachedIn(parts), [parts]);
  if (files.length === 0) return null;
  return (
    <ul aria-label={attachmentTexts.list} className="attached-files">
      {files.filter(isPicture).map((part) => (
        <li key={part.url}>
          <PictureTile threadId={threadId} part={part} />
        </li>
      ))}
      {files
        .filter((part) => !isPicture(part))
        .map((part) => (
          <li key={part.url}>
            <FileTile threadId={threadId} part={part} />
          </li>
        ))}
    </ul>
  );
}
