import { Button, buttonLook } from "@threadbox/ui/button";
import { ClipboardCopy, ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import { loginTexts as texts } from "./texts.ts";

const copiedMs = 2_000;

interface CopyCodeProps {
  readonly code: string;
  /** OpenAI's page. */
  readonly page: URL;
}

/** Copies the code, and opens OpenAI's page with the code already copied. Says what came of it, also where it didn't work. */
export function CopyCode({ code, page }: CopyCodeProps) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = setTimeout(setOutcome, copiedMs, null);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(code).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  const isCopied = outcome === "copied";
  return (
    <>
      <a
        href={page.href}
        target="_blank"
        rel="noopener noreferrer"
        className={buttonLook({ tone: "accent" })}
        onClick={() => void copy()}
      >
        {texts.open} <ExternalLink />
      </a>
      <Button className="w-32" onClick={() => void copy()}>
        <ClipboardCopy />
        {isCopied ? texts.copied : texts.copy}
      </Button>
      <span role="status" className={outcome === "refused" ? "login-refused text-bad text-compact" : "sr-only"}>
        {outcome === null ? "" : outcome === "copied" ? texts.copied : texts.notCopied}
      </span>
    </>
  );
}
