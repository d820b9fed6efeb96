import { BrandMark } from "../../lib/brand-mark.tsx";
import { GoTo } from "../../lib/go-to.tsx";
import { useLoginSession } from "./session.tsx";
import { authTexts } from "./texts.ts";

/** Where the identity provider sends the browser back to; AuthKit reads the code from the address. */
export function CallbackPage() {
  const { status, returnPath } = useLoginSession();
  if (status === "signedIn") return <GoTo path={returnPath} />;
  if (status !== "loading") return <GoTo path="/sign-in?failed=true" />;
  return (
    <main className="grid min-h-dvh place-items-center">
      <p role="status" className="flex animate-pulse-soft items-center gap-2 text-ink-muted text-sm">
        <BrandMark /> {authTexts.signingIn}
      </p>
    </main>
  );
}
