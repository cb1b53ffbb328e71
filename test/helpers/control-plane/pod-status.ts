/*
 * Go templates of a pod's status, which kwok applies as a strategic merge patch: containers are merged by name and
 * conditions by type. A merge leaves the old state beside the new one, so every state names the other two as null.
 */

interface ImageMarks {
  readonly cannotPull: string;
  readonly crashes: string;
  readonly neverReady: string;
}

const terminated = (exitCode: number, reason: string) =>
  `{ exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }} }`;
const state = {
  running: 'state: { running: { startedAt: {{ Now | Quote }} }, waiting: null, terminated: null }',
  waiting: (reason: string, message: string) =>
    `state: { waiting: { reason: ${reason}, message: {{ ${message} | Quote }} }, running: null, terminated: null }`,
  terminated: (exitCode: number, reason: string) =>
    `state: { terminated: ${terminated(exitCode, reason)}, running: null, waiting: null }`,
} as const;

const address = `hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") | Quote }}
startTime: {{ Now | Quote }}
`;

/** Init containers have done their work; those that are sidecars run. */
const initContainers = `initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  restartCount: 0
  ready: true
{{ if eq (or .restartPolicy "") "Always" }}
  started: true
  ${state.running}
{{ else }}
  started: false
  ${state.terminated(0, 'Completed')}
{{ end }}
{{ end }}
`;

/** From new to running; containers that crash have already exited, those that are never ready are not. */
export function starting(marks: ImageMarks): string {
  const isBad = `or (contains "${marks.crashes}" .image) (contains "${marks.neverReady}" .image)`;
  return `phase: Running
${address}
{{ $ready := "True" }}
{{ range .spec.containers }}{{ if ${isBad} }}{{ $ready = "False" }}{{ end }}{{ end }}
${conditions('$ready')}
${initContainers}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  restartCount: 0
  ready: {{ not (${isBad}) }}
{{ if contains "${marks.crashes}" .image }}
  started: false
  ${state.terminated(1, 'Error')}
{{ else }}
  started: true
  ${state.running}
{{ end }}
{{ end }}
`;
}

/** From new to the first failed pull. The pod's other containers run. */
export function cannotPull(marks: ImageMarks): string {
  return `phase: Pending
${address}
${conditions('"False"')}
${initContainers}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  restartCount: 0
{{ if contains "${marks.cannotPull}" .image }}
  ready: false
  started: false
  ${state.waiting('ErrImagePull', 'printf "failed to pull and unpack image \\"%s\\": not found" .image')}
{{ else }}
  ready: true
  started: true
  ${state.running}
{{ end }}
{{ end }}
`;
}

/** From ErrImagePull to its back-off. */
export function pullBackOff(): string {
  return changed(
    'and .state.waiting (eq .state.waiting.reason "ErrImagePull")',
    state.waiting('ImagePullBackOff', 'printf "Back-off pulling image \\"%s\\"" .image'),
  );
}

/** From exit 1, or from the back-off, to the next back-off. */
export function afterCrash(): string {
  return changed(
    'or .state.terminated .state.waiting',
    `ready: false
  restartCount: {{ add (or .restartCount 0) 1 }}
  lastState: { terminated: ${terminated(1, 'Error')} }
  ${state.waiting('CrashLoopBackOff', 'printf "back-off restarting failed container %s" .name')}`,
  );
}

/** From exit 1 to the end, where nothing restarts. */
export function failed(): string {
  return `phase: Failed
${conditions('"False"')}
`;
}

/** From running to the end of a Job's pod. */
export function completed(): string {
  return `phase: Succeeded
${conditions('"False"', 'PodCompleted')}
${changed('.name', `ready: false\n  started: false\n  ${state.terminated(0, 'Completed')}`)}`;
}

/** A patch of those containers for which `condition` holds. */
function changed(condition: string, patch: string): string {
  return `containerStatuses:
{{ range .status.containerStatuses }}
{{ if ${condition} }}
- name: {{ .name | Quote }}
  ${patch}
{{ end }}
{{ end }}
`;
}

function conditions(ready: string, reason = 'ContainersNotReady'): string {
  const one = (type: string, status: string, why: string) =>
    `- { type: ${type}, status: {{ ${status} | Quote }}, lastTransitionTime: {{ Now | Quote }}${why} }`;
  const why = `{{ if eq ${ready} "False" }}, reason: ${reason}{{ end }}`;
  return `conditions:
${one('PodReadyToStartContainers', '"True"', '')}
${one('Initialized', '"True"', '')}
${one('Ready', ready, why)}
${one('ContainersReady', ready, why)}
`;
}
