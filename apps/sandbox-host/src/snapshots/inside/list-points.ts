/** `node list-points.ts <most>`: standard input is restic's list of snapshots, standard output the newest of them as points. */
import { text } from "node:stream/consumers";

interface Snapshot {
  readonly id: string;
  readonly time: string;
  readonly tags?: readonly string[];
}

const most = Number(process.argv[2]);
const snapshots = JSON.parse((await text(process.stdin)) || "null") as readonly Snapshot[] | null;
const points = (snapshots ?? []).map(({ id, time, tags = [] }) => {
  const tagged = (name: string): string | undefined =>
    tags.find((tag) => tag.startsWith(`${name}:`))?.slice(name.length + 1);
  // One from before there were tags was made for something, and nobody knows what.
  const after = tagged("after");
  return {
    id,
    at: Date.parse(time),
    cause: tagged("cause") ?? "use",
    ...(after === undefined ? {} : { after }),
    bytes: Number(tagged("bytes") ?? 0),
  };
});
console.log(JSON.stringify(points.toSorted((one, other) => other.at - one.at).slice(0, most)));
