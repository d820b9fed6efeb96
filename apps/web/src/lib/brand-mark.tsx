/** A box with a thread through it. */
export function BrandMark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" className="shrink-0">
      <rect x="3.5" y="3.5" width="17" height="17" rx="4.5" stroke="currentColor" strokeWidth="1.75" />
      <path
        d="M0.9 15.2c3.4 0 4.3-6.4 8-6.4s4.4 6.4 8 6.4c2.7 0 3.9-2.7 6.2-3.1"
        stroke="var(--color-accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </svg>
  );
}
