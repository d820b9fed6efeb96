import { Button } from "@threadbox/ui/button";
import { LoaderCircle } from "lucide-react";
import { useState } from "react";
import { useLoginSession } from "./session.tsx";
import { authTexts } from "./texts.ts";

/** Stands in place of the workspace while nobody can say whose it is. */
export function SessionUnreachable() {
  const { findSession } = useLoginSession();
  const [isAsking, setIsAsking] = useState(false);
  const ask = async () => {
    setIsAsking(true);
    await findSession();
    setIsAsking(false);
  };
  return (
    <main className="m-auto grid min-h-dvh max-w-sm place-content-center px-6">
      <div role="alert">
        <div aria-hidden="true" className="mb-4 h-px w-12 bg-accent" />
        <h1 className="text-balance font-semibold text-2xl tracking-tight">{authTexts.unreachableTitle}</h1>
        <p className="mt-2 text-pretty text-ink-muted">{authTexts.stillSignedIn}</p>
      </div>
      <Button className="mt-6 w-fit" disabled={isAsking} onClick={ask}>
        {authTexts.retry} {isAsking ? <LoaderCircle className="animate-turn" /> : null}
      </Button>
    </main>
  );
}
