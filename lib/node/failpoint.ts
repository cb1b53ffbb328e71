import { type Failpoint, type FailpointName, failpointNames, withFaults } from '../failpoint.js';
import { type ReadSetting, unusableSetting } from './settings.js';

/** PORTOLAN_FAILPOINT, parsed. */
export interface FailpointSetting {
  readonly name: FailpointName;
  /** It happens when the point is reached for this time. */
  readonly count: number;
  readonly action: FailpointAction;
}

/** `fault`: what the point itself stands for. */
export type FailpointAction = 'kill' | 'stop' | 'fault';

/** null: none is set, and none of it costs anything. Throws BadInputError that names what may be set. */
export function readFailpoint(read: ReadSetting): FailpointSetting | null {
  const text = read('PORTOLAN_FAILPOINT');
  if (text === null) return null;
  const [, given, count, action] = /^([A-Za-z]+):([1-9][0-9]*)(?::(kill|stop|fault))?$/.exec(text) ?? [];
  const name = failpointNames.find((known) => known === given);
  const hasFault = name !== undefined && withFaults.has(name);
  if (name === undefined || (action === 'fault' && !hasFault)) {
    throw unusableSetting(
      'PORTOLAN_FAILPOINT',
      `"${text}" is not one`,
      `Give a point and a count: afterApply:3, or afterApply:3:stop. The points are ${failpointNames.join(', ')}.`,
    );
  }
  return {
    name,
    count: Number(count),
    action: (action as FailpointAction | undefined) ?? (hasFault ? 'fault' : 'kill'),
  };
}

/**
 * Ends this process as `kill -9` would when a point is reached for the n-th time, nothing being cleaned up or told; or
 * stops it there, as a machine that is suspended does, until it is sent SIGCONT; or says that the fault is to happen.
 */
export function createFailpoint({ name, count, action }: FailpointSetting): Failpoint {
  let left = count;
  return (reached) => {
    if (reached !== name || --left !== 0) return false;
    if (action === 'fault') return true;
    process.kill(process.pid, action === 'stop' ? 'SIGSTOP' : 'SIGKILL');
    return false;
  };
}
