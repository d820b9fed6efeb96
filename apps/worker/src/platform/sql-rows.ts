export type SqlRow = Record<string, SqlStorageValue>;

/** Asks a Durable Object's SQLite; answers with all rows at once. */
export type SqlRows = (query: string, ...bindings: SqlStorageValue[]) => SqlRow[];

export const sqlRows =
  (sql: SqlStorage): SqlRows =>
  (query, ...bindings) =>
    sql.exec(query, ...bindings).toArray();
