/**
 * Hosts that sandboxes may reach unless an admin or the owner says otherwise: what a developer's tools fetch code and packages from. All of them are public
 * registries and git hosts, and whoever writes there needs an account. Their bytes pass untouched, to a checked public address.
 */
export const standardHosts: readonly string[] = [
  // npm, Yarn, and the headers that native modules are built with.
  "registry.npmjs.org",
  "registry.yarnpkg.com",
  "nodejs.org",
  // PyPI: its index, and where its files lie.
  "pypi.org",
  "files.pythonhosted.org",
  // Rust: the sparse index, the files, and the toolchain.
  "index.crates.io",
  "static.crates.io",
  "crates.io",
  "static.rust-lang.org",
  // Go: modules, their checksums, and the toolchain.
  "proxy.golang.org",
  "sum.golang.org",
  "go.dev",
  "dl.google.com",
  // Ruby, PHP, Java.
  "rubygems.org",
  "index.rubygems.org",
  "repo.packagist.org",
  "packagist.org",
  "repo.maven.apache.org",
  "repo1.maven.org",
  // The distributions of the images that sandboxes have.
  "deb.debian.org",
  "security.debian.org",
  "archive.ubuntu.com",
  "security.ubuntu.com",
  // Git hosts, and where GitHub keeps the files of archives and releases.
  "github.com",
  "api.github.com",
  "codeload.github.com",
  "raw.githubusercontent.com",
  "objects.githubusercontent.com",
  "release-assets.githubusercontent.com",
  "github-cloud.githubusercontent.com",
  "gitlab.com",
  "bitbucket.org",
  "codeberg.org",
];

const known: ReadonlySet<string> = new Set(standardHosts);

export const isStandardHost = (host: string): boolean => known.has(host);
