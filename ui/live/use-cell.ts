import { useSyncExternalStore } from 'react';
import type { Cell } from './cell.js';

export function useCell<Value>(cell: Pick<Cell<Value>, 'get' | 'follow'>): Value {
  return useSyncExternalStore(cell.follow, cell.get);
}
