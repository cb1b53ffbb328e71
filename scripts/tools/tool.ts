/** What can be asked for, and required, by name: everything that one kind of test or demo needs. */
export const toolGroups = ['kubernetes', 'helm', 'terraform', 'redis', 'browser'] as const;
export type ToolGroup = (typeof toolGroups)[number];

export type ToolName =
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'etcd'
  | 'kwok'
  | 'helm'
  | 'terraform'
  | 'redis-server'
  | 'chromium';

/** One program that is not an npm package. */
export interface Tool {
  readonly name: ToolName;
  readonly group: ToolGroup;
  /** The version that a download or a build gives; null where we take only what the machine or its packages have. */
  readonly version: string | null;
  /** Of programs that are already on the machine, these serve: from `atLeast` up to, but not with, `below`. */
  readonly atLeast: string;
  readonly below: string;
  /** What the program may be called on the PATH, best first. */
  readonly commands: readonly string[];
  readonly versionArgs: readonly string[];
}

/** How tools come onto a machine. One recipe can give several tools, which are then built together. */
export interface Recipe {
  readonly name: string;
  readonly gives: readonly ToolName[];
  readonly release: ((tool: ToolName, platform: Platform) => Release | null) | null;
  readonly goBuild: GoBuild | null;
  /** The package's name on Debian and its kin. */
  readonly systemPackage: string | null;
}

/** In Go's words, which the download sites use too: linux or darwin, amd64 or arm64. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** An official download. */
export interface Release {
  readonly url: string;
  /** The path of the program inside a .tar.gz, or null when the download is the program. */
  readonly member: string | null;
  readonly checksumUrl: string;
  /** `text`: a SHA-256 alone, or `sha256sum` lines. `github`: GitHub's description of the release, with digests. */
  readonly checksumFormat: 'text' | 'github';
}

/** A build of packages from the Go module proxy, inside a throw-away module. */
export interface GoBuild {
  readonly module: string;
  readonly version: string;
  /** The package of each tool. */
  readonly packages: Readonly<Partial<Record<ToolName, string>>>;
  /**
   * The published version of the modules that this one replaces by its own folders, or null if it replaces none.
   * `go install` refuses a module with such replacements, so the throw-away module repeats them with this version.
   */
  readonly replacedVersion: string | null;
  /** A `main.go` of ours, where the own main package is in no module that can be had; the recipe has the tool's name. */
  readonly mainSource: string | null;
  readonly ldflags: readonly string[];
  /** Seconds on two cores, shown so that nobody takes a long build for a hang. */
  readonly expectedSeconds: number;
}

export interface ToolFound {
  readonly found: true;
  readonly name: ToolName;
  readonly version: string;
  readonly path: string;
  /** Where it is from, for people: `PATH`, `tools cache (built from Go modules)`. */
  readonly origin: string;
}

export interface ToolMissing {
  readonly found: false;
  readonly name: ToolName;
  /** Why, as a clause without a full stop. */
  readonly reason: string;
}
