import { Fault } from "../../faults.ts";
import type { Snapshot } from "../../storage/snapshot.ts";
import { planVectorSearch, requireSearchable } from "../../transaction/vector-plan.ts";
import type { QueryResult, SearchVectors } from "./messages.ts";

/** Finds what an action asks for, in a thread that reads. Throws what is a mistake of the server. */
export const searchVectors = (snapshot: Snapshot, { query }: SearchVectors): QueryResult => {
  snapshot.begin();
  try {
    const { vectors } = snapshot.committed;
    const plan = planVectorSearch(snapshot.catalog, query);
    requireSearchable(plan.index, vectors.count(plan.index));
    const results = vectors.find(plan).map(({ id, score }) => ({ _id: id, _score: score }));
    return { isSuccess: true, value: JSON.stringify({ results }) };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, message, data } = thrown;
    return { isSuccess: false, refusal: { code, message, data } };
  } finally {
    snapshot.end();
  }
};
