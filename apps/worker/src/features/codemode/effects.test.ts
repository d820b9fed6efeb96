import { absentFile } from "@threadbox/contracts/files";
import { Effect } from "effect";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyChanges } from "./apply-changes.ts";
import { type HeldChange, showChange } from "./change-shown.ts";
import { MemoryWorkspace } from "./memory-workspace.testing.ts";
import { sha256 } from "./run-book.ts";
import { undoChanges } from "./undo-changes.ts";
import { WorkspaceView } from "./workspace-view.ts";

const path = fc.constantFrom("a", "b", "c/d", "c/e");
const text = fc.string({ maxLength: 8 });
const file = fc.tuple(path, text);
type Step =
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "command"; readonly path: string; readonly text: string | null };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), path, text }),
  fc.record({ kind: fc.constant("command" as const), path, text: fc.option(text) }),
);

const bytes = (written: string) => new TextEncoder().encode(written);

/** What a program does with a view; what is refused is refused. */
const runOn = (view: WorkspaceView, steps: readonly Step[]) =>
  Effect.forEach(steps, (each) =>
    Effect.exit(
      each.kind === "write"
        ? Effect.asVoid(view.files.write(each.path, bytes(each.text)))
        : Effect.asVoid(view.command({ argv: ["put", each.path, JSON.stringify(each.text)] })),
    ),
  );

/** The workspace as it is once somebody has allowed what they were shown: what was shown is all they know. */
const allowed = (before: ReadonlyMap<string, string>, shown: readonly HeldChange[]): ReadonlyMap<string, string> => {
  const after = new Map(before);
  for (const { path: changed, content } of shown) {
    if (content === null) after.delete(changed);
    else after.set(changed, new TextDecoder().decode(content));
  }
  return after;
};

test("whatever a program does, the workspace is as it was until it is allowed, and then exactly as it was shown", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file), fc.array(step, { maxLength: 12 }), async (files, steps) => {
      const workspace = new MemoryWorkspace(files);
      const before = workspace.texts();
      const view = new WorkspaceView(workspace.files);
      await Effect.runPromise(runOn(view, steps));
      expect(workspace.texts()).toEqual(before);
      const shown = view.changes().map(showChange);
      await Effect.runPromise(applyChanges(workspace.files, shown));
      expect(workspace.texts()).toEqual(allowed(before, shown));
      for (const { path: changed, change, version } of shown) {
        expect(change === "added").toBe(!before.has(changed));
        expect(version === absentFile).toBe(!before.has(changed));
      }
      // A second time, as after a loss in the middle, it is as if it had been done once.
      await Effect.runPromise(applyChanges(workspace.files, shown));
      expect(workspace.texts()).toEqual(allowed(before, shown));
    }),
  );
});

test("what was allowed is undone to what was there before, all of it or nothing, and a second time changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(file),
      fc.array(step, { maxLength: 12 }),
      fc.array(file, { maxLength: 1 }),
      fc.option(fc.nat({ max: 5 })),
      async (files, steps, meanwhile, failsAfter) => {
        const workspace = new MemoryWorkspace(files);
        const before = workspace.texts();
        const view = new WorkspaceView(workspace.files);
        await Effect.runPromise(runOn(view, steps));
        const shown = view.changes().map(showChange);
        await Effect.runPromise(applyChanges(workspace.files, shown));
        const undoable = await Promise.all(
          shown.map(async ({ path: changed, content, before: was }) => ({
            ...{ path: changed, before: was },
            made: content === null ? null : await sha256(content),
          })),
        );
        for (const [changed, written] of meanwhile) workspace.put(changed, written);
        const after = workspace.texts();
        workspace.failsAfter = failsAfter ?? Number.POSITIVE_INFINITY;
        const exit = await Effect.runPromise(Effect.exit(undoChanges(workspace.files, undoable)));
        const paths = new Set(shown.map(({ path: changed }) => changed));
        const put = (from: ReadonlyMap<string, string>, changed: string) => [changed, from.get(changed)] as const;
        const back = [...new Set([...before.keys(), ...after.keys()])].map((each) =>
          put(paths.has(each) ? before : after, each),
        );
        const wanted = exit._tag === "Success" ? new Map(back.filter(([, written]) => written !== undefined)) : after;
        expect(workspace.texts()).toEqual(wanted);
        workspace.failsAfter = Number.POSITIVE_INFINITY;
        if (exit._tag === "Success") await Effect.runPromise(undoChanges(workspace.files, undoable));
        expect(workspace.texts()).toEqual(wanted);
      },
    ),
  );
});

test("where the workspace has moved on, or fails in the middle, all of it stays as it is", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(file),
      fc.array(step, { maxLength: 12 }),
      fc.array(file, { maxLength: 2 }),
      fc.nat({ max: 5 }),
      async (files, steps, meanwhile, failsAfter) => {
        const workspace = new MemoryWorkspace(files);
        const view = new WorkspaceView(workspace.files);
        await Effect.runPromise(runOn(view, steps));
        const shown = view.changes().map(showChange);
        for (const [changed, written] of meanwhile) workspace.put(changed, written);
        const before = workspace.texts();
        workspace.failsAfter = failsAfter;
        const exit = await Effect.runPromise(Effect.exit(applyChanges(workspace.files, shown)));
        const after = exit._tag === "Success" ? allowed(before, shown) : before;
        expect(workspace.texts()).toEqual(after);
      },
    ),
  );
});
