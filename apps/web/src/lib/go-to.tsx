import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

/** Replaces the current page by another path of this app, which is known only at run time. */
export function GoTo({ path }: { readonly path: string }) {
  const router = useRouter();
  useEffect(() => {
    router.history.replace(path);
  }, [router, path]);
  return null;
}
