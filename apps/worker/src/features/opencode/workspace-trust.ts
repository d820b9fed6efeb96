import type { StartFile } from "@threadbox/contracts/sandbox-host";

/**
 * OpenCode's second core, which the first asks at every prompt, imports the plugins of a project whatever its flags say. So
 * no file is imported into OpenCode's process but its own and those beside this one: what another one would run is replaced
 * by a plugin that does nothing.
 */
const guard = `const own = import.meta.dir.slice(1).replace(/[.*+?^$()|{}\\[\\]\\\\]/g, "\\\\$&");

Bun.plugin({
  name: "untrusted-workspace",
  setup(build) {
    const filter = new RegExp("^/(?![$]bunfs/)(?!" + own + "/).*[.][cm]?[jt]sx?$");
    build.onLoad({ filter }, () => ({ contents: "export default { id: 'untrusted', setup() {} };", loader: "js" }));
  },
});
`;

const noHooks = "export const WorkspaceTrust = async () => ({});\n";

/**
 * Below the home, where OpenCode looks for plugins of its user, which come first. In a start whose workspace is trusted it does
 * nothing: the home outlasts the start before.
 */
export const workspaceTrustPlugin = (isTrusted: boolean): StartFile => ({
  path: ".config/opencode/plugin/workspace-trust.js",
  content: isTrusted ? noHooks : `${guard}\n${noHooks}`,
});
