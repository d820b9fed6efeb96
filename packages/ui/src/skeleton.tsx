import { classNames } from "./class-names.ts";

const radiusClass = { md: "rounded-md", lg: "rounded-lg", xl: "rounded-xl" };

export interface SkeletonProps {
  /** Its size. */
  readonly className: string;
  readonly radius?: keyof typeof radiusClass;
}

/** A grey stand-in; give it the size and the corners of what will replace it. */
export function Skeleton({ className, radius = "md" }: SkeletonProps) {
  return (
    <span
      aria-hidden="true"
      className={classNames("block animate-pulse-soft bg-pressed", radiusClass[radius], className)}
    />
  );
}
