import type { ReactNode } from "react";
import { useNow } from "../../lib/use-now.ts";
import { leftAnnouncement, leftMs, leftShare, leftText } from "./countdown.ts";
import { QrCode } from "./qr-code.tsx";
import { loginTexts as texts } from "./texts.ts";

interface LeftProps {
  /** Milliseconds since 1970, by the server's clock; so is the other. */
  readonly startedAt: number;
  readonly expiresAt: number;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
}

/** How long the code is good: a circle and a clock for the eye, two sentences for the ear. */
function Left({ startedAt, expiresAt, ahead }: LeftProps) {
  const left = leftMs(expiresAt, useNow(1_000), ahead);
  const share = leftShare(left, expiresAt - startedAt);
  return (
    <p className="flex items-center gap-2 text-compact text-ink-muted">
      <svg aria-hidden="true" viewBox="0 0 16 16" className="login-ring">
        <circle cx="8" cy="8" r="6.5" />
        <circle
          cx="8"
          cy="8"
          r="6.5"
          pathLength="1"
          strokeDasharray={`${share} 1`}
          className={left <= 60_000 ? "login-ring-ending" : "login-ring-left"}
        />
      </svg>
      <span>
        {texts.expiresIn} <span className="tabular">{leftText(left)}</span>
      </span>
      <span role="status" className="sr-only">
        {leftAnnouncement(left)}
      </span>
    </p>
  );
}

interface DeviceCodeProps extends LeftProps {
  readonly code: string;
  /** OpenAI's page. */
  readonly page: URL;
  /** Stands beside the time that is left. */
  readonly children: ReactNode;
}

/** The code to type at OpenAI, and how long it is good. It comes from the server alone, never from an address. */
export function DeviceCode({ code, page, children, ...left }: DeviceCodeProps) {
  return (
    <div className="flex items-center gap-4 rounded-lg border bg-sunken px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="text-ink-muted text-sm">
          {texts.enterAt}{" "}
          <span className="inline-block font-medium text-ink">
            {page.host}
            {page.pathname}
          </span>
        </p>
        <p className="my-2">
          <span className="sr-only">{texts.code}</span>{" "}
          <code translate="no" className="login-code font-semibold text-2xl">
            {code}
          </code>
        </p>
        <div className="flex flex-wrap items-center gap-x-2">
          <Left {...left} />
          {children}
        </div>
      </div>
      <div className="hidden sm:block">
        <QrCode text={page.href} label={texts.qr} />
      </div>
    </div>
  );
}
