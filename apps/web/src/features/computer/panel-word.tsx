import type { ReactNode } from "react";

export interface PanelWordProps {
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

/** What a tab says in place of its content. */
export function PanelWord({ icon, children }: PanelWordProps) {
  return (
    <div className="computer-word">
      {icon}
      <div className="space-y-3 text-sm">{children}</div>
    </div>
  );
}
