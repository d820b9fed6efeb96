import { useEffect, useState } from "react";
import type { FilesClient } from "./files-client.ts";
import { fileTexts } from "./texts.ts";
import { nameOf } from "./tree-rows.ts";

export interface PictureProps {
  readonly client: FilesClient;
  readonly path: string;
  readonly version: string;
}

/** A picture, from an address of this page's own: no type is told with it, so nothing but a picture is ever drawn. */
export function Picture({ client, path, version }: PictureProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [isBad, setIsBad] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each version is fetched anew
  useEffect(() => {
    const control = new AbortController();
    let made: string | null = null;
    setIsBad(false);
    client
      .fetchBytes(path, control.signal)
      .then((bytes) => {
        made = URL.createObjectURL(bytes.slice(0, bytes.size, ""));
        setUrl(made);
      })
      .catch(() => setIsBad(!control.signal.aborted));
    return () => {
      control.abort();
      if (made !== null) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [client, path, version]);
  if (isBad) return <p className="files-hint">{fileTexts.binary}</p>;
  if (url === null)
    return (
      <p role="status" className="files-hint">
        {fileTexts.opening}
      </p>
    );
  return (
    <div className="files-picture">
      <img src={url} alt={fileTexts.picture(nameOf(path))} onError={() => setIsBad(true)} />
    </div>
  );
}
