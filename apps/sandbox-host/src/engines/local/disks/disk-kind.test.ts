import { expect, test } from "vitest";
import { decideDisk } from "./disk-kind.ts";

const fresh = { hasImage: false, hasFolder: false, canMount: true, wantsImage: true };

test("a new disk is an image wherever one can be mounted, unless folders are asked for", () => {
  expect(decideDisk(fresh)).toBe("image");
  expect(decideDisk({ ...fresh, canMount: false })).toBe("folder");
  expect(decideDisk({ ...fresh, wantsImage: false })).toBe("folder");
});

test("a disk stays what it was made as", () => {
  expect(decideDisk({ ...fresh, hasFolder: true })).toBe("folder");
  expect(decideDisk({ ...fresh, hasImage: true, wantsImage: false })).toBe("image");
});

test("an image that cannot be mounted is never replaced by an empty folder", () => {
  expect(decideDisk({ ...fresh, hasImage: true, hasFolder: true, canMount: false })).toBeUndefined();
});
