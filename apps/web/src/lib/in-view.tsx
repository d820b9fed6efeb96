import { type ReactNode, useEffect, useRef } from "react";

/** What has just come up, and has to be seen wherever the page or the dialog is scrolled to. */
export function InView({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It answers with a promise in some browsers, and an effect may not.
    void box.current?.scrollIntoView({ block: "center" });
  }, []);
  return <div ref={box}>{children}</div>;
}
