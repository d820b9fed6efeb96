import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Generation, SandboxName } from "@threadbox/contracts/ids";
import { Result, Schema } from "effect";
import writeFileAtomic from "write-file-atomic";

/** The last start of a sandbox whose end somebody wants to hear of, and that end once it is known. */
const EndRecord = Schema.Struct({
  generation: Generation,
  owner: Schema.String,
  end: Schema.optionalKey(Schema.Struct({ status: Schema.Literals(["stopped", "failed"]), reason: Schema.String })),
});
export type EndRecord = typeof EndRecord.Type;

/** Keeps what is still to be told across restarts of the host. */
export interface EndRecords {
  readAll(): Promise<ReadonlyMap<SandboxName, EndRecord>>;
  write(name: SandboxName, record: EndRecord): Promise<void>;
  remove(name: SandboxName): Promise<void>;
}

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(EndRecord));
const isName = Schema.is(SandboxName);

/** One file for each sandbox; a damaged one counts as absent. */
export const fileEndRecords = (state: string): EndRecords => {
  const folder = path.join(state, "ends");
  const fileOf = (name: SandboxName) => path.join(folder, name);
  return {
    readAll: async () => {
      const records = new Map<SandboxName, EndRecord>();
      for (const name of await fs.readdir(folder).catch(() => [])) {
        if (!isName(name)) continue;
        const decoded = decode(await fs.readFile(fileOf(name), "utf8").catch(() => ""));
        if (Result.isSuccess(decoded)) records.set(name, decoded.success);
      }
      return records;
    },
    write: async (name, record) => {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(fileOf(name), JSON.stringify(record), { mode: 0o600 });
    },
    remove: (name) => fs.rm(fileOf(name), { force: true }),
  };
};
