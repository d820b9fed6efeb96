/** `npm run backup`, `restore`, `export` and `import`: the embedded Convex server's data, in the folder of `npm start`. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { refuse, root } from "./bootstrap.mjs";
import { decodeConfiguration } from "./supervisor/configuration.ts";
import { StartRefusal } from "./supervisor/start-refusal.ts";

const homeOf = (): string => {
  try {
    return decodeConfiguration(process.env).home;
  } catch (thrown) {
    if (thrown instanceof StartRefusal) return refuse(thrown.message);
    throw thrown;
  }
};

const home = homeOf();
const [verb = "", ...files] = process.argv.slice(2);
// npm runs this in the repository, and a person names a file from where they are.
const from = process.env.INIT_CWD ?? process.cwd();
const { status } = spawnSync(
  process.execPath,
  [join(root, "packages/convex-server/src/main.ts"), verb, ...files.map((file) => resolve(from, file))],
  {
    stdio: "inherit",
    env: { ...process.env, CONVEX_STATE: join(home, "convex"), CONVEX_BACKUPS: join(home, "backups") },
  },
);
process.exit(status ?? 1);
