import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { z } from "zod";
import { defineTool } from "../tool.ts";

const { questionLengthMax, choicesMax, choiceLengthMax, questionsMax, approvalMs } = codemodeLimits;

export const askUser = defineTool({
  namespace: "codemode",
  name: "askUser",
  mark: "reads",
  description: `Asks the person of the thread and waits: their text, or one of the choices. Refused where nobody answers within ${approvalMs / 60_000} minutes; ${questionsMax} questions at most`,
  input: z.object({
    question: z.string().min(1).max(questionLengthMax),
    choices: z.array(z.string().min(1).max(choiceLengthMax)).max(choicesMax).default([]),
  }),
  run: (question, caller) => caller.ask(question),
});
