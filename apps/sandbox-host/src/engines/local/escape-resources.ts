import type { SandboxLimits } from "../../config.ts";
import type { EscapeRow } from "./escape-row.ts";

/** Small, so that going past them is quick and does no harm where nothing stops it. */
export const escapeLimits: SandboxLimits = { memoryMib: 128, pids: 48, cpus: 1, tmpfsMib: 16, fileMib: 32 };

/** Rows for what one sandbox may use up. Each goes a bounded way past `escapeLimits`. */
export const resourceRows: readonly EscapeRow[] = [
  {
    id: "A55",
    name: "more processes than allowed",
    probe: `
      my @children;
      for (1 .. 150) {
        my $child = fork();
        if (!defined $child) { kill("KILL", @children); contained(scalar(@children) . " processes") }
        if ($child == 0) { sleep(60); exit 0 }
        push @children, $child;
      }
      kill("KILL", @children);
      escaped("150 processes");`,
    isOpenInNaive: "always",
  },
  {
    id: "A55",
    name: "more memory than allowed",
    probe: `
      my $size = 256 * 1024 * 1024;
      my $child = fork();
      if ($child == 0) { my $memory = "x" x $size; exit 0 }
      waitpid($child, 0);
      $? == 0 ? escaped("256 MiB") : contained("killed by signal " . ($? & 127));`,
    isOpenInNaive: "always",
    needsControlGroups: true,
  },
  ...["/tmp", "/dev/shm"].map(
    (folder): EscapeRow => ({
      id: "A55",
      name: `more bytes in ${folder} than allowed`,
      probe: `
        open(my $file, ">", "${folder}/fill") or contained("$!");
        my $chunk = "x" x (1024 * 1024);
        for my $written (1 .. 24) {
          next if defined syswrite($file, $chunk) && -s "${folder}/fill" >= $written * 1024 * 1024;
          unlink("${folder}/fill");
          contained("$written MiB: $!");
        }
        unlink("${folder}/fill");
        escaped("24 MiB");`,
      isOpenInNaive: "always",
    }),
  ),
  {
    id: "A55",
    name: "a sparse file of ten gigabytes",
    probe: `
      $SIG{XFSZ} = "IGNORE";
      open(my $file, ">", "sparse") or die;
      my $isDone = truncate($file, 10 * 1024 * 1024 * 1024);
      my $error = "$!";
      unlink("sparse");
      $isDone ? escaped("10 GB") : contained($error);`,
    isOpenInNaive: "always",
  },
  {
    id: "A55",
    name: "a core dump in the workspace",
    probe: `
      require POSIX;
      my $child = fork();
      if ($child == 0) { kill("ABRT", $$); sleep(5); exit 0 }
      waitpid($child, 0);
      $? & 128 ? escaped("dumped") : contained("no dump");`,
    isOpenInNaive: "depends",
  },
];
