import { expect, test } from "vitest";
import { listeningPorts } from "./listening.ts";

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const row = (port: number, state: string, inode: number, address = "0100007F") =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 100 0 0 10 0`;
const printed = (...lines: readonly string[]) => ({
  stdout: lines.join("\n"),
  stderr: "",
  exitCode: 0,
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
});
const none = () => false;

test("each listening port is named once, with the program that holds it", () => {
  const ports = listeningPorts(
    printed(
      head,
      row(5173, "0A", 11),
      row(3000, "0A", 12, "00000000"),
      row(40_000, "01", 13),
      head,
      row(5173, "0A", 14, "00000000000000000000000001000000"),
      "lrwxrwxrwx 1 agent agent 0 Nov 28 15:00 /proc/7/exe -> /usr/local/bin/node",
      "lrwxrwxrwx 1 agent agent 0 Nov 28 15:00 /proc/8/exe -> /usr/bin/python3 (deleted)",
      "/proc/7/fd:",
      "lrwx------ 1 agent agent 64 Nov 28 15:00 20 -> socket:[11]",
      "lrwx------ 1 agent agent 64 Nov 28 15:00 21 -> socket:[14]",
      "/proc/8/fd:",
      "lrwx------ 1 agent agent 64 Nov 28 15:00 3 -> socket:[12]",
    ),
    none,
  );
  expect(ports).toEqual([
    { port: 3000, program: "python3 (deleted)" },
    { port: 5173, program: "node" },
  ]);
});

test("a program that doesn't show itself leaves its port without a name, and what is Threadbox's own is left out", () => {
  expect(listeningPorts(printed(row(8080, "0A", 1), row(4096, "0A", 2)), (port) => port === 4096)).toEqual([
    { port: 8080, program: "" },
  ]);
});

test("where the supervisor takes connections to other hosts nobody is told of a server, beside it somebody is", () => {
  expect(
    listeningPorts(printed(row(443, "0A", 1, "0200007F"), row(80, "0A", 2, "0200007F"), row(80, "0A", 3)), none),
  ).toEqual([{ port: 80, program: "" }]);
});

test("whatever a program prints in the place of these, the answer is bounded", () => {
  const many = Array.from({ length: 5_000 }, (_, at) => row(at + 1, "0A", at + 1));
  const names = `l /proc/1/exe -> /${"x".repeat(10_000)}`;
  const held = ["/proc/1/fd:", "l -> socket:[1]"];
  const ports = listeningPorts(printed("\u0000junk", ...many, names, ...held), none);
  expect(ports).toHaveLength(100);
  expect(ports[0]?.program).toHaveLength(64);
  expect(listeningPorts(printed(), none)).toEqual([]);
});
