import { stringify } from 'yaml';
import { afterCrash, cannotPull, completed, failed, pullBackOff, starting } from './pod-status.js';

/*
 * What kwok plays in place of kubelets. A pod that has a node goes through these states:
 *
 *   new --> running and ready; stays, or, owned by a Job, succeeds
 *   new --> ErrImagePull --> ImagePullBackOff; stays                    an image contains does-not-exist
 *   new --> exit 1 --> CrashLoopBackOff, again and again                an image contains crash-loop
 *   new --> exit 1 --> Failed                                           the same, with restartPolicy Never
 *   new --> running, never ready; stays, even when owned by a Job       an image contains never-ready
 *   any --> gone                                                        when it is deleted
 *
 * kwok takes one of all stages that match at random, so no two may match the same pod: keep the selectors disjoint.
 */

export const imageMarks = { cannotPull: 'does-not-exist', crashes: 'crash-loop', neverReady: 'never-ready' } as const;

/** Long enough that a watcher sees the state before, short enough that a test does not wait. */
const shortMs = 200;
/** The kubelet's first back-off. */
const crashBackOffMs = 10_000;

type Expression = { readonly key: string; readonly operator: string; readonly values?: readonly string[] };

const isNew: Expression = { key: '.status.podIP', operator: 'DoesNotExist' };
const isNotDeleted: Expression = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const isRunning = oneOf('.status.phase', 'Running');
const hasExited = oneOf('.status.containerStatuses[]?.state.terminated.reason', 'Error');

/** Our stages, as a configuration file of kwok: without any it refuses to start. */
export function stagesFile(): string {
  const documents = [
    nodeStage(),
    podStage('pod-starts', [isNew, hasImage(imageMarks.cannotPull, false)], starting(imageMarks)),
    podStage('pod-cannot-pull', [isNew, hasImage(imageMarks.cannotPull, true)], cannotPull(imageMarks)),
    podStage('pod-backs-off-pull', [waitsFor('ErrImagePull')], pullBackOff(), shortMs),
    podStage('pod-backs-off-crash', [isRunning, hasExited, restarts(true)], afterCrash(), shortMs),
    podStage('pod-crashes-again', [isRunning, waitsFor('CrashLoopBackOff')], afterCrash(), crashBackOffMs),
    podStage('pod-fails', [isRunning, hasExited, restarts(false)], failed(), shortMs),
    podStage(
      'pod-completes',
      [
        isRunning,
        oneOf('.metadata.ownerReferences[]?.kind', 'Job'),
        hasImage(imageMarks.crashes, false),
        hasImage(imageMarks.neverReady, false),
      ],
      completed(),
      shortMs,
    ),
    stage('pod-goes', 'Pod', [{ ...isNotDeleted, operator: 'Exists' }], { finalizers: { empty: true }, delete: true }),
  ];
  return documents.map((document) => stringify(document)).join('---\n');
}

function nodeStage(): object {
  const isNotReady: Expression = {
    key: '.status.conditions[]? | select(.type == "Ready") | .status',
    operator: 'NotIn',
    values: ['True'],
  };
  const statusTemplate = `conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
{{ end }}
`;
  return stage('node-is-ready', 'Node', [isNotReady], { statusTemplate });
}

function podStage(name: string, conditions: readonly Expression[], statusTemplate: string, delayMs = 0): object {
  return stage(name, 'Pod', [isNotDeleted, ...conditions], { statusTemplate }, delayMs);
}

function stage(name: string, kind: string, when: readonly Expression[], next: object, delayMs = 0): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions: when },
      ...(delayMs > 0 && { delay: { durationMilliseconds: delayMs } }),
      next,
    },
  };
}

function hasImage(mark: string, isThere: boolean): Expression {
  return {
    key: `.spec.containers[].image | select(contains("${mark}"))`,
    operator: isThere ? 'Exists' : 'DoesNotExist',
  };
}

function waitsFor(reason: string): Expression {
  return oneOf('.status.containerStatuses[]?.state.waiting.reason', reason);
}

function restarts(does: boolean): Expression {
  return { key: '.spec.restartPolicy', operator: does ? 'NotIn' : 'In', values: ['Never'] };
}

function oneOf(key: string, ...values: readonly string[]): Expression {
  return { key, operator: 'In', values };
}
