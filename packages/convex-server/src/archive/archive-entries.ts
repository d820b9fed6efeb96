/** The files of an exported snapshot, as Convex names them. A folder around all of them is of no account. */

/** Which tables there are, and the number that their ids have. */
export const tablesTable = "_tables";

export const documentsEntry = (table: string): string => `${table}/documents.jsonl`;
export const encodingEntry = (table: string): string => `${table}/generated_schema.jsonl`;
/** Of `encodingEntry`: the values are in the encoding of `archive-values.ts`. */
export const uniformEncoding = "uniform";
export const fileEntry = (id: string): string => `_storage/${id}`;

/** What a file of a snapshot holds; null: nothing that is read. */
export type ArchivePart =
  | { readonly kind: "documents" | "encoding"; readonly table: string }
  | { readonly kind: "file"; readonly id: string };

/** Throws for what belongs to a component. */
export const partOf = (name: string): ArchivePart | null => {
  if (/(?:^|\/)_components\//.test(name))
    throw new Error(`${name} belongs to a component; this server has no components.`);
  const [, table, kind] = /(?:^|\/)([^/]+)\/(documents|generated_schema)\.jsonl$/.exec(name) ?? [];
  if (table !== undefined) return { kind: kind === "documents" ? "documents" : "encoding", table };
  const id = /(?:^|\/)_storage\/([^/.]+)(?:\.[^/]+)?$/.exec(name)?.[1];
  return id === undefined ? null : { kind: "file", id };
};

export const readme = `# A snapshot of a Convex deployment

\`<table>/documents.jsonl\` has a document in each line, \`_storage\` the stored files. Scheduled functions aren't part of it.
\`npx convex import\` takes this file into a deployment of Convex Cloud or a self-hosted one.
`;
