import { Effect } from "effect";

const unused = () => Effect.die("not used");

/** Of a double that stands for OpenCode's sandbox: nobody asks anything else of it. */
export const openCodeAlone = {
  fetchPort: unused,
  connectPort: unused,
  keyFor: unused,
  exec: unused,
  tellSecret: unused,
} as const;
