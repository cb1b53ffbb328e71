import type { JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record, text } from '../kubernetes/object-fields.js';
import { parseSchedule } from './cron-schedule.js';
import { type FieldProblem, invalid } from './invalid.js';
import { labelValuePattern, objectNamePattern } from './names.js';
import { schemaProblems } from './schema/structural-schema.js';
import type { SandboxType } from './type-table.js';

/** Throws 422 for what an API server would not store. Only the mistakes that people make most. */
export function validateObject(type: SandboxType, object: KubernetesObject): void {
  const bySchema = () => (type.schema ? schemaProblems(type.schema, object as unknown as JsonObject) : []);
  const problems = [...metadataProblems(object), ...(type.isCustom ? bySchema() : specProblems(type, object))];
  if (problems.length > 0) throw invalid(type, object.metadata.name, problems);
}

function metadataProblems(object: KubernetesObject): readonly FieldProblem[] {
  const { name, labels = {} } = object.metadata;
  const problems: FieldProblem[] = [];
  if (!objectNamePattern.test(name) || name.length > 253) {
    const why =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
    problems.push({ field: 'metadata.name', value: name, why });
  }
  for (const value of Object.values(labels)) {
    if (typeof value === 'string' && labelValuePattern.test(value)) continue;
    const why =
      "a valid label must be an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.'";
    problems.push({ field: 'metadata.labels', value, why });
  }
  return problems;
}

function specProblems(type: SandboxType, object: KubernetesObject): readonly FieldProblem[] {
  const spec = record(object.spec);
  const replicas = type.scale && Number(spec.replicas ?? 0) < 0 ? [negative('spec.replicas', spec.replicas)] : [];
  if (type.group === 'apps' && type.kind !== 'ControllerRevision') return [...replicas, ...templateProblems(object)];
  if (type.id === 'batch/Job') return containerProblems(record(spec.template), 'spec.template.spec');
  if (type.id === 'batch/CronJob') return scheduleProblems(text(spec.schedule));
  return replicas;
}

function templateProblems(object: KubernetesObject): readonly FieldProblem[] {
  const spec = record(object.spec);
  if (spec.selector === undefined) return [{ field: 'spec.selector', why: 'Required value' }];
  const labels = record(record(record(spec.template).metadata).labels);
  const wanted = Object.entries(record(record(spec.selector).matchLabels));
  const isMatching = wanted.every(([name, value]) => labels[name] === value);
  return [
    ...(isMatching
      ? []
      : [
          {
            field: 'spec.template.metadata.labels',
            value: labels,
            why: '`selector` does not match template `labels`',
          },
        ]),
    ...containerProblems(record(spec.template), 'spec.template.spec'),
  ];
}

function containerProblems(template: Readonly<Record<string, unknown>>, path: string): readonly FieldProblem[] {
  const containers = list(record(template.spec).containers).map(record);
  if (containers.length === 0) return [{ field: `${path}.containers`, why: 'Required value' }];
  return containers.flatMap((container, index) =>
    ['name', 'image']
      .filter((field) => !text(container[field]))
      .map((field) => ({ field: `${path}.containers[${index}].${field}`, why: 'Required value' })),
  );
}

function scheduleProblems(schedule: string): readonly FieldProblem[] {
  const problem = parseSchedule(schedule);
  return typeof problem === 'string' ? [{ field: 'spec.schedule', value: schedule, why: problem }] : [];
}

function negative(field: string, value: unknown): FieldProblem {
  return { field, value, why: 'must be greater than or equal to 0' };
}
