import type { AttachmentPart } from "@threadbox/contracts/attachments";
import type { ModelProviderId } from "@threadbox/contracts/model";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { SandboxNotFoundError, SandboxUnavailableError } from "../sandbox/errors.ts";
import { SandboxFiles, type WorkspaceFiles } from "../sandbox/index.ts";
import { lookAtAttached } from "./attached-files.ts";

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const text = (words: string) => [...new TextEncoder().encode(words)];

const part = (filename: string, mediaType: string): AttachmentPart => ({
  type: "file",
  mediaType,
  filename,
  url: `workspace:///uploads/${encodeURIComponent(filename)}`,
  providerMetadata: { threadbox: { sizeBytes: 1 } },
});

/** A workspace that holds these files; `sizeBytes`: as large as the file claims to be. */
const workspace = (files: Readonly<Record<string, { bytes: readonly number[]; sizeBytes?: number }>>) => {
  const read: WorkspaceFiles["read"] = (path) => {
    const file = files[path];
    if (path === "uploads/down") return Effect.fail(new SandboxUnavailableError({ reason: "Down." }));
    if (file === undefined) return Effect.fail(new SandboxNotFoundError({ what: "file" }));
    const stream = new Blob([new Uint8Array(file.bytes)]).stream();
    return Effect.succeed({ sizeBytes: file.sizeBytes ?? file.bytes.length, version: "v", stream });
  };
  return Effect.provideService(SandboxFiles, { open: () => Effect.succeed({ read } as WorkspaceFiles) });
};

const kinds = (
  provider: ModelProviderId,
  parts: readonly AttachmentPart[],
  files: Parameters<typeof workspace>[0],
): Promise<readonly string[]> =>
  lookAtAttached(newThreadId(), parts, provider).pipe(
    Effect.map((attached) => attached.map(({ mediaType, told }) => `${told.kind} ${mediaType}`)),
    workspace(files),
    Effect.runPromise,
  );

const files = {
  "uploads/a.png": { bytes: png },
  "uploads/large.png": { bytes: png, sizeBytes: 13 * 1024 * 1024 },
  "uploads/a.pdf": { bytes: text("%PDF-1.7") },
  "uploads/large.pdf": { bytes: text("%PDF-1.7"), sizeBytes: 2 * 1024 * 1024 },
  "uploads/a.svg": { bytes: text("<svg/>") },
  "uploads/long.txt": { bytes: text("x"), sizeBytes: 50_000 },
};
const everything = [
  part("a.png", "image/png"),
  part("large.png", "image/png"),
  part("a.pdf", "application/pdf"),
  part("large.pdf", "application/pdf"),
  part("a.svg", "image/svg+xml"),
  part("long.txt", "text/plain"),
  part("gone.png", "image/png"),
];

test.each<[ModelProviderId, string, string, string]>([
  ["demo", "unseen image/png", "unseen image/png", "named application/pdf"],
  ["openai-compatible", "shown image/png", "named image/png", "named application/pdf"],
  ["own-compatible", "shown image/png", "named image/png", "named application/pdf"],
  ["own-anthropic", "shown image/png", "named image/png", "shown application/pdf"],
  ["own-openai", "shown image/png", "named image/png", "shown application/pdf"],
  ["chatgpt", "shown image/png", "named image/png", "shown application/pdf"],
])("a model of %s is shown what it can see, told what is text, and named the rest", async (provider, ...shown) => {
  expect(await kinds(provider, everything, files)).toEqual([
    ...shown,
    "named application/pdf",
    "text image/svg+xml",
    "named text/plain",
    "missing image/png",
  ]);
});

test("a picture is what its bytes say, unless the page couldn't draw it", async () => {
  const given = [part("a.png", "image/jpeg"), part("a.png", "application/octet-stream"), part("a.svg", "image/png")];
  expect(await kinds("chatgpt", given, files)).toEqual([
    "shown image/png",
    "named application/octet-stream",
    "text image/png",
  ]);
});

test("a workspace that can't be reached is no missing file", async () => {
  const look = lookAtAttached(newThreadId(), [part("down", "text/plain")], "demo").pipe(workspace(files), Effect.flip);
  expect(await Effect.runPromise(look)).toMatchObject({ _tag: "SandboxUnavailableError" });
});
