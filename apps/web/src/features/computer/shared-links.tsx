import type { PreviewLink } from "@threadbox/contracts/preview-links";
import { Button } from "@threadbox/ui/button";
import { showToast } from "@threadbox/ui/toast";
import { Link2 } from "lucide-react";
import { useState } from "react";
import { useNow } from "../../lib/use-now.ts";
import { leftText } from "./left-text.ts";
import { linkFailureText } from "./link-failure.ts";
import { previewTexts } from "./preview-texts.ts";
import type { UsePreviewLinks } from "./use-preview-links.ts";

interface LinkProps {
  readonly link: PreviewLink;
  readonly left: string;
  readonly onRevoke: (id: string) => Promise<void>;
}

function Link({ link: { id, port }, left, onRevoke }: LinkProps) {
  const [isAsking, setIsAsking] = useState(false);
  const revoke = async () => {
    setIsAsking(true);
    try {
      await onRevoke(id);
    } catch (error) {
      showToast({ title: linkFailureText(error) });
      setIsAsking(false);
    }
  };
  return (
    <li className="flex items-center gap-3 border-b px-4 py-2.5">
      <Link2 className="size-4 shrink-0 text-ink-muted" />
      <span className="min-w-0 flex-1 truncate text-sm">
        {previewTexts.port(port)}
        <span className="text-ink-muted"> · {previewTexts.ends(left)}</span>
      </span>
      <Button
        size="sm"
        disabled={isAsking}
        aria-label={previewTexts.revokeLink(port, left)}
        onClick={() => void revoke()}
      >
        {previewTexts.revoke}
      </Button>
    </li>
  );
}

/** The thread's preview links that are good, each with its end and the way to end it now. */
export function SharedLinks({ links: { state, revoke } }: { readonly links: UsePreviewLinks }) {
  const now = useNow(30_000);
  if (state.kind === "failed")
    return <p className="border-t px-4 py-2.5 text-ink-muted text-sm">{previewTexts.linksFailed}</p>;
  const good = state.kind === "known" ? state.links.filter(({ expiresAt }) => expiresAt > now) : [];
  if (good.length === 0) return null;
  return (
    <section aria-labelledby="shared-links" className="mt-6">
      <h2 id="shared-links" className="px-4 pt-3 pb-1 font-medium text-compact text-ink-muted">
        {previewTexts.links}
      </h2>
      <ul aria-labelledby="shared-links">
        {good.map((link) => (
          <Link key={link.id} link={link} left={leftText(link.expiresAt - now)} onRevoke={revoke} />
        ))}
      </ul>
    </section>
  );
}
