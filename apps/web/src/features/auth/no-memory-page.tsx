import { Button } from "@threadbox/ui/button";
import { BrandMark } from "../../lib/brand-mark.tsx";
import { noMemoryTexts } from "./no-memory-texts.ts";

/** Stands in place of everything where the browser keeps nothing for this site: nobody could be signed in here. */
export default function NoMemoryPage() {
  return (
    <main className="m-auto grid min-h-dvh max-w-sm place-content-center px-6">
      <p className="mb-8 flex items-center gap-2 font-semibold">
        <BrandMark /> Threadbox
      </p>
      <div role="alert">
        <div aria-hidden="true" className="mb-4 h-px w-12 bg-accent" />
        <h1 className="text-balance font-semibold text-2xl tracking-tight">{noMemoryTexts.title}</h1>
        <p className="mt-2 text-pretty text-ink-muted">{noMemoryTexts.hint}</p>
      </div>
      <Button className="mt-6 w-fit" onClick={() => window.location.reload()}>
        {noMemoryTexts.reload}
      </Button>
    </main>
  );
}
