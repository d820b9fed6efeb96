import type { CommonPolicy, CommonPolicyView } from "@threadbox/contracts/egress-policy";
import type { SecretView } from "@threadbox/contracts/secrets";
import type { Product } from "./product.ts";
import { signIn } from "./viewer.ts";

/** What an admin asks of a running product. */
export class AdminClient {
  readonly #product: Product;
  readonly #accessToken: string;

  private constructor(product: Product, accessToken: string) {
    this.#product = product;
    this.#accessToken = accessToken;
  }

  static async open(product: Product): Promise<AdminClient> {
    return new AdminClient(product, (await signIn(product)).accessToken);
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const { addresses } = this.#product;
    const response = await fetch(`${addresses.worker}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#accessToken}`,
        origin: addresses.app,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async create(secret: object): Promise<SecretView> {
    const body = { scope: { kind: "all" }, reason: "Bench.", ...secret };
    return (await this.#send("POST", "/api/admin/secrets", body)) as SecretView;
  }

  /** Resolves when the new version is accepted. */
  async rotate({ id }: SecretView, expectedVersion: number, value: string): Promise<void> {
    const body = { value, reason: "Bench.", expectedVersion, overlapMinutes: 5, endsWhenAcknowledged: true };
    await this.#send("POST", `/api/admin/secrets/${id}/versions`, body);
  }

  /** Which versions of it may still be used. */
  async usable({ id }: SecretView): Promise<readonly number[]> {
    const { secrets } = (await this.#send("GET", "/api/admin/secrets")) as { secrets: readonly SecretView[] };
    const versions = secrets.find((secret) => secret.id === id)?.versions ?? [];
    return versions.filter(({ state }) => state === "active" || state === "overlap").map(({ version }) => version);
  }

  /** Starts OpenCode and everything beside it again in these threads. */
  async restart(threadIds: readonly string[]): Promise<void> {
    await this.#send("POST", "/api/admin/gateway/restart", { threadIds });
  }

  /** Every public host may be reached from now on. */
  async openEgress(): Promise<void> {
    const { policy } = (await this.#send("GET", "/api/admin/egress-policy")) as CommonPolicyView;
    await this.#send("PUT", "/api/admin/egress-policy", { ...policy, mode: "open" } satisfies CommonPolicy);
  }
}
