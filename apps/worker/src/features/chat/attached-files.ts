import { attachmentPath, pictureTypes } from "@threadbox/contracts/attachment-limits";
import type { AttachmentPart } from "@threadbox/contracts/attachments";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { ModelProviderId } from "@threadbox/contracts/model";
import { Effect } from "effect";
import { lookAtFile, type SeenFile } from "../files/index.ts";
import type { AttachedFile } from "../opencode/index.ts";
import { SandboxFiles, type WorkspaceFiles } from "../sandbox/index.ts";

/** Text of at most so many bytes is told with the message; the model reads a longer one with its tools. */
const textBytesMax = 48 * 1024;
/** OpenCode makes pictures smaller before a model sees them, which takes memory; larger ones are left to the tools. */
const pictureBytesMax = 12 * 1024 * 1024;
/** A document goes to the model as it is, with every call of the session. */
const documentBytesMax = 1024 * 1024;
const lookedAtOnce = 4;

/** What a model is shown, beside text. Nobody tells this of an endpoint: its pictures are tried, and left out where it refuses them. */
interface Sight {
  readonly pictures: boolean;
  readonly documents: boolean;
}

const sightOf = (provider: ModelProviderId | undefined): Sight => {
  switch (provider) {
    case "chatgpt":
    case "own-openai":
    case "own-anthropic":
      return { pictures: true, documents: true };
    case "openai-compatible":
    case "own-compatible":
      return { pictures: true, documents: false };
    default:
      return { pictures: false, documents: false };
  }
};

type Told = AttachedFile["told"];

const isPicture = (type: string | null): boolean => type !== null && pictureTypes.includes(type);

/** What it is, and not what the page called it; but a picture that the page couldn't draw is shown to nobody. */
const shownAs = ({ shownType }: SeenFile, mediaType: string): string | null =>
  isPicture(shownType) && !isPicture(mediaType) ? null : shownType;

const toldOf = ({ sizeBytes, text }: SeenFile, type: string | null, sight: Sight): Told => {
  if (isPicture(type)) {
    if (!sight.pictures) return { kind: "unseen" };
    return { kind: sizeBytes <= pictureBytesMax ? "shown" : "named" };
  }
  if (type !== null) return { kind: sight.documents && sizeBytes <= documentBytesMax ? "shown" : "named" };
  return text === null ? { kind: "named" } : { kind: "text", text };
};

const lookAt = (files: Pick<WorkspaceFiles, "read">, part: AttachmentPart, sight: Sight) => {
  const { mediaType, providerMetadata } = part;
  // A path of a part that has been taken in is there.
  const path = attachmentPath(part) ?? "";
  const { sizeBytes } = providerMetadata.threadbox;
  const missing: AttachedFile = { path, mediaType, sizeBytes, told: { kind: "missing" } };
  return lookAtFile(files, path, textBytesMax).pipe(
    Effect.map((seen): AttachedFile => {
      const type = shownAs(seen, mediaType);
      return { path, mediaType: type ?? mediaType, sizeBytes: seen.sizeBytes, told: toldOf(seen, type, sight) };
    }),
    Effect.catchTags({
      SandboxNotFoundError: () => Effect.succeed(missing),
      PathOutsideWorkspaceError: () => Effect.succeed(missing),
    }),
  );
};

/** Looks in the workspace at the files that go with a message, right before the model is told of them. */
export const lookAtAttached = Effect.fn("lookAtAttached")(function* (
  threadId: ThreadId,
  attachments: readonly AttachmentPart[],
  provider: ModelProviderId | undefined,
) {
  if (attachments.length === 0) return [];
  const files = yield* SandboxFiles.use((sandboxes) => sandboxes.open(threadId));
  const sight = sightOf(provider);
  return yield* Effect.forEach(attachments, (part) => lookAt(files, part, sight), { concurrency: lookedAtOnce });
});
