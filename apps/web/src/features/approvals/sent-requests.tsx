import type { SentRequest } from "@threadbox/contracts/codemode";
import { Badge } from "@threadbox/ui/badge";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { visibleText } from "../text/index.ts";
import { approvalTexts } from "./texts.ts";

function Sent({ sent: { method, url, status, text = "", isCut, error } }: { readonly sent: SentRequest }) {
  return (
    <li className="py-1 text-xs">
      <div className="flex items-center gap-2">
        <span className="font-medium">{visibleText(method)}</span>
        <code className="min-w-0 flex-1 truncate" dir="ltr">
          {visibleText(url)}
        </code>
        <Badge tone={status !== undefined && status < 400 ? "good" : "bad"}>{status ?? approvalTexts.notSent}</Badge>
      </div>
      {error === undefined ? null : <p className="break-words text-bad">{visibleText(error)}</p>}
      {text === "" ? null : (
        <ScrollPre className="mt-1 max-h-40 whitespace-pre-wrap break-words text-xs leading-5">
          {visibleText(text)}
        </ScrollPre>
      )}
      {isCut === true ? <p className="text-ink-muted">{approvalTexts.cut}</p> : null}
    </li>
  );
}

/** The requests of a program that were allowed, and what was answered. */
export function SentRequests({ sent }: { readonly sent: readonly SentRequest[] }) {
  return (
    <ol aria-label={approvalTexts.sent}>
      {sent.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was sent never changes
        <Sent key={index} sent={each} />
      ))}
    </ol>
  );
}
