import { Button } from "@threadbox/ui/button";
import type { MenuAction } from "@threadbox/ui/menu";
import { CircleAlert, Download, FolderDown, HardDrive, LoaderCircle, Pencil, Trash2, WifiOff } from "lucide-react";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState, useSyncExternalStore } from "react";
import "./files.css";
import { PanelWord } from "../../lib/panel-word.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { startSentence, useSandbox } from "../sandbox/index.ts";
import { visibleText } from "../text/index.ts";
import { documentsOf } from "./documents.ts";
import { DownloadList } from "./download-list.tsx";
import { Downloads } from "./downloads.ts";
import { DropArea } from "./drop-area.tsx";
import { fileErrorText } from "./file-error-text.ts";
import { FileTree } from "./file-tree.tsx";
import { FileView } from "./file-view.tsx";
import { useFilesClient } from "./files-client.ts";
import { FilesToolbar } from "./files-toolbar.tsx";
import { FilesWarning } from "./files-warning.tsx";
import { FolderStore } from "./folder-store.ts";
import { FoundList } from "./found-list.tsx";
import { MarksStore } from "./git-marks.ts";
import { LargestList } from "./largest-list.tsx";
import { NameForm } from "./name-form.tsx";
import { RemoveDialog, type Removing } from "./remove-dialog.tsx";
import { runningStart } from "./running-start.ts";
import { filesTexts, largestTexts } from "./texts.ts";
import { Trash } from "./trash.ts";
import { folderOf, isWithin, nameOf, type TreeMove, type TreeRow, treeRows } from "./tree-rows.ts";
import { UploadList } from "./upload-list.tsx";
import { Uploads } from "./uploads.ts";
import { useFileActions } from "./use-file-actions.ts";
import { useFoundFiles } from "./use-found-files.ts";
import { useRefresh } from "./use-refresh.ts";
import { useThreadRunning } from "./use-thread-running.ts";

export interface FilesViewProps {
  readonly threadId: string;
  /** False while something else is in front. */
  readonly isShown: boolean;
  /** What is to be opened; a new object with each time that somebody asks. */
  readonly file: { readonly path: string } | { readonly isLargest: true } | null;
}

type Asked = { readonly kind: "file" | "folder" } | { readonly kind: "rename"; readonly row: TreeRow };

/** The files of the thread's computer: a tree, and beside it the file that is opened. */
export function FilesView({ threadId, isShown, file }: FilesViewProps) {
  const client = useFilesClient(threadId);
  const isOnline = useOnline();
  const sandbox = useSandbox(threadId) ?? null;
  const folders = useMemo(() => new FolderStore(client.list), [client]);
  const uploads = useMemo(() => {
    const trash = new Trash(client);
    return new Uploads(
      client,
      () => trash.place(Date.now()),
      () => void folders.refresh(),
    );
  }, [client, folders]);
  useEffect(() => {
    if (isOnline) uploads.resumeCutOff();
  }, [isOnline, uploads]);
  const downloads = useMemo(() => new Downloads(client), [client]);
  const documents = documentsOf(threadId);
  const state = useSyncExternalStore(folders.subscribe, folders.read);
  const unsaved = useSyncExternalStore(documents.subscribe, documents.changed);
  const marksStore = useMemo(() => new MarksStore(client.gitMarks), [client]);
  const marks = useSyncExternalStore(marksStore.subscribe, marksStore.read);
  const refresh = useCallback(
    () => Promise.all([folders.refresh(), marksStore.refresh()]).then(() => undefined),
    [folders, marksStore],
  );
  useRefresh(refresh, isShown && isOnline, useThreadRunning(threadId), runningStart(sandbox));

  const [current, setCurrent] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState<Asked | null>(null);
  const [removing, setRemoving] = useState<Removing | null>(null);
  const [isWeighing, setIsWeighing] = useState(false);
  const search = useFoundFiles(client, query);

  const onMoved = useCallback((from: string, to: string | null) => {
    const follow = (path: string | null) => {
      if (path === null || !isWithin(path, from)) return path;
      return to === null ? null : `${to}${path.slice(from.length)}`;
    };
    setCurrent((path) => (from === to ? to : follow(path)));
    setOpened(follow);
  }, []);
  const tree = useRef<HTMLDivElement>(null);
  const wasOpened = useRef(false);
  useEffect(() => {
    if (opened === null && wasOpened.current) tree.current?.focus({ preventScroll: true });
    wasOpened.current = opened !== null;
  }, [opened]);
  const endAsking = () => {
    setAsked(null);
    tree.current?.focus({ preventScroll: true });
  };
  const actions = useFileActions({ client, folders, downloads, documents, onMoved });

  const rows = useMemo(() => treeRows(state.folders, state.expanded), [state.folders, state.expanded]);
  const row = rows.find(({ path }) => path === current) ?? null;
  const folder = row === null ? "" : row.kind === "directory" ? row.path : folderOf(row.path);
  const openedEntry = state.folders.get(folderOf(opened ?? ""))?.find(({ name }) => name === nameOf(opened ?? ""));
  const stamp = openedEntry === undefined ? "" : `${openedEntry.modifiedAt} ${openedEntry.sizeBytes}`;

  const open = (path: string) => {
    if (opened !== null && opened !== path) documents.close(opened);
    documents.open(client, path);
    setOpened(path);
  };
  const close = () => {
    if (opened !== null) documents.close(opened);
    setOpened(null);
  };
  const move = (wanted: TreeMove) => {
    setCurrent(wanted.path);
    if (wanted.kind === "expand") folders.expand(wanted.path);
    if (wanted.kind === "collapse") folders.collapse(wanted.path);
    if (wanted.kind === "open") open(wanted.path);
  };
  const removeNow = async (wanted: TreeRow) => {
    if ((await actions.remove(wanted.path)) === "full") setRemoving({ row: wanted, why: "full" });
  };
  const remove = async (wanted: TreeRow) => {
    if ([...unsaved].some((path) => isWithin(path, wanted.path))) setRemoving({ row: wanted, why: "unsaved" });
    else await removeNow(wanted);
  };
  const rename = (wanted: TreeRow) => setAsked({ kind: "rename", row: wanted });
  const downloadOf = ({ path, kind }: TreeRow): readonly MenuAction[] => {
    if (kind !== "file" && kind !== "directory") return [];
    const label = kind === "file" ? filesTexts.download : filesTexts.downloadFolder;
    return [{ label, icon: <Download />, onSelect: () => void actions.download(path, kind) }];
  };
  const ofAll: MenuAction = {
    label: filesTexts.downloadAll,
    icon: <FolderDown />,
    onSelect: () => void actions.download("", "directory"),
  };
  const weigh: MenuAction = { label: largestTexts.title, icon: <HardDrive />, onSelect: () => setIsWeighing(true) };
  const choose = (path: string, isFolder: boolean) => {
    folders.reveal(path);
    if (isFolder) folders.expand(path);
    else open(path);
    setCurrent(path);
    setQuery("");
    setIsWeighing(false);
  };
  const chooseAsked = useEffectEvent((path: string) => choose(path, false));
  const weighAsked = useEffectEvent(() => {
    setOpened(null);
    setQuery("");
    setIsWeighing(true);
  });
  useEffect(() => {
    if (file === null) return;
    if ("path" in file) chooseAsked(file.path);
    else weighAsked();
  }, [file]);
  const actionsOf = (wanted: TreeRow): readonly MenuAction[] => [
    ...downloadOf(wanted),
    { label: filesTexts.rename, icon: <Pencil />, shortcut: "F2", onSelect: () => rename(wanted) },
    {
      label: filesTexts.remove,
      icon: <Trash2 />,
      tone: "bad",
      shortcut: "Del",
      startsGroup: true,
      onSelect: () => void remove(wanted),
    },
  ];
  const submitName = async (name: string): Promise<string | null> => {
    if (asked === null) return null;
    const problem =
      asked.kind === "rename"
        ? await actions.rename(asked.row.path, name)
        : await (asked.kind === "file" ? actions.makeFile : actions.makeFolder)(folder, name);
    if (problem === null) endAsking();
    return problem;
  };

  if (!state.isListed) {
    if (!isOnline) return <PanelWord icon={<WifiOff />}>{filesTexts.offline}</PanelWord>;
    if (state.failure !== null) {
      return (
        <PanelWord icon={<CircleAlert />}>
          <p role="alert">
            {filesTexts.failed} {fileErrorText(state.failure)}
          </p>
          <Button onClick={() => void folders.refresh()}>{filesTexts.retry}</Button>
        </PanelWord>
      );
    }
    return (
      <PanelWord icon={<LoaderCircle className="animate-turn" />}>
        <p role="status">{sandbox?.status === "starting" ? startSentence(sandbox) : filesTexts.loading}</p>
      </PanelWord>
    );
  }

  const openedFile = opened === null ? undefined : documents.find(opened);
  return (
    <DropArea folder={folder} onFiles={(files) => uploads.add(folder, files)}>
      <div className="files-side" data-beside={openedFile === undefined ? undefined : ""}>
        <FilesToolbar
          query={query}
          onQuery={setQuery}
          onMake={(kind) => setAsked({ kind })}
          onFiles={(files) => uploads.add(folder, files)}
          onRefresh={() => void refresh()}
          menu={
            row === null
              ? { label: filesTexts.moreOfAll, actions: [ofAll, weigh] }
              : {
                  label: filesTexts.more(visibleText(row.name)),
                  actions: [...actionsOf(row), { ...ofAll, startsGroup: true }, weigh],
                }
          }
        />
        {asked === null ? null : (
          <NameForm
            key={asked.kind}
            label={
              asked.kind === "rename"
                ? filesTexts.name
                : asked.kind === "file"
                  ? filesTexts.newFile
                  : filesTexts.newFolder
            }
            initial={asked.kind === "rename" ? asked.row.name : ""}
            submit={asked.kind === "rename" ? filesTexts.rename : filesTexts.create}
            onSubmit={submitName}
            onClose={endAsking}
          />
        )}
        <FilesWarning
          isOnline={isOnline}
          sentence={state.failure === null ? null : fileErrorText(state.failure)}
          onRetry={folders.refresh}
        />
        {query.trim() !== "" ? (
          <FoundList search={search} onChoose={choose} />
        ) : isWeighing ? (
          <LargestList
            {...{ threadId, client }}
            onChoose={choose}
            onRemove={remove}
            onClose={() => setIsWeighing(false)}
          />
        ) : rows.length === 0 ? (
          <p className="files-hint">{filesTexts.empty}</p>
        ) : (
          <FileTree
            ref={tree}
            rows={rows}
            current={current}
            opened={opened}
            unsaved={unsaved}
            marks={marks}
            actionsOf={actionsOf}
            onMove={move}
            onRename={rename}
            onRemove={(wanted) => void remove(wanted)}
          />
        )}
        <UploadList uploads={uploads} />
        <DownloadList downloads={downloads} />
      </div>
      {openedFile === undefined ? null : (
        <FileView
          key={opened}
          file={openedFile}
          client={client}
          stamp={stamp}
          onDownload={(path) => void actions.download(path, "file")}
          onClose={close}
        />
      )}
      <RemoveDialog
        removing={removing}
        onConfirm={({ row: wanted, why }) =>
          void (why === "full" ? actions.removeForGood(wanted.path) : removeNow(wanted))
        }
        onClose={() => setRemoving(null)}
      />
    </DropArea>
  );
}
