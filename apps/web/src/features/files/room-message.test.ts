import { expect, test } from "vitest";
import { askForRoom } from "./room-message.ts";

test("the agent is told how full the disk is and the ten largest, each path as one quoted text", () => {
  const files = Array.from({ length: 12 }, (_, at) => ({ path: `a\n${at}`, kind: "file" as const, sizeBytes: 2_000 }));
  const text = askForRoom({ files, disk: { usedBytes: 3_000_000, sizeBytes: 4_000_000_000 } });
  expect(text).toContain("3.0 MB of 4.0 GB are used");
  expect(text.split("\n").filter((line) => line.startsWith("- "))).toHaveLength(10);
  expect(text).toContain('- "a\\n0": 2 kB');
});

test("where the disk isn't the workspace's own nothing is said of it", () => {
  expect(askForRoom({ files: [], disk: null })).not.toContain("are used");
});
