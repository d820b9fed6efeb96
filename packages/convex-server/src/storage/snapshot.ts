import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Catalog } from "./catalog.ts";
import { connectionSettings } from "./database.ts";
import { Documents } from "./documents.ts";

/**
 * The database as one thread reads it, through a connection of its own. Between `begin` and `end` all of it is of one
 * moment, however much is committed meanwhile.
 */
export class Snapshot {
  readonly catalog: Catalog;
  readonly committed: Documents;
  readonly #connection: DatabaseSync;
  readonly #versions: StatementSync;
  #catalogVersion: unknown = null;
  #isHeld = false;

  constructor(path: string) {
    this.#connection = new DatabaseSync(path, { readOnly: true });
    this.#connection.exec(connectionSettings);
    this.#versions = this.#connection.prepare(
      `SELECT (SELECT value FROM meta WHERE key = 'latest_ts') AS latest,
              (SELECT value FROM meta WHERE key = 'catalog_version') AS catalog`,
    );
    this.#versions.setReadBigInts(true);
    this.catalog = new Catalog(this.#connection);
    this.committed = new Documents(this.#connection, this.catalog);
  }

  /** Returns the timestamp of the last commit that is seen. */
  begin(): bigint {
    if (!this.#connection.isTransaction) this.#connection.exec("BEGIN");
    const { latest, catalog } = this.#versions.get() ?? {};
    if (catalog !== this.#catalogVersion) {
      this.catalog.reload();
      this.#catalogVersion = catalog;
    }
    return typeof latest === "bigint" ? latest : 0n;
  }

  end(): void {
    if (!this.#isHeld && this.#connection.isTransaction) this.#connection.exec("COMMIT");
  }

  /** Stays at the moment of the next `begin` until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.end();
  }
}
