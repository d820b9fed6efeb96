import "./mirrored.css";
import { Badge, Dot } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import {
  Bot,
  Braces,
  Check,
  ChevronRight,
  CircleSlash,
  CircleX,
  Download,
  FilePen,
  FilePlus2,
  FileText,
  FolderOpen,
  Globe,
  ListTodo,
  LoaderCircle,
  Search,
  SquareTerminal,
  Wrench,
} from "lucide-react";
import { type ReactNode, Suspense, useId, useState } from "react";
import { downloadText } from "../../../lib/download-text.ts";
import { durationText, runningText } from "../../../lib/duration.ts";
import { lazyOrNothing } from "../../../lib/lazy-or-nothing.ts";
import { ScrollPre } from "../../../lib/scroll-pre.tsx";
import { sizeText } from "../../../lib/size.ts";
import { useNow } from "../../../lib/use-now.ts";
import { ChangeCount, CopyButton, DiffView, outputBytes } from "../../text/index.ts";
import { toolTexts } from "../texts/tools.ts";
import { useIsOutOfReach, useLiveValue } from "../thread/live-thread-context.tsx";
import { ProgramRun } from "./program-run.tsx";
import { changeOf, outcomeText, type ToolKind, type ToolState, type ToolView } from "./tool-view.ts";

const WholeOutput = lazyOrNothing(() => import("./whole-output.tsx"));

const kindIcon: Readonly<Record<ToolKind, ReactNode>> = {
  command: <SquareTerminal />,
  write: <FilePlus2 />,
  edit: <FilePen />,
  read: <FileText />,
  search: <Search />,
  list: <FolderOpen />,
  web: <Globe />,
  plan: <ListTodo />,
  task: <Bot />,
  program: <Braces />,
  other: <Wrench />,
};

const stateIcon: Readonly<Record<ToolState, ReactNode>> = {
  running: <LoaderCircle className="animate-turn text-accent" />,
  done: <Check className="text-good" />,
  failed: <CircleX className="text-bad" />,
  stopped: <CircleSlash className="text-ink-muted" />,
};

function Running({ since }: { readonly since: number }) {
  return runningText(useNow(1_000) - since);
}

function Duration({ view }: Pick<ToolCardProps, "view">) {
  const { state, startedAt, endedAt } = view;
  const isOutOfReach = useIsOutOfReach();
  if (startedAt === undefined) return null;
  if (endedAt !== undefined) return durationText(endedAt - startedAt);
  return state === "running" && !isOutOfReach ? <Running since={startedAt} /> : null;
}

function Binary({ view: { copied, isTruncated } }: Pick<ToolCardProps, "view">) {
  return (
    <div className="flex items-center gap-3 px-3 py-2 text-compact text-ink-muted">
      <span className="min-w-0 flex-1">{toolTexts.binary(sizeText(outputBytes(copied)), isTruncated)}</span>
      <Button size="sm" onClick={() => downloadText("output.txt", copied)}>
        <Download /> {toolTexts.download}
      </Button>
    </div>
  );
}

const hasOneLine = ({ command }: ToolView): boolean => command !== undefined && !command.trim().includes("\n");

function Output({ view }: Pick<ToolCardProps, "view">) {
  const output = view.output.trimEnd();
  const isText = output !== "" && !view.isBinary;
  // A command of one line stands whole in the card's head.
  const command = hasOneLine(view) ? undefined : view.command?.trim();
  // Of a command the end is kept, of everything else the beginning: the note stands where the rest is missing.
  const cut = view.isTruncated && isText ? (view.kind === "command" ? "start" : "end") : null;
  const kept = cut === null ? "" : sizeText(outputBytes(view.copied));
  return (
    <div className="group/output relative">
      {cut === "start" ? <p className="py-2 ps-3 pe-11 text-ink-muted text-xs">{toolTexts.cut.start(kept)}</p> : null}
      {command === undefined && !isText && view.errorText === undefined ? null : (
        <ScrollPre
          followsEnd={view.state === "running"}
          className="max-h-80 whitespace-pre-wrap break-words py-2.5 ps-3 pe-11 text-xs leading-5"
        >
          {command === undefined ? null : (
            <span className="text-ink-muted">
              $ {command}
              {"\n"}
            </span>
          )}
          {isText ? output : null}
          {view.errorText === undefined ? null : <span className="text-bad">{view.errorText}</span>}
        </ScrollPre>
      )}
      {isText ? (
        <span className="absolute end-1.5 top-1.5 rounded-md bg-sunken opacity-0 transition-opacity duration-100 focus-within:opacity-100 group-hover/output:opacity-100 pointer-coarse:opacity-100">
          <CopyButton label={toolTexts.copyOutput} text={() => view.copied} />
        </span>
      ) : null}
      {view.isBinary ? <Binary view={view} /> : null}
      {output === "" && view.errorText === undefined ? (
        <p className="px-3 py-2.5 text-compact text-ink-muted">
          {view.state === "running" ? toolTexts.noOutputYet : toolTexts.noOutput}
        </p>
      ) : null}
      {cut === "end" ? <p className="border-t px-3 py-2 text-ink-muted text-xs">{toolTexts.cut.end(kept)}</p> : null}
      {view.wholeOutput === undefined ? null : (
        <Suspense>
          <WholeOutput id={view.wholeOutput} />
        </Suspense>
      )}
    </div>
  );
}

const showsOutput = ({ kind, files, state, program, errorText }: ToolView): boolean =>
  // What a program did is told in parts; where its report cannot be read, as it came.
  (program === undefined || (program.report === null && (state !== "running" || errorText !== undefined))) &&
  (files.every(({ diff }) => diff === undefined) || kind === "command" || state === "failed");

/** What the user waits to see of the newest answer. */
const opensByItself: ReadonlySet<ToolKind> = new Set(["command", "program"]);

/** What a reader opened or closed stays so when the live thread takes the place of what was read before. */
const chosen = new Map<string, boolean>();

interface ToolCardProps {
  readonly id: string;
  readonly view: ToolView;
  readonly isOfNewestAnswer: boolean;
}

/** One tool call: a line that says what was done to what, which opens to what went in and what came out. */
export function ToolCard({ id, view, isOfNewestAnswer }: ToolCardProps) {
  // The newest answer's commands and programs are what the user waits for; older ones are looked up. Whether this page saw the
  // command run makes no difference: a quick one would else be open or closed by chance.
  const key = useLiveValue(({ threadId }) => `${threadId} ${id}`);
  const [isOpen, setIsOpen] = useState(chosen.get(key) ?? (isOfNewestAnswer && opensByItself.has(view.kind)));
  const isUnknown = useIsOutOfReach() && view.state === "running";
  const panelId = useId();
  const outcome = outcomeText(view);
  const isWhole = isOpen && hasOneLine(view);
  const diffs = view.files.filter(({ diff }) => diff !== undefined);
  return (
    <div
      className={classNames(
        "relative overflow-hidden rounded-lg border bg-raised",
        view.state === "failed" && "border-bad/35",
      )}
    >
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => {
          chosen.set(key, !isOpen);
          setIsOpen(!isOpen);
        }}
        className="focus-inset flex min-h-9 w-full items-center gap-2 px-3 text-start text-compact transition-colors duration-100 hover:bg-hover pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0"
      >
        <span className="text-ink-muted">{kindIcon[view.kind]}</span>
        <span className="shrink-0 text-ink-muted">
          {view.verb}
          <span className="sr-only"> {view.noun}</span>
        </span>
        <code className={classNames("min-w-0 flex-1 text-xs", isWhole ? "break-words py-2" : "truncate")}>
          <bdi>{isWhole ? view.command : view.target}</bdi>
        </code>
        {view.files.length === 0 ? null : <ChangeCount {...changeOf(view.files)} />}
        {outcome === null ? null : <Badge tone="bad">{outcome}</Badge>}
        <span className="shrink-0 text-ink-muted text-xs tabular">
          <bdi>
            <Duration view={view} />
          </bdi>
        </span>
        {isUnknown ? <Dot isHollow /> : stateIcon[view.state]}
        <span className="sr-only">{isUnknown ? toolTexts.notConnected : toolTexts.states[view.state]}</span>
        <ChevronRight
          aria-hidden="true"
          className={classNames("text-ink-faint transition-transform duration-100", isOpen && "rotate-90")}
        />
      </button>
      {isOpen ? (
        <div id={panelId} className="divide-y border-t bg-sunken">
          {diffs.map((file) => (
            <DiffView key={file.path} file={file} isNamed={view.files.length > 1} />
          ))}
          {view.program === undefined ? null : <ProgramRun {...view.program} state={view.state} />}
          {showsOutput(view) ? <Output view={view} /> : null}
        </div>
      ) : null}
    </div>
  );
}
