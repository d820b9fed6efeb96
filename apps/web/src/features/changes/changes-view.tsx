import type { ChangedFile } from "@threadbox/contracts/changes";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import "./changes.css";
import { recall, remember } from "../../lib/device-memory.ts";
import { useOnline } from "../../lib/use-online.ts";
import { runningStart, useRefresh, useThreadRunning } from "../files/index.ts";
import { startSentence, useSandbox } from "../sandbox/index.ts";
import { visibleText } from "../text/index.ts";
import { acceptedFile, acceptedFiles } from "./accept.ts";
import { askedKey, openChanges } from "./asked-changes.ts";
import { useChangesClient } from "./changes-client.ts";
import { ChangesStore } from "./changes-store.ts";
import { ChangesToolbar } from "./changes-toolbar.tsx";
import { ChangesWarning } from "./changes-warning.tsx";
import { ChangesWords } from "./changes-words.tsx";
import { commentsOf } from "./comments.ts";
import { CommentsBar } from "./comments-bar.tsx";
import { DiffList, type DiffListHandle } from "./diff-list.tsx";
import { diffRows, type Layout } from "./diff-rows.ts";
import { FileList } from "./file-list.tsx";
import type { Hunk } from "./hunks.ts";
import { changesTexts } from "./texts.ts";
import { useAccept } from "./use-accept.ts";
import { useRevert } from "./use-revert.ts";
import { useViewed } from "./viewed.ts";

export interface ChangesViewProps {
  readonly threadId: string;
  /** False while something else is in front. */
  readonly isShown: boolean;
  /** A turn whose changes are asked for from outside; a new object with each time. */
  readonly turn: { readonly turnId: string } | null;
}

const layoutKey = "threadbox.changes-layout";

/** What this thread's work changed, to read, to take back, and to talk about. */
export function ChangesView({ threadId, isShown, turn }: ChangesViewProps) {
  const client = useChangesClient(threadId);
  const store = useMemo(() => new ChangesStore(client.look), [client]);
  const state = useSyncExternalStore(store.subscribe, store.read);
  useEffect(() => {
    if (turn !== null) store.ask({ turnId: turn.turnId });
  }, [store, turn]);
  const comments = commentsOf(threadId);
  const said = useSyncExternalStore(comments.subscribe, comments.read);
  const isOnline = useOnline();
  const sandbox = useSandbox(threadId) ?? null;
  useRefresh(store.refresh, isShown && isOnline, useThreadRunning(threadId), runningStart(sandbox));
  const takeBack = useRevert(threadId, store.refresh);
  const accept = useAccept(client, store.refresh);
  const { isViewed, setViewed } = useViewed(threadId);
  const [layout, setLayout] = useState<Layout>(() => (recall(layoutKey) === "split" ? "split" : "unified"));
  /** Files that a person opened or closed by hand; any other is open until it is viewed. */
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const list = useRef<DiffListHandle>(null);

  const { files } = state;
  const isOpen = useCallback((file: ChangedFile) => toggled.get(file.path) ?? !isViewed(file), [toggled, isViewed]);
  const rows = useMemo(() => diffRows(files ?? [], layout, isOpen), [files, layout, isOpen]);
  const toggle = (path: string, isOn: boolean | null) =>
    setToggled((known) => {
      const others = [...known].filter(([each]) => each !== path);
      return new Map(isOn === null ? others : [...others, [path, isOn]]);
    });
  const hunksOf = (path: string): readonly Hunk[] | null =>
    files?.find((each) => each.file.path === path)?.hunks ?? null;
  const choose = (path: string) => {
    const chosen = files?.find(({ file }) => file.path === path)?.file;
    if (chosen !== undefined && !isOpen(chosen)) toggle(path, true);
    list.current?.showFile(path);
  };

  const retry = () => void store.refresh();
  const words = (
    <ChangesWords
      state={state}
      isOnline={isOnline}
      startSentence={sandbox?.status === "starting" ? startSentence(sandbox) : null}
      onRetry={retry}
      onAsk={(asked) => store.ask(asked)}
    />
  );
  // Before the first answer there is nothing to choose from.
  if (files === null && state.roots.length === 0) return words;

  const acceptOne = (file: ChangedFile, hunk: Hunk | null) => {
    const name = visibleText(file.path.slice(file.path.lastIndexOf("/") + 1));
    const title = hunk === null ? changesTexts.accepted(name) : changesTexts.acceptedHunk(name);
    void accept([acceptedFile(file, hunk)], title);
  };
  const acceptAll = () => {
    const accepted = acceptedFiles(files ?? []);
    if (accepted === null) showToast({ title: changesTexts.acceptTooLarge });
    else if (accepted.length > 0) void accept(accepted, changesTexts.acceptedAll(accepted.length));
  };
  const isReview = askedKey(state.asked) === askedKey(openChanges);
  return (
    <div className="changes">
      <ChangesToolbar
        state={state}
        layout={layout}
        onLayout={(wanted) => {
          remember(layoutKey, wanted === "split" ? "split" : null);
          setLayout(wanted);
        }}
        onAsk={(asked) => store.ask(asked)}
        onAcceptAll={acceptAll}
        onRefresh={retry}
      />
      {files === null ? null : <ChangesWarning state={state} isOnline={isOnline} onRetry={retry} />}
      {files === null || files.length === 0 ? (
        words
      ) : (
        <div className="changes-body">
          <FileList files={files} isViewed={isViewed} onChoose={choose} />
          <DiffList
            ref={list}
            rows={rows}
            hunksOf={hunksOf}
            fetched={state.fetched}
            comments={comments}
            said={said}
            actions={{
              isViewed,
              onToggle: (file) => toggle(file.path, !isOpen(file)),
              onViewed: (file, isOn) => {
                setViewed(file, isOn);
                toggle(file.path, null);
              },
              onFetch: ({ path }) => void store.fetch(path),
              onAccept: isReview ? acceptOne : undefined,
              onRevert: (file, hunk) =>
                void takeBack(file, hunk === null ? (hunksOf(file.path) ?? []) : [hunk], hunk === null),
            }}
          />
        </div>
      )}
      <CommentsBar threadId={threadId} comments={comments} said={said} />
    </div>
  );
}
