import type { JournalRecord } from '../../drivers/sandbox/journal.js';
import { objectTitle } from '../world-history.js';
import type { Invariant } from './invariant.js';

/** What people made before Portolan came is taken over and let go again, and only people delete it. */
export function createAdoptedStays(): Invariant {
  return {
    title: 'what was taken over is never deleted',
    onWorld(record, { byHand }) {
      const going = goingOf(record);
      const uid = going?.metadata.uid ?? '';
      if (!going || !byHand.made.has(uid) || byHand.deleted.has(uid)) return [];
      return [`${objectTitle(going)} was there before Portolan, and was deleted`];
    },
  };
}

function goingOf(record: JournalRecord) {
  if ('cloud' in record) return null;
  return record.removed ?? (record.object?.metadata.deletionTimestamp === undefined ? null : record.object);
}
