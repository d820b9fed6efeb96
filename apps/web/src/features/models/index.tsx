import { Dialog } from "@threadbox/ui/dialog";
import { Skeleton } from "@threadbox/ui/skeleton";
import { Suspense } from "react";
import { recall } from "../../lib/device-memory.ts";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import type { AccessToken } from "../user-call/index.ts";
import type { ModelPickerProps } from "./model-picker.tsx";
import { rememberedKey } from "./remembered-key.ts";

const ModelPicker = lazyOrNothing(() => import("./model-picker.tsx"));

/** As `beginWithChoice` has it; its code is asked for where there is a choice to set. */
export const beginWithChoice = async (threadId: string, getAccessToken: AccessToken): Promise<void> => {
  if (recall(rememberedKey) === null) return;
  await (await import("./begin-with-choice.ts")).beginWithChoice(threadId, getAccessToken);
};

interface AnswererProps extends Omit<ModelPickerProps, "dialog"> {
  /** Its code may be asked for. */
  readonly isWanted: boolean;
}

/** What answers the next message, and the choice of it. Brings its own code. */
export function Answerer({ isWanted, ...props }: AnswererProps) {
  const waiting = <Skeleton className="h-4 w-22" />;
  return isWanted ? (
    <Suspense fallback={waiting}>
      <ModelPicker key={props.threadId} {...props} dialog={Dialog} />
    </Suspense>
  ) : (
    waiting
  );
}
