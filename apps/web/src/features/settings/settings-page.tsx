import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "@threadbox/ui/button";
import { Choice } from "@threadbox/ui/choice";
import { classNames } from "@threadbox/ui/class-names";
import { Bell, BellOff, Keyboard, KeyRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { chooseNotifications, notificationChoice } from "../attention/index.ts";
import { useLoginSession } from "../auth/index.ts";
import { ConnectChatGpt } from "../logins/index.ts";
import { ModelKeys } from "../model-keys/index.ts";
import { runCommand, shortcutAria } from "../shortcuts/index.ts";
import { UserSecrets } from "../user-secrets/index.ts";
import { OpenCodeChoice } from "./opencode-choice.tsx";
import { settingsTexts } from "./texts.ts";
import { readTheme, type Theme, themes, writeTheme } from "./theme.ts";

const { themes: themeTexts } = settingsTexts;

const themeChoice: Readonly<Record<Theme, { readonly label: string; readonly icon: ReactNode }>> = {
  system: { label: themeTexts.system, icon: <Monitor /> },
  light: { label: themeTexts.light, icon: <Sun /> },
  dark: { label: themeTexts.dark, icon: <Moon /> },
};

function ThemeChoice() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <Choice
      label={settingsTexts.theme}
      className="sm:w-26"
      options={themes.map((option) => ({ value: option, ...themeChoice[option] }))}
      chosen={theme}
      onChoose={(option) => {
        writeTheme(option);
        setTheme(option);
      }}
    />
  );
}

function NotificationChoice() {
  const [choice, setChoice] = useState(notificationChoice);
  return (
    <Button
      aria-pressed={choice === "on"}
      disabled={choice === "blocked"}
      onClick={() => void chooseNotifications(choice !== "on").then(setChoice)}
    >
      {choice === "on" ? <Bell /> : <BellOff />}
      {settingsTexts.notificationChoices[choice]}
    </Button>
  );
}

interface RowProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Row({ title, hint, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-4">
      <div className="min-w-0 flex-1 basis-52">
        <div className="font-medium">{title}</div>
        {hint === undefined ? null : <div className="mt-0.5 break-words text-ink-muted text-compact">{hint}</div>}
      </div>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  /** What an address with this after its # leads to. */
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

function Section({ title, id, className, children }: SectionProps) {
  return (
    <section id={id} className={classNames("mt-8", className)} aria-label={title}>
      <h2 className="mb-2 font-semibold">{title}</h2>
      <div className="divide-y rounded-lg border bg-raised">{children}</div>
    </section>
  );
}

export function SettingsPage() {
  const { user, signOut } = useLoginSession();
  return (
    <div className="relative min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 py-10 sm:px-6">
        <h1 className="font-semibold text-xl tracking-tight">{settingsTexts.title}</h1>
        <Section title={settingsTexts.appearance}>
          <Row title={settingsTexts.theme} hint={settingsTexts.themeHint}>
            <ThemeChoice />
          </Row>
        </Section>
        <Section title={settingsTexts.notifications}>
          <Row title={settingsTexts.turnEnd} hint={settingsTexts.turnEndHint}>
            <NotificationChoice />
          </Row>
        </Section>
        <Section title={settingsTexts.computer}>
          <Row title={settingsTexts.openCode} hint={settingsTexts.openCodeHint}>
            <OpenCodeChoice />
          </Row>
        </Section>
        <Section title={settingsTexts.chatGpt}>
          <Suspense fallback={<div className="h-24" />}>
            <ConnectChatGpt />
          </Suspense>
        </Section>
        <Section title={settingsTexts.modelKeys} id="model-keys">
          <Suspense fallback={<div className="h-24" />}>
            <ModelKeys />
          </Suspense>
        </Section>
        <Section title={settingsTexts.ownSecrets} id="secrets">
          <Suspense fallback={<div className="h-24" />}>
            <UserSecrets />
          </Suspense>
        </Section>
        <Section title={settingsTexts.account}>
          <Row title={user?.name ?? ""} hint={user?.email ?? ""}>
            <Button onClick={signOut}>
              <LogOut /> {settingsTexts.signOut}
            </Button>
          </Row>
        </Section>
        {user?.isAdmin === true ? (
          <Section title={settingsTexts.administration}>
            <Row title={settingsTexts.secrets} hint={settingsTexts.secretsHint}>
              <Link to="/admin" className={buttonLook({ tone: "plain" })}>
                <KeyRound /> {settingsTexts.openSecrets}
              </Link>
            </Row>
          </Section>
        ) : null}
        <Section title={settingsTexts.keyboard} className="pointer-coarse:hidden">
          <Row title={settingsTexts.shortcuts} hint={settingsTexts.shortcutsHint}>
            <Button aria-keyshortcuts={shortcutAria("openShortcuts")} onClick={() => void runCommand("openShortcuts")}>
              <Keyboard /> {settingsTexts.showShortcuts}
            </Button>
          </Row>
        </Section>
      </div>
    </div>
  );
}
