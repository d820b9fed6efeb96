import { convexToJson, type JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import type { CursorCodec } from "../transaction/cursor.ts";
import { readPage } from "../transaction/pagination.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { Registry } from "./registry.ts";

const prefix = "_system/";

/** Whether a path names a query of the server's own, which Convex's command line asks. */
export const isSystemPath = (path: string): boolean => path.startsWith(prefix);

type Args = Readonly<Record<string, JSONValue>>;

interface PageOptions {
  readonly cursor: string | null;
  readonly numItems: number;
}

const pageOptions = (args: Args): PageOptions => {
  const { cursor = null, numItems = 100 } = (args.paginationOpts ?? {}) as Partial<PageOptions>;
  return { cursor, numItems };
};

const tables = (transaction: Transaction): JSONValue => ({
  page: [...transaction.catalog.tables()].filter(({ name }) => !name.startsWith("_")).map(({ name }) => ({ name })),
  isDone: true,
  continueCursor: "",
});

const tableData = (transaction: Transaction, cursors: CursorCodec, args: Args): string => {
  const { cursor, numItems } = pageOptions(args);
  const tableName = String(args.table);
  if (transaction.catalog.table(tableName) === undefined) {
    throw new Fault("Database", `Table "${tableName}" not found.`);
  }
  const order = args.order === "asc" ? "asc" : "desc";
  const query = { source: { type: "FullTableScan" as const, tableName, order }, operators: [] } as const;
  const page = readPage(transaction, cursors, { query, cursor, endCursor: null, pageSize: numItems });
  const { documents, isDone, continueCursor } = page;
  return `{"page":[${documents.join(",")}],${JSON.stringify({ isDone, continueCursor }).slice(1)}`;
};

/** Answers what needs the database, as text; undefined for any other path. */
export const systemQueryOfData = (
  transaction: Transaction,
  cursors: CursorCodec,
  path: string,
  args: Args,
): string | undefined => {
  if (path === "_system/cli/tables:default") return JSON.stringify(tables(transaction));
  if (path === "_system/cli/tableData:default") return tableData(transaction, cursors, args);
};

/** What the server tells of itself. */
export interface ServerFacts {
  readonly registry: Registry;
  readonly httpRoutes: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly latestExport: () => JSONValue;
}

const capitalized = (kind: string): string => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;

const apiSpec = ({ registry, httpRoutes }: ServerFacts): JSONValue => [
  ...registry.all().map(({ kind, modulePath, exportName, isPublic, args, returns }) => ({
    functionType: capitalized(kind),
    identifier: `${modulePath}.js:${exportName}`,
    visibility: { kind: isPublic ? "public" : "internal" },
    args: { ...args } as JSONValue,
    returns: (returns === null ? { type: "any" } : { ...returns }) as JSONValue,
  })),
  ...httpRoutes.map((route) => {
    const [method = "", path = ""] = route.split(" ");
    return { functionType: "HttpAction", method, path };
  }),
];

/** Answers what needs no database, as text; undefined for any other path. */
export const systemQueryOfServer = (facts: ServerFacts, path: string, args: Args): string | undefined => {
  const variables = Object.entries(facts.env).map(([name, value]) => ({ name, value }));
  switch (path) {
    case "_system/cli/modules:apiSpec":
      return JSON.stringify(convexToJson(apiSpec(facts) as never));
    case "_system/cli/exports:getLatest":
      return JSON.stringify(facts.latestExport());
    case "_system/cli/convexUrl:cloudUrl":
      return JSON.stringify(facts.env.CONVEX_CLOUD_URL ?? null);
    case "_system/cli/convexUrl:siteUrl":
      return JSON.stringify(facts.env.CONVEX_SITE_URL ?? null);
    case "_system/cli/queryEnvironmentVariables:default":
      return JSON.stringify(variables);
    case "_system/cli/queryEnvironmentVariables:get":
      return JSON.stringify(variables.find(({ name }) => name === args.name) ?? null);
  }
  if (path.startsWith("_system/cli/queryImport:"))
    throw notOverApi("An import (use its own: npm run import -- <file.zip>)");
};

/** Of what Convex's command line may ask for and this server does otherwise. */
export const notOverApi = (what: string): Fault =>
  new Fault("Unsupported", `${what} is not done over the embedded server's API.`);
