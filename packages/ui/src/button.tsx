import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { type TooltipSide, tooltip } from "./tooltip.tsx";

const buttonClass = cva(
  [
    "relative inline-flex shrink-0 select-none items-center gap-1.5 font-medium",
    "whitespace-nowrap transition-colors duration-100",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      tone: {
        accent: "bg-accent text-on-accent enabled:hover:bg-accent-hover forced-colors:border",
        plain: "border bg-raised text-ink enabled:hover:border-line-strong enabled:hover:bg-hover",
        quiet:
          "text-ink-muted enabled:hover:bg-hover enabled:hover:text-ink data-popup-open:bg-pressed data-popup-open:text-ink",
        bad: "bg-bad text-on-bad enabled:hover:opacity-90 forced-colors:border",
      },
      align: { center: "justify-center", start: "justify-start" },
      shape: { rounded: "rounded-md", pill: "rounded-full shadow-raised" },
      size: {
        xs: "h-6 text-compact",
        sm: "h-7 text-compact",
        md: "h-8 text-sm",
        lg: "h-10 text-sm",
      },
      square: { true: null, false: null },
    },
    compoundVariants: [
      { square: true, size: "xs", class: "w-6" },
      { square: true, size: "sm", class: "w-7" },
      { square: true, size: "md", class: "w-8" },
      { square: true, size: "lg", class: "w-10" },
      { square: false, size: "xs", class: "px-1.5" },
      { square: false, size: "sm", class: "px-2" },
      { square: false, size: "md", class: "px-3" },
      { square: false, size: "lg", class: "px-4" },
    ],
    defaultVariants: { tone: "plain", size: "md", align: "center", shape: "rounded", square: false },
  },
);

/** A finger needs 44 px where a pointer is content with 28; the area grows around the drawn button, not with it. */
export const touchArea =
  "pointer-coarse:after:absolute pointer-coarse:after:top-1/2 pointer-coarse:after:left-1/2 pointer-coarse:after:size-full pointer-coarse:after:min-h-11 pointer-coarse:after:min-w-11 pointer-coarse:after:-translate-1/2";

type ButtonStyle = Omit<VariantProps<typeof buttonClass>, "square">;

export interface ButtonProps extends ComponentProps<"button">, ButtonStyle {}

export function Button({ tone, size, align, shape, className, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames(buttonClass({ tone, size, align, shape }), touchArea, className)}
      {...rest}
    />
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "align"> {
  /** Names the button for people who do not see the icon, and in its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  /** Keys shown beside the label in the tooltip. */
  readonly shortcut?: string | undefined;
  readonly tooltipSide?: TooltipSide;
}

export function IconButton(props: IconButtonProps) {
  const {
    label,
    icon,
    shortcut,
    tooltipSide,
    tone = "quiet",
    size,
    shape,
    className,
    type = "button",
    ...rest
  } = props;
  return (
    <button
      type={type}
      aria-label={label}
      className={classNames(buttonClass({ tone, size, shape, square: true }), touchArea, className)}
      {...tooltip({ label, shortcut, side: tooltipSide })}
      {...rest}
    >
      {icon}
    </button>
  );
}

/** The look of a button for elements that are links. */
export const buttonLook = (style: ButtonStyle): string => classNames(buttonClass(style), touchArea);
