import { expect, test } from "vitest";
import { bearForeignChanges } from "./foreign-changes.ts";

/** A tree that refuses what a browser's refuses. */
class TreeNode {
  parentNode: TreeNode | null = null;
  children: TreeNode[] = [];

  insertBefore(node: TreeNode, child: TreeNode | null): TreeNode {
    if (child !== null && child.parentNode !== this) throw new Error("NotFoundError");
    node.parentNode?.removeChild(node);
    this.children.splice(child === null ? this.children.length : this.children.indexOf(child), 0, node);
    node.parentNode = this;
    return node;
  }

  removeChild(child: TreeNode): TreeNode {
    if (child.parentNode !== this) throw new Error("NotFoundError");
    this.children.splice(this.children.indexOf(child), 1);
    child.parentNode = null;
    return child;
  }
}

/** A paragraph whose text a translator has put into an element of its own. */
const translated = (Kind: typeof TreeNode) => {
  const [paragraph, text, font] = [new Kind(), new Kind(), new Kind()];
  paragraph.insertBefore(text, null);
  paragraph.insertBefore(font, text);
  font.insertBefore(text, null);
  return { paragraph, text, font };
};

test("text that a translator has moved can be removed, and new text finds its place before it", () => {
  class Borne extends TreeNode {}
  const strict = translated(TreeNode);
  expect(() => strict.paragraph.removeChild(strict.text)).toThrow("NotFoundError");

  // Of a node, the guard uses what this tree has too.
  bearForeignChanges(Borne.prototype as unknown as Node);
  const { paragraph, text, font } = translated(Borne);
  const first = new Borne();
  paragraph.insertBefore(first, text);
  expect(paragraph.children).toEqual([first, font]);
  paragraph.removeChild(text);
  expect(paragraph.children).toEqual([first]);
  paragraph.removeChild(text);
  expect(paragraph.children).toEqual([first]);
});
