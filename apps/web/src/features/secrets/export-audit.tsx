import type { SecretAuditRow } from "@threadbox/contracts/secrets";
import { Button } from "@threadbox/ui/button";
import { useState } from "react";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { auditCsv, auditJson } from "./audit-export.ts";
import { keepFile } from "./keep-file.ts";
import type { SecretsApi } from "./secrets-api.ts";
import { secretAuditTexts as texts } from "./texts.ts";

/** Every row there is, newest first, and where the chain was broken while they were read. */
const readWhole = async (api: SecretsApi) => {
  const rows: SecretAuditRow[] = [];
  let brokenAt: number | null = null;
  let before: number | null = null;
  do {
    const page = await api.audit(before, "", "export");
    rows.push(...page.rows);
    brokenAt ??= page.chain.brokenAt;
    before = page.before;
  } while (before !== null);
  return { rows, brokenAt };
};

interface ExportAuditProps {
  readonly api: SecretsApi;
  readonly onFailure: (failure: WireFailure | null) => void;
}

/** Keeps the whole audit as a file, whatever the page shows of it. */
export function ExportAudit({ api, onFailure }: ExportAuditProps) {
  const [isBusy, setBusy] = useState(false);
  const save = async (kind: "csv" | "json") => {
    setBusy(true);
    onFailure(null);
    try {
      const { rows, brokenAt } = await readWhole(api);
      keepFile("secrets-audit", kind, kind === "csv" ? auditCsv(rows) : auditJson(rows, brokenAt));
    } catch (error) {
      onFailure(asWireFailure(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button disabled={isBusy} onClick={() => void save("csv")}>
        {texts.exportCsv}
      </Button>
      <Button disabled={isBusy} onClick={() => void save("json")}>
        {texts.exportJson}
      </Button>
    </>
  );
}
