import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, IconButton } from "@threadbox/ui/button";
import { Sheet } from "@threadbox/ui/sheet";
import { PanelLeft, SquarePen } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { BrandMark } from "../../lib/brand-mark.tsx";
import { keepFocus, messageBox, pageHeading } from "../../lib/focus.ts";
import { PageHeaderProvider, PageHeaderSlot } from "../../lib/page-header.tsx";
import { Attention } from "../attention/index.ts";
import { UserMenu, useLoginSession } from "../auth/index.ts";
import { CommandWindows } from "../palette/index.ts";
import { shortcutAria, shortcutKeys, useShortcut } from "../shortcuts/index.ts";
import { KnownThreads, ThreadNav, useThreadCommands, useThreadList } from "../threads/index.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { neighbour } from "./neighbour.ts";
import { useSidebarState } from "./sidebar-state.ts";
import { shellTexts } from "./texts.ts";

interface SidebarProps {
  readonly children: ReactNode;
  readonly onNewThread: () => void;
  readonly onHide?: () => void;
}

function SidebarContent({ children, onNewThread, onHide }: SidebarProps) {
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2 ps-4 pe-2 font-semibold text-[15px]">
        <Link to="/" className="flex flex-1 items-center gap-2">
          <BrandMark /> {shellTexts.brand}
        </Link>
        {onHide === undefined ? null : (
          <IconButton
            label={shellTexts.hideSidebar}
            shortcut={shortcutKeys("toggleSidebar")}
            icon={<PanelLeft />}
            size="sm"
            tooltipSide="bottom"
            onClick={onHide}
          />
        )}
      </div>
      <div className="px-2 pt-1">
        <Button
          align="start"
          className="w-full pointer-coarse:h-11"
          aria-keyshortcuts={shortcutAria("newThread")}
          onClick={onNewThread}
        >
          <SquarePen className="text-ink-muted" />
          {shellTexts.newThread}
        </Button>
      </div>
      {children}
      <div className="shrink-0 border-t p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <UserMenu />
      </div>
    </>
  );
}

/** The threads at the side, the page beside them; on narrow screens the threads slide over the page. */
export function AppShell({ children }: { readonly children: ReactNode }) {
  const navigate = useNavigate();
  const { threadId } = useParams({ strict: false });
  const { signOut } = useLoginSession();
  const list = useThreadList(false);
  const commands = useThreadCommands();
  const sidebar = useSidebarState();
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const showButton = useRef<HTMLButtonElement>(null);
  const isNarrow = () => !window.matchMedia("(min-width: 48rem)").matches;

  const openNewThread = () => {
    setIsSheetOpen(false);
    void navigate({ to: "/" }).then(() => document.getElementById("message")?.focus());
  };
  const openNeighbour = (step: 1 | -1) => {
    const target = neighbour(list.threads ?? [], threadId, step, Date.now());
    if (target !== undefined) void navigate({ to: "/t/$threadId", params: { threadId: target } });
    return undefined;
  };
  useShortcut("newThread", () => void openNewThread());
  useShortcut(
    "toggleSidebar",
    () => (isNarrow() ? setIsSheetOpen((isOpen) => !isOpen) : sidebar.toggle()) ?? undefined,
  );
  useShortcut("openSettings", () => void navigate({ to: "/settings" }).then(() => keepFocus()));
  useShortcut("openArchive", () => void navigate({ to: "/archived" }).then(() => keepFocus()));
  useShortcut("signOut", () => void signOut());
  useShortcut("previousThread", () => openNeighbour(-1));
  useShortcut("nextThread", () => openNeighbour(1));

  const hideSidebar = () => {
    sidebar.toggle();
    keepFocus(() => showButton.current);
  };

  const nav = <ThreadNav {...{ list, commands }} currentId={threadId} onOpen={() => setIsSheetOpen(false)} />;
  return (
    <KnownThreads value={list.threads ?? []}>
      <PageHeaderProvider>
        <div className="relative flex h-dvh overflow-hidden">
          <button
            type="button"
            className="pointer-events-none fixed top-0 left-0 z-50 rounded-md border bg-raised px-3 py-2 text-sm opacity-0 focus-within:opacity-100"
            onClick={() => (messageBox() ?? pageHeading())?.focus()}
          >
            {shellTexts.skip}
          </button>
          {sidebar.isOpen ? (
            <aside className="hidden w-68 shrink-0 flex-col border-e bg-panel md:flex">
              <SidebarContent onNewThread={openNewThread} onHide={hideSidebar}>
                {nav}
              </SidebarContent>
            </aside>
          ) : null}
          <Sheet isOpen={isSheetOpen} onOpenChange={setIsSheetOpen} title={shellTexts.threads}>
            <SidebarContent onNewThread={openNewThread} onHide={() => setIsSheetOpen(false)}>
              {nav}
            </SidebarContent>
          </Sheet>
          <CommandWindows threads={list.threads ?? []} />
          {list.threads === undefined ? null : <Attention threads={list.threads} />}
          <div className="relative flex min-w-0 flex-1 flex-col">
            <header className="flex h-12 shrink-0 items-center gap-1 border-transparent border-b px-2 has-data-page-header:border-line pointer-coarse:h-14">
              <IconButton
                ref={showButton}
                label={shellTexts.showSidebar}
                shortcut={shortcutKeys("toggleSidebar")}
                icon={<PanelLeft />}
                tooltipSide="bottom"
                className={sidebar.isOpen ? "md:hidden" : undefined}
                onClick={() => (isNarrow() ? setIsSheetOpen(true) : sidebar.toggle())}
              />
              <PageHeaderSlot className="flex min-w-0 flex-1 items-center gap-2 px-1" />
              <IconButton
                label={shellTexts.newThread}
                shortcut={shortcutKeys("newThread")}
                icon={<SquarePen />}
                tooltipSide="bottom"
                className={sidebar.isOpen ? "md:hidden" : undefined}
                onClick={openNewThread}
              />
            </header>
            <ConnectionBanner />
            <main className="flex min-h-0 flex-1 flex-col">{children}</main>
          </div>
        </div>
      </PageHeaderProvider>
    </KnownThreads>
  );
}
