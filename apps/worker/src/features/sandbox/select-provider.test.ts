import type { ProviderStates } from "@threadbox/contracts/agents-api";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { describe, expect, test } from "vitest";
import { type ProviderGrounds, type ProviderWish, selectProvider } from "./select-provider.ts";

const ids = ["cloudflare", "docker", "local"] as const satisfies readonly SandboxProviderId[];

/** Where those can be had and no others. */
const having = (...had: readonly SandboxProviderId[]): ProviderStates =>
  Object.fromEntries(
    ids.map((id) => [id, had.includes(id) ? { available: true } : { available: false, reason: `No ${id}` }]),
  ) as unknown as ProviderStates;

const select = (
  wish: ProviderWish,
  states: ProviderStates,
  preferred: ProviderGrounds["preferred"] = "auto",
): string | undefined => {
  const selected = selectProvider(wish, { states, preferred });
  return "provider" in selected ? selected.provider : selected.refusal;
};

describe("where a sandbox runs", () => {
  test.each(ids)("S4.34, S4.35: is the provider that was named: %s", (id) => {
    expect(select({ provider: id }, having(...ids), "local")).toBe(id);
    expect(select({ provider: id, useCase: "quick-task" }, having(...ids))).toBe(id);
  });

  test.each(ids)("S4.38, S4.60: is nowhere else where %s was named and can't be had: that is said", (id) => {
    expect(select({ provider: id }, having(...ids.filter((other) => other !== id)))).toBe(`No ${id}.`);
  });

  test("S4.36: is Cloudflare for a quick task, where that can be had", () => {
    expect(select({ useCase: "quick-task" }, having(...ids), "docker")).toBe("cloudflare");
    expect(select({ useCase: "quick-task" }, having("docker", "local"))).toBe("docker");
  });

  test("S4.37: is Docker for development, where that can be had", () => {
    expect(select({ useCase: "development" }, having(...ids), "cloudflare")).toBe("docker");
    expect(select({ useCase: "development" }, having("cloudflare", "local"))).toBe("cloudflare");
  });

  test("S4.38, T13: is Docker otherwise, else Cloudflare, else this machine", () => {
    expect(select({}, having(...ids))).toBe("docker");
    expect(select({}, having("cloudflare", "local"))).toBe("cloudflare");
    expect(select({}, having("local"))).toBe("local");
  });

  test("is what the installation wishes for, as far as it can be had", () => {
    expect(select({}, having(...ids), "local")).toBe("local");
    expect(select({}, having("docker", "cloudflare"), "local")).toBe("docker");
  });

  test("T13: is nowhere where nothing can be had, and every reason is told once", () => {
    expect(select({}, having())).toBe("No sandbox can be had now. No docker. No cloudflare. No local.");
    expect(select({}, having(), "local")).toBe("No sandbox can be had now. No local. No docker. No cloudflare.");
  });
});
