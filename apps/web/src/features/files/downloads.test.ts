import { expect, test } from "vitest";
import { Downloads } from "./downloads.ts";
import type { Downloaded } from "./files-client.ts";

const whole: Downloaded = { bytes: new Blob(["abc"]), leftOut: 0 };

test("a download is listed with how far it is for as long as it lasts", async () => {
  let finish: (downloaded: Downloaded) => void = () => undefined;
  const downloads = new Downloads({
    download: (_path, _kind, onReceived) => {
      onReceived(1, 3);
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  });
  const fetched = downloads.fetch("a", "directory", "a.zip");
  expect(downloads.read()).toEqual([{ id: 1, name: "a.zip", receivedBytes: 1, sizeBytes: 3 }]);
  finish(whole);
  expect(await fetched).toBe(whole);
  expect(downloads.read()).toEqual([]);
});

test("one that is cancelled is no failure, one that breaks off is", async () => {
  const downloads = new Downloads({
    download: (path, _kind, _onReceived, signal) =>
      new Promise((_, reject) => {
        if (path === "broken") reject(new TypeError("broken off"));
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  const cancelled = downloads.fetch("a", "file", "a");
  downloads.cancel(1);
  expect(await cancelled).toBeNull();
  await expect(downloads.fetch("broken", "file", "broken")).rejects.toThrow("broken off");
  expect(downloads.read()).toEqual([]);
});
