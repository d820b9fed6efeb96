import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireSandboxes } from "../../require-sandboxes.testing.ts";
import { escapeDisks, escapeLimits } from "./escape-resources.testing.ts";
import { type EscapeRow, probeProgram, verdictOf } from "./escape-row.testing.ts";
import { escapeRows, type OpenTargets, openTargets } from "./escape-rows.testing.ts";
import { type JailBench, openJailBench } from "./jail.testing.ts";
import type { LocalMachine } from "./local-machine.ts";
import type { JailProfile } from "./profile.ts";

const bench = await requireSandboxes(() => openJailBench({ ...escapeLimits, memoryMib: 512 }, escapeDisks));

const rows = escapeRows();

/** Why this machine cannot hold the row; undefined where it must. */
const missingFor = ({ needs }: EscapeRow, { controlGroups, disks, isRoot }: LocalMachine): string | undefined => {
  if (needs === "controlGroups" && "reason" in controlGroups) return controlGroups.reason;
  if (needs === "diskImages" && disks.kind === "folders") return disks.reason;
  return needs === "root" && !isRoot ? "the host does not run as root" : undefined;
};

describe.skipIf(bench === undefined)("the jail", () => {
  let opened: OpenTargets;

  const attempt = async (of: JailBench, profile: JailProfile, row: EscapeRow): Promise<string> => {
    const { output, complaint } = await of.run(profile, escapeLimits, ["perl", "-"], probeProgram(row, opened.targets));
    return output.trim() || `no verdict: ${complaint}`;
  };

  beforeAll(async () => {
    opened = await openTargets(bench?.state ?? "");
  });

  afterAll(async () => {
    opened.close();
    await bench?.close();
  });

  for (const row of rows) {
    test(`${row.id}: contains ${row.name}`, async ({ skip }) => {
      if (bench === undefined) return skip();
      const missing = missingFor(row, bench.machine);
      if (missing !== undefined) return skip(missing);
      const answer = await attempt(bench, bench.profile(escapeLimits), row);
      expect({ verdict: verdictOf(answer), answer }).toEqual({ verdict: "contained", answer });
    });
  }

  const isRoot = process.geteuid?.() === 0;
  for (const row of rows) {
    if (row.isOpenInNaive === "depends" || (row.isOpenInNaive === "asRoot" && !isRoot)) continue;
    test(`${row.id}: a naive jail does not contain ${row.name}`, async ({ skip }) => {
      if (bench === undefined) return skip();
      const answer = await attempt(bench, bench.naive, row);
      expect({ verdict: verdictOf(answer), answer }).toEqual({ verdict: "escaped", answer });
    });
  }
});
