/** Writes one archive in a thread of its own: the server answers meanwhile. */
import { parentPort, workerData } from "node:worker_threads";
import { exportArchive } from "./export-archive.ts";

await exportArchive(workerData);
parentPort?.postMessage("done");
