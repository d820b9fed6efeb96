import type { ModelDescription } from "@threadbox/contracts/model";
import { useEffect, useState } from "react";
import { pageConfig } from "../../lib/request.ts";

let asked: Promise<ModelDescription> | undefined;

const ask = async (): Promise<ModelDescription> => {
  const response = await fetch(`${pageConfig().workerUrl}/api/model`);
  if (!response.ok) throw new Error(`The worker answered ${response.status}.`);
  const { provider, id, label }: ModelDescription = await response.json();
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
