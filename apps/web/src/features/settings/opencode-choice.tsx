import { api } from "@threadbox/convex/_generated/api";
import { OnOffButton } from "@threadbox/ui/on-off-button";
import { useConvexAuth, useMutation, useQuery } from "convex/react";
import { useState } from "react";
import { settingsTexts } from "./texts.ts";

/** Turns OpenCode's page on or off in all threads; shows what Convex says, and what was just chosen until it does. */
export function OpenCodeChoice() {
  const { isAuthenticated } = useConvexAuth();
  const me = useQuery(api.users.me, isAuthenticated ? {} : "skip");
  const turn = useMutation(api.users.setOpenCode).withOptimisticUpdate((store, { isOn }) => {
    const known = store.getQuery(api.users.me, {});
    if (known === undefined || known === null) return;
    const { isOpenCodeOff: _, ...user } = known;
    store.setQuery(api.users.me, {}, isOn ? user : { ...user, isOpenCodeOff: true });
  });
  const [hasFailed, setHasFailed] = useState(false);
  const isOn = me?.isOpenCodeOff !== true;
  const choose = () =>
    turn({ isOn: !isOn }).then(
      () => setHasFailed(false),
      () => setHasFailed(true),
    );
  return (
    <>
      {hasFailed ? (
        <span role="alert" className="text-bad text-compact">
          {settingsTexts.notChanged}
        </span>
      ) : null}
      <OnOffButton isOn={isOn} disabled={me === undefined} onClick={() => void choose()} />
    </>
  );
}
