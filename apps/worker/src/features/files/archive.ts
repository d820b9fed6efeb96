import { archiveLimits } from "@threadbox/contracts/files";
import { makeZip } from "client-zip";
import { Effect, Stream } from "effect";
import type { ReadFile, SandboxError, WorkspaceFiles } from "../sandbox/index.ts";
import type { ArchivePlan, Member } from "./archive-plan.ts";

/** The years that a ZIP can tell. */
const [earliest, latest] = [Date.UTC(1980, 0, 2), Date.UTC(2107, 11, 30)];

const dateOf = ({ modifiedAt }: Member): Date => new Date(Math.min(latest, Math.max(earliest, modifiedAt)));

/** Some programs that unpack take a backslash for a slash: a name must never lead out of where it is unpacked. */
const nameOf = ({ path }: Member, from: number): string => path.slice(from).replaceAll("\\", "_");

/** Null for a file that is gone, or no file any more. */
const openMember = (
  files: WorkspaceFiles,
  member: Member,
): Effect.Effect<{ readonly member: Member; readonly read: ReadFile | null } | null, SandboxError> =>
  member.kind === "directory"
    ? Effect.succeed({ member, read: null })
    : files.read(member.path).pipe(
        Effect.map((read) => ({ member, read })),
        Effect.catchTags({
          SandboxNotFoundError: () => Effect.succeed(null),
          PathOutsideWorkspaceError: () => Effect.succeed(null),
        }),
      );

async function* inputs(files: WorkspaceFiles, { members }: ArchivePlan, from: number) {
  const opened = Stream.fromIterable(members).pipe(Stream.mapEffect((member) => openMember(files, member)));
  let bytesLeft: number = archiveLimits.bytesMax;
  for await (const one of Stream.toAsyncIterable(opened)) {
    if (one === null) continue;
    const { member, read } = one;
    const common = { name: nameOf(member, from), lastModified: dateOf(member) };
    if (read === null) {
      yield { ...common, name: `${common.name}/` };
      continue;
    }
    const control = new AbortController();
    try {
      bytesLeft -= read.sizeBytes;
      if (bytesLeft < 0) throw new Error("The folder grew past what an archive may hold.");
      yield { ...common, input: read.stream.pipeThrough(new TransformStream(), { signal: control.signal }) };
    } finally {
      // Whoever gives the archive up lets go of the file that was being read.
      control.abort();
    }
  }
}

/** Giving up is no fault: what packs the inputs calls it one, and would hand it on to whoever gave up. */
const quietly = <A>(generator: AsyncGenerator<A, void>): AsyncIterable<A> => ({
  [Symbol.asyncIterator]: () => ({ next: () => generator.next(), throw: () => generator.return() }),
});

/**
 * The ZIP of what was planned, as it is read: nothing is kept. A file that has gone meanwhile is left out; one that becomes
 * shorter while it is read breaks the archive off. `folder`: names in it are relative to that one's parent.
 */
export const archiveStream = (files: WorkspaceFiles, plan: ArchivePlan, folder: string): ReadableStream<Uint8Array> =>
  makeZip(quietly(inputs(files, plan, folder.lastIndexOf("/") + 1)), { buffersAreUTF8: true });
