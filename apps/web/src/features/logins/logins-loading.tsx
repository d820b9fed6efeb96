import { Skeleton } from "@threadbox/ui/skeleton";
import { loginTexts as texts } from "./texts.ts";

/** Stands where the logins will be. */
export function LoginsLoading() {
  return (
    <div role="status" className="grid gap-2">
      <span className="sr-only">{texts.loading}</span>
      <Skeleton className="h-4 w-40" />
      <Skeleton className="h-4 w-22" />
    </div>
  );
}
