import type { MessageId } from "@threadbox/contracts/ids";

type Parent = MessageId | null;

/**
 * A thread's messages by what they follow. Of the messages that follow the same one (siblings, in the order in which
 * they were made) one is chosen; the choices from the first message on are the selected path.
 */
export interface MessageTree {
  readonly parents: ReadonlyMap<MessageId, Parent>;
  readonly children: ReadonlyMap<Parent, readonly MessageId[]>;
  readonly chosen: ReadonlyMap<Parent, MessageId>;
}

export interface Placed {
  readonly id: MessageId;
  readonly parent: Parent;
  readonly isChosen: boolean;
}

/** The tree of these messages, which are given in the order of their making. */
export const treeOf = (placed: readonly Placed[]): MessageTree => {
  const children = new Map<Parent, MessageId[]>();
  for (const { id, parent } of placed) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [id]);
    else siblings.push(id);
  }
  return {
    parents: new Map(placed.map(({ id, parent }) => [id, parent])),
    children,
    chosen: new Map(placed.flatMap(({ id, parent, isChosen }) => (isChosen ? [[parent, id] as const] : []))),
  };
};

export const emptyTree = treeOf([]);

export const parentOf = (tree: MessageTree, id: MessageId): Parent => tree.parents.get(id) ?? null;

/** The messages that follow what this one follows, itself among them; empty for a message that is not there. */
export const siblingsOf = (tree: MessageTree, id: MessageId): readonly MessageId[] =>
  tree.parents.has(id) ? (tree.children.get(parentOf(tree, id)) ?? []) : [];

/** The message and all that it follows from, last first. */
export const lineOf = (tree: MessageTree, id: Parent): readonly MessageId[] => {
  const line: MessageId[] = [];
  for (let at = id; at !== null && tree.parents.has(at); at = parentOf(tree, at)) line.push(at);
  return line;
};

/** The selected path, first message first. */
export const pathOf = (tree: MessageTree): readonly MessageId[] => {
  const path: MessageId[] = [];
  for (let at = tree.chosen.get(null); at !== undefined; at = tree.chosen.get(at)) path.push(at);
  return path;
};

/** The end of the selected path; null in an empty thread. */
export const leafOf = (tree: MessageTree): Parent => pathOf(tree).at(-1) ?? null;

/** Leads the selected path through this message; below it the choices stay as they were made. */
export const withChoice = (tree: MessageTree, id: MessageId): MessageTree => {
  const chosen = new Map(tree.chosen);
  for (const message of lineOf(tree, id)) chosen.set(parentOf(tree, message), message);
  return { ...tree, chosen };
};

/** Ends the selected path with this message, or (null) before the first one. What followed it stays where it is. */
export const withEnd = (tree: MessageTree, id: Parent): MessageTree => {
  const led = id === null ? tree : withChoice(tree, id);
  const chosen = new Map(led.chosen);
  chosen.delete(id);
  return { ...led, chosen };
};

/** Adds a message as the newest and chosen one of those that follow `parent`. One that is known stays where it is. */
export const withMessage = (tree: MessageTree, id: MessageId, parent: Parent): MessageTree => {
  if (tree.parents.has(id)) return withChoice(tree, id);
  const parents = new Map(tree.parents).set(id, parent);
  const children = new Map(tree.children).set(parent, [...(tree.children.get(parent) ?? []), id]);
  return withChoice({ ...tree, parents, children }, id);
};
