/**
 * The model provider of the bench, on loopback, as a program. What it answers stands in the last user message
 * (`harness/directive.ts`); without a directive it answers "Done." at once. Prints `{"port":…}` when it listens.
 */
import { type Answer, steps, text } from "@threadbox/model-double/answer";
import { type ChatRequest, isForTitle, promptOf, startModelDouble } from "@threadbox/model-double/server";
import { type Directive, findDirective, machineNowMs, printToken } from "../harness/directive.ts";
import { tell } from "./listen.ts";

/** Resolves at a moment of the machine's clock; later tokens do not drift when one timer is late. */
const until = (atMs: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - machineNowMs())));

async function* tokensOf({ tokens, firstMs, everyMs }: Directive): AsyncGenerator<string> {
  const startedAtMs = machineNowMs();
  for (let index = 0; index < tokens; index++) {
    if (everyMs > 0 || index === 0) await until(startedAtMs + firstMs + index * everyMs);
    yield printToken(index, machineNowMs());
  }
}

/** About 450 bytes as a whole completion. */
const whole = steps(text("word ".repeat(42)));

const answerOf = (request: ChatRequest): Answer => {
  if (request.stream !== true) return whole;
  const directive = isForTitle(request) ? undefined : findDirective(promptOf(request));
  return steps(directive === undefined ? text("Done.") : { kind: "text", pieces: tokensOf(directive) });
};

export const startProvider = () => startModelDouble(answerOf);

if (import.meta.main) tell((await startProvider()).port);
