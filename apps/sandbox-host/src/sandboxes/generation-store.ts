import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Generation, type SandboxName } from "@threadbox/contracts/ids";
import { Result, Schema } from "effect";
import writeFileAtomic from "write-file-atomic";

/** Remembers the last generation of each sandbox across restarts of the host. */
export interface GenerationStore {
  find(name: SandboxName): Promise<Generation | undefined>;
  remember(name: SandboxName, generation: Generation): Promise<void>;
  forget(name: SandboxName): Promise<void>;
}

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Generation));

export const fileGenerationStore = (state: string): GenerationStore => {
  const folder = path.join(state, "generations");
  const fileOf = (name: SandboxName) => path.join(folder, name);
  return {
    find: async (name) => {
      const decoded = decode(await fs.readFile(fileOf(name), "utf8").catch(() => ""));
      return Result.isSuccess(decoded) ? decoded.success : undefined;
    },
    remember: async (name, generation) => {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(fileOf(name), JSON.stringify(generation));
    },
    forget: (name) => fs.rm(fileOf(name), { force: true }),
  };
};
