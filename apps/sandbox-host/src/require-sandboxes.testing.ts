export interface Surroundings {
  readonly isCi: boolean;
  /** Takes the reason where tests are left out. */
  readonly tell: (word: string) => void;
}

const here: Surroundings = {
  isCi: process.env.CI === "true",
  tell: (word) => process.stderr.write(`${word}\n`),
};

/**
 * Passes on what tests of sandboxes need. Where the machine cannot run sandboxes, tests are skipped with the reason on
 * a developer's machine and fail with it in CI, where nobody would notice that they are gone.
 */
export const requireSandboxes = async <A extends object>(
  open: () => Promise<A | { readonly refusal: string }>,
  { isCi, tell }: Surroundings = here,
): Promise<A | undefined> => {
  const opened = await open();
  if (!("refusal" in opened)) return opened;
  const word = `Sandbox tests cannot run: ${opened.refusal}`;
  if (isCi) throw new Error(word);
  tell(word);
  return undefined;
};
