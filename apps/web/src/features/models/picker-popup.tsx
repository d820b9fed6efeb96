import { Link } from "@tanstack/react-router";
import type { LoginId } from "@threadbox/contracts/logins";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import { Popover } from "@threadbox/ui/popover";
import { type RefObject, useRef } from "react";
import { EffortChoice } from "./effort-choice.tsx";
import type { KnownModels } from "./known-models.ts";
import { ModelOptions } from "./model-options.tsx";
import { type PickerOption, pickerGroups } from "./picker-options.ts";
import { PlanWindows } from "./plan-windows.tsx";
import { modelTexts as texts } from "./texts.ts";

export interface PickerPopupProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly known: KnownModels | null;
  readonly title: string;
  /** Why what is shown may be old. */
  readonly problem: string | null;
  readonly onChoose: (choice: ModelChoice) => void;
  /** The same model with another effort: the picker stays. */
  readonly onEffort: (choice: ModelChoice) => void;
  readonly onAbout: () => void;
  /** A login is to be connected; with its id again. */
  readonly onConnect: (loginId?: LoginId) => void;
  readonly onMark: (option: PickerOption) => void;
  readonly onClose: () => void;
}

const entry =
  "flex min-h-8 w-full items-center rounded-md px-2 text-start text-sm hover:bg-hover pointer-coarse:min-h-11";

/** The open picker: everything that can be chosen, what is left of the plan, and the way to more. */
export default function PickerPopup(props: PickerPopupProps) {
  const { anchor, known, title, problem, onChoose, onEffort, onAbout, onConnect, onMark, onClose } = props;
  const start = useRef<HTMLElement>(null);
  const list = known?.list ?? null;
  const groups = list === null ? [] : pickerGroups(list);
  return (
    <Popover anchor={anchor} label={title} initialFocus={start} onClose={onClose}>
      {problem === null ? null : (
        <p role="status" className="border-b px-3 py-2 text-compact text-ink-muted">
          {list === null ? texts.nothingKnown : problem}
        </p>
      )}
      {list?.answerer.isGone === true ? (
        <p role="status" className="border-b px-3 py-2 text-compact text-warn">
          {texts.keyGoneLong(list.answerer.model.label)}
        </p>
      ) : null}
      {list === null ? null : (
        <ModelOptions
          title={title}
          groups={groups}
          start={start}
          onTake={({ choice, isCurrent }) => (isCurrent ? onClose() : onChoose(choice))}
          onMark={onMark}
        />
      )}
      {list === null ? null : <EffortChoice list={list} onChoose={onEffort} />}
      {known === null ? null : <PlanWindows known={known} />}
      <div className="model-more border-t p-1">
        {list?.logins.length === 0 ? (
          <button type="button" className={entry} onClick={() => onConnect()}>
            {texts.connect}
          </button>
        ) : null}
        {groups.map(({ out }) =>
          out === null ? null : (
            <button key={out.id} type="button" className={entry} onClick={() => onConnect(out.id)}>
              {texts.again(out.account)}
            </button>
          ),
        )}
        <Link to="/settings" hash="model-keys" className={entry} onClick={onClose}>
          {texts.addKey}
        </Link>
        {list?.workspace.provider === "demo" ? (
          <button type="button" className={entry} onClick={onAbout}>
            {texts.about}
          </button>
        ) : null}
      </div>
    </Popover>
  );
}
