import { TerminalId } from "@threadbox/contracts/ids";
import { expect, test } from "vitest";
import { inStep, neighbourOf, worthShowing } from "./terminal-list.ts";

const terminal = (name: string, status: "running" | "exited" = "running") => ({
  id: TerminalId.make(`pty_${name}`),
  title: name,
  status,
  exitCode: status === "exited" ? 1 : null,
});
const [a, b, c] = [terminal("a"), terminal("b"), terminal("c")];

test("terminals that have ended are not shown again, but for the last one where none runs", () => {
  expect(worthShowing([terminal("x", "exited"), a, terminal("y", "exited"), b])).toEqual([a, b]);
  expect(worthShowing([terminal("x", "exited"), terminal("y", "exited")])).toEqual([terminal("y", "exited")]);
  expect(worthShowing([])).toEqual([]);
});

test("when a terminal is closed the next one comes to the front, and the last one's left neighbour", () => {
  expect([a, b, c].map(({ id }) => neighbourOf([a, b, c], id))).toEqual([b.id, c.id, b.id]);
  expect(neighbourOf([a], a.id)).toBeNull();
});

test("what other pages open, rename and close is opened, renamed and closed here; one that ended by itself stays to say so", () => {
  const renamed = { ...b, title: "build" };
  expect(inStep([a, b], [renamed, c], (id) => id === a.id)).toEqual([a, renamed, c]);
  expect(inStep([a, b], [renamed, c], () => false)).toEqual([renamed, c]);
  expect(inStep([], [terminal("x", "exited")], () => false)).toEqual([]);
});

test("a list that is in step stays the same list", () => {
  const known = [a, b];
  expect(inStep(known, [{ ...b }, { ...a }], () => false)).toBe(known);
});
