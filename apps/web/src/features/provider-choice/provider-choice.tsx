import { computerApi } from "@threadbox/contracts/computer-api";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { Choice } from "@threadbox/ui/choice";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { failureWords, WireFailure } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import { useAvailable } from "./available.ts";
import { placeNames, providerChoiceTexts as texts } from "./texts.ts";

/** What is still to be done when a thread has come into being, and before anything of it is needed. */
export type WhenBegun = RefObject<((threadId: string) => Promise<void>) | null>;

const words = failureWords({
  saidByServer: new Set(["SandboxUnavailable", "VersionConflict", "RateLimited"]),
  own: {},
  other: texts.other,
  reference: texts.reference,
});

type Chosen = SandboxProviderId | "automatic";

/** Where a new thread’s computer runs. Nothing where there is no choice. */
export function ProviderChoice({ whenBegun }: { readonly whenBegun: WhenBegun }) {
  const tokens = useThreadTokens();
  const available = useAvailable();
  const [chosen, setChosen] = useState<Chosen>("automatic");
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    whenBegun.current = async (threadId) => {
      if (chosen === "automatic") return;
      const { method } = computerApi.chooseProvider;
      const url = workerUrl(computerApi.chooseProvider, { threadId });
      try {
        await threadFetch(tokens, threadId, url, { method, body: JSON.stringify({ provider: chosen }) });
      } catch (error) {
        setFailure(error instanceof WireFailure ? words(error) : texts.other);
        throw error;
      }
    };
    return () => {
      whenBegun.current = null;
    };
  }, [whenBegun, tokens, chosen]);
  if (available.length < 2) return null;
  return (
    <section aria-label={texts.runsOn} className="repository-start">
      {failure === null ? null : (
        <Notice tone="bad" role="alert" icon={<CircleAlert />} className="repository-failed">
          {failure}
        </Notice>
      )}
      <h2>{texts.runsOn}</h2>
      <Choice<Chosen>
        label={texts.runsOn}
        options={[
          { value: "automatic", label: texts.automatic },
          ...available.map((value) => ({ value, label: placeNames[value] })),
        ]}
        chosen={chosen}
        onChoose={(value) => {
          setChosen(value);
          setFailure(null);
        }}
      />
    </section>
  );
}
