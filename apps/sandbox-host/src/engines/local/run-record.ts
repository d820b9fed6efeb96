import * as fs from "node:fs/promises";
import { Result, Schema } from "effect";
import writeFileAtomic from "write-file-atomic";

/** What the next host process must know to clean up after this one. Written before the first process is started. */
const RunRecord = Schema.Struct({
  /** Folders of the start's control group; empty where there is none. */
  controlGroup: Schema.Array(Schema.String),
  /** bubblewrap's own process, by id and by its start time in clock ticks, since ids are used again. */
  process: Schema.optionalKey(Schema.Struct({ pid: Schema.Int, startTime: Schema.String })),
});
export type RunRecord = typeof RunRecord.Type;

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(RunRecord));

export const writeRunRecord = async (file: string, record: RunRecord): Promise<void> => {
  await writeFileAtomic(file, JSON.stringify(record), { mode: 0o600 });
};

/** Undefined when there is none or it is damaged. */
export const readRunRecord = async (file: string): Promise<RunRecord | undefined> => {
  const decoded = decode(await fs.readFile(file, "utf8").catch(() => ""));
  return Result.isSuccess(decoded) ? decoded.success : undefined;
};

/** Undefined when there is no such process, or only its entry is left because its parent has not noticed the end. */
export const processStartTime = async (pid: number): Promise<string | undefined> => {
  const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field may hold spaces and brackets; state is the third field, start time the twenty-second.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" || fields?.[0] === "X" ? undefined : fields?.[19];
};
