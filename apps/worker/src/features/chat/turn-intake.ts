import type { ErrorTag } from "@threadbox/contracts/errors";
import { type MessageId, TurnId } from "@threadbox/contracts/ids";
import { type Ask, askText, newPromptId } from "../opencode/index.ts";
import type { Audience } from "./clients.ts";
import type { ChatSubmission } from "./frames.ts";
import { decideIntake, type Intake, type ThreadFacts } from "./intake.ts";
import type { ChatStore } from "./store.ts";
import type { TurnQueueHost } from "./turn-queue-host.ts";
import { newTurn, type TurnRecord } from "./turn-record.ts";

interface PageMessage {
  readonly sessionId: string;
  readonly messageId: MessageId;
  readonly ask: Ask;
}
type PageIntake =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly tag: ErrorTag; readonly message: string };

/** The queue that what is taken in waits in. */
interface Queue {
  readonly facts: () => ThreadFacts;
  readonly enqueue: (turn: TurnRecord, told: Audience) => void;
  readonly pump: () => void;
}

/** Takes in what somebody wants answered: a client, OpenCode's own page, another program. */
export class TurnIntake {
  readonly #store: ChatStore;
  readonly #host: TurnQueueHost;
  readonly #queue: Queue;

  constructor(store: ChatStore, host: TurnQueueHost, queue: Queue) {
    this.#store = store;
    this.#host = host;
    this.#queue = queue;
  }

  fromClient(submission: ChatSubmission, connectionId: string): void {
    const { clients } = this.#host;
    const { requestId } = submission;
    const intake = decideIntake(submission, this.#queue.facts());
    if (intake.kind === "refuse") {
      clients.refuse(connectionId, requestId, intake.tag, intake.message);
      return;
    }
    if (intake.kind === "turn") this.#queue.enqueue(this.#turnOf(intake), { except: connectionId });
    // Whoever asked follows the answer as every other tab does: a turn outlives the request it came by.
    clients.dismiss(connectionId, requestId);
    if (intake.kind === "turn") this.#queue.pump();
    else clients.tellTranscript({ only: connectionId });
  }

  /** OpenCode's own page asks something in one of its sessions; it waits its turn like every other message. */
  fromPage({ sessionId, messageId, ask }: PageMessage): PageIntake {
    return this.#take(messageId, askText(ask), sessionId, () => this.#store.page.keepAsk(messageId, ask));
  }

  /** Another program asks what a person would write in the chat. */
  fromProgram(messageId: MessageId, text: string): PageIntake {
    return this.#take(messageId, text);
  }

  #take(messageId: MessageId, text: string, askedIn?: string, keep = () => {}): PageIntake {
    const asked = { messageId, text, attachments: [], siblingOf: null };
    const submission = { requestId: "", trigger: "submit-message", ...asked } as const;
    const intake = decideIntake(submission, this.#queue.facts());
    if (intake.kind === "refuse") return { kind: "refused", tag: intake.tag, message: intake.message };
    if (intake.kind === "turn") {
      keep();
      this.#queue.enqueue(this.#turnOf(intake, askedIn), "all");
      this.#queue.pump();
    }
    return { kind: "taken" };
  }

  #turnOf(taken: Extract<Intake, { kind: "turn" }>, askedIn?: string): TurnRecord {
    const { messageId, text, attachments, siblingOf } = taken;
    const now = this.#host.now();
    const turnId = TurnId.make(this.#host.newId());
    const written = { turnId, userMessageId: messageId, text, attachments, siblingOf, now };
    // OpenCode's page waits for the message under the id that it gave it.
    return askedIn === undefined
      ? newTurn({ ...written, promptId: newPromptId(now) })
      : newTurn({ ...written, promptId: messageId, askedIn });
  }
}
