/** What this machine is given. */
export interface MachineEnv {
  readonly LOADER: WorkerLoader;
  /** What the worker shows; without it nobody is let in. */
  readonly CODEMODE_KEY?: string;
}

const encoder = new TextEncoder();

/** Compares in the same time whatever is shown. */
export const isWorker = (request: Request, { CODEMODE_KEY: key = "" }: MachineEnv): boolean => {
  if (key.length < 32) return false;
  const shown = encoder.encode(request.headers.get("authorization") ?? "");
  const wanted = encoder.encode(`Bearer ${key}`);
  return shown.byteLength === wanted.byteLength && crypto.subtle.timingSafeEqual(shown, wanted);
};
