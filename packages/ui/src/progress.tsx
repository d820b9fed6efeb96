import "./progress.css";

export interface ProgressProps {
  readonly label: string;
  /** Absent while nobody knows how far it is. */
  readonly value?: number | undefined;
  readonly max?: number | undefined;
}

/** How far something is, as a bar; a moving one where that isn't known. */
export function Progress({ label, value, max }: ProgressProps) {
  return <progress className="progress" aria-label={label} max={max} {...(value === undefined ? {} : { value })} />;
}
