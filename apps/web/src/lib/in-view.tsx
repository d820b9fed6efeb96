import { type ReactNode, useEffect, useRef } from "react";

/** What has just come up, and has to be seen wherever the page or the dialog is scrolled to. */
export function InView({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "center" }), []);
  return <div ref={box}>{children}</div>;
}
