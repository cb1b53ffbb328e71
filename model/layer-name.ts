/** Managers whose names begin so are layers: a field that one of them filled is anybody's to state. People cannot use such names. */
export const layerPrefix = 'layer:';

export function isLayer(manager: string): boolean {
  return manager.startsWith(layerPrefix);
}

/** Whether a field of `owner` is that of somebody else whose word counts. */
export function isOther(owner: string | null | undefined, manager: string): owner is string {
  return owner != null && owner !== manager && !isLayer(owner);
}
