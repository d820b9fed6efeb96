import type { ModelDescription } from "@threadbox/contracts/model";
import type { ModelChoice, ModelList, OfferedLogin } from "@threadbox/contracts/model-choice";
import { modelTexts as texts } from "./texts.ts";

export interface PickerOption {
  readonly id: string;
  readonly choice: ModelChoice;
  readonly label: string;
  readonly hint?: string;
  readonly isCurrent: boolean;
  /** What can't answer before it is connected again. */
  readonly isOut: boolean;
}

export interface PickerGroup {
  readonly label: string;
  readonly options: readonly PickerOption[];
  /** Its login, where OpenAI has ended that. */
  readonly out: OfferedLogin | null;
}

/** From this many on there is a field to search in. */
export const searchedFrom = 9;

/** Below the name of its login a model needs no word of where it comes from. */
const shortLabel = ({ label }: ModelDescription): string => label.replace(/ \(ChatGPT\)$/, "");

const loginLabel = ({ name, account }: OfferedLogin): string =>
  texts.chatGpt(name === account ? account : `${name}, ${account}`);

const isSame = (a: ModelChoice, b: ModelChoice): boolean =>
  a.kind === "login" && b.kind === "login" ? a.loginId === b.loginId && a.modelId === b.modelId : a.kind === b.kind;

/** All that can be chosen, in its groups. Where nothing is connected the workspace's model is all there is. */
export const pickerGroups = (list: ModelList): readonly PickerGroup[] => {
  const { logins, workspace, byDefault, choice } = list;
  const option = (id: string, wanted: ModelChoice, words: Pick<PickerOption, "label" | "hint">): PickerOption => ({
    id,
    choice: wanted,
    ...words,
    isCurrent: isSame(wanted, choice),
    isOut: false,
  });
  const own = option("workspace", { kind: "workspace" }, { label: workspace.label });
  if (logins.length === 0) return [{ label: texts.workspace, out: null, options: [{ ...own, isCurrent: true }] }];
  const hint = texts.now(byDefault.model.label);
  return [
    {
      label: texts.settings,
      out: null,
      options: [option("default", { kind: "default" }, { label: texts.byDefault, hint })],
    },
    { label: texts.workspace, out: null, options: [own] },
    ...logins.map((login): PickerGroup => {
      const isOut = login.state === "reauth";
      const options = login.models.map((model) => ({
        ...option(
          `${login.id} ${model.id}`,
          { kind: "login", loginId: login.id, modelId: model.id },
          { label: shortLabel(model) },
        ),
        isOut,
      }));
      return { label: loginLabel(login), out: isOut ? login : null, options };
    }),
  ];
};

/** What is left of the groups when that was typed: each of its words stands in the option's name or its group's. */
export const searched = (groups: readonly PickerGroup[], typed: string): readonly PickerGroup[] => {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return groups
    .map((group) => ({
      ...group,
      options: group.options.filter(({ label }) => {
        const text = `${label} ${group.label}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ options }) => options.length > 0);
};

/** The option whose name begins with what was typed, from the one after `from` on and round; null: none does. */
export const typedAhead = (labels: readonly string[], typed: string, from: number): number | null => {
  const order = labels.map((_, step) => (from + 1 + step) % labels.length);
  return order.find((index) => labels[index]?.toLowerCase().startsWith(typed.toLowerCase())) ?? null;
};
