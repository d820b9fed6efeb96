import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of a few mebibytes, mounted in a folder of its own, that can be filled to the last byte. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;

  /** Throws where this user may not mount. */
  constructor(mebibytes: number) {
    this.folder = mkdtempSync(join(tmpdir(), "convex-small-disk-"));
    this.#filler = join(this.folder, "filler");
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", this.folder], { stdio: "ignore" });
    } catch (cause) {
      rmSync(this.folder, { recursive: true });
      throw cause;
    }
  }

  static get isPossible(): boolean {
    try {
      new SmallDisk(1).remove();
      return true;
    } catch {
      return false;
    }
  }

  fill(): void {
    const filler = openSync(this.#filler, "a");
    try {
      for (let size = 1 << 20; size >= 1; size >>= 1) this.#writeUntilFull(filler, Buffer.alloc(size));
    } finally {
      closeSync(filler);
    }
  }

  makeRoom(): void {
    rmSync(this.#filler);
  }

  remove(): void {
    execFileSync("umount", ["--lazy", this.folder], { stdio: "ignore" });
    rmSync(this.folder, { recursive: true });
  }

  #writeUntilFull(file: number, bytes: Buffer): void {
    try {
      for (;;) writeSync(file, bytes);
    } catch (thrown) {
      if (Reflect.get(Object(thrown), "code") !== "ENOSPC") throw thrown;
    }
  }
}
