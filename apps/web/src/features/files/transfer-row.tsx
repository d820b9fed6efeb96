import { IconButton } from "@threadbox/ui/button";
import { Progress } from "@threadbox/ui/progress";
import { X } from "lucide-react";
import type { ReactNode } from "react";

export interface TransferRowProps {
  readonly name: string;
  readonly sentence: string;
  readonly isFailed?: boolean;
  /** Absent where nothing moves; null: it moves, and nobody knows how far it is. */
  readonly progress?: { readonly value: number; readonly max: number } | null;
  readonly cancel?: { readonly label: string; readonly onCancel: () => void } | undefined;
  readonly children?: ReactNode;
}

/** One file or folder on its way, and how far it is. */
export function TransferRow({ name, sentence, isFailed = false, progress, cancel, children }: TransferRowProps) {
  return (
    <li className="files-upload">
      <span className="files-name" dir="auto">
        {name}
      </span>
      <span className="files-note" role={isFailed ? "alert" : undefined}>
        {sentence}
      </span>
      {progress === undefined ? null : <Progress label={name} {...(progress ?? {})} />}
      {cancel === undefined ? null : (
        <IconButton label={cancel.label} icon={<X />} size="xs" onClick={cancel.onCancel} />
      )}
      {children}
    </li>
  );
}
