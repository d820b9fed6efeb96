/** Something that is started when it is first needed and may be sent away for another. */
export interface Tenant {
  readonly name: string;
  readonly move: { readonly in: () => Promise<void>; readonly out: () => Promise<void> };
}

/** Sees to it that a tenant is in before it is used; `isAlone`: and that no other is in at the same time. */
export class Tenancy {
  readonly #isAlone: boolean;
  readonly #present = new Set<Tenant>();

  constructor({ isAlone }: { readonly isAlone: boolean }) {
    this.#isAlone = isAlone;
  }

  async admit(tenant: Tenant): Promise<void> {
    if (this.#present.has(tenant)) return;
    if (this.#isAlone) await this.clear();
    await tenant.move.in();
    this.#present.add(tenant);
  }

  async clear(): Promise<void> {
    for (const other of this.#present) await other.move.out();
    this.#present.clear();
  }
}
