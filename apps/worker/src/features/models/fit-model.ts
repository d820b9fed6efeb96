import type { ModelEffort, ModelTraits } from "@threadbox/contracts/model";
import { withModelName } from "./model-name.ts";
import type { OwnModel } from "./own-models.ts";
import type { ReadRequest } from "./read-request.ts";

type Body = ReadRequest["body"];

/** What Anthropic's models that know no efforts may think at most, in tokens. */
const budgets: Readonly<Partial<Record<ModelEffort, number>>> = { low: 4_000, medium: 12_000, high: 24_000 };
/** Of an answer's tokens so many stay for the answer itself; and a budget has so many at least. */
const [answerTokensMin, budgetMin] = [1_024, 1_024];

/** No longer answer is asked for than the model gives: some providers refuse that in place of giving what they have. */
const limited = (body: Body, { output }: ModelTraits): Body =>
  Object.fromEntries(
    ["max_tokens", "max_completion_tokens"].flatMap((name) =>
      typeof body[name] === "number" && Number(body[name]) > output ? [[name, output]] : [],
    ),
  );

/** A model that thinks takes none of these. */
const unheated = { temperature: undefined, top_p: undefined, top_k: undefined };

const inAnthropicWords = (effort: ModelEffort, { effortAs }: ModelTraits, tokensMax: number): Body => {
  if (effortAs !== "budget") {
    const thinking = effortAs === "adaptive" ? { thinking: { type: "adaptive" }, ...unheated } : {};
    return { ...thinking, output_config: { effort } };
  }
  const budget = Math.min(budgets[effort] ?? 0, tokensMax - answerTokensMin);
  return budget < budgetMin ? {} : { thinking: { type: "enabled", budget_tokens: budget }, ...unheated };
};

const effortIn = ({ kind, model: { traits }, effort }: OwnModel, body: Body): Body => {
  if (effort === undefined || traits === undefined) return {};
  return kind === "anthropic"
    ? inAnthropicWords(effort, traits, Number(body.max_tokens))
    : { reasoning_effort: effort };
};

/** A sandbox's request as its user's model takes it: with its name, its longest answer, and the chosen effort. */
export const fitModel = ({ text, body }: Pick<ReadRequest, "text" | "body">, own: OwnModel): string => {
  const { model } = own;
  const limits = model.traits === undefined ? {} : limited(body, model.traits);
  const changes = { ...limits, ...effortIn(own, { ...body, ...limits }) };
  if (Object.keys(changes).length === 0) return withModelName(text, body, model.id);
  return JSON.stringify({ ...body, ...changes, model: model.id });
};
