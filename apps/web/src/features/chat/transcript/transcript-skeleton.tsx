import { Skeleton } from "@threadbox/ui/skeleton";

/** Stands where the conversation will be. */
export function TranscriptSkeleton() {
  return (
    <>
      <Skeleton className="ms-auto h-11 w-56" radius="xl" />
      <div className="space-y-3">
        <Skeleton className="h-9 w-full" radius="lg" />
        <Skeleton className="h-4 w-10/12" />
        <Skeleton className="h-4 w-10/12" />
        <Skeleton className="h-4 w-2/5" />
      </div>
    </>
  );
}
