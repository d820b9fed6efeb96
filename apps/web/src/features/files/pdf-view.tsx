import { Button } from "@threadbox/ui/button";
import { useEffect, useState } from "react";
import { asSandboxFailure, type WireFailure } from "../errors/index.ts";
import { visibleText } from "../text/index.ts";
import { fileErrorText } from "./file-error-text.ts";
import type { FilesClient } from "./files-client.ts";
import { fileTexts } from "./texts.ts";
import { nameOf } from "./tree-rows.ts";

export interface PdfViewProps {
  readonly client: FilesClient;
  readonly path: string;
  readonly version: string;
}

/**
 * A PDF, drawn by the browser on an origin of the sandbox's. The frame has no `sandbox` of its own, in which no browser draws
 * one: the answer's policy takes origin and scripts from whatever comes.
 */
export function PdfView({ client, path, version }: PdfViewProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each version and each attempt is opened anew
  useEffect(() => {
    const control = new AbortController();
    setUrl(null);
    setFailure(null);
    client.documentAddress(path, control.signal).then(setUrl, (error: unknown) => {
      if (!control.signal.aborted) setFailure(asSandboxFailure(error));
    });
    return () => control.abort();
  }, [client, path, version, attempt]);
  if (failure !== null)
    return (
      <div className="files-hint">
        <p role="alert">
          {fileTexts.failed} {fileErrorText(failure)}
        </p>
        <Button onClick={() => setAttempt(attempt + 1)}>{fileTexts.retry}</Button>
      </div>
    );
  if (url === null)
    return (
      <p role="status" className="files-hint">
        {fileTexts.opening}
      </p>
    );
  return (
    <iframe
      className="files-document"
      title={fileTexts.document(visibleText(nameOf(path)))}
      src={url}
      allow=""
      referrerPolicy="no-referrer"
    />
  );
}
