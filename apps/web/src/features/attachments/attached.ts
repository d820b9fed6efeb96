import { attachmentPath, attachmentUrl, pictureTypes } from "@threadbox/contracts/attachment-limits";
import type { Attached } from "../outbox/index.ts";

const deviceScheme = "device:";

/** Where the bytes of a file are kept that is not in a workspace yet. */
export const deviceUrl = (id: string): string => `${deviceScheme}${id}`;

export const isOnDevice = ({ url }: Pick<Attached, "url">): boolean => url.startsWith(deviceScheme);

/** The same file, as it lies in the workspace under that name. */
export const inWorkspace = (part: Attached, filename: string): Attached => ({
  ...part,
  filename,
  url: attachmentUrl(filename),
});

export const isPicture = ({ mediaType }: Pick<Attached, "mediaType">): boolean => pictureTypes.includes(mediaType);

export const sizeOf = (part: Attached): number => part.providerMetadata.threadbox.sizeBytes;

/** The fields of a part that is kept or shown, whoever wrote it; null for one that is none. */
export const asAttached = (value: unknown): Attached | null => {
  const field = (of: unknown, name: string): unknown => Reflect.get(Object(of), name);
  const [type, mediaType, filename, url] = ["type", "mediaType", "filename", "url"].map((name) => field(value, name));
  const sizeBytes = field(field(field(value, "providerMetadata"), "threadbox"), "sizeBytes");
  if (type !== "file" || typeof mediaType !== "string" || typeof filename !== "string" || typeof url !== "string")
    return null;
  const part: Attached = {
    type,
    mediaType,
    filename,
    url,
    providerMetadata: { threadbox: { sizeBytes: typeof sizeBytes === "number" ? sizeBytes : 0 } },
  };
  return isOnDevice(part) || attachmentPath(part) !== null ? part : null;
};

export const attachedIn = (parts: readonly unknown[]): readonly Attached[] =>
  parts.map(asAttached).filter((part) => part !== null);

/** A draft's files in what a device kept: one list in each paragraph, as drafts that are given back stand below each other. */
export const readFiles = (kept: string): readonly Attached[] =>
  kept.split("\n\n").flatMap((list) => {
    try {
      const parts: unknown = JSON.parse(list);
      return Array.isArray(parts) ? attachedIn(parts) : [];
    } catch {
      return [];
    }
  });

export const writeFiles = (files: readonly Attached[]): string => (files.length === 0 ? "" : JSON.stringify(files));
