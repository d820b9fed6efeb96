import { spawn } from "node:child_process";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { createInterface } from "node:readline";
import { hostProgramEnvironment } from "../host-program.ts";
import { keepTail } from "../supervisor-channel.ts";

/** `O_PATH` of Linux, which Node does not name. */
const openPath = 0o10000000;

/** Where images are mounted, in a mount namespace that holds nothing else of interest. */
export const imageMountDirectory = "/run/threadbox-disks";

/** Disk images that are mounted until `close`, or until this process ends in whatever way. */
export interface ImageMounts {
  /** The mount namespace in which they are mounted below `imageMountDirectory`, for `nsenter`. */
  readonly namespace: string;
  /** The root of an image for this process, by a descriptor that is good until `close`. */
  rootOf(name: string): string;
  close(): Promise<void>;
}

/**
 * Mounts images in a mount namespace of their own and stays to keep it. Its standard input ends with the host, however
 * that ends; with the namespace the kernel undoes the mounts, and with them the loop devices.
 */
const holder =
  'mount -t tmpfs -o mode=0700,size=64k threadbox "$1"; cd "$1"; shift; ' +
  'while [ $# -gt 0 ]; do mkdir "$2"; mount -t ext4 -o loop,nosuid,nodev,discard,noinit_itable "$1" "$2"; shift 2; done; ' +
  "echo mounted; exec cat";

/** Rejects with what `mount` said. */
export const mountImages = async (images: Readonly<Record<string, string>>): Promise<ImageMounts> => {
  const pairs = Object.entries(images).flatMap(([name, file]) => [file, name]);
  const command = ["unshare", "--mount", "--", "/bin/sh", "-euc", holder, "sh", imageMountDirectory, ...pairs];
  const [program = "", ...argv] = command;
  const child = spawn(program, argv, { env: hostProgramEnvironment, cwd: "/", stdio: ["pipe", "pipe", "pipe"] });
  const complaint = keepTail(child.stderr, 500);
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((done) => child.once("error", () => done()).once("close", () => done()));
  const roots = new Map<string, fs.FileHandle>();
  const close = async (): Promise<void> => {
    for (const handle of roots.values()) await handle.close();
    roots.clear();
    child.stdin.end();
    await ended;
  };

  const lines = createInterface({ input: child.stdout });
  const isMounted = await Promise.race([
    new Promise<true>((done) => lines.once("line", () => done(true))),
    ended.then(() => false),
  ]);
  if (!isMounted) throw new Error(`A disk image could not be mounted: ${complaint().trim()}`);
  try {
    const flags = openPath | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    for (const name of Object.keys(images)) {
      roots.set(name, await fs.open(`/proc/${child.pid}/root${imageMountDirectory}/${name}`, flags));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    namespace: `/proc/${child.pid}/ns/mnt`,
    rootOf: (name) => {
      const handle = roots.get(name);
      if (handle === undefined) throw new Error("The disk image is not mounted.");
      return `/proc/self/fd/${handle.fd}`;
    },
    close,
  };
};
