import { Button } from "@threadbox/ui/button";
import { useEffect } from "react";
import { pageTexts } from "./texts.ts";
import { useOnline } from "./use-online.ts";

const reloadedKey = "threadbox.reloaded";
const reloadMsMin = 60_000;
const missingWords = "This code is out of reach.";

/**
 * A page that stays open over an update of the server asks for code that is gone. Loading it anew mends that; drafts and
 * unsent messages are kept on the device. Once a minute at most, so that a broken server does not turn into a loop.
 */
export const reloadOnMissingCode = (): void => {
  window.addEventListener("vite:preloadError", (event) => {
    if (!navigator.onLine) {
      // All code is out of reach, and the page that stands is the only one there is. The router loads a page anew where
      // it knows the browser's own words for this.
      event.payload.message = missingWords;
      return;
    }
    const last = Number(sessionStorage.getItem(reloadedKey) ?? 0);
    if (Date.now() - last < reloadMsMin) return;
    event.preventDefault();
    sessionStorage.setItem(reloadedKey, String(Date.now()));
    window.location.reload();
  });
};

/** Stands in place of a page whose own code failed, or could not be fetched. */
export function PageCrash({ error }: { readonly error: unknown }) {
  const isOnline = useOnline();
  const isMissing = error instanceof Error && error.message === missingWords;
  useEffect(() => {
    // Nobody but the reader's own console learns of it.
    console.error(error);
    if (!isMissing) return;
    const reload = () => window.location.reload();
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, [error, isMissing]);
  return (
    <main className="m-auto grid min-h-dvh max-w-sm place-content-center px-6">
      <div role="alert">
        <div aria-hidden="true" className="mb-4 h-px w-12 bg-accent" />
        <h1 className="font-semibold text-2xl tracking-tight">{isMissing ? pageTexts.missing : pageTexts.crashed}</h1>
        <p className="mt-2 text-ink-muted">{isMissing ? pageTexts.missingHint : pageTexts.crashedHint}</p>
      </div>
      <Button className="mt-6 w-fit" disabled={!isOnline} onClick={() => window.location.reload()}>
        {pageTexts.reload}
      </Button>
    </main>
  );
}
