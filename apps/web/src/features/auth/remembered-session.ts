const key = "threadbox.signed-in";

/** Storage may be closed to us; then nothing is remembered. */
const withStorage = <A>(use: (storage: Storage) => A): A | null => {
  try {
    return use(window.localStorage);
  } catch {
    return null;
  }
};

/** Whether somebody was signed in here and has not signed out: no proof of anything, and no secret. */
export const isSessionRemembered = (): boolean => withStorage((storage) => storage.getItem(key)) !== null;
export const rememberSession = (): void => void withStorage((storage) => storage.setItem(key, "yes"));
export const forgetSession = (): void => void withStorage((storage) => storage.removeItem(key));
