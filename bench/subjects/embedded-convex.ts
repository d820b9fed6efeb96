import { join } from "node:path";
import { root } from "../../scripts/bootstrap.mjs";
import { Child } from "./child.ts";
import { newFolder } from "./folders.ts";
import { freePorts } from "./listen.ts";

const readyTimeoutMs = 60_000;

/** The embedded Convex alone, as `npm start` runs it, on functions of the bench's own. */
export class EmbeddedConvex {
  readonly url: string;
  readonly #child: Child;

  private constructor(url: string, child: Child) {
    this.url = url;
    this.#child = child;
  }

  /** `stateFolder`: where an earlier one has left something; by itself it begins with nothing. */
  static async start(functionsFolder: string, stateFolder = newFolder("convex")): Promise<EmbeddedConvex> {
    const [port] = await freePorts(1);
    const env = {
      PATH: process.env.PATH ?? "",
      CONVEX_PORT: String(port),
      CONVEX_DIR: functionsFolder,
      CONVEX_STATE: stateFolder,
      APP_ORIGIN: "http://bench.test",
    };
    const child = new Child([process.execPath, join(root, "packages/convex-server/src/main.ts")], { cwd: root, env });
    await child.line(/convex is ready/, readyTimeoutMs);
    return new EmbeddedConvex(`http://127.0.0.1:${port}`, child);
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
