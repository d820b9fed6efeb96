import { readFileSync } from "node:fs";
import { takeOver } from "@threadbox/hostile-opencode/take-over";
import type { Directive } from "../harness/directive.ts";
import type { ChatClient } from "./chat-client.ts";
import type { Product } from "./product.ts";

/** What its thread is asked before and after: enough to see that it answers. */
const plain: Directive = { tokens: 10, firstMs: 1, everyMs: 1 };
const recoveriesMax = 20;

const commandLineOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
};

/** Ids of the OpenCode servers of a running product. */
export const openCodeServers = (product: Product): readonly number[] =>
  product.family("sandbox-host").filter((pid) => /opencode\S* serve/.test(commandLineOf(pid)));

/** A thread in whose sandbox a program can take OpenCode's place. */
export class AttackedThread {
  readonly #product: Product;
  readonly #client: ChatClient;
  readonly #others: ReadonlySet<number>;

  /** `others`: OpenCode servers that stay what they are. */
  constructor(product: Product, client: ChatClient, others: readonly number[]) {
    this.#product = product;
    this.#client = client;
    this.#others = new Set(others);
  }

  /** Prompts a hostile program, does something beside it, and brings the thread back to where it was. */
  async during<Result>(program: string, doBeside: () => Promise<Result>): Promise<Result> {
    const server = openCodeServers(this.#product).find((pid) => !this.#others.has(pid));
    if (server === undefined) throw new Error("The attacked thread has no OpenCode.");
    const end = await takeOver(server, program);
    const turn = this.#client.prompt(plain).then(
      () => "answered",
      () => "failed",
    );
    try {
      return await doBeside();
    } finally {
      end();
      await turn;
      await this.#recover();
    }
  }

  /** A turn that keeps its thread as busy as a lawful one can be. */
  async whileBusy<Result>(doBeside: () => Promise<Result>): Promise<Result> {
    const turn = this.#client.prompt({ tokens: 4_000, firstMs: 1, everyMs: 1 });
    const result = await doBeside();
    await turn;
    return result;
  }

  async #recover(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.prompt(plain);
        return;
      } catch (error) {
        if (attempt === recoveriesMax) throw error;
      }
    }
  }
}
