import type { LoginId } from "@threadbox/contracts/logins";
import type { ModelDescription } from "@threadbox/contracts/model";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import type { Dialog } from "@threadbox/ui/dialog";
import { loadQuietly } from "@threadbox/ui/load-quietly";
import { Skeleton } from "@threadbox/ui/skeleton";
import { showToast } from "@threadbox/ui/toast";
import { ChevronDown, Cpu } from "lucide-react";
import { type ComponentType, Suspense, useEffect, useRef, useState } from "react";
import { noteAnswering } from "../../lib/answering.ts";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { useOnline } from "../../lib/use-online.ts";
import type { WireFailure } from "../errors/index.ts";
import { ConnectDialog } from "../logins/index.ts";
import { demoModelTexts } from "./demo-model-texts.ts";
import type { PickerPopupProps } from "./picker-popup.tsx";
import { PlanLeft } from "./plan-left.tsx";
import { modelTexts as texts } from "./texts.ts";
import { useModels } from "./use-models.ts";
import "./models.css";

const DemoModelHelp = lazyOrNothing(() => import("./demo-model-help.tsx"));
const loadPopup = () => import("./picker-popup.tsx");

const goneTags: ReadonlySet<WireFailure["tag"]> = new Set(["NotFound", "ValidationError"]);

interface Connecting {
  readonly isOpen: boolean;
  readonly loginId: LoginId | undefined;
}

export interface ModelPickerProps {
  /** Null: the thread begins with its first message. */
  readonly threadId: string | null;
  /** Told what answers next, as often as that is known anew. */
  readonly onModel?: ((model: ModelDescription) => void) | undefined;
  /** The page has it already; imported here it would become a file of its own, which the first load waits for. */
  readonly dialog: typeof Dialog;
}

/** What answers the next message, how much of its plan is left, and the choice of another. */
export default function ModelPicker({ threadId, onModel, dialog: Window }: ModelPickerProps) {
  const { known, failure, pending, choose, mark } = useModels(threadId);
  const isOnline = useOnline();
  const [isOpen, setIsOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [connecting, setConnecting] = useState<Connecting | null>(null);
  const [Popup, setPopup] = useState<ComponentType<PickerPopupProps> | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => loadQuietly(loadPopup), []);
  const list = known?.list ?? null;
  const model = list?.answerer.model ?? null;
  useEffect(() => {
    if (model === null) return;
    onModel?.(model);
    noteAnswering(threadId, model);
  }, [threadId, model, onModel]);

  if (list === null && failure === null && isOnline) return <Skeleton className="h-4 w-22" />;
  const label = model?.label ?? texts.unknown;
  const isGone = list?.answerer.isGone === true;
  const problem = isOnline ? (failure === null ? null : texts.old) : texts.offline;
  const open = () => {
    setIsOpen(true);
    loadPopup()
      .then((module) => setPopup(() => module.default))
      .catch(() => {
        setIsOpen(false);
        showToast({ title: texts.notLoaded });
      });
  };
  const choosing = async (choice: ModelChoice) => {
    const refusal = await choose(choice);
    if (refusal === null) return;
    const gone = goneTags.has(refusal.tag) ? `${texts.gone} ` : "";
    showToast({ title: `${gone}${texts.notChosen(label)}`, durationMs: 0 });
  };
  return (
    <div className="flex min-w-0 items-center gap-2">
      <button
        ref={button}
        type="button"
        aria-label={texts.picker(label)}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-busy={pending !== null}
        title={problem ?? (isGone ? texts.keyGoneLong(label) : undefined)}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          event.stopPropagation();
          open();
        }}
        onPointerEnter={() => void loadPopup().catch(() => undefined)}
        className="model-button -ms-1.5 flex h-7 min-w-0 items-center gap-1.5 rounded-md px-1.5 text-compact text-ink-muted transition-colors duration-100 hover:bg-hover hover:text-ink pointer-coarse:h-11"
      >
        <Cpu aria-hidden="true" className="size-4 shrink-0" />
        <bdi className="truncate">{label}</bdi>
        <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
      </button>
      {isGone ? <span className="model-gone">{texts.keyGone}</span> : null}
      {known === null ? null : <PlanLeft known={known} />}
      {isOpen && Popup !== null ? (
        <Popup
          anchor={button}
          known={known}
          title={threadId === null ? texts.titleNew : texts.title}
          problem={problem}
          onChoose={(choice) => {
            setIsOpen(false);
            void choosing(choice);
          }}
          onEffort={(choice) => void choosing(choice)}
          onAbout={() => {
            setIsOpen(false);
            setIsHelpOpen(true);
          }}
          onConnect={(loginId) => {
            setIsOpen(false);
            setConnecting({ isOpen: true, loginId });
          }}
          onMark={({ choice, isFavourite }) =>
            void mark(choice, isFavourite !== true).then((refusal) => {
              if (refusal !== null) showToast({ title: texts.notMarked });
            })
          }
          onClose={() => setIsOpen(false)}
        />
      ) : null}
      <Window
        isOpen={isHelpOpen}
        onOpenChange={setIsHelpOpen}
        title={demoModelTexts.title}
        description={demoModelTexts.description}
      >
        <Suspense>
          <DemoModelHelp />
        </Suspense>
      </Window>
      {connecting === null ? null : (
        <Suspense>
          <ConnectDialog
            {...connecting}
            threadId={threadId}
            onOpenChange={(isWanted) => setConnecting({ ...connecting, isOpen: isWanted })}
          />
        </Suspense>
      )}
    </div>
  );
}
