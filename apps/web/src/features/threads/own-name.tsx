import { IconButton } from "@threadbox/ui/button";
import { Pencil } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { RenameField } from "./rename-field.tsx";

export interface OwnNameProps {
  readonly name: string;
  readonly lengthMax: number;
  /** Names the field. */
  readonly label: string;
  /** Names the pencil. */
  readonly verb: string;
  readonly isDisabled: boolean;
  readonly isNaming: boolean;
  readonly onNaming: (isNaming: boolean) => void;
  readonly onRename: (name: string) => void;
  /** How the name stands there while nobody changes it. */
  readonly children: ReactNode;
}

/** A name that a person gave, with a pencil that turns it into a field. */
export function OwnName(props: OwnNameProps) {
  const { name, label, lengthMax, verb, isDisabled, isNaming, onNaming, onRename, children } = props;
  const pencil = useRef<HTMLButtonElement>(null);
  const finish = (chosen: string | null) => {
    onNaming(false);
    // The field is gone with this; whoever used the keys goes on where they began.
    requestAnimationFrame(() => pencil.current?.focus());
    if (chosen !== null) onRename(chosen);
  };
  return (
    <div className="flex min-h-7 items-center gap-x-2">
      {isNaming ? (
        <RenameField
          title={name}
          label={label}
          lengthMax={lengthMax}
          className="h-7 min-w-0 flex-1 rounded-md border bg-raised px-2 outline-none ring-2 ring-focus pointer-coarse:h-11 pointer-coarse:text-base"
          onDone={finish}
        />
      ) : (
        <>
          {children}
          <IconButton
            ref={pencil}
            size="sm"
            icon={<Pencil />}
            label={verb}
            disabled={isDisabled}
            onClick={() => onNaming(true)}
          />
        </>
      )}
    </div>
  );
}
