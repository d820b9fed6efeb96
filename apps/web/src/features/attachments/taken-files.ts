import { attachmentLimits, attachmentName, numberedName, pictureTypes } from "@threadbox/contracts/attachment-limits";
import type { Attached } from "../outbox/index.ts";
import { deviceUrl } from "./attached.ts";
import { attachmentTexts } from "./texts.ts";

/** A file that somebody gave, as it is kept. */
export interface TakenFile {
  readonly part: Attached;
  readonly content: Blob;
}

export interface Taken {
  readonly files: readonly TakenFile[];
  /** What was not taken, and why. */
  readonly problems: readonly string[];
}

export interface TakingHost {
  readonly newId: () => string;
  /** Whether the browser can draw it. */
  readonly isDrawable: (content: Blob) => Promise<boolean>;
}

const unknownType = "application/octet-stream";
const typePattern = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/** What a file is called that says nothing of itself; of a picture that can't be drawn nothing is said. */
const typeOf = async (content: Blob, given: string, { isDrawable }: TakingHost): Promise<string> => {
  const [plain = ""] = given.toLowerCase().split(";");
  const type = plain.trim();
  if (pictureTypes.includes(type) && !(await isDrawable(content))) return unknownType;
  return typePattern.test(type) && type.length <= attachmentLimits.mediaTypeLengthMax ? type : unknownType;
};

const freeName = (given: string, taken: ReadonlySet<string>): string => {
  const name = attachmentName(given);
  for (let number = 1; ; number += 1) {
    const numbered = numberedName(name, number);
    if (!taken.has(numbered)) return numbered;
  }
};

/** Takes what fits of the files that somebody gives, beside those that are there. Their bytes are read, so that they stay what they are. */
export const takeFiles = async (
  given: readonly File[],
  present: readonly Attached[],
  host: TakingHost,
): Promise<Taken> => {
  const files: TakenFile[] = [];
  const problems: string[] = [];
  const names = new Set(present.map(({ filename }) => filename));
  const room = Math.max(0, attachmentLimits.filesMax - present.length);
  for (const file of given.slice(0, room)) {
    if (file.size > attachmentLimits.bytesMax) {
      problems.push(attachmentTexts.tooLarge(attachmentName(file.name), attachmentLimits.bytesMax / 1_000_000));
      continue;
    }
    const bytes = await file.arrayBuffer().catch(() => null);
    if (bytes === null) {
      problems.push(attachmentTexts.unreadable(attachmentName(file.name)));
      continue;
    }
    const content = new Blob([bytes]);
    const filename = freeName(file.name, names);
    names.add(filename);
    const part: Attached = {
      type: "file",
      mediaType: await typeOf(content, file.type, host),
      filename,
      url: deviceUrl(host.newId()),
      providerMetadata: { threadbox: { sizeBytes: content.size } },
    };
    files.push({ part, content });
  }
  if (given.length > room) problems.push(attachmentTexts.tooMany(attachmentLimits.filesMax));
  return { files, problems };
};

/** Whether the browser can draw a picture, told by its bytes alone. */
export const isDrawable = async (content: Blob): Promise<boolean> => {
  try {
    (await createImageBitmap(content)).close();
    return true;
  } catch {
    return false;
  }
};
