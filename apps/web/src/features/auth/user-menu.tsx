import { useNavigate } from "@tanstack/react-router";
import { Menu } from "@threadbox/ui/menu";
import { Archive, ChevronsUpDown, LogOut, Settings } from "lucide-react";
import { shortcutKeys } from "../shortcuts/index.ts";
import { initialsOf } from "./initials.ts";
import { menuTexts } from "./menu-texts.ts";
import { useLoginSession } from "./session.tsx";

/** Who is signed in, and the pages that are about them. */
export function UserMenu() {
  const navigate = useNavigate();
  const { user, signOut } = useLoginSession();
  if (user === null) return null;
  return (
    <Menu
      side="top"
      align="start"
      header={<div className="truncate px-2 pt-1 pb-2 text-ink-muted text-xs">{user.email}</div>}
      actions={[
        {
          label: menuTexts.settings,
          icon: <Settings />,
          shortcut: shortcutKeys("openSettings"),
          onSelect: () => void navigate({ to: "/settings" }),
        },
        { label: menuTexts.archived, icon: <Archive />, onSelect: () => void navigate({ to: "/archived" }) },
        { label: menuTexts.signOut, icon: <LogOut />, startsGroup: true, onSelect: signOut },
      ]}
      trigger={(trigger) => (
        <button
          type="button"
          className="flex h-10 w-full items-center gap-2.5 rounded-md px-2 text-start text-sm transition-colors duration-100 hover:bg-hover data-popup-open:bg-pressed pointer-coarse:h-12"
          {...trigger}
        >
          <span
            aria-hidden="true"
            className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-[11px] text-accent"
          >
            {initialsOf(user.name)}
          </span>
          <span className="min-w-0 flex-1 truncate">
            <span className="sr-only">{menuTexts.account}</span>
            {user.name}
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
        </button>
      )}
    />
  );
}
