import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { ArrowRight, CircleAlert, LoaderCircle, LogOut } from "lucide-react";
import { useState } from "react";
import { BrandMark } from "../../lib/brand-mark.tsx";
import { GoTo } from "../../lib/go-to.tsx";
import { ProductVignette } from "./product-vignette.tsx";
import { useLoginSession } from "./session.tsx";
import { SessionUnreachable } from "./session-unreachable.tsx";
import { signInTexts } from "./sign-in-texts.ts";

export interface SignInPageProps {
  /** Path of this app to come back to. */
  readonly returnPath: string;
  /** The identity provider sent the browser back without a session. */
  readonly hasFailed: boolean;
}

export function SignInPage({ returnPath, hasFailed }: SignInPageProps) {
  const { status, signIn, signOut } = useLoginSession();
  const [isLeaving, setIsLeaving] = useState(false);
  const [isUnreachable, setIsUnreachable] = useState(false);
  if (status === "signedIn") return <GoTo path={returnPath} />;
  if (status === "unreachable") return <SessionUnreachable />;

  const leave = async () => {
    setIsLeaving(true);
    setIsUnreachable(false);
    try {
      await signIn(returnPath);
    } catch {
      setIsUnreachable(true);
      setIsLeaving(false);
    }
  };
  const isBusy = isLeaving || status === "loading" || status === "leaving" || status === "notSignedOut";

  return (
    <main className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <section className="flex flex-col px-6 py-6 sm:px-12 sm:py-10">
        <div className="flex items-center gap-2 font-semibold text-[15px]">
          <BrandMark /> Threadbox
        </div>
        <div className="my-auto max-w-md py-12">
          {status === "ended" ? (
            <Notice tone="warn" role="status" icon={<LogOut />} className="mb-8">
              {signInTexts.sessionEnded}
            </Notice>
          ) : null}
          {status === "notSignedOut" ? (
            <Notice
              tone="warn"
              role="alert"
              icon={<CircleAlert />}
              className="mb-8"
              actions={
                <Button size="sm" onClick={signOut}>
                  {signInTexts.retry}
                </Button>
              }
            >
              {signInTexts.notSignedOut}
            </Notice>
          ) : null}
          <h1 className="text-balance font-semibold text-4xl tracking-tight">{signInTexts.headline}</h1>
          <p className="mt-4 text-pretty text-base text-ink-muted leading-6">{signInTexts.lead}</p>
          <Button tone="accent" size="lg" className="mt-8 w-full sm:w-44" disabled={isBusy} onClick={leave}>
            {signInTexts.signIn}
            {isLeaving ? <LoaderCircle className="animate-turn" /> : <ArrowRight />}
          </Button>
          <div aria-live="polite" className="mt-3 min-h-5 text-bad text-sm">
            {isUnreachable ? signInTexts.unreachable : hasFailed && !isLeaving ? signInTexts.failed : null}
          </div>
          <ul className="mt-7 space-y-3 border-t pt-6 text-ink-muted text-sm">
            {signInTexts.promises.map((promise) => (
              <li key={promise} className="flex gap-3">
                <span aria-hidden="true" className="mt-2 h-px w-4 shrink-0 bg-accent forced-colors:bg-[CanvasText]" />
                {promise}
              </li>
            ))}
          </ul>
        </div>
      </section>
      <ProductVignette />
    </main>
  );
}
