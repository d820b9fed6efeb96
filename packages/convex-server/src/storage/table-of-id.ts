import type { TableOfId } from "../functions/validator.ts";
import { decodeDocumentId } from "../values/document-id.ts";
import type { Catalog } from "./catalog.ts";

export const tableOfId =
  (catalog: Catalog): TableOfId =>
  (id) => {
    const decoded = decodeDocumentId(id);
    return decoded === null ? null : (catalog.tableByNumber(decoded.tableNumber)?.name ?? null);
  };
