import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuthority } from "../../egress/authority.ts";
import { escapeLimits } from "../local/escape-resources.testing.ts";
import { type EscapeRow, probeProgram, verdictOf } from "../local/escape-row.testing.ts";
import { escapeRows, type OpenTargets, openTargets } from "../local/escape-rows.testing.ts";
import { identityFiles } from "../local/host-system.ts";
import { inside, type JailProfile, jailProfile } from "../local/profile.ts";
import { findDockerForTests } from "./docker.testing.ts";
import { launchContainer } from "./launch-container.ts";

const docker = await findDockerForTests();
const user = { uid: 0x70000001, gid: 0x70000001 };

/** What a container of a sandbox is made of, with nothing of a sandbox in it. */
const makeProfile = async (state: string): Promise<JailProfile> => {
  const folder = async (name: string): Promise<string> => {
    const at = path.join(state, name);
    await fs.mkdir(at, { recursive: true });
    await fs.chown(at, user.uid, user.gid);
    return at;
  };
  const identity = await folder("identity");
  for (const [name, content] of Object.entries(identityFiles(user.uid, inside.home)))
    await fs.writeFile(path.join(identity, name), content, { mode: 0o644 });
  return jailProfile(
    {
      workspace: await folder("workspace"),
      home: await folder("home"),
      controlDirectory: await folder("control"),
      egressSocket: path.join(state, "egress.sock"),
      node: "",
      openCode: "",
      supervisor: path.join(import.meta.dirname, "../local/inside"),
      ws: await folder("ws"),
      identityFiles: identity,
      authority: await openAuthority(state, Date.now()),
      systemBundles: [],
      system: [],
    },
    escapeLimits,
  );
};

/** SIGSYS: what the filter of a container says to calls of another interface than its own. */
const killedByFilter = 128 + 31;

/** Where files are counted the host ends whoever has too many, which no program alone can show. */
const isOfAJail = ({ needs }: EscapeRow): boolean => needs === "diskImages" || needs === "jail";

describe.skipIf(docker === undefined || process.geteuid?.() !== 0)("a container", () => {
  const egress = net.createServer((socket) => void socket.destroy());
  let opened: OpenTargets;
  let profile: JailProfile;

  beforeAll(async () => {
    if (docker === undefined) return;
    opened = await openTargets(docker.state);
    profile = await makeProfile(docker.state);
    await new Promise<void>((done) => egress.listen(path.join(docker.state, "egress.sock"), done));
    await fs.chmod(path.join(docker.state, "egress.sock"), 0o666);
  });

  afterAll(async () => {
    opened?.close();
    egress.close();
    if (docker !== undefined) await fs.rm(docker.state, { recursive: true, force: true });
  });

  test.for(escapeRows().filter((row) => !isOfAJail(row)))("$id: contains $name", async (row, { skip }) => {
    if (docker === undefined) return skip();
    const launch = { profile, limits: escapeLimits, user, state: "threadbox-test", sandbox: "escape" };
    const jail = launchContainer(Promise.resolve(docker.found), { ...launch, command: ["perl", "-"] });
    jail.stdin.end(probeProgram(row, opened.targets));
    const [output, complaint] = await Promise.all([text(jail.stdout), text(jail.stderr)]);
    const { code } = await jail.ended;
    const silence = code === killedByFilter ? "CONTAINED killed for the call" : `no verdict: ${complaint}`;
    const answer = output.trim() || silence;
    expect({ verdict: verdictOf(answer), answer }).toEqual({ verdict: "contained", answer });
  });
});
