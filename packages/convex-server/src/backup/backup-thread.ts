/** Takes one backup in a thread of its own: the server answers meanwhile. */
import { parentPort, workerData } from "node:worker_threads";
import { takeBackup } from "./take-backup.ts";

parentPort?.postMessage(takeBackup(workerData));
