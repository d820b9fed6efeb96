import { IconButton } from "@threadbox/ui/button";
import { Check, Copy } from "lucide-react";
import { textTexts } from "./texts.ts";
import { useCopy } from "./use-copy.ts";

export interface CopyButtonProps {
  /** What the button copies, e.g. "Copy answer". */
  readonly label: string;
  readonly text: () => string;
}

export function CopyButton({ label, text }: CopyButtonProps) {
  const { isCopied, copy } = useCopy();
  return (
    <>
      <IconButton
        label={isCopied ? textTexts.copied : label}
        icon={isCopied ? <Check className="text-good" /> : <Copy />}
        size="sm"
        onClick={() => copy(text())}
      />
      <span role="status" className="sr-only">
        {isCopied ? textTexts.copied : ""}
      </span>
    </>
  );
}
