import { beginningId } from "@threadbox/contracts/point-limits";
import type { PointChanges, ThreadPoint } from "@threadbox/contracts/points";
import { useCallback, useEffect, useState } from "react";
import type { PointsClient } from "./points-client.ts";

/** What is to be restored: a point, or the files as they were before a message. */
export type RestoreSubject =
  | { readonly kind: "point"; readonly point: ThreadPoint }
  | { readonly kind: "beginning" }
  | { readonly kind: "before"; readonly messageId: string };

export type Comparison =
  | { readonly kind: "comparing" | "failed" | "notKept" }
  | {
      readonly kind: "known";
      readonly pointId: string;
      /** Milliseconds since 1970; absent for the beginning. */
      readonly at?: number;
      readonly changes: PointChanges;
      /** Commands that a restart would end. */
      readonly running: readonly string[];
    };

const find = async (client: PointsClient, subject: RestoreSubject, signal: AbortSignal) => {
  if (subject.kind === "point") return { id: subject.point.id, at: subject.point.at };
  if (subject.kind === "beginning") return { id: beginningId };
  const { points, before = null } = await client.list(signal, subject.messageId);
  if (before === null) return null;
  return points.find(({ id }) => id === before) ?? { id: before };
};

const compare = async (client: PointsClient, subject: RestoreSubject, signal: AbortSignal): Promise<Comparison> => {
  const point = await find(client, subject, signal);
  if (point === null) return { kind: "notKept" };
  const [changes, running] = await Promise.all([
    client.compare(point.id, signal),
    client.running(signal).then(
      ({ commands }) => commands.map(({ command }) => command),
      () => [],
    ),
  ]);
  const at = "at" in point ? { at: point.at } : {};
  return { kind: "known", pointId: point.id, ...at, changes, running };
};

/** How the thread's files differ from what is to be restored, looked at when it is asked for and again by `again`. */
export const useComparison = (client: PointsClient, subject: RestoreSubject, isWanted: boolean) => {
  const [state, setState] = useState<Comparison>({ kind: "comparing" });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks begins anew
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    setState({ kind: "comparing" });
    compare(client, subject, control.signal).then(setState, () => {
      if (!control.signal.aborted) setState({ kind: "failed" });
    });
    return () => control.abort();
  }, [client, subject, isWanted, asked]);
  const again = useCallback(() => setAsked((count) => count + 1), []);
  return { state, again };
};
