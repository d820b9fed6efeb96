import { attachmentPath } from "@threadbox/contracts/attachment-limits";
import type { Attached } from "../outbox/index.ts";
import { deviceFiles } from "./device-files.ts";

const rememberedMax = 60;

/** Pictures seen in this page, by thread and address; the newest last. */
const remembered = new Map<string, Blob>();

const keyOf = (threadId: string, url: string): string => `${threadId} ${url}`;

export const rememberPicture = (threadId: string, { url }: Pick<Attached, "url">, content: Blob): void => {
  const key = keyOf(threadId, url);
  remembered.delete(key);
  remembered.set(key, content);
  const [oldest] = remembered.keys();
  if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
};

/** A picture that this page or this device has; undefined where it has to be fetched, null where it's nowhere any more. */
export const findPicture = async (threadId: string, part: Attached): Promise<Blob | null | undefined> => {
  const seen = remembered.get(keyOf(threadId, part.url));
  if (seen !== undefined) return seen;
  return attachmentPath(part) === null ? deviceFiles().find(part.url) : undefined;
};

/** An address of this page's own. No type is told with it, so nothing but a picture is ever drawn. */
export const pictureAddress = (content: Blob): string => URL.createObjectURL(content.slice(0, content.size, ""));
