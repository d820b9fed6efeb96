export function ChangeCount({ additions, deletions }: { readonly additions: number; readonly deletions: number }) {
  return (
    <span className="shrink-0 font-mono text-xs tabular">
      {additions > 0 || deletions === 0 ? <span className="text-good">+{additions}</span> : null}
      {additions > 0 && deletions > 0 ? " " : null}
      {deletions > 0 ? <span className="text-bad">−{deletions}</span> : null}
    </span>
  );
}
