import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import type { DiskLimits } from "../../../config.ts";
import { runHostProgram } from "../host-program.ts";

const inodeBytes = 256;
const mib = 1024 * 1024;

/** How large a disk image is made and with what, so that about the limit remains for files. */
export const planDiskImage = (limits: DiskLimits): { readonly bytes: number; readonly options: readonly string[] } => {
  const journalMib = Math.min(Math.max(Math.floor(limits.mib / 128), 4), 32);
  const tablesMib = Math.ceil((limits.files * inodeBytes) / mib);
  // Maps and the blocks that ext4 keeps back for itself.
  const keptBackMib = 8 + Math.ceil(limits.mib / 64);
  const options = [
    ...["-q", "-F", "-b", "4096", "-I", String(inodeBytes), "-m", "0"],
    ...["-N", String(limits.files), "-J", `size=${journalMib}`],
    // The file is new and sparse: what is not written is zero already.
    ...["-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard"],
  ];
  return { bytes: (limits.mib + journalMib + tablesMib + keptBackMib) * mib, options };
};

/** Makes an empty file system in a sparse file. The file is there whole or not at all. */
export const createDiskImage = async (file: string, limits: DiskLimits): Promise<void> => {
  const { bytes, options } = planDiskImage(limits);
  const draft = `${file}.${randomUUID()}.next`;
  try {
    const handle = await fs.open(draft, "wx", 0o600);
    await handle.truncate(bytes).finally(() => handle.close());
    await runHostProgram(["mkfs.ext4", ...options, draft]);
    await fs.rename(draft, file);
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
};
