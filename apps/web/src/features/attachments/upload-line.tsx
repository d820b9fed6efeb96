import type { Attached } from "../outbox/index.ts";
import { attachedIn, isOnDevice } from "./attached.ts";
import { attachmentTexts } from "./texts.ts";

/** How many files of a message that waits are in the workspace. */
export function UploadLine({ parts }: { readonly parts: readonly unknown[] }) {
  const files: readonly Attached[] = attachedIn(parts);
  return attachmentTexts.uploadingAll(files.filter((part) => !isOnDevice(part)).length, files.length);
}
