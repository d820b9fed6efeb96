import { useNow } from "../../lib/use-now.ts";
import { leftAnnouncement, leftMs, leftText } from "./countdown.ts";
import { loginTexts as texts } from "./texts.ts";

interface DeviceCodeProps {
  readonly code: string;
  /** OpenAI's page. */
  readonly page: URL;
  /** Milliseconds since 1970, by the server's clock. */
  readonly expiresAt: number;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
}

/** The code to type at OpenAI, and how long it is good. It comes from the server alone, never from an address. */
export function DeviceCode({ code, page, expiresAt, ahead }: DeviceCodeProps) {
  const left = leftMs(expiresAt, useNow(1_000), ahead);
  return (
    <div className="mb-3 rounded-lg border bg-sunken px-4 py-3">
      <p className="text-ink-muted text-sm">
        {texts.enterAt}{" "}
        <span className="inline-block font-medium text-ink">
          {page.host}
          {page.pathname}
        </span>
      </p>
      <p className="my-2">
        <span className="sr-only">{texts.code}</span>{" "}
        <code className="select-all font-semibold text-2xl tracking-widest">{code}</code>
      </p>
      <p className="text-compact text-ink-muted">
        {texts.expiresIn} <span className="tabular">{leftText(left)}</span>
      </p>
      <span role="status" className="sr-only">
        {leftAnnouncement(left)}
      </span>
    </div>
  );
}
