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
  /** Whether it can be marked, and is. Null: it can't. */
  readonly isFavourite: boolean | null;
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

const isSame = (a: ModelChoice, b: ModelChoice): boolean => {
  if (a.kind === "login" && b.kind === "login") return a.loginId === b.loginId && a.modelId === b.modelId;
  if (a.kind === "key" && b.kind === "key") return a.keyId === b.keyId && a.modelId === b.modelId;
  return a.kind === b.kind;
};

/** Where each option comes from, with what it has of its own. */
const ownGroups = (list: ModelList): readonly PickerGroup[] => {
  const { logins, keys, workspace, byDefault, choice, favourites } = list;
  const option = (id: string, wanted: ModelChoice, words: Pick<PickerOption, "label" | "hint">): PickerOption => ({
    id,
    choice: wanted,
    ...words,
    isCurrent: isSame(wanted, choice),
    isOut: false,
    isFavourite: wanted.kind === "default" ? null : favourites.some((marked) => isSame(marked, wanted)),
  });
  const own = option("workspace", { kind: "workspace" }, { label: workspace.label });
  // Without a login the default is the workspace's model, and needs no entry of its own.
  const isDefaultOwn = logins.length === 0 && choice.kind === "default";
  const hint = texts.now(byDefault.model.label);
  return [
    ...(logins.length === 0
      ? []
      : [
          {
            label: texts.settings,
            out: null,
            options: [option("default", { kind: "default" }, { label: texts.byDefault, hint })],
          },
        ]),
    { label: texts.workspace, out: null, options: [{ ...own, isCurrent: own.isCurrent || isDefaultOwn }] },
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
    ...keys.map(
      (key): PickerGroup => ({
        label: texts.key(key.name),
        out: null,
        options: key.models.map((model) =>
          option(`${key.id} ${model.id}`, { kind: "key", keyId: key.id, modelId: model.id }, { label: model.label }),
        ),
      }),
    ),
  ];
};

/** All that can be chosen, in its groups, what is marked before everything else. */
export const pickerGroups = (list: ModelList): readonly PickerGroup[] => {
  const groups = ownGroups(list);
  const marked = groups.flatMap(({ label, options }) =>
    options.flatMap((option) => (option.isFavourite === true ? { ...option, hint: label } : [])),
  );
  if (marked.length === 0) return groups;
  const rest = groups.map((group) => ({
    ...group,
    options: group.options.filter(({ isFavourite }) => isFavourite !== true),
  }));
  return [{ label: texts.favourites, out: null, options: marked }, ...rest].filter(
    ({ options, out }) => options.length > 0 || out !== null,
  );
};

/** What is left of the groups when that was typed: each of its words stands in the option's name, its group's or its hint. */
export const searched = (groups: readonly PickerGroup[], typed: string): readonly PickerGroup[] => {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return groups
    .map((group) => ({
      ...group,
      options: group.options.filter(({ label, hint = "", isFavourite }) => {
        const text = `${label} ${group.label} ${isFavourite === true ? hint : ""}`.toLowerCase();
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
