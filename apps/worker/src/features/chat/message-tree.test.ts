import { MessageId } from "@threadbox/contracts/ids";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  emptyTree,
  leafOf,
  lineOf,
  type MessageTree,
  parentOf,
  pathOf,
  siblingsOf,
  treeOf,
  withChoice,
  withEnd,
  withMessage,
} from "./message-tree.ts";

const id = (n: number) => MessageId.make(`m${n}`);

/** What people do to a thread: a message after any other (or as a first one), or another choice. */
const deeds = fc.array(fc.record({ isChoice: fc.boolean(), at: fc.nat() }), { maxLength: 40 });

const grown = (given: readonly { readonly isChoice: boolean; readonly at: number }[]): MessageTree => {
  let tree = emptyTree;
  for (const { isChoice, at } of given) {
    const size = tree.parents.size;
    if (isChoice && size > 0) tree = withChoice(tree, id(at % size));
    else tree = withMessage(tree, id(size), at % (size + 1) === size ? null : id(at % (size + 1)));
  }
  return tree;
};

const ids = (tree: MessageTree) => [...tree.parents.keys()];

describe("whatever is done to a tree of messages", () => {
  test("the selected path can be ended with any message, and what followed can be chosen again", () => {
    fc.assert(
      fc.property(deeds, fc.nat(), (given, n) => {
        const tree = grown(given);
        const at = ids(tree)[n % (tree.parents.size + 1)] ?? null;
        const ended = withEnd(tree, at);
        expect(pathOf(ended)).toEqual(lineOf(tree, at).toReversed());
        expect([...ended.parents]).toEqual([...tree.parents]);
        const next = id(tree.parents.size);
        expect(leafOf(withMessage(ended, next, leafOf(ended)))).toBe(next);
        const former = leafOf(tree);
        if (former !== null) expect(pathOf(withEnd(ended, former))).toEqual(pathOf(tree));
      }),
    );
  });

  test("the selected path leads from a first message to one that nothing follows", () => {
    fc.assert(
      fc.property(deeds, (given) => {
        const tree = grown(given);
        const path = pathOf(tree);
        expect(path.map((message) => parentOf(tree, message))).toEqual([null, ...path].slice(0, path.length));
        const leaf = leafOf(tree);
        expect(leaf === null ? tree.parents.size : (tree.children.get(leaf) ?? []).length).toBe(0);
      }),
    );
  });

  test("no message is lost, and each stands once among its siblings, in the order of their making", () => {
    fc.assert(
      fc.property(deeds, (given) => {
        const tree = grown(given);
        const all = ids(tree);
        expect(all.map((message) => siblingsOf(tree, message).filter((other) => other === message).length)).toEqual(
          all.map(() => 1),
        );
        for (const message of all) {
          const places = siblingsOf(tree, message).map((sibling) => all.indexOf(sibling));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  test("a choice leads through the chosen message, and choosing back restores the path", () => {
    fc.assert(
      fc.property(deeds, fc.nat(), (given, at) => {
        const tree = grown(given);
        const all = ids(tree);
        const message = all[at % Math.max(1, all.length)];
        const leaf = leafOf(tree);
        if (message === undefined || leaf === null) return;
        const chosen = withChoice(tree, message);
        expect(pathOf(chosen).slice(0, lineOf(tree, message).length)).toEqual(lineOf(tree, message).toReversed());
        expect(pathOf(withChoice(chosen, leaf))).toEqual(pathOf(tree));
      }),
    );
  });

  test("what is kept of it makes the same tree again", () => {
    fc.assert(
      fc.property(deeds, (given) => {
        const tree = grown(given);
        const kept = ids(tree).map((message) => {
          const parent = parentOf(tree, message);
          return { id: message, parent, isChosen: tree.chosen.get(parent) === message };
        });
        expect(treeOf(kept)).toEqual(tree);
      }),
    );
  });

  test("a message that is added twice is where it was", () => {
    fc.assert(
      fc.property(deeds, (given) => {
        const tree = grown(given);
        const leaf = leafOf(tree);
        if (leaf !== null) expect(withMessage(tree, leaf, null)).toEqual(tree);
      }),
    );
  });
});
