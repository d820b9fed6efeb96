/**
 * One attempt to get out of a jail, as data. `probe` is a Perl program (Perl is part of every Debian) that prints
 * `ESCAPED …` or `CONTAINED …`; it is harmless where it succeeds, because it also runs in a jail that holds nothing.
 */
export interface EscapeRow {
  /** Row of the security programme. */
  readonly id: "A49" | "A50" | "A51" | "A52" | "A53" | "A55" | "A56" | "A57";
  readonly name: string;
  readonly probe: string;
  /**
   * Whether a naive jail must show the hole: always, only where the host runs as root, or depending on the kernel
   * and its settings (then its answer is not judged).
   */
  readonly isOpenInNaive: "always" | "asRoot" | "depends";
  /**
   * The jail holds this only where the machine allows the means; where not, the host says so. `jail`: only there are the files
   * of the machine's own system seen at all, a container has those of its image.
   */
  readonly needs?: "controlGroups" | "diskImages" | "root" | "jail";
}

/** What a probe learns about the host that it attacks, as `$host{...}`. */
export interface EscapeTargets {
  /** A TCP port on the host's loopback that answers. */
  readonly tcpPort: number;
  /** Name of an abstract Unix socket of the host that answers, without the leading NUL. */
  readonly abstractSocket: string;
  /** A process of the host. */
  readonly pid: number;
  /** Value of the environment variable THREADBOX_CANARY of the host process. */
  readonly canary: string;
  /** Name of the folder that holds the host's state. */
  readonly statePath: string;
}

/** Starts every probe. `filtered` judges a system call: an error other than EPERM or ENOSYS came from its own code. */
const prelude = `
$| = 1;
sub escaped { print "ESCAPED @_\\n"; exit 0 }
sub contained { print "CONTAINED @_\\n"; exit 0 }
sub filtered {
  my ($result) = @_;
  my $errno = $! + 0;
  escaped("result $result") if $result >= 0;
  contained("errno $errno") if $errno == 1 || $errno == 38;
  escaped("the kernel answered with errno $errno");
}
sub slurp { open(my $file, "<", $_[0]) or return ""; local $/; my $text = <$file>; return defined $text ? $text : "" }
`;

export const probeProgram = (row: EscapeRow, targets: EscapeTargets): string => {
  const host = Object.entries(targets).map(([name, value]) => `${name} => ${JSON.stringify(value)}`);
  return `${prelude}my %host = (${host.join(", ")});\n${row.probe}\ncontained("nothing happened");\n`;
};

export type Verdict = "escaped" | "contained" | "unclear";

export const verdictOf = (output: string): Verdict => {
  const [, word] = output.match(/^(ESCAPED|CONTAINED)\b/m) ?? [];
  if (word === undefined) return "unclear";
  return word === "ESCAPED" ? "escaped" : "contained";
};
