import type { UsersSecretList } from "@threadbox/contracts/secrets";
import { api as convexApi } from "@threadbox/convex/_generated/api";
import { useQuery } from "convex/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import type { SecretsApi } from "./secrets-api.ts";
import type { OwnedSecret } from "./users-columns.tsx";

/** However much goes on with admins' secrets, this list is read no more often than this, in milliseconds. */
const restMs = 1_000;

/** What users keep, as of the last news, with their names as Convex knows them. Null: it isn't known yet. */
export const useUsersSecrets = (api: SecretsApi, find: string, news: unknown) => {
  const [list, setList] = useState<UsersSecretList | null>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const look = useCallback(
    async (isWanted: () => boolean = () => true) => {
      try {
        const found = await api.listOfUsers(find);
        if (!isWanted()) return;
        setList(found);
        setFailure(null);
      } catch (error) {
        if (isWanted()) setFailure(asWireFailure(error, "UpstreamTimeout"));
      }
    },
    [api, find],
  );
  const lookedAt = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: news is why the list is read again
  useEffect(() => {
    let isGone = false;
    const wait = Math.max(0, lookedAt.current + restMs - Date.now());
    const timer = setTimeout(() => {
      lookedAt.current = Date.now();
      void look(() => !isGone);
    }, wait);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [look, news]);
  const userIds = useMemo(
    () =>
      [...new Set(list?.secrets.flatMap(({ scope }) => (scope.kind === "user" ? [scope.userId] : [])) ?? [])].sort(),
    [list],
  );
  const named = useQuery(convexApi.users.named, userIds.length === 0 ? "skip" : { userIds });
  const secrets = useMemo(() => {
    const owners = new Map(named?.map((user) => [user.userId, user]));
    return list?.secrets.map((secret): OwnedSecret => {
      const owner = secret.scope.kind === "user" ? owners.get(secret.scope.userId) : undefined;
      return { ...secret, owner: owner ?? null };
    });
  }, [list, named]);
  return { secrets: secrets ?? null, isCut: list?.isCut ?? false, failure, look };
};
