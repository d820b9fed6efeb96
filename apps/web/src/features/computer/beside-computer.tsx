import { IconButton } from "@threadbox/ui/button";
import { PanelRight } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { shortcutKeys, useShortcut } from "../shortcuts/index.ts";
import { computerTexts } from "./texts.ts";

const ComputerPanel = lazyOrNothing(() => import("./computer-panel.tsx"));

export interface ComputerToggleProps {
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** Shows and hides the panel. */
export function ComputerToggle({ isOpen, onToggle }: ComputerToggleProps) {
  useShortcut("togglePanel", () => {
    onToggle();
    return true;
  });
  return (
    <IconButton
      label={isOpen ? computerTexts.hide : computerTexts.show}
      icon={<PanelRight />}
      tooltipSide="bottom"
      shortcut={shortcutKeys("togglePanel")}
      aria-expanded={isOpen}
      onClick={onToggle}
    />
  );
}

export interface BesideComputerProps {
  readonly threadId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The conversation. It stays where it is in the tree, whatever is beside it. */
  readonly children: ReactNode;
}

/** The conversation, and the panel at its side; on narrow screens the panel covers it. */
export function BesideComputer({ threadId, isOpen, onClose, children }: BesideComputerProps) {
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">{children}</div>
      <Suspense>{isOpen ? <ComputerPanel threadId={threadId} onClose={onClose} /> : null}</Suspense>
    </div>
  );
}
