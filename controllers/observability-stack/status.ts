import { rollUp } from '../../model/roll-up.js';
import type { ReferenceView, StatusReport } from '../../sdk/resource.js';

/** What to say of a stack: the worst of its services, and where each answers. Pure. */
export function stackStatus(stack: {
  readonly references: readonly ReferenceView[];
  readonly deletionRequestedAt: string | null;
}): StatusReport {
  const services = stack.references.filter(({ kind }) => kind === 'SupportService');
  if (stack.deletionRequestedAt !== null) {
    const gone = { status: 'False', message: '' } as const;
    return {
      health: 'Progressing',
      conditions: [
        { type: 'Ready', reason: 'Terminating', ...gone },
        { type: 'Synced', reason: 'Deleting', ...gone },
      ],
      observed: {},
      outputs: {},
    };
  }
  const parts = services.map(({ name, health }) => ({
    name: `SupportService ${name}`,
    health,
    reason: null,
    message: '',
  }));
  const { health, reason, message } = rollUp(parts, 'part');
  const urlOf = (service: string) => {
    const url = services.find(({ path }) => path === `~${service}`)?.outputs.url?.value;
    return typeof url === 'string' ? url : null;
  };
  const [metricsUrl, logsUrl] = [urlOf('metrics'), urlOf('logs')];
  return {
    health,
    conditions: [
      {
        type: 'Ready',
        status: health === 'Healthy' ? 'True' : health === 'Unknown' ? 'Unknown' : 'False',
        reason,
        message,
      },
      { type: 'Synced', status: 'True', reason: 'InSync', message: '' },
    ],
    observed: {},
    outputs: { ...(metricsUrl !== null && { metricsUrl }), ...(logsUrl !== null && { logsUrl }) },
  };
}
