/** What a snapshot was made with and for: `snapshot.json` in the folder of the bundle. */
export interface FittingSnapshot {
  /** Of the bundle: code in the snapshot knows where it lies. */
  readonly folder: string;
  /** The program that made it; no other one can read it. */
  readonly node: { readonly path: string; readonly size: number; readonly mtimeMs: number };
  /** Of V8: its version, its settings and what the processor can do. Node refuses a snapshot that was made otherwise. */
  readonly versionTag: number;
  readonly blobSize: number;
}

/** The path of the snapshot in this folder; null when there is none, or one of another folder, Node or processor. */
export function findSnapshot(folder: string, nodePath: string): string | null {
  const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
  try {
    const blob = `${folder}/snapshot.blob`;
    const made = JSON.parse(readFileSync(`${folder}/snapshot.json`, 'utf8')) as FittingSnapshot;
    const { size, mtimeMs } = statSync(nodePath);
    const isOurs = made.node.path === nodePath && made.node.size === size && made.node.mtimeMs === mtimeMs;
    const isWhole = made.folder === folder && made.blobSize === statSync(blob).size;
    return isOurs && isWhole && made.versionTag === process.getBuiltinModule('node:v8').cachedDataVersionTag()
      ? blob
      : null;
  } catch {
    // There is none, or it is half of one.
    return null;
  }
}
