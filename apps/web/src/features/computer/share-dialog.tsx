import { type MadePreviewLink, type MakePreviewLink, previewLinkSeconds } from "@threadbox/contracts/preview-links";
import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { TextField } from "@threadbox/ui/text-field";
import { useState } from "react";
import { CopyButton } from "../text/index.ts";
import { linkFailureText } from "./link-failure.ts";
import { previewTexts } from "./preview-texts.ts";
import type { UsePreviewLinks } from "./use-preview-links.ts";

type Lifetime = MakePreviewLink["lifetime"];
const lifetimes = Object.keys(previewLinkSeconds) as Lifetime[];

interface ChoiceProps {
  readonly chosen: Lifetime;
  readonly onChoose: (lifetime: Lifetime) => void;
}

function LifetimeChoice({ chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset className="flex flex-wrap items-center gap-x-5 gap-y-1 text-sm">
      <legend className="mb-1 text-ink-muted">{previewTexts.lifetime}</legend>
      {lifetimes.map((lifetime) => (
        <label key={lifetime} className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
          <input
            type="radio"
            name="lifetime"
            value={lifetime}
            checked={chosen === lifetime}
            className="size-4 accent-accent"
            onChange={() => onChoose(lifetime)}
          />
          {previewTexts.lifetimes[lifetime]}
        </label>
      ))}
    </fieldset>
  );
}

function Made({ made: { link, url } }: { readonly made: MadePreviewLink }) {
  const ends = new Date(link.expiresAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return (
    <div className="space-y-2 text-sm">
      <TextField
        label={previewTexts.link}
        value={url}
        readOnly
        onFocus={({ target }) => target.select()}
        end={<CopyButton label={previewTexts.copyLink} text={() => url} />}
      />
      <p role="status">{previewTexts.shownOnce}</p>
      <p className="text-ink-muted">{previewTexts.madeText(ends)}</p>
    </div>
  );
}

export interface ShareDialogProps {
  readonly port: number;
  readonly links: UsePreviewLinks;
  readonly onClose: () => void;
}

/** Makes a link to what a port shows, and shows it once. */
export function ShareDialog({ port, links, onClose }: ShareDialogProps) {
  const [lifetime, setLifetime] = useState<Lifetime>("day");
  const [made, setMade] = useState<MadePreviewLink | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const make = async () => {
    setIsAsking(true);
    setFailure(null);
    try {
      setMade(await links.make({ port, lifetime }));
    } catch (error) {
      setFailure(linkFailureText(error));
    }
    setIsAsking(false);
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isWanted) => (isWanted ? undefined : onClose())}
      title={previewTexts.sharePort(port)}
      description={made === null ? previewTexts.shareText : undefined}
      actions={
        made === null ? (
          <>
            <Button onClick={onClose}>{previewTexts.cancel}</Button>
            <Button tone="accent" disabled={isAsking} onClick={() => void make()}>
              {previewTexts.makeLink}
            </Button>
          </>
        ) : (
          <Button tone="accent" onClick={onClose}>
            {previewTexts.done}
          </Button>
        )
      }
    >
      {made === null ? <LifetimeChoice chosen={lifetime} onChoose={setLifetime} /> : <Made made={made} />}
      {failure === null ? null : (
        <p role="alert" className="text-bad text-sm">
          {failure}
        </p>
      )}
    </Dialog>
  );
}
