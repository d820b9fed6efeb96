import { Skeleton } from "@threadbox/ui/skeleton";
import { BrandMark } from "../../lib/brand-mark.tsx";
import { ThreadListSkeleton } from "../threads/index.ts";
import { shellTexts } from "./texts.ts";

/** The page before anybody knows who is there: the size of what follows, and no words that may turn out wrong. */
export function ShellSkeleton() {
  return (
    <div className="flex h-dvh" role="status" aria-label={shellTexts.loading}>
      <div className="hidden w-68 shrink-0 flex-col border-e bg-panel md:flex">
        <div className="flex h-12 items-center gap-2 px-4 font-semibold text-[15px]">
          <BrandMark /> {shellTexts.brand}
        </div>
        <div className="px-2 pt-1">
          <Skeleton className="h-8" />
        </div>
        <div className="px-2 pt-2 pb-3">
          <Skeleton className="h-8" />
        </div>
        <ThreadListSkeleton />
      </div>
      <div className="flex min-w-0 flex-1 flex-col justify-end">
        <div className="mx-auto w-full max-w-(--measure) px-4 pb-6">
          <Skeleton className="h-26 w-full" radius="xl" />
        </div>
      </div>
    </div>
  );
}
