import { computerApi } from "@threadbox/contracts/computer-api";
import { useState } from "react";
import { AskingButton } from "../../../lib/asking-button.tsx";
import { downloadBlob } from "../../../lib/download-text.ts";
import { workerUrl } from "../../../lib/worker-url.ts";
import { asSandboxFailure } from "../../errors/index.ts";
import { threadFetch, useThreadTokens } from "../../thread-token/index.ts";
import { toolTexts } from "../texts/tools.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";

/** Has all of an output saved that is cut here, as far as the sandbox has kept it. `id`: the file that holds it there. */
export default function WholeOutput({ id }: { readonly id: string }) {
  const threadId = useLiveValue((live) => live.threadId);
  const tokens = useThreadTokens();
  const [state, setState] = useState<"asking" | "unkept" | "failed" | null>(null);
  const save = async () => {
    setState("asking");
    try {
      const url = new URL(workerUrl(computerApi.downloadOutput, { threadId }));
      url.searchParams.set("id", id);
      const response = await threadFetch(tokens, threadId, url.href, {});
      downloadBlob("output.txt", await response.blob());
      setState(null);
    } catch (error) {
      setState(asSandboxFailure(error).tag === "NotFound" ? "unkept" : "failed");
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-3 px-3 py-2 text-compact text-ink-muted">
      <AskingButton size="sm" isAsking={state === "asking"} onClick={() => void save()}>
        {toolTexts.whole}
      </AskingButton>
      <span role="status" className="min-w-0 flex-1">
        {state === "unkept" ? toolTexts.unkept : state === "failed" ? toolTexts.wholeFailed : null}
      </span>
    </div>
  );
}
