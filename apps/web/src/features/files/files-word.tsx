import type { ReactNode } from "react";

/** What the files say in place of their content. */
export function FilesWord({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="files-word">
      {icon}
      {children}
    </div>
  );
}
