import type { ReactNode } from "react";
import "./panel-word.css";

export interface PanelWordProps {
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

/** What a tab of the panel says in place of its content. */
export function PanelWord({ icon, children }: PanelWordProps) {
  return (
    <div className="panel-word">
      {icon}
      <div className="space-y-3 text-sm">{children}</div>
    </div>
  );
}
