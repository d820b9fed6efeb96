import type { ModelDescription } from "@threadbox/contracts/model";
import { type WorkerAnswers, workerApi } from "@threadbox/contracts/worker-api";
import { useEffect, useState } from "react";
import { pageConfig } from "../../../lib/request.ts";

let asked: Promise<ModelDescription> | undefined;

const ask = async (): Promise<ModelDescription> => {
  const response = await fetch(`${pageConfig().workerUrl}${workerApi.model.path}`);
  if (!response.ok) throw new Error(`The worker answered ${response.status}.`);
  const { provider, id, label }: WorkerAnswers["model"] = await response.json();
  return { provider, id, label };
};

/** Which model answers in this installation; null until the worker has said so. It is asked once per page load. */
export const useModel = (): ModelDescription | null => {
  const [model, setModel] = useState<ModelDescription | null>(null);
  useEffect(() => {
    let isGone = false;
    asked ??= ask();
    asked.then(
      (described) => {
        if (!isGone) setModel(described);
      },
      () => {
        asked = undefined;
      },
    );
    return () => {
      isGone = true;
    };
  }, []);
  return model;
};
