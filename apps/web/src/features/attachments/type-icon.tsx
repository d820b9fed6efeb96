import { File, FileText, Image } from "lucide-react";
import type { Attached } from "../outbox/index.ts";
import { isPicture } from "./attached.ts";

/** What kind of file it is, by its type alone. */
export function TypeIcon({ part }: { readonly part: Attached }) {
  if (isPicture(part)) return <Image aria-hidden="true" />;
  return part.mediaType.startsWith("text/") || part.mediaType === "application/pdf" ? (
    <FileText aria-hidden="true" />
  ) : (
    <File aria-hidden="true" />
  );
}
