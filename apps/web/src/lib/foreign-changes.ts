/** What of a page's nodes is needed here; the browser's `Node.prototype`. */
interface NodeMethods {
  removeChild<T extends Node>(child: T): T;
  insertBefore<T extends Node>(node: T, child: Node | null): T;
}

/**
 * Translators and other helpers of the browser move text into elements of their own. React still knows the text by its
 * old parent, and its next change there would throw and end the page. A child that is not where it should be is
 * removed from where it is, and what should stand before it is put there.
 */
export const bearForeignChanges = (methods: NodeMethods): void => {
  const { removeChild, insertBefore } = methods;
  methods.removeChild = function <T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) return removeChild.call(this, child) as T;
    const element = holderOf(this, child);
    if (element !== null) removeChild.call(this, element);
    return child;
  };
  methods.insertBefore = function <T extends Node>(this: Node, node: T, child: Node | null): T {
    const place = child === null || child.parentNode === this ? child : holderOf(this, child);
    return insertBefore.call(this, node, place) as T;
  };
};

/** The child of a node that now holds what was its child; null where it is gone. */
const holderOf = (parent: Node, moved: Node): Node | null => {
  let at: Node | null = moved;
  while (at !== null && at.parentNode !== parent) at = at.parentNode;
  return at;
};
