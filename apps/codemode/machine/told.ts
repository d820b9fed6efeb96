/** What happened to the processes that run programs, for the log. */
export interface Told {
  readonly event: "codemode.started" | "codemode.killed" | "codemode.ended" | "codemode.said";
  readonly detail: string;
}

export type Tell = (told: Told) => void;
