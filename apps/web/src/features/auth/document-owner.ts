let owner: string | undefined;

/** Takes the document for that user. False where it shows another user's data already: no document ever shows two's. */
export const takeDocument = (userId: string): boolean => {
  owner ??= userId;
  return owner === userId;
};

/** The user whose data this document shows. */
export const documentOwner = (): string => {
  if (owner === undefined) throw new Error("Nobody has signed in here.");
  return owner;
};
