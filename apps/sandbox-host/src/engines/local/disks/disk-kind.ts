/** `image`: a file system of its own, which is full when it is full. `folder`: a folder that is counted. */
export type DiskKind = "image" | "folder";

export interface DiskQuestion {
  readonly hasImage: boolean;
  readonly hasFolder: boolean;
  readonly canMount: boolean;
  /** Whether new disks are to be images. */
  readonly wantsImage: boolean;
}

/** A disk stays what it was made as; a new one is an image where that works. Undefined: it cannot be opened here. */
export const decideDisk = ({ hasImage, hasFolder, canMount, wantsImage }: DiskQuestion): DiskKind | undefined => {
  if (hasImage) return canMount ? "image" : undefined;
  return canMount && wantsImage && !hasFolder ? "image" : "folder";
};
