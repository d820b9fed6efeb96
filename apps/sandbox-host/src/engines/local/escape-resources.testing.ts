import type { DiskLimits, SandboxLimits } from "../../config.ts";
import type { EscapeRow } from "./escape-row.testing.ts";

/** Small, so that going past them is quick and does no harm where nothing stops it. */
export const escapeLimits: SandboxLimits = { memoryMib: 128, pids: 48, cpus: 1, tmpfsMib: 16, fileMib: 32 };

export const escapeDisks: DiskLimits = { mib: 64, files: 1_000 };

/** Makes empty files in a folder of the working directory, one after the other, and removes them. */
const flood = (folder: string, count: number): string => `
  my $folder = "${folder}";
  mkdir($folder) or contained("$!");
  my ($made, $error) = (0, "");
  for (1 .. ${count}) { open(my $file, ">", "$folder/$_") or do { $error = "$!"; last }; $made++ }
  unlink(glob("$folder/*")); rmdir($folder);
  $made == ${count} ? escaped("$made files") : contained("$made files: $error");`;

/** Writes files of 24 MiB each and removes them. */
const fill = (folder: string, count: number): string => `
  my ($chunk, $written, $error) = ("x" x (1024 * 1024), 0, "");
  FILE: for my $name (1 .. ${count}) {
    open(my $file, ">", "${folder}/fill-$name") or do { $error = "$!"; last };
    for (1 .. 24) {
      my $size = syswrite($file, $chunk);
      if (!defined $size) { $error = "$!"; last FILE }
      $written += $size;
    }
  }
  unlink(glob("${folder}/fill-*"));
  $error eq "" ? escaped("$written bytes") : contained("$written bytes: $error");`;

/**
 * Fills the buffers of sockets, one after the other, until they hold a hundred MiB. What the kernel holds it says itself,
 * for the whole machine in pages of 4 KiB; the limit in `escapeLimits` is 16 MiB, and a little more for what is on its way.
 */
const fillSockets = (protocol: "TCP" | "UDP", fillOne: string): string => `
  use Socket; use Fcntl;
  my $held = sub { slurp("/proc/net/sockstat") =~ /^${protocol}: .* mem (\\d+)/m ? $1 / 256 : 0 };
  my $child = fork();
  if ($child == 0) {
    my ($before, @keep) = ($held->());
    my $fill = sub {
      my ($socket, $size) = @_;
      fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
      my $chunk = "x" x $size;
      for (1 .. 1000) { last unless defined syswrite($socket, $chunk) }
    };
    for (1 .. 400) { ${fillOne} exit 1 if $held->() - $before > 100 }
    exit 0;
  }
  waitpid($child, 0);
  escaped("more than 100 MiB") if $? == 256;
  contained("ended with $?") if $? == 0 || $? == 9;
  print "the probe itself failed: $?\\n"; exit 0;`;

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
    needs: "controlGroups",
  },
  {
    id: "A55",
    name: "more memory in the buffers of loopback connections than allowed",
    probe: fillSockets(
      "TCP",
      `my ($door, $left, $right);
       socket($door, PF_INET, SOCK_STREAM, 0) && bind($door, sockaddr_in(0, INADDR_LOOPBACK)) && listen($door, 1) or last;
       socket($left, PF_INET, SOCK_STREAM, 0) && connect($left, getsockname($door)) && accept($right, $door) or last;
       $fill->($_, 65536) for $left, $right;
       push @keep, $left, $right;`,
    ),
    isOpenInNaive: "always",
    needs: "controlGroups",
  },
  {
    id: "A55",
    name: "more memory in the buffers of datagram sockets than allowed",
    probe: fillSockets(
      "UDP",
      `socket(my $socket, PF_INET, SOCK_DGRAM, 0) or last;
       setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 1 << 26);
       bind($socket, sockaddr_in(0, INADDR_LOOPBACK)) && connect($socket, getsockname($socket)) or last;
       $fill->($socket, 60000);
       push @keep, $socket;`,
    ),
    isOpenInNaive: "always",
    needs: "controlGroups",
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
  ...(["/tmp", "/dev/shm"] as const).map(
    (folder): EscapeRow => ({
      id: "A55",
      name: `more files in ${folder} than allowed`,
      probe: flood(`${folder}/flood`, 5_000),
      isOpenInNaive: "always",
      needs: "root",
    }),
  ),
  ...(["workspace", "home"] as const).flatMap((disk): readonly EscapeRow[] => {
    // In a naive jail the home is the host's own.
    const isOpenInNaive = disk === "workspace" ? "always" : "depends";
    const folder = disk === "workspace" ? "." : "$ENV{HOME}";
    return [
      {
        id: "A55",
        name: `more small files in the ${disk} than allowed`,
        probe: flood(`${folder}/flood`, 2_000),
        isOpenInNaive,
        needs: "diskImages",
      },
      {
        id: "A55",
        name: `more bytes in the ${disk} than allowed`,
        probe: fill(folder, 4),
        isOpenInNaive,
        needs: "diskImages",
      },
    ];
  }),
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
