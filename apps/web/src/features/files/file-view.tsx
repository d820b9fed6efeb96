import { Button, IconButton } from "@threadbox/ui/button";
import { ArrowLeft, CircleAlert, Download, FileQuestion, LoaderCircle, Save, X } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useSyncExternalStore } from "react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { visibleText } from "../text/index.ts";
import type { FileDocument } from "./file-document.ts";
import { fileErrorText } from "./file-error-text.ts";
import { FileTrouble } from "./file-trouble.tsx";
import type { FilesClient } from "./files-client.ts";
import { PdfView } from "./pdf-view.tsx";
import { Picture } from "./picture.tsx";
import { filesTexts, fileTexts } from "./texts.ts";
import { nameOf } from "./tree-rows.ts";
import { UnsavedDot } from "./unsaved-dot.tsx";

const CodeEditor = lazy(() => import("./code-editor.tsx"));

export interface FileViewProps {
  readonly file: FileDocument;
  readonly client: FilesClient;
  /** Changes when the folder's listing says that the file has. */
  readonly stamp: string;
  readonly onDownload: (path: string) => void;
  readonly onClose: () => void;
}

/** One opened file: its text in an editor, a picture, a document, or in words why it is none of these. */
export function FileView({ file, client, stamp, onDownload, onClose }: FileViewProps) {
  const state = useSyncExternalStore(file.subscribe, file.read);
  const { path, file: opened, failure, isChanged, isSaving } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each stamp is looked at once
  useEffect(() => {
    void file.check();
  }, [file, stamp]);
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus({ preventScroll: true }), []);
  const isText = opened?.content.kind === "text";
  return (
    <section ref={section} tabIndex={-1} aria-label={visibleText(nameOf(path))} className="files-file">
      <header className="files-head">
        <span className="files-back">
          <IconButton label={fileTexts.back} icon={<ArrowLeft />} size="sm" onClick={onClose} />
        </span>
        <span className="files-title" dir="auto" title={visibleText(path)}>
          {visibleText(path)}
        </span>
        {isChanged ? <UnsavedDot /> : null}
        {isText ? (
          <Button
            size="sm"
            disabled={isSaving || !(isChanged || state.trouble !== null)}
            onClick={() => void file.save()}
          >
            <Save /> {isSaving ? fileTexts.saving : fileTexts.save}
          </Button>
        ) : null}
        {opened === null ? null : (
          <IconButton label={filesTexts.download} icon={<Download />} size="sm" onClick={() => onDownload(path)} />
        )}
        <span className="files-close">
          <IconButton label={fileTexts.close} icon={<X />} size="sm" onClick={onClose} />
        </span>
      </header>
      <FileTrouble file={file} state={state} />
      {failure !== null && opened === null ? (
        <PanelWord icon={<CircleAlert />}>
          <p role="alert">
            {fileTexts.failed} {fileErrorText(failure)}
          </p>
          <Button onClick={() => void file.load()}>{fileTexts.retry}</Button>
        </PanelWord>
      ) : (
        <Content file={file} client={client} state={state} />
      )}
    </section>
  );
}

function Content({
  file,
  client,
  state: { file: opened, path, revision, compared },
}: Pick<FileViewProps, "file" | "client"> & { readonly state: ReturnType<FileDocument["read"]> }) {
  const waiting = (
    <PanelWord icon={<LoaderCircle className="animate-turn" />}>
      <p role="status">{fileTexts.opening}</p>
    </PanelWord>
  );
  if (opened === null) return waiting;
  const { content, version } = opened;
  if (content.kind === "text") {
    return (
      <Suspense fallback={waiting}>
        <CodeEditor file={file} revision={revision} compared={compared} />
      </Suspense>
    );
  }
  if (content.shownAs === "picture") return <Picture client={client} path={path} version={version} />;
  if (content.shownAs === "document") return <PdfView client={client} path={path} version={version} />;
  return (
    <PanelWord icon={<FileQuestion />}>
      <p>{content.kind === "binary" ? fileTexts.binary : fileTexts.tooLarge}</p>
    </PanelWord>
  );
}
