import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface TextFieldProps extends Omit<ComponentProps<"input">, "size"> {
  /** Names the field; shown to people who do not see its surroundings. */
  readonly label: string;
  /** Stands before the text. */
  readonly icon?: ReactNode;
  /** Stands after the text, e.g. a clear button. */
  readonly end?: ReactNode;
}

export function TextField({ label, icon, end, className, ...rest }: TextFieldProps) {
  return (
    <div
      className={classNames(
        "flex h-8 items-center gap-2 rounded-md border bg-raised px-2 text-sm transition-colors duration-100 pointer-coarse:h-11",
        "focus-within:border-accent hover:border-line-strong focus-within:hover:border-accent [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint",
        className,
      )}
    >
      {icon}
      <input
        aria-label={label}
        className="min-w-0 flex-1 bg-transparent text-ink outline-none pointer-coarse:text-base [&::-webkit-search-cancel-button]:hidden"
        {...rest}
      />
      {end}
    </div>
  );
}
