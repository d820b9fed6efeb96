import { expect, test } from "vitest";
import { ProgramsOfTurn } from "./programs-of-turn.ts";

const program = (runId: string, calls = 0) => ({
  ...{ runId, program: "key", startedAt: 1 },
  calls: Array.from({ length: calls }, () => ({ tool: "workspace.read", args: "", startedAt: 1 })),
});

test("a later word of a program takes the place of the one before, and all are over with the turn", () => {
  let changes = 0;
  const programs = new ProgramsOfTurn(() => {
    changes += 1;
  });
  programs.hear(program("a"));
  programs.hear(program("b"));
  programs.hear(program("a", 2));
  expect(programs.shown(true)).toEqual({ programs: [program("a", 2), program("b")] });
  expect(changes).toBe(3);
  expect(programs.shown(false)).toEqual({});
  expect(programs.shown(true)).toEqual({});
});

test("no more programs are shown than a card is looked for among", () => {
  const programs = new ProgramsOfTurn(() => {});
  for (let at = 0; at < 20; at += 1) programs.hear(program(`run-${at}`));
  expect(programs.shown(true).programs?.map(({ runId }) => runId)).toEqual(
    Array.from({ length: 8 }, (_, at) => `run-${at + 12}`),
  );
});

test("whoever waits for a stop is told of the next one, each time", async () => {
  const programs = new ProgramsOfTurn(() => {});
  const first = programs.awaitStop();
  programs.stop();
  expect(await first).toBe(true);
  const second = programs.awaitStop();
  programs.stop();
  expect(await second).toBe(true);
});
