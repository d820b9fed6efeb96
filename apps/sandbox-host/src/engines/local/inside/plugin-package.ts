import * as fs from "node:fs";

/**
 * OpenCode fetches its package for plugins whenever it starts on a directory, unless the lock file of its own folder
 * names it; no setting says not to. A sandbox has no way to the registry, and nothing in it needs the package.
 */
export const settlePluginPackage = (home: string): void => {
  const folder = `${home}/.config/opencode`;
  const lock = { lockfileVersion: 3, packages: { "": { dependencies: { "@opencode-ai/plugin": "*" } } } };
  try {
    // Not `recursive`: where a link leads nowhere, Node then tries without end.
    for (const each of [`${home}/.config`, folder, `${folder}/node_modules`]) {
      if (!fs.existsSync(each)) fs.mkdirSync(each);
    }
    fs.writeFileSync(`${folder}/package-lock.json`, JSON.stringify(lock), { flag: "wx" });
  } catch {
    // There is one already, or the sandbox's user has put something else there: at worst a request is refused.
  }
};
