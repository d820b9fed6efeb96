import type { ModelEffort } from "@threadbox/contracts/model";
import type { ModelChoice, ModelList } from "@threadbox/contracts/model-choice";
import { modelTexts as texts } from "./texts.ts";

interface EffortChoiceProps {
  readonly list: ModelList;
  readonly onChoose: (choice: ModelChoice) => void;
}

/** How hard the chosen model thinks; nothing where it has no choice. */
export function EffortChoice({ list: { choice, answerer }, onChoose }: EffortChoiceProps) {
  const efforts = answerer.model.traits?.efforts ?? [];
  if (choice.kind !== "key" || efforts.length === 0) return null;
  const { effort: chosen, ...plain } = choice;
  const shown = chosen !== undefined && efforts.includes(chosen) ? chosen : "";
  const take = (value: string) => onChoose(value === "" ? plain : { ...plain, effort: value as ModelEffort });
  return (
    <label className="model-effort">
      <span>{texts.effort}</span>
      <select value={shown} onChange={({ target }) => take(target.value)}>
        <option value="">{texts.effortDefault}</option>
        {efforts.map((effort) => (
          <option key={effort} value={effort}>
            {texts.efforts[effort]}
          </option>
        ))}
      </select>
    </label>
  );
}
