import {
  type AppendMessage,
  AssistantRuntimeProvider,
  type ExternalStoreAdapter,
  type ThreadMessage,
  useExternalStoreRuntime,
} from "@assistant-ui/react";
import { type ReactNode, useMemo, useState } from "react";
import { useCanRetry, useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import { repositoryReader } from "./message-repository.ts";
import { OnDrawnContext } from "./message-window.tsx";

const textIn = ({ content }: AppendMessage): string =>
  content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");

/**
 * assistant-ui's runtime over the live thread: what its primitives ask for is done by the thread, and what the thread then says is
 * what they show. It makes clients for each message that it's told, so it's told only of those that are drawn. The thread's own state
 * tells what runs; to the runtime the thread is at rest, so it adds no message of its own.
 */
export function ThreadRuntime({ children }: { readonly children: ReactNode }) {
  const [ids, setIds] = useState<readonly string[]>([]);
  const commands = useLiveCommands();
  const canRetry = useCanRetry();
  const canSelect = useLiveValue(
    ({ isBusy, isConnected, live }) => !isBusy && isConnected && live?.queued.length === 0,
  );
  const messageRepository = useLiveValue(useMemo(() => repositoryReader(ids), [ids]));
  const runtime = useExternalStoreRuntime(
    useMemo(
      (): ExternalStoreAdapter => ({
        messageRepository,
        isRunning: false,
        onNew: async (message: AppendMessage) => commands().send(textIn(message)),
        onEdit: async (edited: AppendMessage) => {
          const message = commands().messages.find(({ id }) => id === edited.sourceId);
          if (message !== undefined) commands().rewrite(message, textIn(edited));
        },
        onCancel: async () => commands().stop(),
        ...(canRetry
          ? {
              onReload: async (_parentId: string | null, { sourceId }: { readonly sourceId: string | null }) => {
                if (sourceId !== null) commands().regenerate(sourceId);
              },
            }
          : {}),
        ...(canSelect
          ? {
              // Called with the line that ends in the version that was chosen: nothing is known of what follows it.
              setMessages: (line: readonly ThreadMessage[]) => {
                const chosen = line.at(-1);
                if (chosen !== undefined) commands().select(chosen.id);
              },
            }
          : {}),
      }),
      [messageRepository, commands, canRetry, canSelect],
    ),
  );
  return (
    <OnDrawnContext value={setIds}>
      <AssistantRuntimeProvider runtime={runtime}>{children}</AssistantRuntimeProvider>
    </OnDrawnContext>
  );
}
