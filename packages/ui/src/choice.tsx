import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Stands before the label. */
  readonly icon?: ReactNode;
}

export interface ChoiceProps<Value extends string> {
  /** What is chosen. */
  readonly label: string;
  readonly isLabelShown?: boolean;
  /** How each option looks. */
  readonly className?: string;
  readonly options: readonly ChoiceOption<Value>[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, side by side. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, isLabelShown = false, className, options, chosen, onChoose } = props;
  const name = useId();
  return (
    <fieldset className="w-full sm:w-auto">
      <legend className={isLabelShown ? "mb-1 font-medium text-compact" : "sr-only"}>{label}</legend>
      <div className="flex flex-wrap gap-1 rounded-lg border bg-sunken p-1">
        {options.map(({ value, label: words, icon }) => (
          <label
            key={value}
            className={classNames(
              "flex h-8 flex-1 cursor-pointer items-center justify-center gap-2 whitespace-nowrap rounded-md px-2 text-sm transition-colors duration-100 has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:shrink-0",
              value === chosen ? "bg-raised text-ink shadow-raised" : "text-ink-muted hover:text-ink",
              className,
            )}
          >
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              className="sr-only"
              onChange={() => onChoose(value)}
            />
            {icon}
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
