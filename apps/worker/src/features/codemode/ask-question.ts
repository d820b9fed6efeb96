import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { ApprovalId } from "@threadbox/contracts/program-approval";
import { Effect } from "effect";
import { newSecretText } from "../../platform/ids.ts";
import { Approvals } from "./approvals.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import type { ProgramOwner } from "./program-owner.ts";
import type { Question } from "./tool.ts";

const refuse = (message: string) => new ToolRefusedError({ message });
const idBytes = 15;

const sentences = {
  declined: "The person would not answer.",
  expired: `Nobody answered within ${codemodeLimits.approvalMs / 60_000} minutes.`,
  withdrawn: "It was given up before anybody answered.",
} as const;

/** What one run of a program asks its thread's person, one question after the other. */
export class QuestionsOfRun {
  readonly #owner: ProgramOwner;
  readonly #program: { readonly text: string; readonly hash: string };
  #asked = 0;

  constructor(owner: ProgramOwner, program: { readonly text: string; readonly hash: string }) {
    this.#owner = owner;
    this.#program = program;
  }

  hasAsked(): boolean {
    return this.#asked > 0;
  }

  /** Waits for the answer; whoever is asked no more, because the run is over, is told so. */
  readonly ask = Effect.fnUntraced(
    function* (this: QuestionsOfRun, { question, choices }: Question) {
      const approvals = yield* Approvals;
      const { threadId } = this.#owner;
      const { text: program, hash: programHash } = this.#program;
      const position = this.#asked;
      this.#asked += 1;
      if (position >= codemodeLimits.questionsMax)
        return yield* refuse(`One program asks ${codemodeLimits.questionsMax} questions at most.`);
      const wish = {
        approvalId: ApprovalId.make(newSecretText(idBytes)),
        program,
        programHash,
        position,
        question,
        choices,
      };
      const approvalId = yield* Effect.mapError(approvals.ask(threadId, wish), asRefusal);
      if (approvalId === null) return yield* refuse("As many programs of this thread wait for a person as may.");
      const { state, answer } = yield* approvals
        .answered(threadId, approvalId)
        .pipe(Effect.onInterrupt(() => Effect.ignore(approvals.withdraw(threadId, approvalId))));
      if (state === "answered" && answer !== null) return answer;
      return yield* refuse(sentences[state === "answered" || state === "pending" ? "withdrawn" : state]);
    }.bind(this),
  );
}
