import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { shellEnvironment } from "./shell.ts";

test("a person's shell has what OpenCode was given for this start, and neither its password nor its configuration", async () => {
  const port = 40_967;
  const openCode = spawn(
    process.execPath,
    ["-e", "console.log('up'); setInterval(() => {}, 1e6)", "serve", "--port", `${port}`],
    {
      env: {
        PATH: "/bin",
        OF_THIS_START: "a=b",
        OPENCODE_SERVER_PASSWORD: "secret",
        CONFIG: "{}",
        SHELL: "/agent/bash",
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await once(openCode.stdout, "data");
  const environment = shellEnvironment({ openCodePort: port, hiddenVariables: ["OPENCODE_SERVER_PASSWORD", "CONFIG"] });
  openCode.kill();
  expect(environment).toMatchObject({ OF_THIS_START: "a=b", SHELL: "/bin/bash", TERM: "xterm-256color" });
  expect(Object.keys(environment)).not.toContain("OPENCODE_SERVER_PASSWORD");
  expect(Object.keys(environment)).not.toContain("CONFIG");
});
