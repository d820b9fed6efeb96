import type { EscapeRow } from "./escape-row.testing.ts";

const repository = `
  chdir("/workspace") or chdir("/mnt") or die;
  system("rm -rf repository && git init -q repository") == 0 or die "git";
  chdir("repository") or die;
  my $mark = "/tmp/mark-$$";
  sub script { my ($path) = @_; open(my $file, ">", $path) or die; print $file "#!/bin/sh\\ntouch $mark\\n"; close($file); chmod(0755, $path) }
  sub judge { chdir("/"); -e $mark ? escaped("it ran") : contained("it did not run") }
  $ENV{GIT_AUTHOR_NAME} = $ENV{GIT_COMMITTER_NAME} = "a"; $ENV{GIT_AUTHOR_EMAIL} = $ENV{GIT_COMMITTER_EMAIL} = "a\\@example.com";
`;

/** Rows for what a cloned repository tries to run by itself. OpenCode's part is in `repository-trust.test.ts`. */
export const repositoryRows: readonly EscapeRow[] = [
  {
    id: "A57",
    name: "a hook of the repository",
    probe: `${repository}
      script(".git/hooks/post-commit");
      system("git commit -q --allow-empty -m x >/dev/null 2>&1");
      judge();`,
    isOpenInNaive: "always",
  },
  {
    id: "A57",
    name: "a file system monitor named by the repository's configuration",
    probe: `${repository}
      script("monitor.sh");
      system("git config core.fsmonitor ./monitor.sh");
      system("git status >/dev/null 2>&1");
      judge();`,
    isOpenInNaive: "always",
  },
  {
    id: "A49",
    name: "a remote whose address is a command",
    probe: `${repository}
      script("command.sh");
      system("git config protocol.ext.allow always");
      system("git fetch -q 'ext::./command.sh' >/dev/null 2>&1");
      judge();`,
    isOpenInNaive: "always",
  },
];
