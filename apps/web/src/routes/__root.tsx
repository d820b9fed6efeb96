import { createRootRoute, HeadContent, Link, Outlet, ScriptOnce, Scripts } from "@tanstack/react-router";
import { buttonLook } from "@threadbox/ui/button";
import { ToastRegion } from "@threadbox/ui/toast";
import { TooltipLayer } from "@threadbox/ui/tooltip";
import { type ReactNode, useEffect } from "react";
import { ConvexSessionProvider, LoginSessionProvider, useLoginSession } from "../features/auth/index.ts";
import { themeScript } from "../features/settings/index.ts";
import { AppShell, ShellSkeleton } from "../features/shell/index.ts";
import { BrandMark } from "../lib/brand-mark.tsx";
import { PageCrash, reloadOnMissingCode } from "../lib/page-crash.tsx";
import { pageConfig, pageConfigElementId } from "../lib/request.ts";
import { pageTexts } from "../lib/texts.ts";
import styles from "../styles.css?url";

export const Route = createRootRoute({
  head: () => ({
    meta: [
      { charSet: "utf-8" },
      {
        name: "viewport",
        content: "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content",
      },
      { name: "color-scheme", content: "light dark" },
      { title: "Threadbox" },
    ],
    links: [
      { rel: "stylesheet", href: styles },
      { rel: "stylesheet", href: "/media.css", media: "print,(height<30rem)" },
      { rel: "stylesheet", href: "/forced-colors.css", media: "(forced-colors: active)" },
      { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
    ],
  }),
  shellComponent: Document,
  component: App,
  pendingComponent: ShellSkeleton,
  notFoundComponent: NotFound,
  errorComponent: PageCrash,
});

function App() {
  useEffect(reloadOnMissingCode, []);
  return (
    <LoginSessionProvider>
      <ConvexSessionProvider>
        <Outlet />
        <ToastRegion />
        <TooltipLayer />
      </ConvexSessionProvider>
    </LoginSessionProvider>
  );
}

function NotFound() {
  const { status } = useLoginSession();
  const words = (
    <div className="m-auto max-w-sm px-6">
      {status === "signedIn" ? null : (
        <Link to="/" className="mb-8 flex items-center gap-2 font-semibold">
          <BrandMark /> Threadbox
        </Link>
      )}
      <div aria-hidden="true" className="mb-4 h-px w-12 bg-accent" />
      <h1 className="font-semibold text-2xl tracking-tight">{pageTexts.notFound}</h1>
      <p className="mt-2 text-ink-muted">{pageTexts.notFoundHint}</p>
      <Link to="/" className={`${buttonLook({ tone: "plain" })} mt-6 w-fit`}>
        {pageTexts.home}
      </Link>
    </div>
  );
  if (status !== "signedIn") return <main className="flex min-h-dvh">{words}</main>;
  return <AppShell>{words}</AppShell>;
}

/** `<` is the only character that can end or nest a script element. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

function Document({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <ScriptOnce>{themeScript}</ScriptOnce>
        <HeadContent />
      </head>
      <body>
        {children}
        <script
          id={pageConfigElementId}
          type="application/json"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON of ours with every "<" escaped; it is data, not a program
          dangerouslySetInnerHTML={{ __html: scriptJson(pageConfig()) }}
        />
        <Scripts />
      </body>
    </html>
  );
}
