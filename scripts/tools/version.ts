/** The first version number in what a program prints, or null. `Kubernetes v1.36.2` is 1.36.2. */
export function parseVersion(output: string): string | null {
  return /\d+\.\d+(?:\.\d+)*/.exec(output)?.[0] ?? null;
}

/** True for `atLeast <= version < below`, part by part as numbers; a part that is not there counts as 0. */
export function isVersionWithin(version: string, atLeast: string, below: string): boolean {
  return compareVersions(version, atLeast) >= 0 && compareVersions(version, below) < 0;
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  if (!a || !b) return 0;
  for (let part = 0; part < Math.max(a.length, b.length); part += 1) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
