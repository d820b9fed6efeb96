import type { ProgramRequest } from "@threadbox/contracts/program-approval";
import { Badge } from "@threadbox/ui/badge";
import { KeyRound } from "lucide-react";
import { Fold } from "../../lib/fold.tsx";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { visibleText } from "../text/index.ts";
import { approvalTexts as texts } from "./texts.ts";

interface WantedRequestProps {
  readonly request: ProgramRequest;
}

function Headers({ headers }: Pick<ProgramRequest, "headers">) {
  return (
    <dl aria-label={texts.headers} className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 font-mono text-xs">
      {headers.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-ink-muted">{visibleText(name)}</dt>
          <dd className="min-w-0 break-words">{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One request that a program would send: where to, with what. */
export function WantedRequest({ request, isOpen }: WantedRequestProps & { readonly isOpen: boolean }) {
  const { method, host, path, headers, secrets, body } = request;
  return (
    <Fold
      className="min-h-8 px-3 text-xs"
      isOpen={isOpen}
      head={
        <>
          <Badge tone={method === "DELETE" ? "bad" : "neutral"}>{method}</Badge>
          <code className="min-w-0 flex-1 truncate" dir="ltr">
            <span className="font-medium">{visibleText(host)}</span>
            <span className="text-ink-muted">{visibleText(path)}</span>
          </code>
        </>
      }
    >
      <div className="flex flex-col gap-2 px-3 pb-2">
        <p className="break-all font-mono text-xs" dir="ltr">
          {visibleText(`https://${host}${path}`)}
        </p>
        {secrets.length === 0 ? null : (
          <p className="flex items-center gap-1.5 text-xs">
            <KeyRound aria-hidden="true" className="size-3.5 shrink-0 text-warn" />
            {texts.withSecrets(secrets.map(visibleText))}
          </p>
        )}
        {headers.length === 0 ? null : <Headers headers={headers} />}
        {body === null || body === "" ? (
          <p className="text-ink-muted text-xs">{texts.noBody}</p>
        ) : (
          <ScrollPre className="max-h-60 whitespace-pre-wrap break-words rounded-md bg-sunken px-2 py-2 text-xs leading-5">
            {visibleText(body)}
          </ScrollPre>
        )}
      </div>
    </Fold>
  );
}
