import "./thread/zod-without-eval.ts";
import type { ChatMessage } from "./thread/message-view.ts";
import type { ThreadConnection } from "./thread/thread-connection.ts";
import type { History } from "./thread/use-history.ts";
import { useLiveThread } from "./thread/use-live-thread.ts";
import { useThreadConnection } from "./thread/use-thread-connection.ts";

interface ThreadDeliveryProps {
  readonly threadId: string;
  readonly initial: ChatMessage[];
  readonly refetch: History["refetch"];
}

function Connected(props: ThreadDeliveryProps & { readonly connection: ThreadConnection }) {
  useLiveThread(props.threadId, props.connection, props.initial, props.refetch);
  return null;
}

/** Is connected to a thread without showing it, which sends what waits for it. */
export default function ThreadDelivery(props: ThreadDeliveryProps) {
  const connection = useThreadConnection(props.threadId);
  return connection === null ? null : <Connected {...props} connection={connection} />;
}
